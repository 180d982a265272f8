// Timers and reminders (G3): what is said of them in five languages is understood to the minute or asked about, never guessed;
// they are said when due, kept over a restart, listed, cancelled, bounded, and not lost when nobody hears them.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { reminderWish } from "../../../../src/conversation/reminders/reminder-words.js";
import { ReminderTable } from "../../../../src/conversation/reminders/reminder-table.js";
import {
  REMINDERS_MAX,
  Reminders,
  type Reminder,
  type ReminderStore,
} from "../../../../src/conversation/reminders/reminders.js";
import { understand } from "../../../../src/conversation/safe-mode/understand.js";
import { Database } from "../../../../src/store/database.js";
import { MIGRATIONS } from "../../../../src/store/migrations.js";
import { testConversation } from "../../../support/conversation.js";

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
/** A Wednesday, 15:04. */
const NOW = new Date(2026, 10, 25, 15, 4).getTime();
const at = (hour: number, minute: number, days = 0): number =>
  new Date(2026, 10, 25 + days, hour, minute).getTime() - NOW;

/** What was said; how long from now; about what. */
const SET: readonly (readonly [string, number, string?])[] = [
  ["Wake me in 10 minutes", 10 * MIN],
  ["Buddy, set a timer for five minutes, please.", 5 * MIN],
  ["Set a 90 second timer", 90 * S],
  ["Remind me to call my mum in two hours", 2 * H, "call my mum"],
  ["Remind me in half an hour to take the Pizza out!", 30 * MIN, "take the Pizza out"],
  ["Remind me in 1 hour and 30 minutes that Ann comes", 90 * MIN, "Ann comes"],
  ["set a timer for twenty five minutes", 25 * MIN],
  ["timer for an hour", H],
  ["Wake me at 7:30 am", at(7, 30, 1)],
  ["Wake me at seven", at(19, 0)],
  ["set an alarm for 4 pm", at(16, 0)],
  ["Remind me at half past six to feed the cat", at(18, 30), "feed the cat"],
  ["Weck mich in 10 Minuten", 10 * MIN],
  ["Stell einen Timer auf fünf Minuten", 5 * MIN],
  ["Erinnere mich in einer Stunde daran, dass Tom kommt", H, "Tom kommt"],
  ["Erinnere mich in einer halben Stunde an die Wäsche", 30 * MIN, "die Wäsche"],
  ["Stell einen Wecker auf sieben Uhr", at(7, 0, 1)],
  ["Weck mich um 6:45 Uhr", at(6, 45, 1)],
  ["Stell einen Timer auf 20 Sekunden", 20 * S],
  ["Despiértame en diez minutos", 10 * MIN],
  ["Recuérdame en dos horas que llame a Ana", 2 * H, "llame a Ana"],
  ["Pon un temporizador de media hora", 30 * MIN],
  ["Pon un temporizador de treinta y cinco minutos", 35 * MIN],
  ["Despiértame a las 7 de la mañana", at(7, 0, 1)],
  ["Réveille-moi dans dix minutes", 10 * MIN],
  ["Mets un minuteur de vingt-cinq minutes", 25 * MIN],
  ["Rappelle-moi dans une heure d'appeler Léa", H, "appeler Léa"],
  ["Réveille-moi à 7 heures 30", at(7, 30, 1)],
  ["5分後に起こして", 5 * MIN],
  ["タイマーを1時間30分にして", 90 * MIN],
  ["10分後に薬を飲むことを思い出させて", 10 * MIN, "薬を飲む"],
  ["午後7時に起こして", at(19, 0)],
  ["Timer auf sechsundachtzig Minuten", 86 * MIN],
  ["十五分後に起こして", 15 * MIN],
  // Half seven is half past six in German, and half past seven in English.
  ["Weck mich um halb sieben", at(6, 30, 1)],
  ["weck mich um viertel vor acht", at(7, 45, 1)],
  ["Stell den Wecker auf zehn nach sechs", at(6, 10, 1)],
  ["sag mir in ner halben Stunde Bescheid", 30 * MIN],
  ["wake me at a quarter to seven", at(18, 45)],
  ["Remind me at ten to feed the cat", at(22, 0), "feed the cat"],
  ["set an alarm for twenty past four", at(16, 20)],
  ["Despiértame a las siete menos cuarto", at(18, 45)],
  ["Recuérdame a las seis y media llamar a Ana", at(18, 30), "llamar a Ana"],
  ["Mets une alarme à sept heures et quart", at(7, 15, 1)],
  ["Réveille-moi à huit heures moins le quart", at(7, 45, 1)],
  ["3分たったら教えて", 3 * MIN],
];

/** Of a timer, but no time that is understood: asked about, not guessed. */
const UNCLEAR = [
  "Set a timer",
  "Remind me to call mum",
  "Set a timer for blorp minutes",
  "Wake me at 27",
  "timer for 100 days",
  "Timer auf blorpzig Minuten",
  "Weck mich um blorp nach sechs",
  "百五十分後に起こして",
];

const wishOf = (said: string): ReturnType<typeof reminderWish> =>
  reminderWish(said, understand(said, "en", "Buddy"), NOW);

describe("reminders", () => {
  it("G3: a time is understood in five languages, to the minute", () => {
    for (const [said, ms, what = ""] of SET) {
      const wish = wishOf(said);
      assert.ok(wish?.kind === "set", `${said}: ${wish?.kind}`);
      assert.deepEqual([(wish.dueMs - NOW) / S, wish.what], [ms / S, what], said);
    }
  });

  it("G3: a time that is not understood is not guessed", () => {
    for (const said of UNCLEAR) assert.equal(wishOf(said), undefined, said);
    assert.equal(wishOf("I will be back in 10 minutes"), undefined);
  });

  it("G3: listed and cancelled in five languages", () => {
    const lists = [
      "Which timers are running?",
      "Do I have any reminders?",
      "How long is left on the timer?",
      "Welche Wecker gibt es?",
      "¿Qué alarmas tengo?",
      "Quels rappels y a-t-il ?",
      "タイマーはありますか",
    ];
    for (const said of lists) assert.equal(wishOf(said)?.kind, "list", said);
    const cancels: readonly (readonly [string, boolean, number?])[] = [
      ["Cancel the timer", false],
      ["Cancel the 10 minute timer", false, 10 * MIN],
      ["Delete all reminders", true],
      ["Lösch den Timer", false],
      ["Lösche alle Erinnerungen", true],
      ["Cancela la alarma", false],
      ["Annule le minuteur", false],
      ["タイマーを全部キャンセルして", true],
    ];
    for (const [said, isAll, inMs] of cancels) {
      assert.deepEqual(wishOf(said), { kind: "cancel", isAll, inMs }, said);
    }
  });

  it("G3: said when due, in the language it was asked in, and not before", async () => {
    const rig = await testConversation();
    const report = rig.mind.say("Erinnere mich in 10 Minuten an den Tee", { source: "api" });
    await rig.clock.advance(5000);
    assert.match((await report).reply, /in 10 Minuten: den Tee/);
    for (let s = 0; s < 594; s++) {
      await rig.clock.advance(S);
      rig.mind.look();
    }
    assert.equal(rig.mind.turns.length, 1, "not yet");
    await rig.clock.advance(2 * S);
    rig.mind.look();
    await rig.clock.advance(3 * S);
    assert.match(rig.voice.heard.at(-1) ?? "", /^(?:Es ist so weit|Die Zeit ist um): den Tee!$/);
    rig.mind.look();
    assert.equal(rig.mind.turns.length, 2, "once");
    const list = rig.mind.say("Which timers are there?", { source: "api" });
    await rig.clock.advance(5000);
    assert.equal((await list).reply, "There is no timer and no reminder.");
  });

  it("G3: one that nobody heard is said again, and told to the log in the end", async () => {
    const logs: string[] = [];
    const reminders = new Reminders(undefined, (_level, message) => logs.push(message));
    const reminder = { madeMs: 0, dueMs: 100, inMs: 100, what: "tea", said: "" };
    reminders.add(reminder);
    assert.equal(reminders.due(99), undefined);
    let wallMs = 100;
    for (let tries = 1; tries <= 3; tries++) {
      assert.equal(reminders.due(wallMs), reminder);
      reminders.said(reminder, false, wallMs);
      assert.equal(reminders.due(wallMs), undefined, "not at once");
      wallMs += 30 * S;
    }
    assert.equal(reminders.due(wallMs), undefined);
    assert.deepEqual(logs, ["nobody could hear a reminder: tea"]);
  });

  it("G3 G6: kept over a restart; what was due meanwhile is said as late", async () => {
    const folder = mkdtempSync(join(tmpdir(), "buddy-reminders-"));
    const db = Database.open(join(folder, "buddy.db"), MIGRATIONS);
    const store = new ReminderTable((work) => work(db));
    const rig = await testConversation({ reminders: store });
    for (const said of ["Wake me in 10 minutes", "Remind me in 2 hours to sleep"]) {
      const report = rig.mind.say(said, { source: "api" });
      await rig.clock.advance(5000);
      assert.match((await report).reply, /in (?:10 minutes|2 hours: sleep)/);
    }
    const next = await testConversation({ reminders: store });
    await next.clock.advance(60 * MIN);
    next.mind.look();
    await next.clock.advance(3 * S);
    assert.match(
      next.voice.heard.at(-1) ?? "",
      /^I was asleep at .*, when you wanted to be told\.$/,
    );
    const cancel = next.mind.say("Cancel the reminder", { source: "api" });
    await next.clock.advance(5000);
    assert.match((await cancel).reply, /^Cancelled: .*: sleep\.$/);
    assert.deepEqual(store.load(), []);
    db.close();
    rmSync(folder, { recursive: true });
  });

  it("they are bounded, and a store that fails costs nothing now", () => {
    const logs: string[] = [];
    const broken = (): never => {
      throw new Error("disk full");
    };
    const store: ReminderStore = { load: broken, add: broken, drop: broken };
    const reminders = new Reminders(store, (_level, message) => logs.push(message));
    const made = (madeMs: number): Reminder => ({
      madeMs,
      dueMs: 1000 - madeMs,
      inMs: undefined,
      what: "",
      said: "",
    });
    for (let i = 0; i < REMINDERS_MAX; i++) assert.ok(reminders.add(made(i)));
    assert.equal(reminders.add(made(99)), false);
    assert.deepEqual(reminders.all[0], made(REMINDERS_MAX - 1), "soonest first");
    assert.deepEqual(reminders.cancel(false, undefined), [made(REMINDERS_MAX - 1)], "the newest");
    assert.equal(reminders.cancel(true, undefined).length, REMINDERS_MAX - 1);
    assert.equal(logs.length, 1);
    assert.match(
      logs[0] ?? "",
      /^the list of reminders lasts only until Buddy stops: .*disk full$/,
    );
  });
});
