// What is said after something else and means nothing alone. Properties that must hold: it does what it stands for, in the
// language of what came before; nothing that only looks alike does, and not after a while.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CALM_WORLD, testConversation, untilIdle } from "../../../support/conversation.js";

/** @returns what the robot did and what was answered, for each. */
async function talk(said: readonly string[], pauseMs = 0) {
  const rig = await testConversation();
  rig.world = { ...CALM_WORLD };
  rig.settings = { ...rig.settings, volume: 60 };
  const did: string[] = [];
  for (const one of said) {
    const from = rig.robot.lines.length;
    let reply = "";
    void rig.mind.say(one, { source: "voice" }).then((report) => (reply = report.reply));
    await untilIdle(rig);
    did.push([...rig.robot.lines.slice(from), reply].join(" "));
    await rig.clock.advance(pauseMs);
  }
  const timers = rig.reminders.all.length;
  const { volume } = rig.settings;
  rig.mind.close();
  return { last: did.at(-1) ?? "", timers, volume };
}

describe("follow-ups in safe mode", () => {
  const moves: readonly (readonly [string, string, RegExp])[] = [
    ["nod three times", "again", /NOD:3/],
    ["look left", "the other side", /ATTENTION:right/],
    ["look left", "no, the other way", /ATTENTION:right/],
    ["Nick mal", "Noch einmal, bitte.", /NOD:2/],
    ["schau nach rechts", "andere seite", /ATTENTION:left/],
    ["asiente", "otra vez", /NOD:2/],
    ["mira a la derecha", "al otro lado", /ATTENTION:left/],
    ["hoche la tête", "encore une fois", /NOD:2/],
    ["regarde à gauche", "de l'autre côté", /ATTENTION:right/],
    ["うなずいて", "もう一回", /NOD:2/],
    ["左を見て", "反対側", /ATTENTION:right/],
  ];
  for (const [first, then, did] of moves) {
    it(`G3: does what "${then}" stands for after "${first}"`, async () => {
      assert.match((await talk([first, then])).last, did);
      assert.doesNotMatch((await talk([then])).last, did, "alone it means nothing");
      assert.doesNotMatch((await talk([first, then], 180_000)).last, did, "nor after a while");
    });
  }

  const timers: readonly (readonly [string, string, string])[] = [
    ["set a timer for 5 minutes", "which timers are there", "cancel it"],
    ["stell einen timer auf 5 minuten", "welche timer gibt es", "lösch ihn"],
    ["pon un temporizador de 5 minutos", "qué temporizadores hay", "cancélalo"],
    ["mets un minuteur de 5 minutes", "quels minuteurs y a-t-il", "annule-le"],
    ["タイマーを5分", "タイマーを教えて", "キャンセルして"],
  ];
  for (const [set, list, cancel] of timers) {
    it(`G3: takes a timer back by "${cancel}", after it was set and after the list`, async () => {
      assert.equal((await talk([set, cancel])).timers, 0);
      assert.equal((await talk([set, list, cancel])).timers, 0);
      assert.equal((await talk([set, "nod", cancel])).timers, 1, "another wish came between");
    });
  }

  it("G3: counts one thing and many as people do", async () => {
    const { last } = await talk(["I like tea", "forget what I said"]);
    assert.match(last, /Forgotten: 1 thing you said today and 1 fact\./);
    const many = await talk(["I like tea", "I live in Rome", "forget what I said"]);
    assert.match(many.last, /2 things you said today and 2 facts\./);
  });

  for (const said of ["it's too loud next door", "nebenan ist es zu laut", "隣がうるさい"]) {
    it(`G3: leaves the volume alone at "${said}"`, async () => {
      assert.equal((await talk([said])).volume, 60);
    });
  }
});
