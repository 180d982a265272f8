// The visit of `visit.txt`, replayed on a clock of the test's own (G6, G3, A11). Properties that must hold: every utterance has the one
// end that is written there, in the language it was said in; what each of the two told is told to nobody else and outlives the
// power; an idiom erases nothing, an order does and can be taken back; who is interrupted is told so, and quiet is quiet.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { MemoryTables } from "../../../src/conversation/memory/memory-tables.js";
import { Memory } from "../../../src/conversation/memory/memory.js";
import { ReminderTable } from "../../../src/conversation/reminders/reminder-table.js";
import type { TurnReport } from "../../../src/conversation/turn/turn-trace.js";
import { Database } from "../../../src/store/database.js";
import { MIGRATIONS } from "../../../src/store/migrations.js";
import { testConversation, type TestConversation } from "../../support/conversation.js";

interface Line {
  readonly atMs: number;
  readonly who: string;
  readonly words: string;
  readonly expected: string;
}

/** What is looked at while the visit goes on, without that anybody speaks. */
const LOOK_MS = 500;

const VISIT: readonly Line[] = readFileSync(join(import.meta.dirname, "visit.txt"), "utf8")
  .trim()
  .split("\n")
  .filter((line) => !line.startsWith("#"))
  .map((line) => {
    const [time = "", who = "", words = "", ...rest] = line.split(" | ");
    const [minutes = 0, seconds = 0] = time.split(":").map(Number);
    return { atMs: (minutes * 60 + seconds) * 1000, who, words, expected: rest.join(" | ") };
  });

it("G6: a visit of ten minutes: two people, three languages, interruptions, forgetting, a power cut", async () => {
  const folder = mkdtempSync(join(tmpdir(), "buddy-visit-"));
  const db = Database.open(join(folder, "buddy.db"), MIGRATIONS);
  const open = (): Promise<TestConversation> =>
    testConversation({
      memory: (log) => new Memory(new MemoryTables((work) => work(db)), log),
      reminders: new ReminderTable((work) => work(db)),
    });
  let rig = await open();
  let nowMs = 0;
  const goTo = async (atMs: number): Promise<void> => {
    while (nowMs < atMs) {
      const stepMs = Math.min(LOOK_MS, atMs - nowMs);
      await rig.clock.advance(stepMs);
      nowMs += stepMs;
      rig.mind.look();
    }
  };
  const answers: { line: Line; report: TurnReport; moves: readonly string[]; heard: number }[] = [];
  for (const line of VISIT) {
    const before = rig.voice.heard.length;
    await goTo(line.atMs);
    if (line.expected === "[restart]") {
      rig.mind.close();
      rig = await open();
      await rig.clock.advance(nowMs);
    } else if (line.who === "Buddy") {
      const said = rig.voice.heard.slice(before).join(" ");
      assert.match(said, new RegExp(line.expected), `${line.words}: by itself it said "${said}"`);
    } else {
      const own = rig;
      const { robot, voice } = own;
      const [first, heard] = [robot.lines.length, voice.heard.length];
      void own.mind.say(line.words, { source: "page" }).then((report) => {
        const moves = robot.lines.slice(first);
        answers.push({ line, report, moves, heard: voice.heard.length - heard });
      });
    }
  }
  await goTo(nowMs + 20_000);
  db.close();
  rmSync(folder, { recursive: true });

  const spoken = VISIT.filter(({ who }) => who !== "Buddy" && who !== "-");
  assert.deepEqual(
    answers.map(({ line }) => line).sort((a, b) => a.atMs - b.atMs),
    spoken,
    "each has its one end",
  );
  for (const { line, report, moves, heard } of answers) {
    const what = `${line.who}: "${line.words}" → ${report.outcome}: ${report.reply}`;
    const [, kind = "", more = ""] = /^\[(\w+)(?: (.*))?\]$/.exec(line.expected) ?? [];
    if (kind === "interrupted" || kind === "stopped") assert.equal(report.outcome, kind, what);
    else assert.equal(report.outcome, "done", what);
    if (kind === "moves")
      assert.ok(
        moves.some((move) => move.startsWith(more)),
        what,
      );
    else if (kind === "quiet") assert.notEqual(report.reply, "", what);
    else if (kind === "spoken") assert.ok(heard > 0, what);
    else if (kind === "") assert.match(report.reply, new RegExp(line.expected), what);
    const isInQuiet = line.words === "Hoche la tête.";
    if (isInQuiet) assert.equal(heard, 0, `${what}: it was asked to be quiet`);
  }
  assert.deepEqual(rig.memory.factsOf("Anna"), ["My dog is called Rex"]);
  assert.deepEqual(rig.memory.factsOf("Luc"), ["Mon chat s'appelle Minou"]);
});
