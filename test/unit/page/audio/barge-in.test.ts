// Somebody who speaks over Buddy (G5): is heard within 400 ms of their first sound; Buddy's own voice out of the speaker is
// not, however much of it the browser's echo cancellation leaves. Both voices are recorded speech, judged by the model.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EchoGuard } from "../../../../src/page/audio/echo-guard.js";
import { Listener } from "../../../../src/page/audio/listener.js";
import { RATE_HZ, WINDOW_SAMPLES } from "../../../../src/page/audio/silero/silero.js";
import { levelOf, ModelJudge } from "../../../../src/page/audio/speech-judge.js";
import { hiss, joined, silence, speech, windowsOf } from "../../../support/sounds.js";

const FILE = new URL("../../../../src/page/audio/silero/weights.bin", import.meta.url);
const WINDOW_MS = (WINDOW_SAMPLES * 1000) / RATE_HZ;
/** Buddy talks from the first moment on, somebody from here. */
const PERSON_MS = 3000;
const REACTION_MS_MAX = 400;

interface Row {
  /** Of Buddy's voice so much comes back, and so late. */
  readonly echo: number;
  readonly delayMs: number;
  /** How loud somebody is, as heard; Buddy is played at 1. 0: nobody speaks. */
  readonly person: number;
  readonly isHeard: boolean;
}

const ROWS: readonly Row[] = [
  { echo: 0, delayMs: 0, person: 0, isHeard: false },
  { echo: 0, delayMs: 0, person: 0.5, isHeard: true },
  { echo: 0.02, delayMs: 60, person: 0, isHeard: false },
  { echo: 0.02, delayMs: 60, person: 0.3, isHeard: true },
  { echo: 0.1, delayMs: 120, person: 0, isHeard: false },
  { echo: 0.1, delayMs: 120, person: 0.6, isHeard: true },
  { echo: 0.3, delayMs: 200, person: 0, isHeard: false },
  { echo: 0.3, delayMs: 200, person: 1, isHeard: true },
  { echo: 0.3, delayMs: 300, person: 0, isHeard: false },
  // Without any cancellation an open speaker is as loud as a person: nobody can tell them apart, so nothing begins.
  { echo: 1, delayMs: 100, person: 0, isHeard: false },
];

for (const { echo, delayMs, person, isHeard } of ROWS) {
  const who = person === 0 ? "nobody speaks" : `somebody at ${person}`;
  test(`G5: ${echo * 100} % of Buddy's voice comes back after ${delayMs} ms, ${who}`, () => {
    const buddy = joined(speech(), speech(), speech());
    const back = joined(silence(delayMs), buddy).map((value) => value * echo);
    const somebody = joined(silence(PERSON_MS), speech()).map((value) => value * person);
    const room = hiss((buddy.length * 1000) / RATE_HZ, 0.003);
    const heard = room.map((value, at) => value + (back[at] ?? 0) + (somebody[at] ?? 0));
    const own = windowsOf(buddy, WINDOW_SAMPLES).map(levelOf);
    const judge = new ModelJudge(new Uint8Array(readFileSync(FILE)).buffer);
    const listener = new Listener(judge);
    let begunMs: number | undefined;
    for (const [at, window] of windowsOf(heard, WINDOW_SAMPLES).entries()) {
      const happening = listener.hear(window, own[at] ?? 0);
      if (happening?.type !== "begun") continue;
      begunMs = (at + 1) * WINDOW_MS;
      break;
    }
    if (!isHeard) return assert.equal(begunMs, undefined);
    const first = windowsOf(somebody, WINDOW_SAMPLES).findIndex((one) => levelOf(one) > 0.02);
    const reactionMs = (begunMs ?? Infinity) - first * WINDOW_MS;
    assert.ok(reactionMs > 0 && reactionMs <= REACTION_MS_MAX, `after ${reactionMs} ms`);
  });
}

test("G5: what comes back is learned anew when the speaker is turned up, and somebody is heard in Buddy's pauses", () => {
  const guard = new EchoGuard();
  for (let at = 0; at < 60; at++) guard.isSomebody(0.01, 0.2);
  assert.equal(guard.isSomebody(0.1, 0.2), true);
  for (let at = 0; at < 60; at++) guard.isSomebody(0.018, 0.2);
  assert.equal(guard.isSomebody(0.03, 0.2), false, "twice what is left of it is needed");
  for (let at = 0; at < 16; at++) guard.isSomebody(0.001, 0);
  assert.equal(guard.isSomebody(0.03, 0), true);
});
