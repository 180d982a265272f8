// What a robot hears of others, by a stream of the test's own. Property:
// - an answer that got lost, whoever makes the call again and whenever the server carries the lost one out, costs no event and
//   changes no order;
// - what it told itself comes back at its place among others' events.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { StageEvent } from "../../../src/fleet/events/event-forms.js";
import { EventLine, type EventLineDeps } from "../../../src/fleet/events/event-line.js";
import { Database } from "../../../src/store/database.js";
import { MIGRATIONS } from "../../../src/store/migrations.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const EVENTS = 250;

type Entry = [id: string, fields: string[]];

/** A stream with one consumer group, as far as an event line uses it. */
class Stream {
  readonly entries: Entry[] = [];
  readonly pending = new Map<string, Entry>();
  /** Called with what is about to be read; true: the answer gets lost. */
  loses: (from: string) => boolean = () => false;
  private delivered = 0;

  add(count: number): void {
    for (let i = 0; i < count; i++) {
      const seq = this.entries.length + 1;
      const body = JSON.stringify({ type: "heard", text: `${seq}` });
      this.entries.push([`${seq}-0`, ["from", "0000000a", "seq", `${seq}`, "body", body]]);
    }
  }

  /** Delivers what is new to the group. */
  claim(count: number): Entry[] {
    const claimed = this.entries.slice(this.delivered, this.delivered + count);
    this.delivered += claimed.length;
    for (const entry of claimed) this.pending.set(entry[0], entry);
    return claimed;
  }

  readonly client = {
    xgroup: () => Promise.resolve("OK"),
    xack: (_stream: string, _group: string, ...ids: string[]) =>
      Promise.resolve(ids.filter((id) => this.pending.delete(id)).length),
    xreadgroup: (...args: (string | number)[]) => {
      const from = String(args.at(-1));
      const isLost = this.loses(from);
      const count = Number(args[4]);
      const old = [...this.pending.values()].sort(([a], [b]) => parseInt(a) - parseInt(b));
      const read = from === ">" ? this.claim(count) : old.slice(0, count);
      if (isLost) return Promise.reject(new Error("Command timed out"));
      return Promise.resolve(read.length === 0 ? null : [["stream", read]]);
    },
  };
}

function rig(t: TestContext): { stream: Stream; heard: number[]; line: EventLine } {
  const folder = mkdtempSync(join(tmpdir(), "buddy-events-"));
  const db = Database.open(join(folder, "events.db"), MIGRATIONS);
  t.after(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  const stream = new Stream();
  const heard: number[] = [];
  // As the policy of events does: once more, at once.
  const command = async (call: (client: unknown) => Promise<unknown>): Promise<unknown> =>
    call(stream.client).catch(() => call(stream.client));
  const line = new EventLine({
    connection: { isThere: true, command, publish: () => Promise.resolve(0) },
    caller: { id: "0000000b", stage: "home", eventKeys: ["events", "senders"], channel: "wake" },
    clock: new FakeClock(),
    sql: (work: (db: Database) => unknown) => db.transaction(() => work(db)),
    onEvent: ({ body }: StageEvent) => heard.push(body.type === "heard" ? Number(body.text) : 0),
    // Its own, as negative numbers.
    onOwn: ({ seq }: StageEvent) => heard.push(-seq),
    log: () => undefined,
  } as unknown as EventLineDeps);
  return { stream, heard, line };
}

/** Looks until it has had all, or nothing new comes. */
async function listen(line: EventLine): Promise<void> {
  for (let looks = 0; looks < 10; looks++) {
    line.wake();
    // It calls nothing but promises that are over.
    await new Promise(setImmediate);
  }
}

const ALL = Array.from({ length: EVENTS }, (_, i) => i + 1);

test("B1: an answer that is lost, and the call made again, costs no event and no order", async (t) => {
  const { stream, heard, line } = rig(t);
  let news = 0;
  stream.loses = (from) => from === ">" && ++news === 2;
  stream.add(EVENTS);
  await listen(line);
  assert.deepEqual(heard, ALL);
  assert.equal(stream.pending.size, 0);
});

test("B1: a read of an old connection that is carried out late costs no event and no order", async (t) => {
  for (let late = 1; late <= 6; late++) {
    const { stream, heard, line } = rig(t);
    let reads = 0;
    stream.loses = () => {
      if (++reads === late) stream.claim(7);
      return false;
    };
    stream.add(EVENTS);
    await listen(line);
    assert.deepEqual(heard, ALL, `before read ${late}`);
  }
});

test("B2: a robot knows what others told before its own order to be quiet", async (t) => {
  const { stream, heard, line } = rig(t);
  const seq = line.tell({ type: "stop", why: "a person asked for quiet" });
  assert.equal(seq, 1);
  stream.add(1);
  const body = JSON.stringify({ type: "stop", why: "a person asked for quiet" });
  stream.entries.push(["2-0", ["from", "0000000b", "seq", `${seq}`, "body", body]]);
  stream.add(1);
  await listen(line);
  assert.deepEqual(heard, [1, -1, 3]);
});
