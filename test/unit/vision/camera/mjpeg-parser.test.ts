/**
 * Properties: every whole frame comes out once, byte for byte, however the stream is cut and whatever its headers
 * claim; damage costs only the damaged frame; memory stays bounded.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededChance } from "../../../../src/time/chance.js";
import { MjpegParser, type ParserEvent } from "../../../../src/vision/camera/mjpeg-parser.js";

/** A JPEG as far as its markers go: SOI, APP0 with a false EOI inside, SOS, data with stuffing and restarts, EOI. */
function jpeg(fill: number, bytes = 300): Buffer {
  const app = Buffer.from([0xff, 0xe0, 0, 8, 0xff, 0xd9, 0xff, 0xd8, 1, 2]);
  const scan = Buffer.from([0xff, 0xda, 0, 4, 1, 2]);
  const data = Buffer.alloc(bytes, fill);
  data.set([0xff, 0x00, 0xff, 0xd3, 0x0a, 0x2d, 0x2d], 20);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), app, scan, data, Buffer.from([0xff, 0xd9])]);
}

function part(body: Buffer, options: { length?: number | "none"; extra?: string } = {}): Buffer {
  const length = options.length ?? body.length;
  const field = length === "none" ? "" : `Content-Length: ${length}\r\n`;
  const head = `\r\n--frame\r\nContent-Type: image/jpeg\r\n${field}${options.extra ?? ""}\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

function run(stream: Buffer, chunkBytes: number, parser = new MjpegParser()): ParserEvent[] {
  const events: ParserEvent[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    events.push(...parser.push(stream.subarray(at, at + chunkBytes), at));
  }
  return events;
}

const framesOf = (events: ParserEvent[]): Buffer[] =>
  events.flatMap((event) => (event.kind === "frame" ? [Buffer.from(event.jpeg)] : []));
const dropsOf = (events: ParserEvent[]): string[] =>
  events.flatMap((event) => (event.kind === "dropped" ? [event.why] : []));

const A = jpeg(1);
const B = jpeg(2, 5000);
const C = jpeg(3);

for (const chunkBytes of [1, 7, 1460, 65_536]) {
  test(`gives every frame byte for byte, in chunks of ${chunkBytes}`, () => {
    for (const length of [undefined, "none", 3, 99_999] as const) {
      const parts = [A, B, C].map((body) => part(body, length === undefined ? {} : { length }));
      const events = run(Buffer.concat(parts), chunkBytes);
      assert.deepEqual(framesOf(events), [A, B, C], `Content-Length ${String(length)}`);
    }
  });
}

test("gives a frame with its last byte, before the next boundary comes", () => {
  const events = new MjpegParser().push(part(A, { length: "none" }), 5);
  assert.equal(framesOf(events).length, 1);
});

test("takes bare line feeds, a preamble and no line end before the boundary", () => {
  const stream = Buffer.concat([
    Buffer.from("this is a preamble\n--x\nContent-Type: image/jpeg\n\n"),
    A,
    Buffer.from("--x\n\n"),
    B,
    Buffer.from("--x--\r\n"),
  ]);
  assert.deepEqual(framesOf(run(stream, 11)), [A, B]);
});

test("H2: drops a damaged frame and gives the next", () => {
  const cut = A.subarray(0, 100);
  const text = Buffer.from("<html>not a picture</html>");
  const noise = Buffer.alloc(5000);
  const chance = seededChance(7);
  for (let i = 0; i < noise.length; i++) noise[i] = Math.floor(chance.next() * 256);
  for (const damage of [cut, text, Buffer.alloc(0), noise]) {
    for (const chunkBytes of [1, 1000, 65_536]) {
      const stream = Buffer.concat([part(A), part(damage), part(B), part(C)]);
      const events = run(stream, chunkBytes);
      assert.deepEqual(framesOf(events), [A, B, C]);
      assert.ok(dropsOf(events).length >= 1);
    }
  }
});

test("H2: drops a frame cut at each of its bytes and gives the two that follow", () => {
  for (let bytes = 0; bytes < A.length; bytes++) {
    const stream = Buffer.concat([part(A.subarray(0, bytes)), part(B), part(C)]);
    assert.deepEqual(framesOf(run(stream, 700)), [B, C], `cut at ${bytes}`);
  }
});

test("H2: endless headers and a 32 MiB part cost bounded memory and one frame", () => {
  const parser = new MjpegParser(100_000);
  const events = parser.push(part(A), 0);
  events.push(...parser.push(Buffer.from("\r\n--frame\r\n"), 0));
  for (let i = 0; i < 500; i++)
    events.push(...parser.push(Buffer.from(`X-H${i}: ${"y".repeat(900)}\r\n`), 0));
  events.push(...parser.push(part(B), 0));
  const start = Buffer.concat([part(Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2]))]);
  events.push(...parser.push(start, 0));
  const megabyte = Buffer.alloc(1024 * 1024, 5);
  for (let i = 0; i < 32; i++) events.push(...parser.push(megabyte, 0));
  assert.ok(parser.heldBytes <= 400_000, `${parser.heldBytes} bytes held`);
  events.push(...parser.push(part(C), 0));
  assert.deepEqual(framesOf(events), [A, B, C]);
  assert.ok(dropsOf(events).includes("headTooLong"));
  assert.ok(dropsOf(events).includes("frameTooLong"));
});

test("H2: random damage never throws, and good frames come again after it", () => {
  const seed = Number(process.env["SEED"] ?? 42);
  const chance = seededChance(seed);
  for (let round = 0; round < 300; round++) {
    const stream = Buffer.concat([part(A), part(B), part(C), part(A), part(B)]);
    for (let hits = 0; hits < 5; hits++) {
      stream[Math.floor(chance.next() * 3000)] = Math.floor(chance.next() * 256);
    }
    const parser = new MjpegParser();
    run(stream, 1 + Math.floor(chance.next() * 2000), parser);
    const after = run(Buffer.concat([part(C), part(A), part(C)]), 500, parser);
    assert.ok(
      framesOf(after).some((frame) => frame.equals(C)),
      `seed ${seed} round ${round}`,
    );
  }
});

test("stamps a frame with the arrival of its first byte, also when it is found late", () => {
  const parser = new MjpegParser();
  const head = part(A).subarray(0, part(A).length - A.length);
  parser.push(head, 10);
  parser.push(A.subarray(0, 5), 20);
  const [event] = parser.push(A.subarray(5), 90);
  assert.equal(event?.kind === "frame" && event.firstByteMs, 20);
});

test("reads the camera's clock and age, and ignores nonsense in them", () => {
  const good = run(part(A, { extra: "X-Timestamp: 12.345678\r\nx-frame-age: 7.5\r\n" }), 999)[0];
  assert.deepEqual(good?.kind === "frame" && good.head, { timestampMs: 12_345.678, ageMs: 7.5 });
  const bad = run(part(A, { extra: "X-Timestamp: NaN\r\nX-Frame-Age: -3\r\n" }), 999)[0];
  assert.deepEqual(bad?.kind === "frame" && bad.head, {});
  const coarse = run(part(A, { extra: "X-Timestamp: 1700000000\r\n" }), 999)[0];
  assert.deepEqual(coarse?.kind === "frame" && coarse.head, {});
});
