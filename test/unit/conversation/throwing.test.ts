// Whatever throws anywhere in a turn, its apology included, ends that turn only (A3). Properties that must hold: each
// utterance is answered with how it went; nothing is left unhandled; the next turn is a good one.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { ModelChain } from "../../../src/conversation/models/model-chain.js";
import { testConversation, type TestConversation } from "../../support/conversation.js";

const no = (): never => {
  throw new Error("thrown by the test");
};

/** Each breaks one thing that a turn needs, and says how it is mended. */
const BREAKS: readonly (readonly [string, (rig: TestConversation) => () => void])[] = [
  [
    "a language that Intl refuses: the apology throws, too",
    (rig) => {
      const { settings } = rig;
      rig.settings = { ...settings, persona: { ...settings.persona, language: "en-US-utf8" } };
      return () => (rig.settings = settings);
    },
  ],
  [
    "lines that are gone",
    (rig) => {
      const { settings } = rig;
      const persona = { ...settings.persona, lines: undefined as never };
      rig.settings = { ...settings, persona };
      return () => (rig.settings = settings);
    },
  ],
  ["a world that throws", (rig) => replaced(rig, "world", { get: no })],
  ["a memory that does not take", (rig) => replaced(rig.memory, "add", { value: no })],
  ["a memory that learns nothing", (rig) => replaced(rig.memory, "learn", { value: no })],
  ["a memory that recalls nothing", (rig) => replaced(rig.memory, "recent", { value: no })],
  ["facts that throw", (rig) => replaced(rig.memory, "factsOf", { value: no })],
  ["a voice that throws", (rig) => replaced(rig.voice, "speak", { value: no })],
  [
    "a voice that rejects",
    (rig) =>
      replaced(rig.voice, "speak", { value: () => Promise.reject(new Error("by the test")) }),
  ],
  ["a voice that cannot stop", (rig) => replaced(rig.voice, "stop", { value: no })],
  ["a robot that throws", (rig) => replaced(rig.robot, "send", { value: no })],
  [
    "a listener that throws",
    (rig) => {
      const end = rig.mind.subscribe(no);
      return end;
    },
  ],
];

function replaced(target: object, name: string, property: PropertyDescriptor): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, ...property });
  return () => {
    Reflect.deleteProperty(target, name);
    if (own !== undefined) Object.defineProperty(target, name, own);
  };
}

describe("a turn in which something throws", () => {
  for (const [what, breakIt] of BREAKS) {
    it(`A3 ${what}`, async () => {
      const stray: unknown[] = [];
      const onStray = (reason: unknown): void => void stray.push(reason);
      process.on("unhandledRejection", onStray);
      try {
        // Both ways of an answer: by itself, and with a chain that throws.
        for (const hasChain of [false, true]) {
          const chain = (clock: FakeClock): ModelChain =>
            Object.assign(new ModelChain([{ ref: {} } as never], clock, no, no), { reply: no });
          const rig = await testConversation(hasChain ? { chain } : {});
          const mend = breakIt(rig);
          const report = rig.mind.say("My name is Tom. Remember that I like tea.", {
            source: "api",
          });
          for (let i = 0; i < 5; i++) await rig.clock.advance(30_000);
          assert.match((await report).outcome, /^(?:done|failed)$/);
          assert.equal(rig.mind.phase, "idle");
          rig.mind.look();
          mend();
          await rig.clock.advance(30_000);
          const next = rig.mind.say("Hello!", { source: "api" });
          for (let i = 0; i < 5; i++) await rig.clock.advance(30_000);
          assert.equal((await next).outcome, hasChain ? "failed" : "done");
        }
      } finally {
        process.off("unhandledRejection", onStray);
      }
      assert.deepEqual(stray, []);
    });
  }
});
