/**
 * A robot's events: what it tells goes through its outbox, what others tell through its own consumer group and its inbox. At
 * least once on the way, once in effect. Pub/sub only wakes: what it loses is found at the next look.
 */
import { reasonOf } from "../../host/reason.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import { TokenBucket } from "../../time/token-bucket.js";
import type { FleetConnection } from "../redis/connection.js";
import { asFleetError } from "../redis/fleet-error.js";
import { readEntry, type EventBody, type StageEvent } from "./event-forms.js";
import { Inbox } from "./inbox.js";
import { Outbox } from "./outbox.js";
import type { Sql } from "./sql.js";

/** Entries that the stage keeps; who is away for longer misses the oldest. */
export const STREAM_MAX = 10_000;
const READ_MAX = 100;
/** Looked at this often without being woken. */
const LOOK_MS = 5000;
/** Bad entries told of; the others are counted. */
const BAD_LINES = { burst: 3, perMinute: 2 };

/** Whose events these are, and where they stand. */
export interface EventCaller {
  readonly id: string;
  readonly stage: string;
  /** Stream and senders. */
  readonly eventKeys: readonly [string, string];
  readonly channel: string;
}

export interface EventLineDeps {
  readonly connection: FleetConnection;
  readonly caller: EventCaller;
  readonly clock: Clock;
  readonly sql: Sql;
  /** Each event of others, once, in the order of the stream. */
  onEvent(event: StageEvent): void;
  /** An event of its own has come back at its place in the stream, perhaps not for the first time. */
  onOwn(event: StageEvent): void;
  log(level: "info" | "warn", message: string): void;
}

export class EventLine {
  /** Entries that were passed over since the start. */
  bad = 0;
  private readonly outbox: Outbox;
  private readonly inbox: Inbox;
  private readonly badLines = new TokenBucket(BAD_LINES);
  private cancelLook: CancelTimer = () => undefined;
  /** The connection on which both have agreed; null before the first. */
  private agreedWith: number | null = null;
  private isPublishing = false;
  private isReading = false;
  private isWoken = false;
  private hasGroup = false;
  /** It had a group before: what comes back after a loss is for it, too. */
  private hadGroup = false;

  constructor(private readonly deps: EventLineDeps) {
    this.outbox = new Outbox(deps.sql, deps.caller.stage);
    this.inbox = new Inbox(deps.sql, deps.caller.stage);
  }

  start(): void {
    this.cancelLook = this.deps.clock.every(LOOK_MS, () => this.wake());
  }

  close(): void {
    this.cancelLook();
  }

  /** Unpublished, and dropped because there were too many. */
  get waiting(): { readonly count: number; readonly dropped: number } {
    return {
      count: this.safely("count", () => this.outbox.waiting) ?? 0,
      dropped: this.outbox.dropped,
    };
  }

  /** From here on nothing that is told on the stage passes it by. */
  get isListening(): boolean {
    return this.hasGroup;
  }

  /** Kept at once, published as soon as the stage is there. @returns its number; undefined when it could not be kept */
  tell(body: EventBody): number | undefined {
    const seq = this.safely("keep an event", () => this.outbox.add(JSON.stringify(body)));
    void this.publish();
    return seq;
  }

  /** The stage is there (again): both agree on what it has, then everything goes on. */
  async up(): Promise<void> {
    this.agreedWith = null;
    this.hasGroup = false;
    await this.publish();
    this.wake();
  }

  /** Before anything is published on a new connection: what comes first would hide that the server lost what was before. */
  private async agree(): Promise<void> {
    const { caller, connection } = this.deps;
    const { made } = connection;
    if (this.agreedWith === made) return;
    const [, senders] = caller.eventKeys;
    const last = await connection.command((client) => client.hget(senders, caller.id));
    this.safely("agree", () => this.outbox.agree(Number(last ?? 0)));
    this.agreedWith = made;
  }

  /** There may be something to read. */
  wake(): void {
    this.isWoken = true;
    void this.read();
    void this.publish();
  }

  private async publish(): Promise<void> {
    const { caller, connection } = this.deps;
    if (this.isPublishing || !connection.isThere) return;
    this.isPublishing = true;
    try {
      for (;;) {
        await this.agree();
        const entries = this.safely("read the outbox", () => this.outbox.unsent()) ?? [];
        if (entries.length === 0) return;
        const args = entries.flatMap(({ seq, body }) => [seq, body]);
        const head = [caller.id, caller.channel, STREAM_MAX];
        const last = await connection.publish(caller.eventKeys, [...head, ...args]);
        this.outbox.sentUpTo(Math.min(last, entries.at(-1)?.seq ?? 0));
      }
    } catch (error) {
      // They stay where they are and go out when it is back, or at the next look.
      if (connection.isThere)
        this.deps.log("warn", `events wait: ${reasonOf(asFleetError(error))}`);
    } finally {
      this.isPublishing = false;
    }
  }

  private async read(): Promise<void> {
    const { connection } = this.deps;
    if (this.isReading) return;
    this.isReading = true;
    try {
      while (this.isWoken && connection.isThere) {
        this.isWoken = false;
        await this.readAll();
      }
    } catch (error) {
      // Whatever happened to the group, it is looked at anew.
      this.hasGroup = false;
      const why = asFleetError(error);
      if (connection.isThere) this.deps.log("warn", `events are not read: ${reasonOf(why)}`);
    } finally {
      this.isReading = false;
    }
  }

  private async readAll(): Promise<void> {
    if (!this.hasGroup) await this.makeGroup();
    // What is new is taken only as what was delivered and not confirmed, which comes in the order of the stream: the answer to an
    // earlier read may have been lost, on a connection that is none any more, and what it brought must not come after newer events.
    do {
      if (!(await this.takePending())) return;
    } while ((await this.readGroup(">")).length > 0);
  }

  private async makeGroup(): Promise<void> {
    const { caller, connection } = this.deps;
    const [stream] = caller.eventKeys;
    // A robot that is new here begins with what comes; one that was here reads all there is, and knows what it has had.
    const isNew = this.safely("read the inbox", () => this.inbox.isNew) !== false;
    const start = isNew && !this.hadGroup ? "$" : "0";
    try {
      await connection.command((client) =>
        client.xgroup("CREATE", stream, caller.id, start, "MKSTREAM"),
      );
    } catch (error) {
      if (!/BUSYGROUP/.test(reasonOf(error))) throw error;
    }
    this.hasGroup = true;
    this.hadGroup = true;
  }

  /** @returns false when something could not be taken now */
  private async takePending(): Promise<boolean> {
    const { caller, connection } = this.deps;
    const [stream] = caller.eventKeys;
    for (;;) {
      const entries = await this.readGroup("0");
      const done: string[] = [];
      for (const [entryId, fields] of entries) {
        // Trimmed away while it was pending.
        if (fields !== null && !this.takeEntry(entryId, fields)) break;
        done.push(entryId);
      }
      if (done.length > 0) {
        await connection.command((client) => client.xack(stream, caller.id, ...done));
      }
      if (done.length < entries.length) return false;
      if (entries.length < READ_MAX) return true;
    }
  }

  /** @param from ">" for what is new, "0" for what was delivered and not confirmed */
  private async readGroup(from: "0" | ">"): Promise<readonly [string, string[] | null][]> {
    const { caller, connection } = this.deps;
    const [stream] = caller.eventKeys;
    const { id } = caller;
    const answer = (await connection.command((client) =>
      client.xreadgroup("GROUP", id, id, "COUNT", READ_MAX, "STREAMS", stream, from),
    )) as [string, [string, string[] | null][]][] | null;
    return answer?.[0]?.[1] ?? [];
  }

  /** @returns false when it could not be taken now: it comes again. */
  private takeEntry(entryId: string, fields: readonly string[]): boolean {
    const read = readEntry(entryId, fields);
    if (read.kind === "bad") {
      this.bad += 1;
      if (this.badLines.take(this.deps.clock.nowMs()) === 0) {
        this.deps.log(
          "warn",
          `FLEET_BAD_ENTRY: entry ${entryId.slice(0, 30)} is passed over: ${read.why}`,
        );
      }
      return true;
    }
    const { event } = read;
    if (event.from === this.deps.caller.id) {
      this.deps.onOwn(event);
      return true;
    }
    const isNew = this.safely("take an event", () => this.inbox.take(event.from, event.seq));
    if (isNew === true) this.deps.onEvent(event);
    return isNew !== undefined;
  }

  /** The database may be full or absent: that costs the event, never the robot. */
  private safely<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.deps.log("warn", `the events' database could not ${what}: ${reasonOf(error)}`);
      return undefined;
    }
  }
}
