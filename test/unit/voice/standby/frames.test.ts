// The renderers' pipe: frames in pieces of any size come out whole, half a frame is never used, damage is seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededChance } from "../../../../src/time/chance.js";
import { encodeFrame, FrameReader, type Frame } from "../../../../src/voice/standby/frames.js";

const sound = (fill: number): Buffer => Buffer.alloc(882, fill);
const frames = [
  encodeFrame("ready", 0, 0, sound(1)),
  encodeFrame("beat"),
  encodeFrame("sound", 7, 0, sound(2)),
  encodeFrame("last", 7, 4_000_000_000, Buffer.from([1, 2])),
];
const stream = Buffer.concat(frames);

test("pieces of any size give the same frames", () => {
  const chance = seededChance(3);
  for (let run = 0; run < 200; run++) {
    const reader = new FrameReader();
    const out: Frame[] = [];
    for (let at = 0; at < stream.length;) {
      const length = 1 + Math.floor(chance.next() ** 3 * 900);
      const read = reader.read(stream.subarray(at, at + length));
      assert.equal(read.damage, undefined);
      out.push(...read.frames);
      at += length;
    }
    assert.deepEqual(
      out.map((frame) => [frame.kind, frame.utterance, frame.index, frame.sound.length]),
      [
        ["ready", 0, 0, 882],
        ["beat", 0, 0, 0],
        ["sound", 7, 0, 882],
        ["last", 7, 4_000_000_000, 2],
      ],
    );
    assert.equal(out[2]?.sound.compare(sound(2)), 0);
  }
});

test("D2: half a frame, as a killed process leaves it, is never handed out", () => {
  const reader = new FrameReader();
  const cut = reader.read(stream.subarray(0, stream.length - 1));
  assert.equal(cut.frames.length, 3);
  assert.equal(cut.damage, undefined);
});

test("a flipped bit anywhere is damage or a missing frame, never a wrong sound", () => {
  const one = frames[2] as Buffer;
  for (let bit = 0; bit < one.length * 8; bit += 7) {
    const bad = Buffer.from(one);
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const { frames: out, damage } = new FrameReader().read(bad);
    assert.equal(out.length, 0, `bit ${bit}`);
    // A longer length only means that more is awaited; the hang detector ends that.
    if (bit < 16 || bit >= 32) assert.ok(damage !== undefined, `bit ${bit}`);
  }
});
