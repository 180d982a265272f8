// The time line as frames of a room. Properties: a sound comes whole and in its place, a cut one ends where it was cut, and
// everything else is silence.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FRAME_MS, FRAME_SAMPLES, FrameMixer } from "../../../../src/fleet/room/frame-mixer.js";
import { RATE_HZ } from "../../../../src/voice/speech/pcm.js";

function loudMsOf(mixer: FrameMixer, fromMs: number, toMs: number): number {
  let loud = 0;
  for (let atMs = fromMs; atMs < toMs; atMs += FRAME_MS) {
    loud += mixer.frame(atMs).filter((sample) => sample !== 0).length;
  }
  return (loud / FRAME_SAMPLES) * FRAME_MS;
}

const half = new Float32Array(RATE_HZ / 2).fill(0.5);

describe("frames of a room", () => {
  it("a sound of half a second is half a second, from its moment on, as loud as it was", () => {
    const mixer = new FrameMixer();
    mixer.put({ startMs: 1000, endMs: 1500, samples: half });
    assert.equal(loudMsOf(mixer, 900, 1000), 0);
    assert.equal(mixer.frame(1000)[100], Math.round(0.5 * 32_767));
    assert.ok(mixer.hasMore(1490));
    assert.ok(Math.abs(loudMsOf(mixer, 1010, 1600) - 490) < 0.1);
    assert.equal(mixer.hasMore(1500), false);
  });

  it("pieces that touch leave no hole, and one that was cut ends there", () => {
    const mixer = new FrameMixer();
    mixer.put({ startMs: 1000, endMs: 1500, samples: half });
    mixer.put({ startMs: 1500, endMs: 1703, samples: half });
    assert.ok(Math.abs(loudMsOf(mixer, 1000, 3000) - 703) < 0.1);
  });
});
