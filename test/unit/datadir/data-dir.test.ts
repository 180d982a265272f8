// Properties: a place that cannot be used is named, at once; a directory has one running Buddy; what a crash left is no Buddy.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { claimDataDir, DataDirError, holdDataDir, isHeld } from "../../../src/datadir/data-dir.js";
import { writeRuntime } from "../../../src/datadir/runtime-file.js";

async function withDir(body: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "buddy-data-"));
  try {
    await body(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const refusal = (why: RegExp) => (error: unknown) =>
  error instanceof DataDirError && why.test(error.message);

test("a directory that is missing is made, for its owner only", () =>
  withDir(async (dir) => {
    await claimDataDir(join(dir, "a/b"));
    assert.equal(statSync(join(dir, "a/b")).mode & 0o777, 0o700);
  }));

test("a file, and a place where nothing can be made, are named with the option", () =>
  withDir(async (dir) => {
    writeFileSync(join(dir, "file"), "");
    await assert.rejects(claimDataDir(join(dir, "file")), refusal(/file cannot be used .*--data/));
    await assert.rejects(claimDataDir(join(dir, "file/x")), refusal(/ENOTDIR.*--data/));
    // Node's own recursive mkdir would spin here for ever.
    if (process.platform === "linux")
      await assert.rejects(claimDataDir("/proc/buddy/data"), refusal(/ENOENT.*--data/));
  }));

test("a directory whose Buddy runs is refused; one that a crash left is not", () =>
  withDir(async (dir) => {
    const server = createServer().listen(0, "127.0.0.1");
    const other = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    try {
      await Promise.all([once(server, "listening"), once(other, "spawn")]);
      const page = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const doors = { page, visionApi: page, robotWs: page, robotUdp: page, link: page };
      const pid = other.pid ?? 0;
      writeRuntime(dir, { pid, ...doors });
      await assert.rejects(
        claimDataDir(dir),
        refusal(new RegExp(`another Buddy \\(process ${pid}, .*${page}.*stop it.*--data`)),
      );
      server.close();
      await once(server, "close");
      await claimDataDir(dir);
    } finally {
      server.close();
      other.kill("SIGKILL");
      await once(other, "exit");
    }
    await claimDataDir(dir);
  }));

test("L2: a directory is held from the first moment on, also by a Buddy that never becomes ready", () =>
  withDir(async (dir) => {
    assert.equal(isHeld(dir), false);
    const release = holdDataDir(dir);
    assert.equal(isHeld(dir), true);
    assert.throws(() => holdDataDir(dir), refusal(/another Buddy, .*stop it.*--data/));
    release();
    assert.equal(isHeld(dir), false);
    holdDataDir(dir)();
  }));

test("L3: a Buddy that is killed holds nothing any more, and leaves nothing that says so", () =>
  withDir(async (dir) => {
    const script = `import { holdDataDir } from ${JSON.stringify(import.meta.resolve("../../../src/datadir/data-dir.js"))};
      holdDataDir(${JSON.stringify(dir)});
      console.log("held");
      setInterval(() => undefined, 1000);`;
    const args = ["--import", "tsx", "--input-type=module", "-e", script];
    const other = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(other.stdout, "data");
      assert.throws(() => holdDataDir(dir), refusal(/another Buddy/));
      assert.equal(isHeld(dir), true);
    } finally {
      other.kill("SIGKILL");
      await once(other, "exit");
    }
    holdDataDir(dir)();
  }));
