/** FACE frames (PROTOCOL §1.3): every field survives its bytes, at both ends of its range. The bytes: link-vectors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  FACE_FRAME_BYTES,
  encodeFaceFrame,
  encodeNobodyFrame,
  newFace,
  readFaceFrame,
  type Face,
} from "../../../src/wire/face-frame.js";
import { FACE_AGE_MS_MAX, FACE_SEQ_MAX } from "../../../src/wire/datagram.js";
import { FACE_SPACE } from "../../../src/wire/limits.js";
import { FACE, lengthCodeOf } from "../../../src/wire/link.js";
import { LinkCode } from "../../../src/wire/errors.js";
import { seededChance } from "../../../src/time/chance.js";

const LIMITS: Record<keyof Face, [number, number]> = {
  x: [0, FACE_SPACE],
  y: [0, FACE_SPACE],
  w: [0, FACE_SPACE],
  h: [0, FACE_SPACE],
  conf: [0, 100],
  seq: [-1, FACE_SEQ_MAX],
  ageMs: [-1, FACE_AGE_MS_MAX],
  waitMs: [0, 65535],
};
const FIELDS = Object.keys(LIMITS) as (keyof Face)[];

function reread(face: Face): Face {
  const bytes = encodeFaceFrame(FACE, face);
  assert.equal(bytes.length, FACE_FRAME_BYTES);
  assert.equal(lengthCodeOf(bytes), LinkCode.OK);
  const back = newFace();
  assert.equal(readFaceFrame(bytes, back), true);
  return back;
}

test("each field at its least and greatest value, the others in between, comes back", () => {
  const middle: Face = { x: 1, y: 2, w: 3, h: 4, conf: 5, seq: 6, ageMs: 7, waitMs: 8 };
  for (const field of FIELDS) {
    for (const value of LIMITS[field]) {
      const face = { ...middle, [field]: value };
      assert.deepEqual(reread(face), face);
    }
  }
  const least = Object.fromEntries(FIELDS.map((field) => [field, LIMITS[field][0]]));
  const greatest = Object.fromEntries(FIELDS.map((field) => [field, LIMITS[field][1]]));
  for (const face of [least, greatest]) assert.deepEqual(reread(face as never), face);
});

test("sequence numbers round every power of two up to 2^53 − 1 come back exactly", () => {
  for (let power = 0; power <= 53; power++) {
    for (const seq of [2 ** power - 2, 2 ** power - 1, 2 ** power, 2 ** power + 1]) {
      if (seq < 0 || seq > FACE_SEQ_MAX) continue;
      assert.equal(reread({ ...newFace(), seq }).seq, seq);
      const back = newFace();
      assert.equal(readFaceFrame(encodeNobodyFrame(FACE, seq, 0), back), false);
      assert.equal(back.seq, seq);
    }
  }
});

test("2,000 random faces come back", () => {
  const chance = seededChance(41);
  for (let i = 0; i < 2000; i++) {
    const face = newFace();
    for (const field of FIELDS) {
      const [min, max] = LIMITS[field];
      face[field] = min + Math.floor(chance.next() * (max - min + 1));
    }
    assert.deepEqual(reread(face), face);
  }
});

test("a wait beyond 16 bits reads as the longest, not as a short one", () => {
  for (const waitMs of [65536, 70000, 1e9])
    assert.equal(reread({ ...newFace(), waitMs }).waitMs, 65535);
});

test("nobody: number and wait are told, nothing else is touched", () => {
  const before: Face = { x: 9, y: 8, w: 7, h: 6, conf: 5, seq: 4, ageMs: 3, waitMs: 2 };
  for (const seq of [-1, 0, 77]) {
    const face = { ...before };
    assert.equal(readFaceFrame(encodeNobodyFrame(FACE, seq, 12), face), false);
    assert.deepEqual(face, { ...before, seq, waitMs: 12 });
  }
});

test("any 18 bytes of type FACE read as something, and a wrong length is refused", () => {
  const chance = seededChance(42);
  for (let i = 0; i < 2000; i++) {
    const bytes = Buffer.from(Array.from({ length: 18 }, () => Math.floor(chance.next() * 256)));
    bytes[0] = FACE;
    const face = newFace();
    assert.equal(readFaceFrame(bytes, face), bytes[1] !== 255);
    for (const field of FIELDS) assert.ok(Number.isInteger(face[field]), field);
  }
  for (const length of [1, 17])
    assert.equal(lengthCodeOf(Buffer.alloc(length, FACE)), LinkCode.LINK_FRAME_SHORT);
  assert.equal(lengthCodeOf(Buffer.alloc(19, FACE)), LinkCode.LINK_FRAME_LONG);
});
