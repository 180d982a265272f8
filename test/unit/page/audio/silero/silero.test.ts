// The speech model as it is computed here gives what the model in its own runtime gives; other weights are refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Silero, WINDOW_SAMPLES } from "../../../../../src/page/audio/silero/silero.js";
import { speech, windowsOf } from "../../../../support/sounds.js";

const FILE = new URL("../../../../../src/page/audio/silero/weights.bin", import.meta.url);
const weights = (): ArrayBuffer => new Uint8Array(readFileSync(FILE)).buffer;
/** Of onnxruntime 1.30 with silero_vad_v6.onnx, each fifth window of the sentence. */
const REFERENCE = [
  0.00552, 0.93473, 0.94536, 0.99921, 0.99975, 0.99923, 0.48543, 0.93955, 0.99689, 0.9998, 0.99993,
  0.99987, 0.99813, 0.01379,
];

test("each window is judged as the original judges it, also after a reset", () => {
  const model = new Silero(weights());
  for (let round = 0; round < 2; round++) {
    const found = windowsOf(speech(), WINDOW_SAMPLES)
      .map((window) => model.probability(window))
      .filter((_, at) => at % 5 === 4);
    assert.equal(found.length, REFERENCE.length);
    for (const [at, value] of found.entries()) {
      assert.ok(Math.abs(value - (REFERENCE[at] ?? 0)) < 1e-4, `${at}: ${value}`);
    }
    model.reset();
  }
});

test("a file of another length is no model", () => {
  const whole = weights();
  assert.throws(() => new Silero(whole.slice(0, -4)), RangeError);
  assert.throws(() => new Silero(new ArrayBuffer(whole.byteLength + 4)), RangeError);
  assert.throws(() => new Silero(new ArrayBuffer(0)), RangeError);
});
