// A page without a browser, on a clock of the test's: it plays by the page's rules. Properties:
// - sound is on the line piece after piece and told as played when it was;
// - a fence is answered with the own time, and nothing is on the line beyond it or with another token;
// - a stop cuts what sounds.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeadlessPage, type LineSound } from "../../../src/voice/headless-page.js";
import type { PageVoiceMessage } from "../../../src/voice/page-protocol.js";
import { RATE_HZ } from "../../../src/voice/speech/pcm.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const SECOND = RATE_HZ;

function rig() {
  const clock = new FakeClock();
  const said: PageVoiceMessage[] = [];
  const sounds: LineSound[] = [];
  const page = new HeadlessPage({
    clock,
    send: (message) => said.push(message),
    onSound: (sound) => sounds.push(sound),
  });
  const frame = (utterance: number, first: number, samples: number): Buffer => {
    const bytes = Buffer.alloc(8 + samples * 2);
    bytes.writeUInt32LE(utterance, 0);
    bytes.writeUInt32LE(first, 4);
    return bytes;
  };
  const heardMs = (): number => sounds.reduce((sum, one) => sum + one.endMs - one.startMs, 0);
  return { clock, page, said, sounds, frame, heardMs };
}

describe("a page without a browser", () => {
  it("plays a sound whole and says so when it was", async () => {
    const { clock, page, said, frame, heardMs } = rig();
    page.tell("running");
    page.take({ type: "begin", utterance: 4, from: 0, rateHz: RATE_HZ });
    page.takeSound(frame(4, 0, SECOND));
    assert.equal(Math.round(heardMs()), 1000);
    await clock.advance(900);
    const whole = { type: "played", utterance: 4, samples: SECOND };
    assert.notDeepEqual(said.at(-1), whole);
    await clock.advance(200);
    assert.deepEqual(said.at(-1), whole);
  });

  it("B2: answers a fence, and nothing of it is on the line beyond the fence or with another token", () => {
    const { clock, page, said, frame, heardMs } = rig();
    page.take({ type: "fence", seq: 9, token: 7, untilMs: clock.nowMs() + 420 });
    assert.deepEqual(said.at(-1), { type: "now", atMs: clock.nowMs(), seq: 9 });
    page.take({ type: "begin", utterance: 4, from: 0, rateHz: RATE_HZ, token: 6 });
    page.takeSound(frame(4, 0, SECOND));
    assert.equal(heardMs(), 0);
    page.take({ type: "begin", utterance: 5, from: 0, rateHz: RATE_HZ, token: 7 });
    page.takeSound(frame(5, 0, SECOND));
    // The line begins 20 ms after now.
    assert.equal(Math.round(heardMs()), 400);
  });

  it("a fence that is over, and a stop, cut what sounds", async () => {
    const { clock, page, frame, heardMs } = rig();
    page.take({ type: "begin", utterance: 4, from: 0, rateHz: RATE_HZ });
    page.takeSound(frame(4, 0, SECOND));
    await clock.advance(320);
    page.take({ type: "fence", seq: 1, token: 0, untilMs: 0 });
    assert.equal(Math.round(heardMs()), 300);
  });
});
