// `buddy doctor`, `backup` and `restore` as a person types them: exit codes, JSON, and what they say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { holdDataDir } from "../../../src/datadir/data-dir.js";
import { root } from "../../support/buddy-process.js";

const cli = join(root, "dist/src/cli.js");
const FREE = {
  BUDDY_PORT: "0",
  BUDDY_VISION_PORT: "0",
  BUDDY_WS_PORT: "0",
  BUDDY_UDP_PORT: "0",
  BUDDY_LINK_PORT: "0",
};

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function buddy(args: readonly string[], env: Record<string, string> = {}): Ran {
  return spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, ...FREE, ...env },
  });
}

describe("commands that keep a Buddy", { timeout: 120_000 }, () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "buddy-admin-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("doctor: 0 when there is nothing to mend, 1 when there is, 2 for a wrong call; JSON says the same", () => {
    const fine = buddy(["doctor", "--data", dir]);
    assert.equal(fine.status, 0, fine.stdout + fine.stderr);
    assert.match(fine.stdout, /ok {4}Node .*\n[^]*Nothing to mend\.\n$/);
    writeFileSync(join(dir, "link.key"), "x", { mode: 0o644 });
    const bad = buddy(["doctor", "--data", dir, "--json"], {
      OPENAI_API_KEY: "sk-canary-12345678",
    });
    assert.equal(bad.status, 1);
    const told = JSON.parse(bad.stdout) as { ok: boolean; lines: { id: string; state: string }[] };
    assert.equal(told.ok, false);
    assert.deepEqual(
      told.lines.filter(({ state }) => state === "mend").map(({ id }) => id),
      ["keys"],
    );
    assert.doesNotMatch(bad.stdout, /canary/);
    assert.equal(buddy(["doctor", "--nonsense"]).status, 2);
    assert.equal(buddy(["doctor"], { BUDDY_PORT: "x" }).status, 2);
  });

  it("doctor: whatever stands in the data directory's place, it ends in words and never in a stack trace", () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    const broken = join(dir, "broken");
    for (const folder of ["runtime.json", "alerts.log"]) {
      mkdirSync(join(broken, folder), { recursive: true });
    }
    // A token too short to be one must not end the doctor's own redaction.
    for (const name of ["backups", "token"]) writeFileSync(join(broken, name), "");
    writeFileSync(join(broken, "mind.json"), "{", { mode: 0o600 });
    writeFileSync(join(broken, "buddy.db"), "no database".repeat(1000));
    for (const [data, ids] of [
      [file, ["data"]],
      [join(file, "below"), ["data"]],
      [broken, ["keys", "backup", "alerts", "memory"]],
    ] as const) {
      const told = buddy(["doctor", "--data", data, "--json"]);
      assert.equal(told.status, 1, told.stdout + told.stderr);
      assert.equal(told.stderr, "");
      const { lines } = JSON.parse(told.stdout) as {
        lines: { id: string; state: string; next: string }[];
      };
      const mend = lines.filter(({ state }) => state === "mend");
      assert.deepEqual(
        mend.map(({ id }) => id),
        ids,
      );
      assert.ok(mend.every(({ next }) => next !== ""));
    }
  });

  it("C6: backup and restore bring the files back, and say why when they do not", () => {
    const data = join(dir, "data");
    mkdirSync(data);
    writeFileSync(join(data, "link.key"), "ab".repeat(32), { mode: 0o600 });
    const archive = join(dir, "a.tar.gz");
    const made = buddy(["backup", "--data", data, "--to", archive, "--json"]);
    assert.equal(made.status, 0, made.stderr);
    assert.equal((JSON.parse(made.stdout) as { files: number }).files, 1);
    const again = buddy(["backup", "--data", data, "--to", archive]);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /STORE_BACKUP_TARGET: .* exists already/);
    assert.equal(buddy(["restore", archive, "--check"]).status, 0);
    const target = join(dir, "new");
    assert.equal(buddy(["restore", archive, "--data", target]).status, 0);
    assert.equal(readFileSync(join(target, "link.key"), "utf8"), "ab".repeat(32));
    const bytes = readFileSync(archive);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(archive, bytes);
    const damaged = buddy(["restore", archive, "--data", target, "--force"]);
    assert.equal(damaged.status, 1);
    assert.match(damaged.stderr, /STORE_BACKUP_DAMAGED: the archive is damaged: /);
    assert.equal(readFileSync(join(target, "link.key"), "utf8"), "ab".repeat(32));
  });

  it("restore refuses a directory in which a Buddy runs", () => {
    const archive = join(dir, "a.tar.gz");
    assert.equal(buddy(["backup", "--data", dir, "--to", archive]).status, 0);
    const door = "127.0.0.1:1";
    const runtime = { visionApi: door, robotWs: door, robotUdp: door, link: door, page: door };
    writeFileSync(join(dir, "runtime.json"), JSON.stringify({ pid: process.pid, ...runtime }));
    const refused = buddy(["restore", archive, "--data", dir, "--force"]);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /a Buddy runs with .*stop it first/);
  });

  it("L2: a Buddy that is not ready has its directory all the same: no second one, no restore, and the doctor says so", () => {
    const archive = join(dir, "a.tar.gz");
    const data = join(dir, "data");
    mkdirSync(data);
    assert.equal(buddy(["backup", "--data", data, "--to", archive]).status, 0);
    const release = holdDataDir(data);
    try {
      const second = buddy(["start", "--data", data, "--no-open"]);
      assert.equal(second.status, 1);
      assert.match(
        second.stderr,
        /^buddy start: another Buddy, .* uses the data directory .*--data$/m,
      );
      const refused = buddy(["restore", archive, "--data", data, "--force"]);
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /STORE_BACKUP_TARGET: a Buddy that is not ready.*stop it first/);
      const told = buddy(["doctor", "--data", data]);
      assert.equal(told.status, 1);
      assert.match(told.stdout, /MEND {2}Running .*A Buddy that is not ready .*\n +next: .*logs/);
    } finally {
      release();
    }
    assert.equal(buddy(["doctor", "--data", data]).status, 0);
    assert.equal(buddy(["restore", archive, "--data", data, "--force"]).status, 0);
  });
});
