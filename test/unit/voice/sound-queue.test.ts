// The page's time line of sound: pieces in order without a gap, told as played when they ended, silent at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SoundQueue, type AudioLine } from "../../../src/voice/sound-queue.js";

interface Source {
  buffer: { length: number } | null;
  onended: (() => void) | null;
  startS: number;
  isStopped: boolean;
}

function rig() {
  const sources: Source[] = [];
  const line = {
    currentTime: 5,
    sampleRate: 22_050,
    createBuffer: (_channels: number, length: number) => {
      const data = new Float32Array(length);
      return { length, getChannelData: () => data };
    },
    createBufferSource: () => {
      const source: Source & Record<string, unknown> = {
        buffer: null,
        onended: null,
        startS: -1,
        isStopped: false,
        connect: () => undefined,
        start: (atS: number) => (source.startS = atS),
        stop: () => (source.isStopped = true),
      };
      sources.push(source);
      return source;
    },
  };
  const told: string[] = [];
  const queue = new SoundQueue(
    line as unknown as AudioLine,
    {},
    {
      started: (utterance) => told.push(`started ${utterance}`),
      played: (utterance, samples) => told.push(`played ${utterance} ${samples}`),
      sounding: (isSounding) => told.push(isSounding ? "sounding" : "silent"),
    },
  );
  return { queue, sources, told, line };
}

test("pieces follow each other to the sample, in steps that can be told", () => {
  const { queue, sources } = rig();
  queue.begin(3, 0);
  queue.add(3, 0, new Int16Array(5000));
  queue.add(3, 5000, new Int16Array(441));
  assert.deepEqual(
    sources.map((source) => source.buffer?.length),
    [2205, 2205, 590, 441],
  );
  for (const [i, source] of sources.slice(1).entries()) {
    const before = sources[i] as Source;
    const endS = before.startS + (before.buffer?.length ?? 0) / 22_050;
    assert.ok(Math.abs(source.startS - endS) < 1e-9);
  }
});

test("played is told when a piece has ended, with its place in the utterance", () => {
  const { queue, sources, told } = rig();
  queue.begin(3, 1000);
  queue.add(3, 1000, new Int16Array(3000));
  sources[0]?.onended?.();
  sources[1]?.onended?.();
  assert.deepEqual(told, ["sounding", "played 3 3205", "silent", "played 3 4000"]);
});

test("a piece that comes late, after silence, sounds again", () => {
  const { queue, sources, told } = rig();
  queue.begin(3, 0);
  queue.add(3, 0, new Int16Array(100));
  sources[0]?.onended?.();
  queue.add(3, 100, new Int16Array(100));
  assert.deepEqual(told, ["sounding", "silent", "played 3 100", "sounding"]);
});

test("what does not fit is not played: another utterance, a gap, a repetition", () => {
  const { queue, sources } = rig();
  queue.begin(3, 0);
  queue.add(2, 0, new Int16Array(10));
  queue.add(3, 10, new Int16Array(10));
  queue.add(3, 0, new Int16Array(10));
  queue.add(3, 0, new Int16Array(10));
  assert.equal(sources.length, 1);
});

test("stop is silence at once, and nothing of it is told as played", () => {
  const { queue, sources, told } = rig();
  queue.begin(3, 0);
  queue.add(3, 0, new Int16Array(3000));
  queue.stop();
  assert.ok(sources.every((source) => source.isStopped && source.onended === null));
  queue.add(3, 3000, new Int16Array(10));
  assert.equal(sources.length, 2);
  assert.deepEqual(told, ["sounding"]);
});
