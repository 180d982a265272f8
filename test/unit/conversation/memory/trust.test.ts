// A memory that a person can trust (G6). Properties that must hold: an idiom erases nothing; forgetting asks back unless it is
// said plainly and alone, says what goes, and can be taken back for a day, over a restart too, unless it was for good;
// it knows whom it talked to until somebody else says a name, and what was told before a name belongs to it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { forgetWish, memoryWishes } from "../../../../src/conversation/memory/memory-words.js";
import { Memory } from "../../../../src/conversation/memory/memory.js";
import { MemoryTables } from "../../../../src/conversation/memory/memory-tables.js";
import { readSettings } from "../../../../src/conversation/settings-file.js";
import { Database } from "../../../../src/store/database.js";
import { MIGRATIONS } from "../../../../src/store/migrations.js";
import { testConversation, type TestConversation } from "../../../support/conversation.js";

async function say(rig: TestConversation, text: string): Promise<string> {
  const report = rig.mind.say(text, { source: "api" });
  for (let i = 0; i < 400 && rig.mind.phase !== "idle"; i++) await rig.clock.advance(100);
  return (await report).reply;
}

const counts = ({ memory }: TestConversation): readonly [number, number] => {
  const { said, facts } = memory.export();
  return [said.length, facts.length];
};

describe("what is forgotten", () => {
  it("G6: an idiom erases nothing, an order that may be meant is asked about", async () => {
    const rig = await testConversation();
    await say(rig, "I like green tea.");
    await say(rig, "Forget what I said, tell me a joke instead.");
    const [said, facts] = counts(rig);
    assert.ok(said >= 4 && facts === 1, "all is still there");
    const asked = await say(rig, "That was embarrassing. Forget what I said.");
    assert.match(asked, /\d things you said today and 1 fact\. Shall I forget them\?/);
    assert.match(await say(rig, "No."), /keep it/);
    assert.equal(counts(rig)[1], 1);
    await say(rig, "Could you forget what we said today?");
    await say(rig, "What time is it?");
    await say(rig, "Yes.");
    assert.equal(counts(rig)[1], 1, "a yes to something else is none");
    await say(rig, "Could you forget what we said today?");
    assert.match(await say(rig, "Yes, please."), /^Forgotten: \d+ things/);
    assert.deepEqual(counts(rig), [0, 0]);
  });

  it("G6: can be taken back for a day, for good cannot", async () => {
    const rig = await testConversation();
    await say(rig, "My name is Tom. I like green tea.");
    assert.match(await say(rig, "Forget what I said."), /1 thing you said today and 1 fact/);
    assert.deepEqual(counts(rig), [0, 0]);
    assert.match(await say(rig, "Take that back."), /1 thing you said and 1 fact/);
    assert.deepEqual(rig.memory.factsOf("Tom"), ["like green tea"]);
    assert.match(await say(rig, "Who am I?"), /Tom/);
    await say(rig, "Forget everything I said for good.");
    assert.match(await say(rig, "Take it back!"), /nothing/);
    await say(rig, "I like coffee.");
    await say(rig, "Forget today.");
    await rig.clock.advance(25 * 3_600_000);
    assert.match(await say(rig, "Take that back."), /nothing/);
    assert.deepEqual(rig.memory.factsOf("somebody"), []);
  });

  it("G6: is taken back over a restart, and gone from the files when it was for good", () => {
    const folder = mkdtempSync(join(tmpdir(), "buddy-trust-"));
    const db = Database.open(join(folder, "buddy.db"), MIGRATIONS);
    const open = (): Memory => new Memory(new MemoryTables((work) => work(db)), () => undefined);
    const first = open();
    first.add({ wallMs: 5, turnId: "t1", by: "person", name: "Ann", text: "a secret" });
    first.learn({ name: "Ann", text: "likes tea", wallMs: 6 });
    first.forgetSince(0, 10);
    assert.deepEqual(open().export(), { said: [], facts: [] });
    const second = open();
    assert.deepEqual(second.takeBack(20), { said: 1, facts: 1 });
    assert.deepEqual(open().factsOf("ann"), ["likes tea"]);
    assert.equal(second.takeBack(30), undefined, "only once");
    second.forgetSince(0);
    assert.equal(open().takeBack(40), undefined);
    for (const table of ["mind_said", "mind_facts", "mind_aside"]) {
      assert.deepEqual(db.all(`SELECT * FROM ${table}`), [], table);
    }
    db.close();
    rmSync(folder, { recursive: true });
  });

  it("G6: is recognised in five languages, and idioms are none", () => {
    const cases: readonly (readonly [string, ReturnType<typeof forgetWish>])[] = [
      ["Forget what I said.", "now"],
      ["Buddy, please forget today", "now"],
      ["Vergiss, was ich heute gesagt habe.", "now"],
      ["Olvida lo que dije", "now"],
      ["Oublie ce que j'ai dit.", "now"],
      ["今日のことを忘れて", "now"],
      ["Forget everything I said for good!", "forGood"],
      ["Could you forget what we said?", "ask"],
      ["Oh dear. Forget what I said.", "ask"],
      ["Forget what I said, tell me a joke instead", undefined],
      ["Forget what I said about the dog", undefined],
      ["Forget it.", undefined],
      ["I forgot what I said", undefined],
      ["Don't forget what I said", undefined],
      ["Vergiss es", undefined],
    ];
    for (const [said, wish] of cases) assert.equal(forgetWish(said), wish, said);
  });
});

describe("what is known, corrected by hand", () => {
  it("G6: a fact is corrected or forgotten, here and in the file, and only the one that is meant", () => {
    const folder = mkdtempSync(join(tmpdir(), "buddy-facts-"));
    const db = Database.open(join(folder, "buddy.db"), MIGRATIONS);
    const open = (): Memory => new Memory(new MemoryTables((work) => work(db)), () => undefined);
    const memory = open();
    for (const [name, text] of [
      ["Ann", "likes tea"],
      ["Tom", "likes tea"],
      ["Ann", "has a dog"],
    ] as const) {
      memory.learn({ name, text, wallMs: 5 });
    }
    assert.equal(memory.changeFact("Ann", "likes tea", "likes coffee"), true);
    assert.equal(
      memory.changeFact("Ann", "likes tea", undefined),
      false,
      "it is not there any more",
    );
    assert.equal(memory.changeFact("Ann", "has a dog", undefined), true);
    assert.equal(memory.changeFact("Tom", "likes tea", "likes tea"), true);
    for (const one of [memory, open()]) {
      assert.deepEqual(one.factsOf("Ann"), ["likes coffee"]);
      assert.deepEqual(one.factsOf("Tom"), ["likes tea"]);
    }
    assert.equal(open().allFacts.length, 2);
    db.close();
    rmSync(folder, { recursive: true });
  });
});

describe("who is known", () => {
  it("G6: whom it talked to yesterday, until somebody else says a name", async () => {
    const rig = await testConversation();
    await say(rig, "I have a dog called Rex.");
    assert.match(await say(rig, "I'm Tom"), /Tom/);
    assert.deepEqual(rig.memory.factsOf("Tom"), ["have a dog called Rex"], "told before the name");
    await rig.clock.advance(26 * 3_600_000);
    assert.match(await say(rig, "Who am I?"), /Tom/);
    assert.match(await say(rig, "My name is Ana María"), /Ana María/);
    assert.match(await say(rig, "Who am I?"), /Ana María/);
    assert.deepEqual(rig.memory.factsOf("Ana María"), [], "everybody has facts of their own");
  });

  it("G6: names of two words, of five languages, and what is none; small talk is no fact", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["I'm Tom", "met Tom"],
      ["I am Tom Smith.", "met Tom Smith"],
      ["Ich heiße Jörg.", "met Jörg"],
      ["Me llamo Ana María", "met Ana María"],
      ["Je m'appelle Luc.", "met Luc"],
      ["私はケンです", "met ケン"],
      ["my name isn't Maria", "notMet Maria"],
      ["I'm tired", ""],
      ["I'm German", ""],
      ["I like it", ""],
      ["I have a question", ""],
      ["I love you", ""],
      ["my head is spinning", ""],
      ["What is my dog called?", ""],
      ["My dog is called Rex.", "fact My dog is called Rex"],
      ["Mein Hund heißt Rex.", "fact Mein Hund heißt Rex"],
      ["Mi perro se llama Rex", "fact Mi perro se llama Rex"],
      ["Mon chien s'appelle Rex", "fact Mon chien s'appelle Rex"],
      ["私の犬の名前はレックスです", "fact 私の犬の名前はレックスです"],
      ["I work as a nurse.", "fact work as a nurse"],
      ["Ich mag Pizza.", "fact Ich mag Pizza"],
      ["Ich mag dich", ""],
      ["Ich habe eine Frage", ""],
      ["Ich habe einen Hund", "fact Ich habe einen Hund"],
      ["Tengo un gato", "fact Tengo un gato"],
      ["J'ai une idée", ""],
      ["Me gusta el café", "fact Me gusta el café"],
      ["J'aime le chocolat", "fact J'aime le chocolat"],
      ["J'aime bien ça", ""],
      ["私は猫が好きです", "fact 私は猫が好きです"],
    ];
    for (const [said, expected] of cases) {
      const found = memoryWishes(said).map((wish) =>
        wish.kind === "fact" ? `fact ${wish.text}` : `${wish.kind} ${wish.name}`,
      );
      assert.equal(found.join("; "), expected, said);
    }
  });
});

it("G6: settings with a byte order mark and Windows' line ends are read", () => {
  const read = readSettings('\ufeff{\r\n  "perHourMax": 7\r\n}\r\n');
  assert.equal(read.kind === "ok" && read.settings.perHourMax, 7);
});
