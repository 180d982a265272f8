// The speaker: properties that must hold.
// - sentences come one after the other, in order, each with one outcome, whatever its way does;
// - a way that fails is followed by the next with the words that are left, and the preferred one is back by itself (A9, C2);
// - what was stopped is silent at once and never spoken later (A3, A11).
import assert from "node:assert/strict";
import { test } from "node:test";
import { Resilience } from "../../../src/resilience/resilience.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import type { Said, Say, SpeakOptions, Way } from "../../../src/voice/speech/speech.js";
import { QUEUE_MAX, Speaker } from "../../../src/voice/speaker.js";

class FakeWay implements Way {
  readonly heard: string[] = [];
  answer: (say: Say) => Said | Promise<Said> = () => ({ kind: "played" });
  missing: string | undefined;

  constructor(
    readonly name: string,
    readonly hasWords = true,
  ) {}

  unusable(): string | undefined {
    return this.missing;
  }

  async say(say: Say): Promise<Said> {
    this.heard.push(say.text);
    say.onSound();
    return this.answer(say);
  }
}

function rig(...ways: FakeWay[]) {
  const clock = new FakeClock(1000);
  const resilience = new Resilience({ clock });
  const shown: string[] = [];
  let unheard: string | undefined;
  const speaker = new Speaker({
    clock,
    ways,
    breakerOf: (way) => resilience.breaker(`voice ${way}`),
    unheard: () => unheard,
    onShown: (text) => shown.push(text),
    onChange: () => undefined,
  });
  const options = (index = 0, signal = new AbortController().signal): SpeakOptions => ({
    turnId: "t1",
    index,
    signal,
    language: "en",
  });
  return { clock, speaker, shown, options, mute: (why: string) => (unheard = why) };
}

/** A way that speaks until it is stopped. */
const untilStopped = (say: Say): Promise<Said> =>
  new Promise((resolve) =>
    say.signal.addEventListener("abort", () => resolve({ kind: "stopped" })),
  );

test("sentences of a turn are spoken in order, by the first way that works", async () => {
  const [program, browser] = [new FakeWay("espeak-ng"), new FakeWay("browser")];
  const { speaker, options } = rig(program, browser);
  program.answer = async () => {
    await Promise.resolve();
    return { kind: "played" };
  };
  const all = await Promise.all(
    ["one", "two", "three"].map((s, i) => speaker.speak(s, options(i))),
  );
  assert.deepEqual(program.heard, ["one", "two", "three"]);
  assert.deepEqual(browser.heard, []);
  for (const spoken of all) {
    assert.deepEqual(spoken, { outcome: "played", firstSoundMs: 0, by: "espeak-ng", reason: "" });
  }
});

test("a way that dies in the middle is followed by the next with the words that are left", async () => {
  const [program, browser] = [new FakeWay("espeak-ng"), new FakeWay("browser")];
  const { speaker, options, shown } = rig(program, browser);
  program.answer = () => ({ kind: "failed", why: "killed", share: 0.5 });
  const spoken = await speaker.speak("one two three four", options());
  assert.deepEqual(browser.heard, ["three four"]);
  assert.equal(spoken.outcome, "played");
  assert.equal(spoken.by, "browser");
  browser.answer = () => ({ kind: "failed", why: "no voices", share: 0 });
  const second = await speaker.speak("five six", options(1));
  assert.equal(second.outcome, "shown");
  assert.match(second.reason, /espeak-ng: killed browser: no voices/);
  assert.deepEqual(shown, ["five six"]);
});

test("a way that cannot be used is not asked; a hum is heard and the words are shown", async () => {
  const [program, hum] = [new FakeWay("espeak-ng"), new FakeWay("hum", false)];
  program.missing = "espeak-ng is not installed.";
  const { speaker, options, shown } = rig(program, hum);
  const spoken = await speaker.speak("hello", options());
  assert.deepEqual(spoken, {
    outcome: "shown",
    firstSoundMs: 0,
    by: "hum",
    reason: "espeak-ng is not installed.",
  });
  assert.deepEqual([program.heard, hum.heard, shown], [[], ["hello"], []]);
});

test("E1: a way that fails five times rests, and is preferred again after its trial", async () => {
  const [program, browser] = [new FakeWay("espeak-ng"), new FakeWay("browser")];
  const { clock, speaker, options } = rig(program, browser);
  program.answer = () => ({ kind: "failed", why: "broken", share: 0 });
  for (let i = 0; i < 8; i++) await speaker.speak(`s${i}`, options(i));
  assert.equal(program.heard.length, 5, "asked until its breaker opened, no more");
  assert.equal(browser.heard.length, 8);
  program.answer = () => ({ kind: "played" });
  await clock.advance(30_000);
  assert.equal((await speaker.speak("back", options())).by, "espeak-ng");
});

test("A11: stop is silence at once, what waits is dropped and never spoken later", async () => {
  const program = new FakeWay("espeak-ng");
  const { speaker, options } = rig(program);
  program.answer = untilStopped;
  const all = ["one", "two", "three"].map((s, i) => speaker.speak(s, options(i)));
  speaker.stop("a person said stop");
  for (const spoken of await Promise.all(all)) assert.equal(spoken.outcome, "stopped");
  assert.deepEqual(program.heard, ["one"]);
  program.answer = () => ({ kind: "played" });
  assert.equal((await speaker.speak("four", options(3))).outcome, "played");
  assert.deepEqual(program.heard, ["one", "four"]);
});

test("an abort stops its own sentence only, whether it is spoken or waits", async () => {
  const program = new FakeWay("espeak-ng");
  const { speaker, options } = rig(program);
  program.answer = untilStopped;
  const [first, second] = [new AbortController(), new AbortController()];
  const one = speaker.speak("one", options(0, first.signal));
  const two = speaker.speak("two", options(1, second.signal));
  const three = speaker.speak("three", options(2));
  second.abort();
  assert.equal((await two).outcome, "stopped");
  program.answer = () => ({ kind: "played" });
  first.abort();
  assert.equal((await one).outcome, "stopped");
  assert.equal((await three).outcome, "played");
  assert.deepEqual(program.heard, ["one", "three"]);
  const late = await speaker.speak("late", options(3, AbortSignal.abort()));
  assert.equal(late.outcome, "stopped");
});

test("A9: nobody listens any more: shown with the reason, no other way is tried, and no breaker counts it", async () => {
  const [program, browser] = [new FakeWay("espeak-ng"), new FakeWay("browser")];
  const { speaker, options, shown } = rig(program, browser);
  program.answer = () => ({ kind: "unheard", why: "The page is gone." });
  for (let i = 0; i < 8; i++) {
    const spoken = await speaker.speak("hello", options(i));
    assert.deepEqual([spoken.outcome, spoken.reason], ["shown", "The page is gone."]);
  }
  assert.deepEqual([program.heard.length, browser.heard.length, shown.length], [8, 0, 8]);
});

test("a stop says nothing about the way: its breaker stays closed", async () => {
  const program = new FakeWay("espeak-ng");
  const { speaker, options } = rig(program);
  for (let i = 0; i < 10; i++) {
    program.answer = untilStopped;
    const spoken = speaker.speak("one", options());
    speaker.stop("stop");
    await spoken;
  }
  program.answer = () => ({ kind: "played" });
  assert.equal((await speaker.speak("two", options())).outcome, "played");
});

test("nobody listens, nothing to say, too many: shown with the reason, never stuck", async () => {
  const program = new FakeWay("espeak-ng");
  const { speaker, options, mute, shown } = rig(program);
  assert.equal((await speaker.speak("🎉", options())).outcome, "shown");
  program.answer = untilStopped;
  const many = Array.from({ length: QUEUE_MAX + 2 }, (_, i) => speaker.speak("s", options(i)));
  assert.match((await many[QUEUE_MAX + 1]!).reason, /Too many/);
  speaker.stop("stop");
  await Promise.all(many);
  mute("No page is open.");
  const spoken = await speaker.speak("hello", options());
  assert.deepEqual([spoken.outcome, spoken.reason], ["shown", "No page is open."]);
  assert.deepEqual(shown, ["hello"]);
});

test("a mistake in one way does not silence the others", async () => {
  const [program, browser] = [new FakeWay("espeak-ng"), new FakeWay("browser")];
  const { speaker, options } = rig(program, browser);
  program.answer = () => {
    throw new TypeError("oops");
  };
  assert.equal((await speaker.speak("hello", options())).by, "browser");
});

test("a long sentence is spoken whole, in pieces; a failure in one shows the sentence", async () => {
  const program = new FakeWay("espeak-ng");
  const { speaker, options, shown } = rig(program);
  const long = "many words and more ".repeat(60).trim();
  assert.equal((await speaker.speak(long, options())).outcome, "played");
  assert.equal(program.heard.join(" "), long);
  assert.ok(program.heard.length >= 3);
  let count = 0;
  program.answer = () =>
    ++count === 2 ? { kind: "failed", why: "killed", share: 0 } : { kind: "played" };
  assert.equal((await speaker.speak(long, options())).outcome, "shown");
  assert.deepEqual(shown, [long]);
});
