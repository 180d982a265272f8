// Datagrams (PROTOCOL §3, row A6's input). Properties: golden vectors hold; nothing throws; nothing but a
// complete line is a face; a flipped bit never gives a value out of range; encode and parse are inverse.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encodeFace,
  encodeNoFace,
  FACE_SEQ_MAX,
  parseDatagram,
} from "../../../src/wire/datagram.js";
import { DATAGRAM_BYTES_MAX } from "../../../src/wire/limits.js";
import { encodeCompactVision, parseVision } from "../../../src/wire/vision.js";
import { DATAGRAM_VECTORS, summaryOf, VISION_VECTORS } from "../../fixtures/datagram-vectors.js";

const WHOLE = "FACE:190,120,-12,7,60,64,90,1234,45";

test("datagram: golden vectors", () => {
  for (const [line, expected] of DATAGRAM_VECTORS)
    assert.equal(summaryOf(parseDatagram(Buffer.from(line as string))), expected, line);
});

test("datagram: a line cut at any byte is never another face", () => {
  for (let n = 0; n < WHOLE.length; n++) {
    const cut = parseDatagram(Buffer.from(WHOLE.slice(0, n)));
    if (cut.kind !== "face") continue;
    // Cuts inside the last number, the age or the sequence, cannot be told from shorter numbers.
    assert.equal(cut.x, 190);
    assert.ok(n > "FACE:190,120,-12,7,60,64,90,".length);
  }
});

test("datagram: each flipped bit gives an error or values in range", () => {
  for (let i = 0; i < WHOLE.length * 8; i++) {
    const data = Buffer.from(WHOLE);
    data[i >> 3] = (data[i >> 3] as number) ^ (1 << (i & 7));
    const d = parseDatagram(data);
    if (d.kind !== "face") continue;
    for (const v of [d.x, d.y, d.w, d.h]) assert.ok(Number.isInteger(v) && v >= 0 && v <= 240);
    assert.ok(d.conf >= 0 && d.conf <= 100 && Math.abs(d.vx) <= 500 && d.ageMs <= 5000);
  }
});

test("datagram: 255 bytes are read, 256 and 65,507 are too long", () => {
  const vision = "!VISION:" + " ".repeat(DATAGRAM_BYTES_MAX - 8);
  assert.equal(parseDatagram(Buffer.from(vision)).kind, "vision");
  for (const n of [DATAGRAM_BYTES_MAX + 1, 1020, 65507])
    assert.equal(summaryOf(parseDatagram(Buffer.alloc(n, 0x31))), "bad DATAGRAM_LONG");
});

test("datagram: 20,000 random datagrams never throw", () => {
  let seed = 7;
  const next = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8;
  const alphabet = "FACE:NO_,-0123456789!VISION{}\n\0\xff";
  for (let i = 0; i < 20000; i++) {
    let line = ["FACE:", "NO_FACE", "!VISION:", ""][next() % 4] as string;
    for (let n = next() % 60; n > 0; n--) line += alphabet[next() % alphabet.length] as string;
    parseDatagram(Buffer.from(line, "latin1"));
  }
});

test("datagram: encode and parse are inverse at the ends of every range", () => {
  for (const v of [0, 120, 240])
    for (const seq of [0, 1, FACE_SEQ_MAX])
      for (const ageMs of [-1, 0, 5000]) {
        const face = { x: v, y: 240 - v, vx: v - 120, vy: 500, w: v, h: v, conf: 100, seq, ageMs };
        const back = parseDatagram(Buffer.from(encodeFace(face)));
        assert.deepEqual(back, { kind: "face", ...face });
      }
  assert.deepEqual(parseDatagram(Buffer.from(encodeNoFace(9))), { kind: "noFace", seq: 9 });
});

test("vision: golden vectors", () => {
  for (const [json, expected] of VISION_VECTORS) {
    const v = parseVision(json as string);
    const got = v
      ? `${v.form} ${v.hasFace} ${v.faceCount} ${v.expression} ${v.novelty} ${v.change}`
      : "-";
    assert.equal(got, expected, json);
  }
});

test("vision: lists and texts are bounded", () => {
  const objs = Array.from({ length: 9 }, (_, i) => ({ n: "very long name", b: i * 50, d: 100 }));
  const v = parseVision(JSON.stringify({ faces: 1, objs, desc: "x".repeat(500) }));
  assert.equal(v?.objects.length, 3);
  assert.deepEqual(v?.objects[2], { name: "very lon", baseDeg: 100, nodDeg: 100 });
  assert.equal(v?.description.length, 99);
  assert.equal(parseVision("[".repeat(2000)), undefined);
});

test("vision: the compact line fits a datagram and reads back", () => {
  const line = Buffer.from(encodeCompactVision(true, 3, "raised_brows", 0.987));
  assert.ok(line.length <= 90);
  const d = parseDatagram(line);
  assert.equal(d.kind, "vision");
  const v = d.kind === "vision" ? parseVision(line.toString("utf-8", d.from, d.to)) : undefined;
  assert.equal(v?.novelty, 0.99);
  assert.equal(v?.expression, "raised_brows");
});
