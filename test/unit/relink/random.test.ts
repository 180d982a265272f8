// The random differential test's own words. Property: only a compiler that refused a program is said to have refused it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { whyNotCompiled } from "../../relink/differ.js";

/** What becomes of a process that runs this script. */
const outcome = (script: string, timeout?: number): string =>
  whyNotCompiled(
    [7, 8],
    spawnSync(process.execPath, ["-e", script], { encoding: "utf8", timeout }),
  );

test("a program that does not compile, a compiler that takes too long and one that was ended are told apart", () => {
  assert.match(
    outcome("console.error('TS1005'); process.exit(1)"),
    /^seeds 7 8 do not compile:\nTS1005/,
  );
  assert.match(
    outcome("setInterval(() => {}, 1000)", 300),
    /^seeds 7 8 were not compiled within 120 s/,
  );
  assert.match(
    outcome("process.kill(process.pid, 'SIGKILL')"),
    /^seeds 7 8: the compiler was ended by SIGKILL/,
  );
  const { stdout, stderr, signal, error } = spawnSync("no-such-compiler", { encoding: "utf8" });
  assert.match(
    whyNotCompiled([7], { stdout, stderr, signal, ...(error && { error }) }),
    /^seeds 7: the compiler did not start: .*ENOENT/,
  );
});
