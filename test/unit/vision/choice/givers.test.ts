/**
 * Pages that give their camera. Properties: one at a time, the newest; a page that is silent is let go within 2 s and taken
 * again when it sends; no more pictures under way than can be searched; what is no picture is refused and never handed on.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import type { GiverHandle } from "../../../../src/vision/choice/camera-api.js";
import { readGiven } from "../../../../src/vision/choice/given-picture.js";
import { Givers } from "../../../../src/vision/choice/givers.js";
import {
  GIVEN_BYTES_MAX,
  GIVEN_HEAD_BYTES,
  GIVER_CLOSE,
  type GiverMessage,
} from "../../../../src/vision/choice/giver-protocol.js";
import { tinyJpeg } from "../../../support/sights.js";

function message(seq: number, jpeg = tinyJpeg(seq), takenMs = 5000, ageMs = 12): Buffer {
  const head = Buffer.alloc(GIVEN_HEAD_BYTES);
  head.writeDoubleLE(takenMs, 0);
  head.writeUInt32LE(ageMs, 8);
  head.writeUInt32LE(seq, 12);
  return Buffer.concat([head, jpeg]);
}

function rig() {
  const clock = new FakeClock();
  const handed: string[] = [];
  const shown: (string | undefined)[] = [];
  const searches: ((isSearched: boolean) => void)[] = [];
  const givers = new Givers({
    clock,
    handOver: (giver, { seq }) => {
      handed.push(`${giver}/${seq}`);
      return new Promise((resolve) => searches.push(resolve));
    },
    onGiver: (giver) => shown.push(giver),
  });
  const page = () => {
    const told: GiverMessage[] = [];
    const closes: number[] = [];
    const handle: GiverHandle = givers.add({
      send: (text) => told.push(JSON.parse(text) as GiverMessage),
      close: (code) => closes.push(code),
    });
    return { handle, told, closes };
  };
  const search = async (): Promise<void> => {
    searches.shift()?.(true);
    await clock.advance(0);
  };
  return { clock, handed, shown, page, search };
}

test("G1: a page's camera is looked through from its first picture on, and let go when the page is closed", () => {
  const { shown, page } = rig();
  const one = page();
  assert.deepEqual(shown, []);
  one.handle.picture(message(1));
  one.handle.picture(message(2));
  one.handle.closed();
  assert.deepEqual(shown, ["1", undefined]);
});

test("G1, A6: a silent page is let go within 2 s, taken again when it sends, and closed after half a minute", async () => {
  const { clock, shown, page, search } = rig();
  const { handle, closes } = page();
  handle.picture(message(1));
  await search();
  await clock.advance(1000);
  handle.picture(message(2));
  await clock.advance(1400);
  assert.deepEqual(shown, ["1"]);
  await clock.advance(200);
  assert.deepEqual(shown, ["1", undefined]);
  handle.picture(message(3));
  assert.deepEqual(shown, ["1", undefined, "1"]);
  await clock.advance(31_000);
  assert.deepEqual(shown, ["1", undefined, "1", undefined]);
  assert.deepEqual(closes, [GIVER_CLOSE.silent]);
});

test("G1: one page at a time gives its camera: the newest; the one before is told", () => {
  const { handed, shown, page } = rig();
  const one = page();
  one.handle.picture(message(1));
  const two = page();
  assert.deepEqual([one.closes, two.closes], [[GIVER_CLOSE.replaced], []]);
  // The former camera does not come back for the moment between the two.
  assert.deepEqual(shown, ["1"]);
  one.handle.picture(message(2));
  two.handle.picture(message(1));
  one.handle.closed();
  assert.deepEqual(handed, ["1/1", "2/1"]);
  assert.deepEqual(shown, ["1", "2"]);
});

test("A12: no more than two pictures are under way; each is answered when it was searched, one too many at once", async () => {
  const { handed, page, search } = rig();
  const { handle, told } = page();
  for (const seq of [1, 2, 3]) handle.picture(message(seq));
  assert.deepEqual(handed, ["1/1", "1/2"]);
  assert.deepEqual(told, [{ type: "taken", seq: 3, isSearched: false }]);
  await search();
  handle.picture(message(4));
  assert.deepEqual(handed, ["1/1", "1/2", "1/4"]);
  assert.deepEqual(told.at(-1), { type: "taken", seq: 1, isSearched: true });
});

test("what is no picture is refused by its code, keeps no camera on, and closes the page after ten", async () => {
  const { clock, handed, shown, page } = rig();
  const { handle, told, closes } = page();
  handle.strange();
  handle.picture(message(1, tinyJpeg(1).subarray(0, 9)));
  handle.picture(message(1, Buffer.alloc(GIVEN_BYTES_MAX + 1, 0xff)));
  assert.deepEqual(
    told.map((one) => one.type === "refused" && one.code),
    ["CAMERA_PICTURE", "CAMERA_PICTURE", "CAMERA_PICTURE_LONG"],
  );
  await clock.advance(1000);
  for (let i = 0; i < 6; i++) handle.strange();
  assert.deepEqual(closes, []);
  handle.strange();
  assert.deepEqual(closes, [GIVER_CLOSE.bad]);
  handle.picture(message(2));
  assert.deepEqual([handed, shown], [[], []]);
});

test("a picture keeps its time and its bytes; each kind of damage is told apart", () => {
  const good = readGiven(Buffer.concat([message(7, tinyJpeg(7), 1234.5, 40), Buffer.from("rest")]));
  assert.ok(good.kind === "picture");
  assert.deepEqual([good.seq, good.head], [7, { timestampMs: 1234.5, ageMs: 40 }]);
  assert.deepEqual(Buffer.from(good.jpeg), Buffer.from(tinyJpeg(7)));
  const why = (data: Buffer): string => {
    const read = readGiven(data);
    return read.kind === "bad" ? read.message : "a picture";
  };
  for (let bytes = 0; bytes < GIVEN_HEAD_BYTES + 4; bytes++) {
    assert.equal(
      why(message(1).subarray(0, bytes)),
      `${bytes} bytes are no picture with its head.`,
    );
  }
  assert.equal(why(message(1, Buffer.from("<!doctype html>"))), "It is no JPEG.");
  assert.equal(why(message(1, tinyJpeg(1).subarray(0, 8))), "The JPEG is cut.");
  assert.equal(why(message(1, tinyJpeg(1), Number.NaN)), "Taken at NaN ms: expected a time.");
  assert.equal(why(message(1, tinyJpeg(1), -1)), "Taken at -1 ms: expected a time.");
  const longest = Buffer.concat([tinyJpeg(1), Buffer.alloc(GIVEN_BYTES_MAX - tinyJpeg(1).length)]);
  assert.equal(why(message(1, longest)), "a picture");
  assert.match(why(message(1, Buffer.concat([longest, Buffer.alloc(1)]))), /at most 65536/);
});
