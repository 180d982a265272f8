/** The database of what was said: held by another program, damaged, and written by a newer Buddy. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { systemClock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import type { Drill, DrillContext } from "../run/drill.js";
import { spreadOf } from "../run/results.js";

/** A version that no Buddy will reach soon. */
const NEWER_VERSION = 9999;
const HEALTHZ_MS_MAX = 50;
const ASKS = 40;
const BEFORE = "My dog is called Rex.";
const MEANWHILE = "My cat is called Tom.";

const shared = {
  rows: ["A7", "A8", "G6"],
  flags: ["--camera", "none"],
} as const;

/** Whether it remembers a sentence. */
async function knows({ probe }: DrillContext, sentence: string): Promise<boolean> {
  return (await (await probe.get("/api/memory")).text()).includes(sentence);
}

/** Whether a health part of the page tells of it. */
async function tells({ probe }: DrillContext, id: string, words: RegExp): Promise<boolean> {
  const { parts } = (await probe.state()).health;
  return parts.some((part) => part.id === id && part.level !== "ok" && words.test(part.text));
}

/** Ends Buddy cleanly, so that the whole database is in its file. */
async function stop({ probe }: DrillContext): Promise<void> {
  const { child } = probe.buddy;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

export const databaseHeld: Drill = {
  ...shared,
  name: "database-held",
  steadyState: "The robot is linked, and something was said that is remembered.",
  fault: "Another program holds the database for itself, until it was noticed.",
  expectation:
    "The page says that what is said is not on the disk yet, nobody is delayed, and all of it is there when the database is free.",
  doesNotShow: "One that is held for longer than 2,000 sentences.",
  noticeMsMax: 12_000,
  recoverMsMax: 12_000,
  async run(context) {
    const { probe, stage, inject, noticed, heal, recovered, holds, lost, atEnd, nowMs } = context;
    await probe.say(BEFORE);
    const path = join(stage.dataDir, "buddy.db");
    const other = new Database(path);
    const free = (): void => {
      if (other.inTransaction) other.exec("ROLLBACK");
    };
    atEnd(() => {
      free();
      other.close();
    });
    await inject(() => void other.exec("BEGIN EXCLUSIVE"));
    await probe.say(MEANWHILE);
    await noticed("the page to say that it is not on the disk", () =>
      tells(context, "mind", /not on the disk/),
    );
    const tookMs: number[] = [];
    for (let i = 0; i < ASKS; i++) {
      const startMs = nowMs();
      await (await probe.get("/healthz")).arrayBuffer();
      tookMs.push(nowMs() - startMs);
      await systemClock.sleep(50);
    }
    const slow = spreadOf(tookMs)?.p95 ?? Number.POSITIVE_INFINITY;
    holds("nobody is delayed by it", slow <= HEALTHZ_MS_MAX, `p95 ${slow} ms`);
    await heal(free);
    await recovered("nothing to be said of it", async () => (await probe.level("mind")) === "ok");
    const rows = other.prepare("SELECT count(*) AS n FROM mind_said WHERE text = ?");
    const written = (rows.get(MEANWHILE) as { n: number }).n;
    lost("sentences", written > 0 ? 0 : 1, 1);
    holds("what was said meanwhile is on the disk", written > 0);
  },
};

export const databaseDamaged: Drill = {
  ...shared,
  name: "database-damaged",
  steadyState: "The robot is linked, and something was said that is remembered.",
  fault: "Buddy is ended, the database's pages are overwritten, and Buddy is started again.",
  expectation:
    "The page says that it was damaged and what it was moved to, the robot lives on, and what is said from then on is remembered.",
  doesNotShow: "Damage while it runs: it is found when the page is read.",
  noticeMsMax: 15_000,
  recoverMsMax: 15_000,
  wears: "boot",
  async run(context) {
    const { probe, stage, chance, inject, noticed, recovered, holds, lost } = context;
    await probe.say(BEFORE);
    const path = join(stage.dataDir, "buddy.db");
    await stop(context);
    await inject(() => {
      const data = readFileSync(path);
      for (let at = 0; at < data.length; at++) data[at] = Math.floor(chance.next() * 256);
      writeFileSync(path, data);
      stage.startAgain();
    });
    await noticed("the page to say that it was damaged", () => tells(context, "memory", /damaged/));
    await recovered("the robot to be linked and to answer", () => probe.isSteady());
    await probe.say(MEANWHILE);
    holds("what is said now is remembered", await knows(context, MEANWHILE));
    lost("earlier sentences", 1, 1);
  },
};

export const databaseNewer: Drill = {
  ...shared,
  name: "database-newer",
  steadyState: "The robot is linked, and something was said that is remembered.",
  fault:
    "Buddy is ended, the database says that a newer Buddy wrote it, and Buddy is started again; the version is set right after it was noticed.",
  expectation:
    "The page says so, nothing is written to it, the robot lives on, and all is there with the right version.",
  doesNotShow: "A newer Buddy's tables: this one must not look at them.",
  noticeMsMax: 15_000,
  recoverMsMax: 15_000,
  wears: "boot",
  async run(context) {
    const { probe, stage, inject, noticed, heal, recovered, holds, lost } = context;
    await probe.say(BEFORE);
    const path = join(stage.dataDir, "buddy.db");
    await stop(context);
    let version = 0;
    const setVersion = (next: number): void => {
      const db = new Database(path);
      version = (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
      db.exec(`PRAGMA user_version = ${next}`);
      // All of it is in the file then.
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      db.close();
    };
    setVersion(NEWER_VERSION);
    const right = version;
    const before = readFileSync(path);
    await inject(() => stage.startAgain());
    await noticed("the page to say that a newer Buddy wrote it", () =>
      tells(context, "memory", /newer/),
    );
    await until("the robot to be linked and to answer", 15_000, () => probe.isSteady());
    await probe.say(MEANWHILE);
    await stop(context);
    holds("nothing was written to it", readFileSync(path).equals(before));
    await heal(() => {
      setVersion(right);
      stage.startAgain();
    });
    await recovered("the robot to be linked and to answer", () => probe.isSteady());
    const isThere = await knows(context, BEFORE);
    lost("earlier sentences", isThere ? 0 : 1, 1);
    holds("what was said before is remembered", isThere);
  },
};
