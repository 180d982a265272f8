// 200 first utterances that nobody had seen when safe mode was made (G3), said to the whole conversation. The table was written before
// anything of it was answered; `first` is what a person judged of the answers then. Properties that must hold: at least nine of
// ten are answered to the point in each language, and what is promised is done: by the robot, the memory, the clock, the volume.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { safeAnswer } from "../../../../src/conversation/safe-answer.js";
import { SAFE_LANGUAGES, understand } from "../../../../src/conversation/safe-mode/understand.js";
import { CALM_WORLD, testConversation, untilIdle } from "../../../support/conversation.js";

interface Row {
  readonly language: string;
  readonly said: string;
  /** The line that answers it, or what is done: name, reminder, volume, quiet. */
  readonly meant: string;
  /** Of the answer before anything was mended, and of today's. */
  readonly first: string;
  readonly verdict: string;
}

const FILE = join(import.meta.dirname, "held-out-utterances.tsv");
const ROWS: readonly Row[] = readFileSync(FILE, "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [language = "", said = "", meant = "", first = "", verdict = ""] = line.split("\t");
    return { language, said, meant, first, verdict };
  });

/** What each movement is to the robot. */
const DEEDS: Readonly<Record<string, RegExp>> = {
  nod: /^NOD:/,
  shake: /^SHAKE:/,
  turn: /^(?:ATTENTION:(?!center)|LOOK:)/,
  center: /^ATTENTION:center|^LOOK:/,
  dance: /^CELEBRATE/,
};

interface Answered {
  readonly how: string;
  readonly reply: string;
  readonly notice: string;
  readonly lines: readonly string[];
}

async function answered(
  said: string,
  { isLinked = true, isRefused = false, isMute = false } = {},
): Promise<Answered> {
  const rig = await testConversation();
  rig.world = { ...CALM_WORLD, isLinked };
  rig.voice.isOff = isMute;
  if (isRefused) rig.robot.reply = '{"ok":false,"error":"busy"}';
  // Not the loudest, so that louder is a deed.
  const volume = 60;
  rig.settings = { ...rig.settings, volume };
  let reply = "";
  void rig.mind.say(said, { source: "voice" }).then((report) => (reply = report.reply));
  await untilIdle(rig);
  const how =
    rig.memory.lastName !== undefined
      ? "name"
      : rig.reminders.all.length > 0
        ? "reminder"
        : rig.settings.quietUntilMs !== undefined
          ? "quiet"
          : rig.settings.volume === volume
            ? lineOf(said, isLinked)
            : "volume";
  const { lines } = rig.robot;
  const notice = rig.mind.turns.at(-1)?.notice ?? "";
  rig.mind.close();
  return { how, reply, notice, lines };
}

function lineOf(said: string, isLinked: boolean): string {
  const context = {
    world: { ...CALM_WORLD, isLinked },
    self: "Buddy",
    language: "en",
    wallMs: 0,
    name: undefined,
    facts: [],
    sinceMs: undefined,
  };
  return safeAnswer(understand(said, "en", "Buddy"), context).line;
}

describe("first utterances that were held out", () => {
  it("G3: nine of ten to the point in each language, and the verdicts are of today's answers", async () => {
    assert.equal(ROWS.length, 200);
    for (const { code } of SAFE_LANGUAGES) {
      const rows = ROWS.filter(({ language }) => language === code);
      const right: Row[] = [];
      for (const row of rows) {
        const { how } = await answered(row.said);
        const spoken = understand(row.said, "en", "Buddy").language.code;
        // A number is a number in any language.
        const isRight = how === row.meant && (spoken === code || how === "math");
        assert.equal(isRight, row.verdict === "to the point", `${row.said}: ${spoken} ${how}`);
        if (isRight) right.push(row);
      }
      assert.ok(right.length >= rows.length * 0.9, `${code}: ${right.length} of ${rows.length}`);
    }
  });

  it("G3: what is promised is done, and of a body that is away no movement is", async () => {
    for (const { said, meant } of ROWS) {
      const deed = DEEDS[meant];
      if (deed === undefined) continue;
      const here = await answered(said);
      assert.ok(
        here.lines.some((line) => deed.test(line)),
        `${said}: ${here.lines.join(" ")}`,
      );
      const away = await answered(said, { isLinked: false });
      assert.equal(away.how, "bodyAway", said);
      const { lines } = understand(said, "en", "Buddy").language;
      assert.ok(lines.bodyAway.includes(away.reply), `${said}: ${away.reply}`);
    }
  });

  it("G3: a movement that the robot refused is said to have been none, in the language of the wish", async () => {
    for (const { said, meant } of ROWS) {
      const { notice } = await answered(said, { isRefused: true });
      const { unmoved } = understand(said, "en", "Buddy").language.lines;
      const isWish = DEEDS[meant] !== undefined && meant !== "center";
      if (isWish) assert.ok(unmoved.includes(notice), `${said}: "${notice}"`);
      else if (meant !== "center") assert.equal(notice, "", said);
    }
  });

  it("G3: without a voice nobody is told how loud it speaks now", async () => {
    const cases = [
      ["You are too loud", /voice is off.*40 percent/],
      ["Du bist mir zu laut", /Stimme ist aus.*40 Prozent/],
      ["声が大きすぎるよ", /声が切ってある/],
    ] as const;
    for (const [said, expected] of cases) {
      assert.match((await answered(said, { isMute: true })).reply, expected);
      assert.doesNotMatch((await answered(said)).reply, expected);
    }
  });
});
