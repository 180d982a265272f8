/** Properties: a STOP is found wherever it stands and however it is cut; nothing else is taken for one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { StopFinder } from "../../../src/gateway/client-bytes/stop-finder.js";

/** A client's frame. */
function frame(text: string, first = 0x81): Buffer {
  const mask = [0x12, 0xf4, 0x5a, 0x99];
  const payload = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] as number));
  const length =
    payload.length < 126
      ? [0x80 | payload.length]
      : [0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([first, ...length, ...mask]), payload]);
}

test("STOPs are found, with and without id, sign and line end; the last of several counts", () => {
  for (const line of ["IDLE", "!IDLE", "STOP_SPEAKING\r\n", "17 IDLE", "999999999 STOP_THINKING"]) {
    const before = frame("LOOK:90,115");
    const stop = frame(line);
    const all = Buffer.concat([before, stop, frame("NOD:2")]);
    assert.equal(new StopFinder().push(all), before.length + stop.length, line);
  }
  const twice = Buffer.concat([frame("IDLE"), frame("x".repeat(700)), frame("IDLE")]);
  assert.equal(new StopFinder().push(twice), twice.length);
});

test("nothing else is taken for one", () => {
  for (const other of [
    frame("IDLE_MOTION:off"),
    frame("QUERY"),
    frame("idle"),
    frame("say IDLE"),
    frame(`${" ".repeat(40)}IDLE`),
    frame("IDLE", 0x82),
    frame("IDLE", 0x01),
    frame("", 0x81),
    Buffer.from("81044944", "hex"),
    Buffer.from("IDLE"),
    Buffer.alloc(5000, 0xff),
  ]) {
    assert.equal(new StopFinder().push(other), 0, other.toString("latin1").slice(0, 20));
  }
});

test("cut anywhere, it is found in the piece in which it ends", () => {
  const all = Buffer.concat([frame("x".repeat(300)), frame("5 IDLE"), frame("QUERY")]);
  const end = all.length - frame("QUERY").length;
  for (let cut = 1; cut < all.length; cut++) {
    const finder = new StopFinder();
    const [first, second] = [finder.push(all.subarray(0, cut)), finder.push(all.subarray(cut))];
    assert.deepEqual([first, second], cut >= end ? [end, 0] : [0, end - cut], `cut at ${cut}`);
  }
});
