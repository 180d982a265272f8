// The units say what row C3 asks for, and systemd itself finds nothing wrong with them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../../..");
const KINDS = ["system", "user"] as const;

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

for (const kind of KINDS) {
  const folder = join(root, "systemd", kind);

  test(`C3: the ${kind} unit restarts after 30 s, at most 5 starts in 10 min, never after a clean exit, kills after 15 s`, () => {
    const unit = readFileSync(join(folder, "buddy.service"), "utf8");
    for (const setting of [
      "StartLimitIntervalSec=600",
      "StartLimitBurst=5",
      "Restart=on-failure",
      "RestartSec=30",
      "TimeoutStopSec=15",
      "KillMode=mixed",
      "MemoryMax=2G",
      "WatchdogSec=60",
      "OnFailure=buddy-failed.service",
      "NoNewPrivileges=yes",
    ]) {
      assert.match(unit, new RegExp(`^${setting}$`, "m"), setting);
    }
  });

  test(
    `C3: systemd-analyze verify finds nothing wrong with the ${kind} units`,
    { skip: hasSystemd ? false : "NOT RUN: systemd-analyze is not installed" },
    () => {
      const files = readdirSync(folder).map((name) => join(folder, name));
      assert.equal(files.length, 2);
      const args = ["verify", "--man=no", ...(kind === "user" ? ["--user"] : []), ...files];
      // The user's manager wants a runtime directory, which a plain test run may not have.
      const runtime = mkdtempSync(join(tmpdir(), "buddy-systemd-"));
      const { status, stdout, stderr } = spawnSync("systemd-analyze", args, {
        encoding: "utf8",
        timeout: 60_000,
        env: { ...process.env, XDG_RUNTIME_DIR: runtime },
      });
      rmSync(runtime, { recursive: true, force: true });
      assert.equal(status, 0, `${stdout}${stderr}`);
      const ours = stderr.split("\n").filter((line) => /buddy/.test(line));
      assert.deepEqual(ours, []);
    },
  );
}
