// What `npm test` runs. Properties:
// - every test file of the tree belongs to exactly one check, so none is forgotten and none runs twice;
// - the part of the code that unit tests must run only grows;
// - single files are run with no more of the set-up than they need, and a wrong name says what is expected.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

interface Check {
  args(): string[];
  needs: string[];
  lane: string;
}

const root = join(import.meta.dirname, "../../..");
const { CHECKS, fileRun } = (await import(
  pathToFileURL(join(root, "scripts/test/checks.mjs")).href
)) as {
  CHECKS: Record<string, Check>;
  fileRun(
    named: string[],
    isWatching: boolean,
  ): { args: string[]; needs: string[]; wrong?: string };
};

const testFiles = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);

test("every test file belongs to exactly one check", () => {
  const run = Object.values(CHECKS).flatMap(({ args }) =>
    args().filter((arg) => arg.endsWith(".test.ts")),
  );
  const there = ["unit", "world", "e2e"].flatMap((area) => testFiles(`test/${area}`));
  there.push("test/device-runner.test.ts");
  assert.deepEqual(run.sort(), there.sort());
});

test("a unit test needs nothing built, others what they run", () => {
  assert.deepEqual(CHECKS["unit"]?.needs, ["packages"]);
  assert.deepEqual(fileRun(["test/unit/tidy.test.ts"], false).needs, ["packages"]);
  assert.deepEqual(fileRun(["test/device/duty.test.ts"], false).needs, ["packages", "firmware"]);
  assert.ok(fileRun(["test/e2e/lan.test.ts"], false).needs.includes("companion"));
});

test("watching without a name watches all unit tests, and nothing else", () => {
  const { args } = fileRun([], true);
  assert.ok(args.includes("--watch"));
  assert.deepEqual(
    args.filter((arg) => arg.endsWith(".test.ts")).sort(),
    testFiles("test/unit").sort(),
  );
});

test("a program of the device is run by its name in the VM", () => {
  const { args } = fileRun(["test/device/duty.test.ts"], false);
  assert.deepEqual(args.slice(-2), [
    "--test-name-pattern=in the VM: .*duty.test.ts",
    "test/device-runner.test.ts",
  ]);
});

test("a wrong name says what is expected", () => {
  assert.match(fileRun(["test/unit/none.test.ts"], false).wrong ?? "", /no such file: .*none/);
  const mixed = fileRun(["test/unit/tidy.test.ts", "test/e2e/lan.test.ts"], false);
  assert.match(mixed.wrong ?? "", /expected test files of one of test\/unit, test\/world, /);
});

test("what compiles firmware is done one after the other: the compiler has one output folder", () => {
  for (const name of ["device", "boards", "e2e:devtools"])
    assert.equal(CHECKS[name]?.lane, "first", name);
});

test("the floor of the coverage only rises: none that was committed is above it", () => {
  const floorOf = (text: string): number => Number((JSON.parse(text) as { lines: number }).lines);
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8" });
  const now = floorOf(readFileSync(join(root, ".c8rc.json"), "utf8"));
  assert.ok(now >= 60, `a floor of ${now} %`);
  for (const commit of git("log", "--format=%H", "--diff-filter=AM", "--", ".c8rc.json")
    .split("\n")
    .filter(Boolean)) {
    const then = floorOf(git("show", `${commit}:.c8rc.json`));
    assert.ok(now >= then, `${now} %, but ${then} % in ${commit}`);
  }
});
