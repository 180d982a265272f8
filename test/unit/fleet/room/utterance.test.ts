// When a person in a room begins and ends: soon enough to silence robots, not for a click, with the words' soft beginning.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  EAR_RATE_HZ,
  hearFrame,
  NO_UTTERANCE,
  type Utterance,
} from "../../../../src/fleet/room/utterance-core.js";

const FRAME = EAR_RATE_HZ / 100;
const loud = new Int16Array(FRAME).fill(3000);
const quiet = new Int16Array(FRAME).fill(20);

/** @returns what happened, each with its time, ms. */
function hear(plan: readonly (readonly [Int16Array, number])[]): [number, string, number][] {
  const seen: [number, string, number][] = [];
  let state: Utterance = NO_UTTERANCE;
  let nowMs = 0;
  for (const [frame, ms] of plan) {
    for (let end = nowMs + ms; nowMs < end;) {
      nowMs += 10;
      const step = hearFrame(state, frame);
      state = step.state;
      const length = step.kind === "ended" ? (step.samples.length / EAR_RATE_HZ) * 1000 : 0;
      if (step.kind !== "nothing") seen.push([nowMs, step.kind, length]);
    }
  }
  return seen;
}

describe("a person in a room", () => {
  const cases: readonly (readonly [string, Parameters<typeof hear>[0], unknown])[] = [
    ["is silent", [[quiet, 5000]], []],
    [
      "clicks",
      [
        [quiet, 300],
        [loud, 60],
        [quiet, 2000],
      ],
      [],
    ],
    [
      "clicks now and then",
      [
        [loud, 60],
        [quiet, 400],
        [loud, 60],
        [quiet, 400],
        [loud, 60],
      ],
      [],
    ],
    [
      "says a word: begun after 80 ms of it, over after 800 ms of silence, with 200 ms from before",
      [
        [quiet, 1000],
        [loud, 500],
        [quiet, 2000],
      ],
      [
        [1080, "begins", 0],
        [2300, "ended", 1500],
      ],
    ],
    [
      "pauses between words",
      [
        [loud, 300],
        [quiet, 700],
        [loud, 300],
        [quiet, 1000],
      ],
      [
        [80, "begins", 0],
        [2100, "ended", 2100],
      ],
    ],
    [
      "never stops: cut at half a minute",
      [[loud, 30_050]],
      [
        [80, "begins", 0],
        [30_000, "ended", 30_000],
      ],
    ],
  ];
  for (const [what, plan, expected] of cases) {
    it(`B4: ${what}`, () => {
      assert.deepEqual(hear(plan), expected);
    });
  }
});
