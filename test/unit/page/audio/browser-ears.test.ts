// The browser's own recognition as ears (G5): one utterance by hand or one after the other, Buddy's own words dropped, each
// reason in plain words, nothing after it was closed; the choice is kept on this machine's own address only.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BrowserEars,
  mayKeepChoice,
  type Recognition,
  recognitionOf,
} from "../../../../src/page/audio/browser-ears.js";

class FakeRecognition implements Recognition {
  lang = "";
  continuous = false;
  interimResults = true;
  onspeechstart: Recognition["onspeechstart"] = null;
  onresult: Recognition["onresult"] = null;
  onerror: Recognition["onerror"] = null;
  onend: Recognition["onend"] = null;
  readonly calls: string[] = [];
  start(): void {
    this.calls.push("start");
  }
  stop(): void {
    this.calls.push("stop");
  }
  abort(): void {
    this.calls.push("abort");
  }
  hears(transcript: string, isFinal = true): void {
    this.onresult?.({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal })] });
  }
}

function rig() {
  const made: FakeRecognition[] = [];
  const told: string[] = [];
  const buddy = { isHeard: false };
  const speaker = { language: "de-AT" };
  const ears = new BrowserEars(
    () => {
      const one = new FakeRecognition();
      made.push(one);
      return one;
    },
    {
      language: () => speaker.language,
      begun: () => told.push("begun"),
      said: (words) => told.push(`said ${words}`),
      nobody: () => told.push("nobody"),
      lost: (why) => told.push(`lost ${why}`),
      isBuddyHeard: () => buddy.isHeard,
    },
  );
  const last = (): FakeRecognition => made.at(-1) as FakeRecognition;
  return { ears, made, told, buddy, speaker, last };
}

test("G5: by hand one utterance is told; one without words is told as that", () => {
  const { ears, told, last } = rig();
  ears.open(false);
  assert.deepEqual(
    [last().lang, last().continuous, last().interimResults],
    ["de-AT", false, false],
  );
  last().onspeechstart?.();
  last().hears("not yet", false);
  ears.finish();
  last().hears(" what time is it ");
  last().onend?.();
  assert.deepEqual(told, ["begun", "said what time is it"]);
  assert.equal(ears.isOpen, false);
  ears.open(false);
  last().onend?.();
  assert.equal(told.at(-1), "nobody");
});

test("G5: hands-free it begins anew when the browser ends it, and a noise without words is over with it", () => {
  const { ears, told, made, last } = rig();
  ears.open(true);
  last().hears("one");
  last().hears("two");
  last().onend?.();
  assert.equal(made.length, 2);
  last().onspeechstart?.();
  last().onend?.();
  assert.deepEqual(told, ["said one", "said two", "begun", "nobody"]);
  assert.equal(ears.isOpen, true);
  const open = last();
  ears.close();
  assert.equal(open.calls.at(-1), "abort");
  open.onend?.();
  assert.equal(made.length, 3, "closed is closed");
});

test("G5: a language that is chosen while it listens counts from its next beginning on", () => {
  const { ears, speaker, last } = rig();
  ears.open(true);
  speaker.language = "ja";
  assert.equal(last().lang, "de-AT");
  last().onend?.();
  assert.equal(last().lang, "ja");
});

test("G5: what it hears while Buddy speaks is dropped", () => {
  const { ears, told, buddy, last } = rig();
  ears.open(true);
  buddy.isHeard = true;
  last().onspeechstart?.();
  last().hears("I am Buddy");
  assert.deepEqual(told, []);
  buddy.isHeard = false;
  last().hears("hello");
  assert.deepEqual(told, ["said hello"]);
});

test("G5: why it cannot be used is told in plain words, and it does not try for ever", () => {
  for (const [error, words] of [
    ["not-allowed", /allow it in the address bar/],
    ["service-not-allowed", /does not let this page/],
    ["audio-capture", /No microphone/],
    ["network", /maker cannot be reached/],
    ["language-not-supported", /language/],
  ] as const) {
    const { ears, told, made, last } = rig();
    ears.open(true);
    const first = last();
    first.onerror?.({ error });
    first.onend?.();
    assert.match(told.join(), words);
    assert.equal(made.length, 1, error);
    assert.equal(ears.isOpen, false);
  }
  const { ears, told, last } = rig();
  ears.open(true);
  last().onerror?.({ error: "no-speech" });
  assert.deepEqual(told, [], "that is no trouble");
});

test("G5: a browser without it has none; the choice is kept on this machine's own address only", () => {
  assert.equal(recognitionOf({}), undefined);
  assert.ok(
    recognitionOf({ webkitSpeechRecognition: FakeRecognition })?.() instanceof FakeRecognition,
  );
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) assert.equal(mayKeepChoice(host), true);
  for (const host of ["192.168.1.7", "buddy.local", "127.evil.example", "10.0.0.1"]) {
    assert.equal(mayKeepChoice(host), false, host);
  }
});
