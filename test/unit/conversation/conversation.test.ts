// The conversation as a whole, on a fake clock. Properties that must hold: whatever is said in the same moment, one turn
// at a time and no robot commands mixed; nothing is lost without an answer; an interrupted reply is silent at once; only
// what was really heard is remembered.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModelChain } from "../../../src/conversation/models/model-chain.js";
import { ModelError } from "../../../src/conversation/models/model-error.js";
import { seededChance } from "../../../src/time/chance.js";
import type { FakeClock } from "../../../src/time/fake-clock.js";
import {
  CALM_WORLD,
  chainOf,
  commandBlocks,
  testConversation,
  type TestConversation,
  untilIdle,
} from "../../support/conversation.js";

const api = { source: "api" } as const;

const LIFE =
  "PRESENCE ACKNOWLEDGE THINKING STOP_THINKING SATISFY:social,0.15 SATISFY:stimulation,0.1";

describe("mind", () => {
  it("B3: without any model it answers from its own state, marked as safe mode, and moves", async () => {
    const rig = await testConversation();
    const report = rig.mind.say("Hello!", api);
    await untilIdle(rig);
    const { outcome, safeMode, reply, model } = await report;
    assert.deepEqual(
      { outcome, safeMode, model },
      { outcome: "done", safeMode: true, model: "offline" },
    );
    assert.ok(reply.length > 5);
    assert.doesNotMatch(reply, /[[\]{}]/, "no tag and no gap is spoken");
    const [turn] = commandBlocks(rig.robot.lines);
    const life = turn?.filter((line) => `${LIFE} `.includes(`${line} `)) ?? [];
    assert.equal(life.slice(0, 6).join(" "), LIFE);
    assert.equal(turn?.at(-1), "IDLE");
    assert.ok(turn?.includes("SPEAKING"));
  });

  it("A11: two inputs in the same millisecond, 1,000 times: one turn at a time, none lost", async () => {
    const chance = seededChance(7);
    const words = ["hello", "stop", "nod", "what do you see?", "look left", "how are you?"];
    const rig = await testConversation({ chance });
    let answered = 0;
    const ids = new Set<string>();
    for (let round = 0; round < 1000; round++) {
      for (let i = 0; i < 2; i++) {
        const said = words[Math.floor(chance.next() * words.length)] ?? "hello";
        void rig.mind.say(said, api).then(({ turn }) => {
          answered++;
          ids.add(turn);
        });
      }
      if (chance.next() < 0.3) rig.mind.look();
      await rig.clock.advance(Math.floor(chance.next() * 400));
    }
    await untilIdle(rig);
    assert.equal(answered, 2000);
    assert.equal(ids.size, 2000);
    checkOneTurn(rig);
    for (const block of commandBlocks(rig.robot.lines)) {
      assert.deepEqual(
        block
          .slice(-3)
          .filter((line) => line !== "CELEBRATE")
          .at(-1),
        "IDLE",
        block.join(" "),
      );
      const order = block.filter((line) =>
        /^(PRESENCE|THINKING|STOP_THINKING|SPEAKING|STOP_SPEAKING|IDLE)$/.test(line),
      );
      assert.equal(order[0], "PRESENCE");
      assert.ok(order.indexOf("STOP_SPEAKING") > order.lastIndexOf("SPEAKING"), block.join(" "));
      assert.ok(order.lastIndexOf("STOP_THINKING") > order.indexOf("THINKING"), block.join(" "));
    }
  });

  it("a barge-in silences the old reply at once, and its words after that are never spoken", async () => {
    const rig = await testConversation();
    const first = rig.mind.say("what can you do?", api);
    await rig.clock.advance(100);
    assert.equal(rig.mind.phase, "speaking");
    const second = rig.mind.say("hello", api);
    const { outcome, code } = await first;
    assert.deepEqual({ outcome, code }, { outcome: "interrupted", code: "TURN_INTERRUPTED" });
    await untilIdle(rig);
    const spokenAfter = rig.voice.asked.filter(({ options }) => options.turnId === "t1");
    assert.ok(spokenAfter.every(({ text }) => !rig.voice.heard.includes(text)));
    assert.equal((await second).outcome, "done");
  });

  it("only words that were heard to their end are remembered", async () => {
    const rig = await testConversation();
    const first = rig.mind.say("what can you do?", api);
    await rig.clock.advance(700);
    rig.mind.stop();
    const { reply } = await first;
    const said = rig.memory.recent(10_000, 0);
    assert.deepEqual(
      said.map(({ by }) => by),
      ["person", "buddy"],
    );
    assert.equal(said[1]?.text, reply);
    assert.equal(reply, rig.voice.heard.join(" "), "one sentence was over, the next was not");
  });

  it("G5: four pieces of speech while it thinks are one question with one answer, none is lost", async () => {
    const slow = (clock: FakeClock): Promise<void> => clock.sleep(3000);
    const chain = (clock: FakeClock): ModelChain => chainOf(clock, () => slow(clock), "All of it.");
    const rig = await testConversation({ chain });
    const voice = { source: "voice" } as const;
    const reports = [];
    for (const piece of ["Buddy, turn your head", "to the left,", "please,", "and tell me why."]) {
      rig.mind.listen();
      await rig.clock.advance(500);
      reports.push(rig.mind.say(piece, voice));
      await rig.clock.advance(500);
    }
    await untilIdle(rig);
    const ends = await Promise.all(reports);
    assert.deepEqual(
      ends.map(({ outcome, code }) => `${outcome} ${code ?? ""}`),
      [...Array<string>(3).fill("interrupted TURN_JOINED"), "done "],
    );
    const whole = "Buddy, turn your head to the left, please, and tell me why.";
    const kept = rig.memory.recent(10_000, 0).map(({ text }) => text);
    assert.deepEqual(kept, [whole, "All of it."], "kept once, as what was answered");

    const typed = rig.mind.say("What is that?", voice);
    await rig.clock.advance(100);
    void rig.mind.say("never mind", api);
    assert.equal((await typed).code, "TURN_INTERRUPTED", "what is typed interrupts");
    await untilIdle(rig);
  });

  it("a gesture after the words, or instead of them, is made and not taken back at once", async () => {
    for (const [text, line, reply] of [
      ["It is nice here. [sigh]", "PHYSICAL:sigh", "It is nice here."],
      ["[nod:2]", "NOD:2", ""],
    ] as const) {
      const chain = (clock: FakeClock): ModelChain => chainOf(clock, () => Promise.resolve(), text);
      const rig = await testConversation({ chain });
      const report = rig.mind.say("hi", api);
      await rig.clock.advance(1000);
      assert.ok(rig.robot.lines.includes(line), line);
      assert.ok(!rig.robot.lines.includes("IDLE"), "nothing has ended it yet");
      await untilIdle(rig);
      assert.deepEqual([(await report).outcome, (await report).reply], ["done", reply]);
      assert.deepEqual(rig.mind.turns[0]?.moves, [line]);
      assert.ok(rig.robot.owners.includes(line), "a person's word comes before the reflex");
      assert.equal(rig.robot.lines.at(-1), "IDLE");
      assert.ok(!rig.robot.owners.includes("IDLE"), "the frame of a turn does not");
    }
  });

  it("a stop word is a stop and not a question", async () => {
    const rig = await testConversation();
    const first = rig.mind.say("tell me a joke", api);
    await rig.clock.advance(100);
    const stop = await rig.mind.say("Stop!", api);
    assert.deepEqual([(await first).outcome, stop.outcome], ["stopped", "stopped"]);
    assert.equal(rig.mind.phase, "idle");
    assert.equal(rig.memory.recent(1000, 0).length, 1, "only the question");
  });

  it("a turn that ran out of time names the model that was asked, and why", async () => {
    const ways: readonly (readonly [
      string,
      (clock: FakeClock, leftMs: number) => Promise<void>,
    ])[] = [
      ["it never ends", () => new Promise(() => undefined)],
      [
        "it breaks off in the last moment",
        async (clock, leftMs) => {
          await clock.sleep(leftMs - 1);
          throw new ModelError("MODEL_SLOW", "permanent", "not done");
        },
      ],
    ];
    for (const [name, then] of ways) {
      const rig = await testConversation({ chain: (clock) => chainOf(clock, then) });
      const report = rig.mind.say("hi", api);
      await rig.clock.advance(20_000);
      const { code, model, why, safeMode } = await report;
      assert.deepEqual([code, model, safeMode], ["TURN_BUDGET", "openai/x", false], name);
      assert.match(why ?? "", /not done/, name);
    }
  });

  it("the robot that does not answer delays nothing and is told the end twice", async () => {
    const rig = await testConversation();
    rig.robot.send = async (line: string): Promise<string> => {
      rig.robot.lines.push(line);
      await rig.clock.sleep(1000);
      throw new Error("no answer");
    };
    const report = rig.mind.say("hello", api);
    await rig.clock.advance(3000);
    assert.equal((await report).outcome, "done");
    await rig.clock.advance(20_000);
    assert.equal(rig.robot.lines.filter((line) => line === "IDLE").length, 2);
    assert.equal(rig.robot.lines.includes("SPEAKING"), false, "what is over is not sent late");
  });

  it("a voice that never comes back ends its sentence, and the turn", async () => {
    const rig = await testConversation();
    rig.voice.speak = () => new Promise(() => undefined);
    const report = rig.mind.say("hello", api);
    await rig.clock.advance(60_000);
    assert.equal((await report).outcome, "failed");
    assert.equal(rig.mind.phase, "idle");
  });

  it("lists a turn from its beginning on, once", async () => {
    const rig = await testConversation();
    const report = rig.mind.say("hello", api);
    const listed = (): string[] => rig.mind.turns.map(({ said, phase }) => `${said} ${phase}`);
    assert.deepEqual(listed(), ["hello speaking"]);
    await untilIdle(rig);
    await report;
    assert.deepEqual(listed(), ["hello over"]);
  });

  it("hears its filler only once, and celebrates a good mood rarely", async () => {
    const rig = await testConversation();
    rig.world = { ...CALM_WORLD, valence: 0.8 };
    for (let i = 0; i < 5; i++) {
      void rig.mind.say("hello", api);
      await untilIdle(rig);
    }
    assert.equal(rig.robot.lines.filter((line) => line === "CELEBRATE").length, 1);
  });
});

/** From the events: a turn begins only after the one before is over. */
function checkOneTurn(rig: TestConversation): void {
  let running: string | undefined;
  for (const event of rig.events) {
    if (event.type !== "turn") continue;
    const { id, phase } = event.turn;
    if (phase === "over") {
      if (id === running) running = undefined;
      continue;
    }
    if (running === undefined) running = id;
    assert.equal(id, running, "two turns at once");
  }
}
