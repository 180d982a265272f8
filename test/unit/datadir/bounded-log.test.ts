/**
 * M2, N8. Properties: files never exceed their size and number; a full disk loses lines, never throws and never grows
 * memory; what was lost is counted and said after recovery; one line stays one line; secrets do not get in.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  BoundedLog,
  type BoundedLogOptions,
  type LogFiles,
} from "../../../src/datadir/bounded-log.js";
import { Redactor } from "../../../src/datadir/redact.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

/** A file system in memory that can be full. */
class FakeFiles implements LogFiles {
  readonly files = new Map<string, string>();
  fault: string | undefined;
  appends = 0;

  async makeFolder(): Promise<void> {
    await this.act();
  }
  async append(path: string, text: string): Promise<void> {
    this.appends += 1;
    await this.act();
    this.files.set(path, (this.files.get(path) ?? "") + text);
  }
  async size(path: string): Promise<number> {
    await this.act();
    return Buffer.byteLength(this.files.get(path) ?? "");
  }
  async move(from: string, to: string): Promise<void> {
    await this.act();
    const text = this.files.get(from);
    if (text === undefined) return;
    this.files.delete(from);
    this.files.set(to, text);
  }
  async remove(path: string): Promise<void> {
    await this.act();
    this.files.delete(path);
  }
  private act(): Promise<void> {
    if (this.fault === undefined) return Promise.resolve();
    return Promise.reject(Object.assign(new Error("no space left"), { code: this.fault }));
  }
}

function setUp(options: Partial<BoundedLogOptions> = {}) {
  const clock = new FakeClock();
  const files = new FakeFiles();
  const troubles: (string | undefined)[] = [];
  const log = new BoundedLog({
    path: "/logs/buddy.log",
    clock,
    redactor: new Redactor(["canary-7f3a9c21"]),
    files,
    onTrouble: (why) => troubles.push(why),
    ...options,
  });
  return { clock, files, troubles, log };
}

describe("bounded log", () => {
  it("writes lines in order", async () => {
    const { files, log } = setUp();
    for (let i = 0; i < 5; i++) log.write(`line ${i}`);
    await log.close();
    assert.equal(files.files.get("/logs/buddy.log"), "line 0\nline 1\nline 2\nline 3\nline 4\n");
  });

  it("N8: files never grow beyond their size nor their number, the newest lines are kept", async () => {
    const { files, log } = setUp({ bytesMax: 100, filesMax: 3 });
    for (let i = 0; i < 200; i++) {
      log.write(`line ${i}`);
      if (i % 7 === 0) await log.flush();
    }
    await log.close();
    assert.deepEqual([...files.files.keys()].sort(), [
      "/logs/buddy.log",
      "/logs/buddy.log.1",
      "/logs/buddy.log.2",
    ]);
    for (const text of files.files.values()) assert.ok(Buffer.byteLength(text) <= 100);
    assert.match(files.files.get("/logs/buddy.log") ?? "", /line 199\n$/);
  });

  it("goes on in a file that is there, and rotates it when it is full", async () => {
    const { files, log } = setUp({ bytesMax: 30, filesMax: 2 });
    files.files.set("/logs/buddy.log", "from an earlier life\n");
    log.write("short");
    log.write("another one");
    await log.close();
    assert.equal(files.files.get("/logs/buddy.log.1"), "from an earlier life\nshort\n");
    assert.equal(files.files.get("/logs/buddy.log"), "another one\n");
  });

  it("a line larger than a file is written once, not for ever", async () => {
    const { files, log } = setUp({ bytesMax: 50, filesMax: 2 });
    log.write("x".repeat(200));
    log.write("after");
    await log.close();
    assert.equal(files.files.get("/logs/buddy.log"), "after\n");
  });

  it("M2: a full disk loses lines, is told once, and is said in the log after recovery", async () => {
    const { clock, files, troubles, log } = setUp();
    log.write("before");
    await log.flush();
    files.fault = "ENOSPC";
    for (let i = 0; i < 3; i++) {
      log.write(`lost ${i}`);
      await clock.advance(5000);
    }
    assert.deepEqual(troubles, ["ENOSPC"]);
    assert.equal(log.view().trouble, "ENOSPC");
    files.fault = undefined;
    log.write("after");
    await clock.advance(5000);
    await log.close();
    assert.deepEqual(troubles, ["ENOSPC", undefined]);
    assert.equal(
      files.files.get("/logs/buddy.log"),
      "before\n(3 lines were lost: ENOSPC)\nafter\n",
    );
    assert.equal(log.view().lost, 0);
  });

  it("M2: room is found and said without waiting for a new line", async () => {
    const { log, files, clock, troubles } = setUp();
    files.fault = "ENOSPC";
    log.write("lost");
    await clock.advance(0);
    assert.deepEqual(troubles, ["ENOSPC"]);
    files.fault = undefined;
    await clock.advance(5000);
    assert.deepEqual(troubles, ["ENOSPC", undefined]);
    assert.equal(files.files.get("/logs/buddy.log"), "(1 lines were lost: ENOSPC)\n");
    const { appends } = files;
    await clock.advance(60_000);
    assert.equal(files.appends, appends, "then it is quiet");
    await log.close();
  });

  it("M2: while the disk is full it is tried once in 5 s, and memory stays bounded", async () => {
    const { clock, files, log } = setUp();
    files.fault = "ENOSPC";
    for (let i = 0; i < 10_000; i++) log.write(`line ${i}`);
    await clock.advance(60_000);
    for (let i = 0; i < 10_000; i++) log.write(`line ${i}`);
    assert.ok(log.view().queued <= 2000);
    assert.ok(files.appends <= 14, `${files.appends}`);
    await log.close();
  });

  it("N8: more lines than the disk takes are dropped, counted and said", async () => {
    const { files, log } = setUp();
    const written = Array.from({ length: 5000 }, (_, i) => log.write(`line ${i}`));
    assert.ok(written.includes(false));
    await log.flush();
    log.write("later");
    await log.close();
    const text = files.files.get("/logs/buddy.log") ?? "";
    assert.match(text, /\(\d+ lines were lost: too many at once\)/);
    assert.match(text, /later\n$/);
  });

  it("N8: one line stays one line, without terminal codes", async () => {
    const { files, log } = setUp();
    log.write("a\nfake: b\r\nc\u001b[2J\u2028d");
    await log.close();
    assert.equal(files.files.get("/logs/buddy.log"), "a ⏎ fake: b ⏎ c [2J d\n");
  });

  it("N7: secrets do not get in", async () => {
    const { files, log } = setUp();
    log.write("Authorization: Bearer canary-7f3a9c21");
    await log.close();
    assert.doesNotMatch(files.files.get("/logs/buddy.log") ?? "", /canary/);
  });

  it("works on a real disk, in files that only this user may read", async () => {
    const folder = mkdtempSync(join(tmpdir(), "buddy-log-"));
    try {
      const path = join(folder, "deep", "buddy.log");
      const options = { path, clock: new FakeClock(), redactor: new Redactor() };
      const log = new BoundedLog({ ...options, bytesMax: 2000, filesMax: 2 });
      for (let i = 0; i < 500; i++) log.write(`line ${i}`);
      await log.close();
      assert.deepEqual(readdirSync(join(folder, "deep")).sort(), ["buddy.log", "buddy.log.1"]);
      assert.match(readFileSync(path, "utf8"), /line 499\n$/);
      assert.equal(statSync(path).mode & 0o777, 0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
