// Without a language model (G3). Properties that must hold: of 200 first utterances in five languages nine of ten are answered
// to the point and in their language; words and deeds agree, and no deed is claimed that is not done; amounts,
// negations, days and sums are understood; what was told is told again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { OfflineCharacter, type OfflineContext } from "../../../../src/conversation/offline.js";
import { parseAction } from "../../../../src/conversation/reply/actions.js";
import { safeAnswer } from "../../../../src/conversation/safe-answer.js";
import { SAFE_LANGUAGES, understand } from "../../../../src/conversation/safe-mode/understand.js";
import type { World } from "../../../../src/conversation/world.js";
import { seededChance } from "../../../../src/time/chance.js";
import { buddyPersona, CALM_WORLD } from "../../../support/conversation.js";

interface Row {
  readonly language: string;
  readonly said: string;
  /** The line that is to the point. */
  readonly meant: string;
  /** What a person judged of the answer when the list was made. */
  readonly verdict: string;
}

const ROWS: readonly Row[] = readFileSync(join(import.meta.dirname, "first-utterances.tsv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [language = "", said = "", meant = "", verdict = ""] = line.split("\t");
    return { language, said, meant, verdict };
  });

/** A Wednesday. */
const WALL_MS = new Date(2026, 10, 25, 15, 4).getTime();

async function contextOf(change: Partial<OfflineContext> = {}): Promise<OfflineContext> {
  const { lines } = await buddyPersona();
  return {
    world: CALM_WORLD,
    lines,
    self: "Buddy",
    language: "en",
    wallMs: WALL_MS,
    time: "now",
    name: undefined,
    facts: [],
    follow: { wholeOf: (said: string) => said },
    sinceMs: undefined,
    ...change,
  };
}

const movesIn = (text: string): string[] =>
  [...text.matchAll(/\[([^\]]+)\]/g)].map(([, wish = ""]) => wish);

/** Tags that turn or bounce the head: not done when the body is away. */
const BIG = /^(?:nod|shake|look|attention|celebrate|curious_tilt)/;
const WORLDS: readonly (readonly [string, World])[] = [
  ["away", { ...CALM_WORLD, isLinked: false }],
  ["tracking", { ...CALM_WORLD, isTracking: true }],
];

describe("safe mode", () => {
  it("G3: 200 first utterances in five languages, nine of ten to the point", async () => {
    assert.ok(ROWS.length >= 200);
    const context = await contextOf();
    for (const { code } of SAFE_LANGUAGES) {
      const rows = ROWS.filter(({ language }) => language === code);
      assert.ok(rows.length >= 40, code);
      const wrong = rows.filter(({ said, meant, verdict }) => {
        const understood = understand(said, "en", "Buddy");
        const { line } = safeAnswer(understood, context);
        const isRight = understood.language.code === code && line === meant;
        assert.ok(!isRight || verdict === "to the point", `${said}: the verdict is out of date`);
        return !isRight;
      });
      const share = 1 - wrong.length / rows.length;
      assert.ok(share >= 0.9, `${code}: ${wrong.map(({ said }) => said).join(" | ")}`);
    }
  });

  it("G3: no deed is claimed that is not done, whatever the body can", async () => {
    const character = new OfflineCharacter(seededChance(1));
    const asksToMove = new Set(["nod", "shake", "turn", "center", "dance", "gesture"]);
    for (const { said, meant, language } of ROWS) {
      for (const [what, world] of WORLDS) {
        const context = await contextOf({ world });
        const understood = understand(said, "en", "Buddy");
        const { line } = safeAnswer(understood, context);
        if (!asksToMove.has(meant)) continue;
        const { text } = character.answer(said, context);
        const moves = movesIn(text).filter((wish) => BIG.test(wish));
        if (what === "away") {
          assert.equal(line, "bodyAway", `${said} (${what})`);
          assert.deepEqual(moves, [], `${language} ${said}`);
          continue;
        }
        // The owner's word comes before the gaze, which comes back by itself.
        assert.equal(line, meant === "center" ? "hear" : meant, said);
        const { lines } = understood.language;
        const saysBack = lines.eyesBack.some((words) => text.includes(words));
        assert.equal(saysBack, meant === "turn", text);
      }
    }
  });

  it("G3: every line of every language is whole, and every tag in it is a wish that can be granted", () => {
    for (const { code, lines, moods, wishes } of SAFE_LANGUAGES) {
      const english = SAFE_LANGUAGES[0];
      assert.deepEqual(Object.keys(lines).sort(), Object.keys(english?.lines ?? {}).sort(), code);
      assert.deepEqual(Object.keys(moods), Object.keys(english?.moods ?? {}), code);
      assert.deepEqual(Object.keys(wishes), Object.keys(english?.wishes ?? {}), code);
      for (const [id, choices] of Object.entries(lines)) {
        assert.ok(choices.length > 0 && choices.every((text) => text !== ""), `${code} ${id}`);
        for (const text of choices) {
          const filled = text.replace("{n}", "2").replace("{move}", "attention:left");
          for (const wish of movesIn(filled)) {
            assert.notEqual(parseAction(wish), undefined, `${code} ${id}: ${wish}`);
          }
        }
      }
    }
  });

  const cases: readonly (readonly [string, RegExp])[] = [
    ["Nod twice.", /\[nod:2\]/],
    ["Nod ten times!", /\[nod:3\].*3 times is the most/],
    ["Turn left 30 degrees.", /\[look:120,108\]/],
    ["Turn to the right by 45 degrees, please", /\[look:45,108\]/],
    ["Turn left 200 degrees", /^I can turn by 60 degrees at most\.$/],
    ["Don't look left!", /^(?!.*\[)/],
    ["Dreh dich 20 Grad nach links", /\[look:110,108\]/],
    ["Gira 20 grados a la derecha", /\[look:70,108\]/],
    ["Nicke dreimal", /\[nod:3\]/],
    ["右に30度向いて", /\[look:60,108\]/],
    ["What is 12 times 12?", /144/],
    ["What is 7 plus 8 times 2?", /23/],
    ["What is 1 divided by 0?", /too much for me/],
    ["Wie viel ist zwanzig minus sieben?", /13/],
    ["Combien font 6 fois 7 ?", /42/],
    ["7かける8は？", /56/],
    ["What day is it in 3 days?", /Saturday/],
    ["What day was it the day before yesterday?", /Monday/],
    ["What day is it in two weeks?", /Wednesday/],
    ["Welcher Tag ist übermorgen?", /Freitag/],
    ["¿Qué día será mañana?", /jueves/],
    ["明日は何曜日ですか？", /木曜日/],
    ["What time is it?", /3:04/],
    ["Wie spät ist es?", /15:04/],
    ["What is my dog called?", /my dog is called Rex/],
    ["What do I like?", /like tea/],
    ["What is my cat called?", /(?:don't know|not told)/],
    ["What's your name?", /Buddy/],
    ["How old are you really?", /(?:age|restarts)/],
    ["Wie heißt mein Hund?", /Mein Hund heißt Bello/],
    ["What is the meaning of it all?", /language model|know|head/],
  ];
  it("G3: amounts, negations, sums, days and what was told", async () => {
    const facts = ["my dog is called Rex", "like tea", "Mein Hund heißt Bello"];
    const context = await contextOf({ facts });
    for (const [said, expected] of cases) {
      const character = new OfflineCharacter(seededChance(3));
      assert.match(character.answer(said, context).text, expected, said);
    }
  });

  it("G3: a line with a name is for people who have said theirs", async () => {
    const choices = ["Noted, {name}.", "Noted."];
    for (let seed = 1; seed <= 20; seed++) {
      const character = new OfflineCharacter(seededChance(seed));
      assert.equal(character.line(choices, await contextOf()), "Noted.");
    }
    const toTom = await contextOf({ name: "Tom" });
    assert.equal(
      new OfflineCharacter(seededChance(1)).line(choices.slice(0, 1), toTom),
      "Noted, Tom.",
    );
  });

  it("G3: answers in the language it was spoken to in, by any character", async () => {
    for (const own of ["en", "de-AT", "ja"]) {
      const context = await contextOf({ language: own });
      const character = new OfflineCharacter(seededChance(1));
      assert.match(character.answer("¿Qué hora es?", context).text, /Son las|reloj/, own);
      assert.match(character.answer("Quelle heure est-il ?", context).text, /[Ii]l est/, own);
      assert.match(
        character.answer("How late is it, what time is it?", context).text,
        /[Ii]t is/,
        own,
      );
    }
  });
});
