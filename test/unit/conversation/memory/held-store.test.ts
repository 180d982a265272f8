// A memory whose store another program holds: nobody waits, and what was said meanwhile is kept, in order.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { Memory } from "../../../../src/conversation/memory/memory.js";
import { MemoryTables } from "../../../../src/conversation/memory/memory-tables.js";
import { WAITING_MAX, WriteQueue } from "../../../../src/conversation/memory/write-queue.js";
import { Database } from "../../../../src/store/database.js";
import { DatabaseError } from "../../../../src/store/database-error.js";
import { MIGRATIONS } from "../../../../src/store/migrations.js";

const dir = mkdtempSync(join(tmpdir(), "buddy-held-"));
after(() => rmSync(dir, { recursive: true, force: true }));

const silent = (): void => undefined;

describe("a store that another program holds", () => {
  it("G6 N2: delays nobody, and what was said meanwhile is kept, in order, once it lets go", () => {
    const path = join(dir, "held.db");
    const db = Database.open(path, MIGRATIONS);
    const other = Database.open(path, MIGRATIONS);
    const logs: string[] = [];
    const tables = new MemoryTables((work) => work(db));
    const memory = new Memory(tables, (_level, message) => logs.push(message));
    const say = (text: string): void => memory.add({ wallMs: 1, turnId: "t1", by: "person", text });
    other.transaction(() => {
      for (const text of ["one", "two", "three"]) say(text);
      memory.learn({ name: "Ann", text: "likes tea", wallMs: 1 });
      memory.retry();
      assert.deepEqual(
        memory.export().said.map(({ text }) => text),
        ["one", "two", "three"],
      );
    });
    assert.equal(tables.load(10).said.length, 0);
    memory.retry();
    assert.deepEqual(
      tables.load(10).said.map(({ text }) => text),
      ["one", "two", "three"],
    );
    assert.equal(tables.load(10).facts.length, 1);
    assert.equal(logs.length, 2, logs.join());
    assert.match(logs.join(), /until Buddy stops.*the memory is written again/);
    other.close();
    db.close();
  });

  it("G6: a past that could not be read at the start is there once it can be", () => {
    const db = Database.open(join(dir, "late.db"), MIGRATIONS);
    const earlier = new Memory(new MemoryTables((work) => work(db)), silent);
    earlier.add({ wallMs: 1, turnId: "t1", by: "person", text: "before" });
    let isAway = true;
    const tables = new MemoryTables((work) => {
      if (isAway) throw new DatabaseError("STORE_DB_ABSENT", "it is held");
      return work(db);
    });
    const memory = new Memory(tables, silent);
    memory.add({ wallMs: 2, turnId: "t2", by: "person", text: "meanwhile" });
    memory.retry();
    isAway = false;
    memory.retry();
    assert.deepEqual(
      memory.recent(1000, 0).map(({ text }) => text),
      ["before", "meanwhile"],
    );
    db.close();
  });

  it("what the database refuses for ever keeps nothing else waiting; what waits is bounded", () => {
    const done: string[] = [];
    const logs: string[] = [];
    let failure: Error | undefined = new DatabaseError("STORE_DB_FAILED", "no such table");
    const queue = new WriteQueue(done, (_level, message) => logs.push(message), "it");
    const put = (text: string): void =>
      queue.write((to) => {
        if (failure !== undefined) throw failure;
        to.push(text);
      });
    put("refused");
    failure = new DatabaseError("STORE_DB_LOCKED", "held");
    for (let i = 0; i < WAITING_MAX + 5; i++) put(`${i}`);
    assert.equal(queue.trouble, "held");
    failure = undefined;
    assert.equal(queue.retry(), true);
    assert.equal(queue.trouble, undefined);
    assert.deepEqual([done.length, done[0]], [WAITING_MAX, "5"], "the oldest were given up");
  });
});
