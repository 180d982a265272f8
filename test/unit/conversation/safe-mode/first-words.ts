// Says something first to a Buddy without a model, and tells what came of it: which line it answered, in which language,
// what it did and what it kept. The answer itself is looked at, not what the code believes to have understood.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commonValues } from "../../../../src/conversation/safe-answer.js";
import { SAFE_LANGUAGES } from "../../../../src/conversation/safe-mode/understand.js";
import {
  CALM_WORLD,
  testConversation,
  untilIdle,
  type TestConversation,
} from "../../../support/conversation.js";

/** Of the persona's own answers: the line of the language that means the same. */
const OWN: Readonly<Record<string, string>> = {
  left: "turn",
  right: "turn",
  up: "turn",
  down: "turn",
  ahead: "center",
  party: "dance",
  feeling: "alive",
};
/** Gaps that a number fills. */
const NUMBERS = new Set(["n", "time", "at", "max"]);
/** Not the loudest, so that louder is a deed. */
const VOLUME = 60;

export interface FirstWords {
  readonly reply: string;
  readonly notice: string;
  /** The languages in which the reply is a line. */
  readonly languages: readonly string[];
  /** Which lines it is, and what of the person was kept or set: name, reminder, volume, quiet, remembered. */
  readonly meant: ReadonlySet<string>;
  /** Commands to the robot, what was kept and set, and the reply. */
  readonly did: string;
}

export interface UnseenRow {
  readonly language: string;
  readonly said: string;
  /** The lines that answer it. */
  readonly meant: readonly string[];
  /** What must be heard, done or kept; none for whatever the line says. */
  readonly did: RegExp;
  /** What was judged of the first answer; "" before that. */
  readonly first: string;
}

export function unseenRows(file: string): readonly UnseenRow[] {
  return readFileSync(join(import.meta.dirname, file), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [language = "", said = "", meant = "", did = "", first = ""] = line.split("\t");
      return { language, said, meant: meant.split("|"), did: new RegExp(did), first };
    });
}

export async function firstWords(
  said: string,
  { isLinked = true, isRefused = false } = {},
): Promise<FirstWords> {
  const rig = await testConversation();
  rig.world = { ...CALM_WORLD, isLinked };
  if (isRefused) rig.robot.reply = '{"ok":false,"error":"busy"}';
  rig.settings = { ...rig.settings, volume: VOLUME };
  const begunMs = rig.clock.wallMs();
  let reply = "";
  void rig.mind.say(said, { source: "voice" }).then((report) => (reply = report.reply));
  await untilIdle(rig);
  const { meant, languages } = linesOf(reply, rig, begunMs);
  const kept: string[] = [];
  const { lastName, allFacts } = rig.memory;
  if (lastName !== undefined) {
    meant.add("name");
    kept.push(`name ${lastName}.`);
  }
  if (allFacts.length > 0) meant.add("remembered");
  for (const { dueMs, inMs } of rig.reminders.all) {
    meant.add("reminder");
    const due = new Date(dueMs).toTimeString().slice(0, 5);
    kept.push(inMs === undefined ? `due ${due}` : `in ${(dueMs - begunMs) / 60_000} min`);
  }
  const { volume, quietUntilMs } = rig.settings;
  if (volume !== VOLUME) {
    meant.add("volume");
    kept.push(`volume ${volume}`);
  }
  if (quietUntilMs !== undefined) {
    meant.add("quiet");
    kept.push(`quiet ${Math.round((quietUntilMs - begunMs) / 60_000)} min`);
  }
  const did = [...rig.robot.lines, ...kept, reply].join(" ");
  const notice = rig.mind.turns.at(-1)?.notice ?? "";
  rig.mind.close();
  return { reply, notice, languages: [...languages], meant, did };
}

/** Which lines this is, in which languages. */
function linesOf(
  reply: string,
  { world, settings: { persona }, memory }: TestConversation,
  wallMs: number,
): { meant: Set<string>; languages: Set<string> } {
  const meant = new Set<string>();
  const languages = new Set<string>();
  const words = reply.replace(/\s+/g, "");
  const context = {
    world,
    self: persona.name,
    language: persona.language,
    wallMs,
    name: memory.lastName,
    facts: [],
    sinceMs: undefined,
  };
  for (const language of SAFE_LANGUAGES) {
    const gaps: Record<string, string> = {};
    for (const [name, value] of Object.entries(commonValues(language, context)))
      gaps[name] = literal(value);
    const date = new Intl.DateTimeFormat(language.code, { dateStyle: "full" }).format(wallMs);
    const lines = { ...language.lines, ...language.smallTalk.lines };
    for (const [id, choices] of Object.entries(lines)) {
      // Another day is not today.
      gaps["list"] = id === "count" ? "1,2.*" : ".+";
      gaps["letters"] = "\\p{Lu}+";
      gaps["date"] = id === "dayIs" ? `(?!.*${literal(date)}).*\\d.*` : literal(date);
      if (!choices.some((line) => isLine(line, words, gaps))) continue;
      meant.add(id);
      languages.add(language.code);
    }
  }
  const { intents, question, statement } = persona.lines;
  const own = [
    ...intents,
    { id: "remembered", replies: persona.lines.remembered },
    { id: "question", replies: question },
    { id: "statement", replies: statement },
  ];
  for (const { id, replies } of own) {
    if (!replies.some((line) => isLine(line, words, {}))) continue;
    meant.add(OWN[id] ?? id);
    languages.add(persona.language.slice(0, 2));
  }
  return { meant, languages };
}

/** Whether this is the line with something in its gaps. Marks are not said, and blanks do not count. */
function isLine(line: string, words: string, gaps: Readonly<Record<string, string>>): boolean {
  const pieces = line.replace(/\[[^\]]*\]/g, "").split(/\{(\w+)(?:\|[^}]*)?\}/);
  if (pieces.every((piece, i) => i % 2 === 1 || piece.trim() === "")) return false;
  const patterns = pieces.map((piece, i) => {
    if (i % 2 === 0) return literal(piece);
    return gaps[piece] ?? (NUMBERS.has(piece) ? "-?\\d[\\d.,:]*[AP]?M?" : ".*?");
  });
  return new RegExp(`^${patterns.join("")}`, "u").test(words);
}

function literal(text: string): string {
  return text.replace(/\s+/g, "").replace(/[\\^$.*+?()|/[\]{}]/g, "\\$&");
}
