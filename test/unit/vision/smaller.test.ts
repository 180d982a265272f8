/**
 * Smaller pictures. Properties: as wide as asked and never wider than the camera's; made once for all who want the same; what is no
 * picture is said to be none; the companion knows how old one is, and has none while vision is away.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import sharp from "sharp";
import { FakeClock } from "../../../src/time/fake-clock.js";
import type { Frame } from "../../../src/vision/camera/frame.js";
import { smallerFrom } from "../../../src/vision/choice/smaller-from.js";
import { SmallerPictures, widthOf } from "../../../src/vision/smaller.js";

async function frameOf(width: number, height: number, index = 1): Promise<Frame> {
  const create = { width, height, channels: 3, background: "#808080" } as const;
  const jpeg = Uint8Array.from(await sharp({ create }).jpeg().toBuffer());
  return { index, jpeg, capturedAtMs: 0, receivedAtMs: 0 };
}

test("A12: a picture is made as narrow as asked, once, and never wider than it was", async () => {
  const smaller = new SmallerPictures();
  const frame = await frameOf(640, 480);
  const [first, second] = await Promise.all([smaller.of(frame, 160), smaller.of(frame, 160)]);
  assert.equal(first, second);
  const { width, height, format } = await sharp(first).metadata();
  assert.deepEqual({ width, height, format }, { width: 160, height: 120, format: "jpeg" });
  const next = await smaller.of(await frameOf(100, 75, 2), 160);
  assert.equal((await sharp(next).metadata()).width, 100);
});

test("what is no picture is said to be none", async () => {
  const frame = { ...(await frameOf(64, 48)), jpeg: Uint8Array.from([0xff, 0xd8, 1, 2]) };
  await assert.rejects(new SmallerPictures().of(frame, 160));
});

test("a width is a whole number of pixels within its limits", () => {
  assert.equal(widthOf("160"), 160);
  for (const text of ["79", "1921", "160.5", "wide", ""]) {
    assert.throws(
      () => widthOf(text),
      new RangeError(`width: 80 to 1920 px expected, not "${text}"`),
    );
  }
});

test("the companion asks vision, and has no picture while that is away or has none", async () => {
  const clock = new FakeClock(10_000);
  const asked: Array<[string | undefined, string | undefined]> = [];
  let status = 200;
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers.authorization]);
    response.writeHead(status, { "x-frame-age": "62.5" }).end(Buffer.from([1, 2, 3]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let door: string | undefined = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const smaller = smallerFrom(() => door, "own-key", clock);
  assert.deepEqual(await smaller(160), { jpeg: Uint8Array.from([1, 2, 3]), capturedMs: 9937.5 });
  assert.deepEqual(asked, [["/snapshot?width=160", "Bearer own-key"]]);
  status = 503;
  assert.equal(await smaller(160), undefined);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await smaller(160), undefined);
  door = undefined;
  assert.equal(await smaller(160), undefined);
});
