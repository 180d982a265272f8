// A14, C6: what lies in the data directory is its owner's alone, and nothing in it is waited for that is no file. Properties:
// everything of Buddy's is closed and said, nothing else is touched; a FIFO, a socket or a device is named by each reader.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { readArchive } from "../../../src/backup/read-archive.js";
import { closeDataDir, DataDirError } from "../../../src/datadir/data-dir.js";
import { readIfThere } from "../../../src/datadir/durable-file.js";
import { closeOpenFiles } from "../../../src/datadir/open-files.js";
import { readSecret } from "../../../src/datadir/running.js";
import { readRuntime } from "../../../src/datadir/runtime-file.js";
import { secretOf } from "../../../src/datadir/secret-file.js";
import { FileGenerations } from "../../../src/gateway/generations.js";
import { Database, lockFile } from "../../../src/store/database.js";

const posix = { skip: process.platform === "win32" ? "no modes, no FIFOs" : false };

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "buddy-open-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const modeOf = (name: string): number => statSync(join(dir, name)).mode & 0o777;
const put = (name: string, mode: number): void => {
  writeFileSync(join(dir, name), name);
  chmodSync(join(dir, name), mode);
};

test(
  "A14: what others could get at is closed and named; what is not Buddy's stays as it is",
  posix,
  () => {
    mkdirSync(join(dir, "robot/flash"), { recursive: true });
    mkdirSync(join(dir, "public"), { mode: 0o755 });
    chmodSync(join(dir, "robot"), 0o755);
    chmodSync(join(dir, "robot/flash"), 0o777);
    chmodSync(dir, 0o755);
    put("robot/flash/sim.bin", 0o644);
    put("link.key", 0o666);
    put("buddy.db-wal", 0o640);
    put("mind.json", 0o600);
    put("index.html", 0o644);
    const { told, faults } = closeOpenFiles(dir);
    assert.deepEqual(faults, []);
    assert.equal(told.length, 1);
    for (const name of ["the directory itself", "sim.bin", "link.key", "buddy.db-wal"]) {
      assert.ok(told[0]?.includes(name), name);
    }
    assert.ok(!told[0]?.includes("mind.json"));
    const modes = ["", "robot", "robot/flash", "robot/flash/sim.bin", "link.key", "buddy.db-wal"];
    assert.deepEqual(modes.map(modeOf), [0o700, 0o700, 0o700, 0o600, 0o600, 0o600]);
    assert.deepEqual([modeOf("index.html"), modeOf("public")], [0o644, 0o755]);
    assert.equal(readFileSync(join(dir, "link.key"), "utf8"), "link.key");
    assert.deepEqual(closeOpenFiles(dir).told, []);
  },
);

test("A14: a directory of everybody's is not closed, and that is said", posix, () => {
  chmodSync(dir, 0o1777);
  assert.match(closeOpenFiles(dir).told.join(), /everybody's.*--data/);
  assert.equal(statSync(dir).mode & 0o7777, 0o1777);
});

test("what a link leads to keeps its rights", posix, () => {
  put("elsewhere", 0o644);
  symlinkSync(join(dir, "elsewhere"), join(dir, "token"));
  symlinkSync(join(dir, "nowhere"), join(dir, "mcp.token"));
  closeOpenFiles(dir);
  assert.equal(modeOf("elsewhere"), 0o644);
});

test(
  "C6: a FIFO, a socket and a device in place of a file end the start with their name",
  posix,
  async () => {
    const refused = (why: RegExp) => (error: unknown) =>
      error instanceof DataDirError && why.test(error.message);
    execFileSync("mkfifo", [join(dir, "mind.json")]);
    assert.throws(
      () => closeDataDir(dir),
      refused(/mind\.json is a FIFO, not a file; move it away/),
    );
    rmSync(join(dir, "mind.json"));
    mkdirSync(join(dir, "robot"));
    symlinkSync("/dev/zero", join(dir, "robot/provisioned"));
    assert.throws(() => closeDataDir(dir), refused(/provisioned is a device/));
    rmSync(join(dir, "robot"), { recursive: true });
    const server = createServer().listen(join(dir, "buddy.db"));
    await once(server, "listening");
    assert.throws(() => closeDataDir(dir), refused(/buddy\.db is a socket/));
    await once(server.close(), "close");
  },
);

test("C6: a folder in place of a file and a file in place of a folder end the start with their name", () => {
  mkdirSync(join(dir, "link-generation.json"));
  mkdirSync(join(dir, "robot/provisioned"), { recursive: true });
  put("logs", 0o600);
  const words = (name: string, why: string): string => `${join(dir, name)} ${why}`;
  assert.deepEqual([...closeOpenFiles(dir).faults].sort(), [
    words("link-generation.json", "is a folder, not a file"),
    words("logs", "is a file, not a folder"),
    words("robot/provisioned", "is a folder, not a file"),
  ]);
});

test("C6: no reader waits for a FIFO", { ...posix, timeout: 20_000 }, async () => {
  const fifo = (name: string): string => {
    execFileSync("mkfifo", [join(dir, name)]);
    return join(dir, name);
  };
  const words = /is a FIFO, not a file/;
  await assert.rejects(readIfThere(fifo("breakers.json")), words);
  await assert.rejects(readArchive(fifo("a.tar.gz"), undefined), words);
  fifo("link.key");
  assert.throws(() => secretOf(dir, "link.key", 32), words);
  fifo("token");
  assert.throws(() => readSecret(dir, "token"), words);
  const db = fifo("buddy.db");
  assert.throws(() => Database.open(db, [""]), words);
  assert.throws(() => Database.openReadOnly(db), words);
  assert.throws(() => lockFile(db), words);
  fifo("runtime.json");
  assert.equal(readRuntime(dir), undefined);
  fifo("link-generation.json");
  assert.match(new FileGenerations(dir).warning ?? "", words);
});
