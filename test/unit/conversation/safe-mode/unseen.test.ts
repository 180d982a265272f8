// First utterances as speech-to-text writes them, committed before they were first said to Buddy (G3): 200, twice 100 more after
// a mending (the third list was written before it was said, and committed after), and 200 again (the fourth). `first` is what first-words.ts judged
// then. Properties that must hold: today nine of ten are to the point in
// each language, and nothing is claimed that was not done.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SAFE_LANGUAGES, understand } from "../../../../src/conversation/safe-mode/understand.js";
import { firstWords, unseenRows, type FirstWords, type UnseenRow } from "./first-words.js";

const LISTS = [
  { file: "unseen-utterances.tsv", count: 200, first: 127 },
  { file: "unseen-again-utterances.tsv", count: 100, first: 73 },
  { file: "unseen-third-utterances.tsv", count: 100, first: 77 },
  { file: "unseen-fourth-utterances.tsv", count: 200, first: 157 },
] as const;
const MOVES = new Set(["nod", "shake", "turn", "dance", "gesture", "face"]);
/** Those that no line of its own makes. */
const TURNED = /\b(?:LOOK|CELEBRATE|ATTENTION:(?!center))\b/;
const MOVED = /\b(?:NOD|SHAKE|LOOK|CELEBRATE|ATTENTION:(?!center))\b/;

function isToThePoint({ language, meant, did }: UnseenRow, answer: FirstWords): boolean {
  // A number is a number in any language.
  const isSpoken = answer.languages.includes(language) || answer.meant.has("math");
  return isSpoken && meant.some((line) => answer.meant.has(line)) && did.test(answer.did);
}

const isMove = ({ meant }: UnseenRow): boolean => meant.every((line) => MOVES.has(line));

describe("first utterances that nobody had seen", () => {
  for (const { file, count, first } of LISTS) {
    const rows = unseenRows(file);

    it(`G3: ${count} as speech-to-text writes them, ${first} at first contact: nine of ten to the point today`, async () => {
      assert.equal(rows.length, count);
      assert.equal(rows.filter((row) => row.first === "to the point").length, first);
      for (const { code } of SAFE_LANGUAGES) {
        const wrong: string[] = [];
        const own = rows.filter(({ language }) => language === code);
        for (const row of own) {
          const answer = await firstWords(row.said);
          if (!isToThePoint(row, answer)) wrong.push(`${row.said}: ${answer.reply}`);
        }
        assert.ok(wrong.length * 10 <= own.length, wrong.join("\n"));
      }
    });

    it(`G3: of ${count}, no movement is claimed that a body did not make`, async () => {
      for (const row of rows.filter(isMove)) {
        const away = await firstWords(row.said, { isLinked: false });
        assert.ok(away.meant.has("bodyAway"), `${row.said}: ${away.reply}`);
        assert.doesNotMatch(away.did, MOVED, row.said);
        const refused = await firstWords(row.said, { isRefused: true });
        const { unmoved } = understand(row.said, "en", "Buddy").language.lines;
        assert.ok(unmoved.includes(refused.notice), `${row.said}: "${refused.notice}"`);
      }
    });
  }
});

describe("amounts of time in safe mode", () => {
  const halves = [
    ["set a timer for two and a half minutes", "in 2.5 min"],
    ["set a timer for 1.5 hours", "in 90 min"],
    ["stell einen timer auf zweieinhalb minuten", "in 2.5 min"],
    ["pon un temporizador de dos minutos y medio", "in 2.5 min"],
    ["mets un minuteur de deux minutes et demie", "in 2.5 min"],
    ["タイマーを2分半", "in 2.5 min"],
  ] as const;
  for (const [said, kept] of halves) {
    it(`G3: sets what "${said}" says, with its half`, async () => {
      assert.ok((await firstWords(said)).did.includes(kept));
    });
  }

  it("G3: takes a word that ends like an hour for none", async () => {
    assert.ok((await firstWords("qué hora tenemos ahora")).meant.has("time"));
  });
});

describe("what only sounds like a wish", () => {
  const cases = [
    "turn the lights down",
    "did he turn up yesterday",
    "Stell dir vor, in zehn Minuten kommt der Zug",
    "tell me about the events in three days of war",
    "ich verstehe dich nicht",
    "ich bin der Chef hier",
    "Ich bin der Meinung, dass es reicht",
    "Soy Español",
    "je suis Français",
    "私は学生です",
    "僕は元気だよ",
    "j'en peux plus",
    "he said be quiet to me",
    "the party next door is way too loud",
    "beim nachbarn läuft die musik viel zu laut",
    "chez le voisin la musique est trop forte",
    "nadie ha venido a mi fiesta",
    "do you see a face",
    "i just want to be happy",
    "dein lächeln ist schön",
    "you can count on me to help",
    "je compte aller à Paris",
    "she cast a spell on me",
    "the neighbours are dancing on the roof",
    "die nachbarn tanzen auf dem dach",
    "los vecinos bailan en el tejado",
    "隣の人が屋根の上で踊っている",
    "大きな声で話したほうがいい",
    "30分後は何時",
  ];
  for (const said of cases) {
    it(`G3: nothing is moved, set or kept of "${said}"`, async () => {
      const { meant, did } = await firstWords(said);
      assert.doesNotMatch(did, TURNED);
      for (const done of ["name", "reminder", "volume", "quiet", "face", "count", "spell"])
        assert.ok(!meant.has(done), did);
    });
  }
});
