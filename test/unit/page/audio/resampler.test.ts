// The microphone's rate brought to 16 kHz: a tone stays that tone, what 16 kHz cannot hold is gone, pieces join.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Resampler } from "../../../../src/page/audio/resampler.js";

const SECONDS = 1;

function tone(hz: number, rateHz: number): Float32Array {
  return new Float32Array(rateHz * SECONDS).map((_, i) =>
    Math.sin((2 * Math.PI * hz * i) / rateHz),
  );
}

/** In pieces as a browser gives them. */
function resampled(sound: Float32Array, fromHz: number, piece: number): number[] {
  const resampler = new Resampler(fromHz, 16_000);
  const found: number[] = [];
  for (let at = 0; at < sound.length; at += piece) {
    found.push(...resampler.push(sound.subarray(at, at + piece)));
  }
  return found;
}

for (const rateHz of [48_000, 44_100, 96_000, 16_000, 8000]) {
  test(`a tone of 1 kHz at ${rateHz} Hz is the same tone at 16 kHz`, () => {
    const found = resampled(tone(1000, rateHz), rateHz, 1000);
    const expected = tone(1000, 16_000);
    assert.ok(found.length > 15_900 && found.length <= 16_000, `${found.length} samples`);
    const worst = found
      .slice(100)
      .reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i + 100] ?? 0))), 0);
    assert.ok(worst < 0.01, `off by ${worst}`);
  });
}

test("a tone of 10 kHz does not come back as another one", () => {
  const found = resampled(tone(10_000, 48_000), 48_000, 1000).slice(100);
  assert.ok(Math.max(...found.map(Math.abs)) < 0.02);
});

test("how the sound is cut into pieces changes nothing", () => {
  const sound = tone(440, 44_100);
  const whole = resampled(sound, 44_100, sound.length);
  assert.deepEqual(resampled(sound, 44_100, 128), whole);
  assert.deepEqual(resampled(sound, 44_100, 1), whole);
});
