// `npm run release` in a repository of its own, and what says the version here. Properties:
// - version, changelog, commit and tag agree, and nothing leaves the machine;
// - nothing is changed when there is nothing to release, or something is in the way;
// - the list of licences is that of the lock file;
// - package, lock file and firmware say the same version, and so does `buddy --version`.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

const root = join(import.meta.dirname, "../../..");
const CHANGELOG =
  "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A new ear.\n\n## [0.1.0] - 2026-01-02\n\n- All.\n";

class Repository {
  readonly folder: string;

  constructor(t: TestContext, changelog = CHANGELOG) {
    this.folder = mkdtempSync(join(tmpdir(), "buddy-release-"));
    t.after(() => rmSync(this.folder, { recursive: true, force: true }));
    const lock = { name: "buddy-robot", version: "0.1.0", packages: { "": {} } };
    lock.packages[""] = { name: "buddy-robot", version: "0.1.0" };
    mkdirSync(join(this.folder, "devs"));
    this.write("package.json", JSON.stringify({ name: "buddy-robot", version: "0.1.0" }, null, 2));
    this.write("package-lock.json", JSON.stringify(lock, null, 2));
    this.write("devs/ports.ts", 'const FIRMWARE_VERSION = "0.1.0";\n');
    this.write("CHANGELOG.md", changelog);
    this.git("init", "--quiet");
    this.git("config", "user.name", "Ann");
    this.git("config", "user.email", "ann@example.org");
    this.git("add", ".");
    this.git("commit", "--quiet", "-m", "Begin");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" }).trim();
  }

  release(...args: string[]) {
    return spawnSync(process.execPath, [join(root, "scripts/release.mjs"), ...args], {
      cwd: this.folder,
      encoding: "utf8",
    });
  }
}

test("a release is a version, a dated changelog, a commit and a tag", (t) => {
  const repository = new Repository(t);
  const { status, stdout, stderr } = repository.release("minor");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /Nothing was published/);
  for (const file of ["package.json", "package-lock.json", "devs/ports.ts"]) {
    assert.match(repository.read(file), /0\.2\.0/, file);
    assert.doesNotMatch(repository.read(file), /0\.1\.0/, file);
  }
  assert.match(
    repository.read("CHANGELOG.md"),
    /## \[Unreleased\]\n\n## \[0\.2\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- A new ear\.\n\n## \[0\.1\.0\]/,
  );
  assert.equal(repository.git("log", "-1", "--format=%s"), "Release 0.2.0");
  assert.equal(repository.git("rev-parse", "v0.2.0^{commit}"), repository.git("rev-parse", "HEAD"));
  assert.equal(repository.git("status", "--porcelain"), "");
});

test("nothing is changed when something is in the way, and it is said", (t) => {
  const repository = new Repository(t);
  const refused = (reason: RegExp, ...args: string[]): void => {
    const before = repository.git("status", "--porcelain");
    const { status, stderr } = repository.release(...args);
    assert.equal(status, 1, stderr);
    assert.match(stderr, reason);
    assert.equal(repository.git("status", "--porcelain"), before);
    assert.equal(repository.git("log", "--format=%s"), "Begin");
  };
  refused(/expected a version such as 0\.2\.0, or major, minor, patch; got nothing/);
  refused(/0\.1\.0 is not above 0\.1\.0/, "0.1.0");
  refused(/0\.0\.9 is not above 0\.1\.0/, "0.0.9");
  repository.git("tag", "v1.0.0");
  refused(/there is a tag v1\.0\.0 already/, "major");
  repository.write("new.txt", "");
  refused(/not committed/, "patch");
});

test("without a change there is nothing to release", (t) => {
  const repository = new Repository(t, CHANGELOG.replace("- A new ear.\n", ""));
  const { status, stderr } = repository.release("patch");
  assert.equal(status, 1);
  assert.match(stderr, /nothing under Unreleased/);
});

test("package, lock file, firmware and changelog say the same version", () => {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const lock = JSON.parse(read("package-lock.json")) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  assert.deepEqual([lock.version, lock.packages[""]?.version], [version, version]);
  assert.equal(/FIRMWARE_VERSION = "([^"]+)"/.exec(read("devs/ports.ts"))?.[1], version);
  assert.equal(/^## \[(\d[^\]]*)\]/m.exec(read("CHANGELOG.md"))?.[1], version);
});

test("buddy --version says it", () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--import", "tsx", "src/cli.ts", "--version"],
    { cwd: root, encoding: "utf8" },
  );
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  assert.deepEqual([status, stdout], [0, `${version}\n`]);
});

test("docs/LICENCES.md is the list of what is shipped, and all of it may be", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/licences.mjs", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});
