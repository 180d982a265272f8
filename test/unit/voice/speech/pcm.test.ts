// Sound files from outside: truncated, empty, of a wrong rate, with a length that lies: refused or taken as far as
// there is sound, never read beyond. And the hum: the same samples for the same text, within its limits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hum } from "../../../../src/voice/standby/hum.js";
import {
  atOurRate,
  bytesOf,
  RATE_HZ,
  readWav,
  SOUND_SAMPLES_MAX,
  writeWav,
} from "../../../../src/voice/speech/pcm.js";

const samples = Int16Array.from({ length: 1000 }, (_, i) => Math.round(9000 * Math.sin(i / 9)));
const good = writeWav(samples, RATE_HZ);

function changed(edit: (wav: Buffer) => void): Buffer {
  const wav = Buffer.from(good);
  edit(wav);
  return wav;
}

test("a WAV file comes back as it was", () => {
  const read = readWav(good);
  assert.deepEqual(read, { kind: "sound", samples, rateHz: RATE_HZ });
});

test("what is no usable sound is refused with its reason", () => {
  const cases: readonly [string, Buffer, RegExp][] = [
    ["empty", Buffer.alloc(0), /no WAV/],
    ["text", Buffer.from("hello, this is not a sound file at all"), /no WAV/],
    ["only a head", good.subarray(0, 12), /no sound/],
    ["cut in the format", good.subarray(0, 24), /cut/],
    ["no samples", good.subarray(0, 44), /no sound/],
    ["8 bits", changed((wav) => wav.writeUInt16LE(8, 34)), /16-bit/],
    ["compressed", changed((wav) => wav.writeUInt16LE(85, 20)), /16-bit/],
    ["11 channels", changed((wav) => wav.writeUInt16LE(11, 22)), /channels/],
    ["1 Hz", changed((wav) => wav.writeUInt32LE(1, 24)), /samples a second/],
    ["chunk longer than the file", changed((wav) => wav.writeUInt32LE(0x7fffffff, 16)), /no sound/],
  ];
  for (const [name, wav, why] of cases) {
    const read = readWav(wav);
    assert.equal(read.kind, "bad", name);
    if (read.kind === "bad") assert.match(read.why, why, name);
  }
});

test("a length that lies (2 GiB, or what a pipe gives) means: all that came", () => {
  for (const length of [0, 0x7fffffff, 0xffffffff, samples.length * 2 + 2]) {
    const read = readWav(changed((wav) => wav.writeUInt32LE(length, 40)));
    assert.equal(read.kind === "sound" && read.samples.length, samples.length, String(length));
  }
  const odd = readWav(good.subarray(0, good.length - 1));
  assert.equal(odd.kind === "sound" && odd.samples.length, samples.length - 1);
});

test("two channels become one, other rates become ours, and nothing wraps around", () => {
  const stereo = Buffer.alloc(44 + 8);
  good.copy(stereo, 0, 0, 44);
  stereo.writeUInt16LE(2, 22);
  stereo.writeUInt32LE(8, 40);
  for (const [i, value] of [1000, 3000, -32768, -32768].entries()) {
    stereo.writeInt16LE(value, 44 + 2 * i);
  }
  const read = readWav(stereo);
  assert.deepEqual(read.kind === "sound" && [...read.samples], [2000, -32768]);
  const faster = atOurRate(samples, 16_000);
  assert.equal(faster.length, Math.floor((1000 * RATE_HZ) / 16_000));
  assert.equal(atOurRate(samples, RATE_HZ), samples);
  assert.deepEqual([...bytesOf(Int16Array.of(1, -2))], [1, 0, 254, 255]);
});

test("the hum: the same each time, loud enough to hear, never clipped, at most a minute", () => {
  const text = "Hello, who are you? I am Buddy.";
  assert.deepEqual(hum(text), hum(text));
  assert.notDeepEqual(hum(text), hum("Hello, who are you? I am Bobby."));
  const peak = Math.max(...hum(text).map(Math.abs));
  assert.ok(peak > 3000 && peak < 32_000, String(peak));
  assert.ok(hum("word ".repeat(5000)).length <= SOUND_SAMPLES_MAX);
});
