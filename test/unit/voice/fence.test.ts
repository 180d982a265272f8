// Until when a page may sound. Properties:
// - the end is never told too late, whatever the messages took;
// - no sound beyond it, none of another token, all of it where nobody shares the floor.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SoundQueue } from "../../../src/voice/sound-queue.js";
import { seededChance } from "../../../src/time/chance.js";
import { audibleMs, PageTimes } from "../../../src/voice/fence.js";

describe("the fence of a page", () => {
  it("B2: an end that is told as the page's time is never later than it is (seeded)", () => {
    const chance = seededChance(3);
    for (let i = 0; i < 500; i++) {
      const aheadMs = (chance.next() - 0.5) * 1e9;
      const times = new PageTimes();
      let nowMs = chance.next() * 1e6;
      assert.equal(times.toPage(nowMs, nowMs), undefined, "not before it has answered");
      for (let n = 0; n < 5; n++) {
        const sentMs = nowMs;
        nowMs += chance.next() * 900;
        times.note(sentMs + aheadMs, nowMs);
      }
      const told = times.toPage(nowMs + 1000, nowMs) as number;
      assert.ok(told <= nowMs + 1000 + aheadMs + 1e-6);
      assert.equal(times.toPage(nowMs, nowMs + 3001), undefined, "old answers are not believed");
    }
  });

  it("B2: sound of the token before the end, cut at it, and nothing else", () => {
    const fence = { token: 7, untilMs: 1000 };
    assert.equal(audibleMs(fence, 7, 800, 100), 100);
    assert.equal(audibleMs(fence, 7, 950, 100), 50);
    assert.equal(audibleMs(fence, 7, 1000, 100), 0);
    assert.equal(audibleMs(fence, 6, 800, 100), 0, "of an earlier floor");
    assert.equal(audibleMs(fence, undefined, 800, 100), 0, "of none");
    assert.equal(audibleMs(undefined, undefined, 1e9, 100), 100);
  });

  it("B2: a page puts on its time line only what may be heard, and tells only that as played", () => {
    const starts: { atS: number; samples: number }[] = [];
    const line = {
      currentTime: 0,
      sampleRate: 1000,
      createBuffer: (_channels: number, length: number) => ({
        getChannelData: () => new Float32Array(length),
      }),
      createBufferSource: () => {
        const source = {
          buffer: null as { getChannelData(): Float32Array } | null,
          onended: null,
          connect: () => undefined,
          start: (atS: number) =>
            starts.push({ atS, samples: source.buffer?.getChannelData().length ?? 0 }),
          stop: () => undefined,
        };
        return source;
      },
    };
    const events = { started: () => undefined, played: () => undefined, sounding: () => undefined };
    const fence = { token: 7, untilMs: 170 };
    const queue = new SoundQueue(line, {}, events, (token, inMs, lengthMs) =>
      audibleMs(fence, token, inMs, lengthMs),
    );
    queue.begin(1, 0, 7);
    queue.add(1, 0, new Int16Array(100));
    queue.add(1, 100, new Int16Array(100));
    queue.add(1, 200, new Int16Array(100));
    assert.deepEqual(
      starts.map(({ samples }) => samples),
      [100, 50],
    );
    queue.begin(2, 0, 6);
    queue.add(2, 0, new Int16Array(10));
    assert.equal(starts.length, 2);
  });
});
