/**
 * Timers and reminders: kept over a restart, said when they are due. Reads come from this process; each change is written
 * through, and a store that fails costs them at the next start, never now.
 */
import { WriteQueue } from "../memory/write-queue.js";

export interface Reminder {
  /** Unix ms when it was asked for; two of the same moment are told apart by `dueMs`. */
  readonly madeMs: number;
  readonly dueMs: number;
  /** How long it was to be; undefined for a time of day. */
  readonly inMs: number | undefined;
  /** In the person's words; "" for nothing but to be told. */
  readonly what: string;
  /** The words that asked for it: they tell in which language to answer. */
  readonly said: string;
}

/** Where they are kept. Calls are short; they may throw. */
export interface ReminderStore {
  load(): readonly Reminder[];
  add(reminder: Reminder): void;
  drop(reminder: Reminder): void;
}

export const REMINDERS_MAX = 20;
/** One that was said and that nobody could hear is said again after this, so often. */
const AGAIN_MS = 30_000;
const TRIES_MAX = 3;

interface Waiting {
  readonly reminder: Reminder;
  tries: number;
  nextMs: number;
}

export class Reminders {
  private waiting: Waiting[] = [];
  private isLoaded = false;
  private readonly kept: WriteQueue<ReminderStore>;

  constructor(
    store: ReminderStore | undefined,
    private readonly log: (level: "info" | "warn", message: string) => void,
  ) {
    this.kept = new WriteQueue(store, log, "the list of reminders");
    this.load();
  }

  /** Tries again what could not be written or read; call it now and then. */
  retry(): void {
    if (this.kept.retry() && !this.isLoaded) this.load();
  }

  private load(): void {
    this.kept.read((store) => {
      this.waiting = store.load().map(asWaiting);
      this.isLoaded = true;
    });
  }

  /** Soonest first. */
  get all(): readonly Reminder[] {
    return this.waiting.map(({ reminder }) => reminder).sort((a, b) => a.dueMs - b.dueMs);
  }

  /** @returns false when there are too many. */
  add(reminder: Reminder): boolean {
    if (this.waiting.length >= REMINDERS_MAX) return false;
    this.waiting.push(asWaiting(reminder));
    this.kept.write((store) => store.add(reminder));
    return true;
  }

  /** Takes back all, those of this length, or the one that was asked for last. @returns which. */
  cancel(isAll: boolean, inMs: number | undefined): readonly Reminder[] {
    const { all } = this;
    const meant = inMs === undefined ? all : all.filter((one) => one.inMs === inMs);
    const newest = [...meant].sort((a, b) => a.madeMs - b.madeMs).slice(-1);
    const gone = isAll ? meant : newest;
    for (const reminder of gone) this.drop(reminder);
    return gone;
  }

  /** One that is to be said at `wallMs`. */
  due(wallMs: number): Reminder | undefined {
    return this.waiting.find(({ nextMs }) => nextMs <= wallMs)?.reminder;
  }

  /** How it went: one that nobody heard comes again, and after that it is told to the log. */
  said(reminder: Reminder, isHeard: boolean, wallMs: number): void {
    const waiting = this.waiting.find((one) => one.reminder === reminder);
    if (waiting === undefined) return;
    waiting.tries++;
    waiting.nextMs = wallMs + AGAIN_MS;
    if (!isHeard && waiting.tries < TRIES_MAX) return;
    if (!isHeard) this.log("warn", `nobody could hear a reminder: ${reminder.what || "a timer"}`);
    this.drop(reminder);
  }

  drop(reminder: Reminder): void {
    this.waiting = this.waiting.filter((one) => one.reminder !== reminder);
    this.kept.write((store) => store.drop(reminder));
  }
}

function asWaiting(reminder: Reminder): Waiting {
  return { reminder, tries: 0, nextMs: reminder.dueMs };
}
