/** Properties (A12, A13): one encoder for all; a viewer that does not read misses pictures, holds nobody up and is cut in the end. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { ValueFeed, type Frame } from "../../../src/state/feeds.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { RawViewers } from "../../../src/vision/raw-viewers.js";
import { Viewers } from "../../../src/vision/viewers.js";
import { streamTo } from "../../../src/web/pictures/mjpeg.js";

class FakeResponse extends EventEmitter {
  writableNeedDrain = false;
  writes = 0;
  isDestroyed = false;
  readonly socket = undefined;
  writeHead(): void {}
  flushHeaders(): void {}
  write(): boolean {
    this.writes += 1;
    return true;
  }
  destroy(): void {
    if (this.isDestroyed) return;
    this.isDestroyed = true;
    this.emit("close");
  }
  get asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

test("pictures are made 12 times a second at most, once for all, and only while somebody looks", async () => {
  const clock = new FakeClock();
  let encoded = 0;
  let mark = 0;
  const viewers = new Viewers(clock, () => ({
    mark: ++mark,
    encode: () => {
      encoded += 1;
      return Promise.resolve(Buffer.from("x"));
    },
  }));
  await clock.advance(1000);
  assert.equal(encoded, 0);
  const [a, b] = [new FakeResponse(), new FakeResponse()];
  viewers.add(a.asResponse, {}, "a");
  viewers.add(b.asResponse, {}, "a");
  await clock.advance(1000);
  assert.equal(encoded, 12);
  assert.deepEqual([a.writes, b.writes], [12, 12]);
  a.destroy();
  b.destroy();
  await clock.advance(1000);
  assert.equal(encoded, 12);
  assert.equal(viewers.count, 0);
});

test("the same picture is sent again only once a second", async () => {
  const clock = new FakeClock();
  const viewers = new Viewers(clock, () => ({
    mark: "same",
    encode: () => Promise.resolve(Buffer.from("x")),
  }));
  const viewer = new FakeResponse();
  viewers.add(viewer.asResponse, {}, "a");
  await clock.advance(5000);
  assert.ok(viewer.writes >= 4 && viewer.writes <= 6, `${viewer.writes}`);
  viewers.close();
});

test("a viewer that does not read gets nothing more, holds nobody up, and is cut after 15 s", async () => {
  const clock = new FakeClock();
  let mark = 0;
  const viewers = new Viewers(clock, () => ({
    mark: ++mark,
    encode: () => Promise.resolve(Buffer.from("x")),
  }));
  const [stuck, good] = [new FakeResponse(), new FakeResponse()];
  stuck.writableNeedDrain = true;
  viewers.add(stuck.asResponse, {}, "a");
  viewers.add(good.asResponse, {}, "a");
  await clock.advance(14_000);
  assert.equal(stuck.writes, 0);
  assert.equal(stuck.isDestroyed, false);
  assert.ok(good.writes > 150);
  await clock.advance(2000);
  assert.equal(stuck.isDestroyed, true);
  assert.equal(viewers.count, 1);
  viewers.close();
});

test("the raw stream does the same with the camera's own frames", async () => {
  const clock = new FakeClock();
  const viewers = new RawViewers(clock, () => undefined);
  const [stuck, good] = [new FakeResponse(), new FakeResponse()];
  viewers.add(stuck.asResponse, {}, "a", false);
  viewers.add(good.asResponse, {}, "a", false);
  stuck.writableNeedDrain = true;
  for (let i = 1; i <= 600; i++) {
    await clock.advance(33);
    viewers.send({
      index: i,
      jpeg: new Uint8Array(3),
      capturedAtMs: clock.nowMs(),
      receivedAtMs: 0,
    });
  }
  assert.equal(stuck.writes, 0);
  assert.equal(stuck.isDestroyed, true);
  assert.equal(good.writes, 600);
});

test("G7: Buddy's own page is given 2 pictures a second while nobody looks at it, and 15 while somebody does", async () => {
  const clock = new FakeClock();
  const viewers = new RawViewers(clock, () => undefined);
  const [ours, other] = [new FakeResponse(), new FakeResponse()];
  const second = async (): Promise<number> => {
    const before = ours.writes;
    for (let i = 0; i < 30; i++) {
      await clock.advance(33);
      viewers.send({ index: i, jpeg: new Uint8Array(3), capturedAtMs: 0, receivedAtMs: 0 });
    }
    return ours.writes - before;
  };
  viewers.add(ours.asResponse, {}, "a", true);
  assert.deepEqual([await second(), viewers.isViewed], [2, false]);
  viewers.setOwnViewed(true);
  assert.deepEqual([await second(), viewers.isViewed], [15, true]);
  viewers.setOwnViewed(false);
  viewers.add(other.asResponse, {}, "a", false);
  assert.deepEqual([await second(), other.writes, viewers.isViewed], [2, 30, true]);
});

test("G7: a camera slower than what Buddy's own page is given loses none of its pictures to that", async () => {
  const clock = new FakeClock();
  const viewers = new RawViewers(clock, () => undefined);
  const ours = new FakeResponse();
  viewers.add(ours.asResponse, {}, "a", true);
  viewers.setOwnViewed(true);
  // 15 a second, each up to 8 ms early or late.
  for (const [index, lateMs] of [0, 8, -8, 8, 0, -8, 8, -8, 0, 8].entries()) {
    await clock.advance(67 * (index + 1) + lateMs - clock.nowMs());
    viewers.send({ index, jpeg: new Uint8Array(3), capturedAtMs: 0, receivedAtMs: 0 });
  }
  assert.equal(ours.writes, 10);
});

test("a viewer that comes is given the newest picture, but none of the past", async () => {
  const clock = new FakeClock();
  const newest = {
    index: 1,
    jpeg: new Uint8Array(3),
    capturedAtMs: clock.nowMs(),
    receivedAtMs: 0,
  };
  const viewers = new RawViewers(clock, () => newest);
  const [soon, late] = [new FakeResponse(), new FakeResponse()];
  await clock.advance(5000);
  viewers.add(soon.asResponse, {}, "a", false);
  await clock.advance(1);
  viewers.add(late.asResponse, {}, "a", false);
  assert.deepEqual([soon.writes, late.writes], [1, 0]);
});

test("the page's stream begins with the newest picture too, and with none of the past", async () => {
  const clock = new FakeClock();
  const frames = new ValueFeed<Frame>();
  frames.push({ jpeg: new Uint8Array(3), seq: 1, capturedMs: clock.nowMs() });
  const writes = (): number => {
    const viewer = new FakeResponse();
    const nothing = (): void => undefined;
    const deps = { headers: {}, frames, clock, sent: nothing, skipped: nothing, onEnd: nothing };
    streamTo(viewer.asResponse, deps);
    viewer.destroy();
    return viewer.writes;
  };
  await clock.advance(10_000);
  assert.equal(writes(), 1);
  await clock.advance(1);
  assert.equal(writes(), 0);
});

test("A14: the newest viewer gets a place and the oldest goes; the one that is ours stays", () => {
  const viewers = new RawViewers(new FakeClock(), () => undefined);
  const ours = new FakeResponse();
  viewers.add(ours.asResponse, {}, "a", true);
  const others = Array.from({ length: 100 }, () => new FakeResponse());
  for (const one of others) viewers.add(one.asResponse, {}, "a", false);
  assert.equal(viewers.count, 33);
  assert.equal(ours.isDestroyed, false);
  assert.deepEqual(
    others.map(({ isDestroyed }) => isDestroyed),
    others.map((_one, index) => index < 68),
  );
});
