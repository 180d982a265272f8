/**
 * A robot on its stage: is heard of every second, has its seat at the floor and its events, and knows whether the stage
 * answers. What it hears goes to whoever made it; nothing here speaks.
 */
import { reasonOf } from "../../host/reason.js";
import type { Policies } from "../../resilience/policies.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import type { StageView } from "../director/director-core.js";
import { EventLine } from "../events/event-line.js";
import type { EventBody, StageEvent } from "../events/event-forms.js";
import type { Sql } from "../events/sql.js";
import { FloorSeat } from "./floor-seat.js";
import type { FleetAddress } from "../redis/address.js";
import { FleetConnection } from "../redis/connection.js";
import { asFleetError, FleetError } from "../redis/fleet-error.js";
import {
  FIRST_CONTACT,
  isSafeMode,
  stepContact,
  type Contact,
  type ContactInput,
} from "../talk/safe-mode-core.js";
import { StageCaller } from "./stage-caller.js";
import type { StageCommand, StageReading } from "./stage-calls.js";

/** Heard of this often. */
const PING_MS = 1000;
/** Who directs is looked at this often: people want to know, nothing depends on it. */
const DIRECTOR_MS = 5000;
/** A stop that is not found in the stream for so long never will be; what was said before it is of no interest by then. */
const STOP_MS = 30_000;
/** Begins the message that silences everybody; the robot whose person speaks follows. */
const HUSH = "hush:";

export interface StageMemberDeps {
  readonly address: FleetAddress;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly stage: string;
  /** 8 hex digits, the same after a restart. */
  readonly id: string;
  name(): string;
  readonly clock: Clock;
  readonly policies: Policies;
  readonly sql: Sql;
  isSounding(): boolean;
  onGate(isOver: boolean): void;
  onLost(why: "taken" | "lapsed"): void;
  onEvent(event: StageEvent): void;
  /** A person speaks somewhere, or asked for quiet: silence. */
  onHush(): void;
  onChange(): void;
  log(level: "info" | "warn", message: string): void;
}

export class StageMember {
  /** The stage as it was read last; undefined before, and never older than what `contact` says. */
  stage: StageView | undefined;
  scriptLeft = 0;
  /** The director at work, as it was looked at last. */
  director: string | undefined;
  /** The greatest token that this stage has given: a greater one is forged. */
  token = 0;
  /** What is wrong, while it is. */
  trouble: FleetError | undefined;
  readonly seat: FloorSeat;
  readonly events: EventLine;
  private readonly caller: StageCaller;
  private readonly connection: FleetConnection;
  private state;
  private cancelPing: CancelTimer = () => undefined;
  private hasJoined = false;
  /** The stop that it told last and has not read in the stream yet: its number, and since when. */
  private ownStop: { readonly seq: number; readonly sinceMs: number } | undefined;
  private wasSafe = false;

  constructor(private readonly deps: StageMemberDeps) {
    const { clock, address, user, password, policies, sql } = deps;
    this.state = { ...FIRST_CONTACT, contact: { kind: "away", sinceMs: clock.nowMs() } as Contact };
    this.caller = new StageCaller(deps, () => this.connection);
    this.connection = new FleetConnection(
      {
        address,
        user,
        password,
        clock,
        policies,
        onUp: () => void this.up(),
        onDown: (why) => this.contact("unanswered", why),
        onMessage: (text) => this.message(text),
      },
      this.caller.channel,
    );
    this.seat = new FloorSeat({
      clock,
      robot: deps.id,
      call: (command) => this.call(command),
      isSounding: () => deps.isSounding(),
      onGate: (isOver) => deps.onGate(isOver),
      onLost: (why) => deps.onLost(why),
      isFree: () => this.isAway,
    });
    this.events = new EventLine({
      connection: this.connection,
      caller: this.caller,
      clock,
      sql,
      onEvent: (event) => this.event(event),
      onOwn: ({ seq }) => {
        if (this.ownStop !== undefined && seq >= this.ownStop.seq) this.ownStop = undefined;
      },
      log: (level, message) => deps.log(level, message),
    });
  }

  start(): void {
    this.connection.start();
    this.events.start();
    const { clock } = this.deps;
    const cancels = [
      clock.every(PING_MS, () => this.ping()),
      clock.every(DIRECTOR_MS, () => void this.lookForDirector()),
    ];
    this.cancelPing = () => cancels.forEach((cancel) => cancel());
  }

  /** Says that it leaves, if somebody is there to hear it. */
  async close(): Promise<void> {
    this.cancelPing();
    const { token } = this.seat;
    this.seat.close();
    if (this.connection.isThere) {
      this.events.tell({ type: "left" });
      // A stop waits for nobody: without it the others know after three seconds.
      await this.caller.call({ op: "quit", token }).catch(() => undefined);
    }
    this.events.close();
    this.connection.close();
  }

  get reach(): Contact {
    return this.state.contact;
  }

  get isAway(): boolean {
    return this.state.contact.kind === "away";
  }

  /** Away for so long that others get a canned line at most. */
  get isSafeMode(): boolean {
    return isSafeMode(this.state.contact, this.deps.clock.nowMs());
  }

  get version(): string {
    return this.connection.version;
  }

  tell(body: EventBody): void {
    this.events.tell(body);
  }

  /** What it reads in the stream now was told before it asked for quiet: that is not to be answered any more. */
  get isBeforeOwnStop(): boolean {
    const { ownStop } = this;
    return ownStop !== undefined && this.deps.clock.nowMs() - ownStop.sinceMs < STOP_MS;
  }

  /** Everybody is to be quiet, now: told at once, and kept for who hears it late. */
  hush(why: string): void {
    const seq = this.events.tell({ type: "stop", why });
    if (seq !== undefined) this.ownStop = { seq, sinceMs: this.deps.clock.nowMs() };
    // The event says the same; this is only sooner.
    this.connection.wake(`${HUSH}${this.deps.id}`).catch(() => undefined);
  }

  async call(command: StageCommand): Promise<StageReading> {
    // On a slow start that is no news yet, and nothing that a breaker should count.
    if (this.connection.isDialing) {
      throw new FleetError("FLEET_AWAY", "transient", "the first connection is being made");
    }
    const madeMs = this.deps.clock.nowMs();
    try {
      const reading = await this.caller.call(command);
      this.read(reading);
      return reading;
    } catch (error) {
      this.contact("unanswered", asFleetError(error), madeMs);
      throw error;
    }
  }

  private ping(): void {
    const isSafe = this.isSafeMode;
    if (isSafe !== this.wasSafe) {
      this.wasSafe = isSafe;
      this.deps.log(
        isSafe ? "warn" : "info",
        isSafe ? "fleet safe mode: the stage was away for 30 s" : "fleet safe mode is over",
      );
      this.deps.onChange();
    }
    // What is wrong is kept by `call`, and shown.
    this.call({ op: "look" }).catch(() => undefined);
  }

  private async lookForDirector(): Promise<void> {
    let found: string | undefined;
    try {
      if (!this.isAway) found = (await this.caller.asDirector({ op: "look" })).stage.holder?.robot;
    } catch {
      // What is wrong with Redis is told by `call`; who directs is not known then.
    }
    if (found === this.director) return;
    this.director = found;
    this.deps.onChange();
  }

  /** The stage is there (again): it is read before a word is said. */
  private async up(): Promise<void> {
    try {
      await this.call({ op: "look" });
    } catch {
      // The next look finds it.
      return;
    }
    await this.events.up();
    if (this.hasJoined) return;
    this.hasJoined = true;
    this.events.tell({ type: "joined", name: this.deps.name() });
  }

  private read(reading: StageReading): void {
    const { stage, token, scriptLeft, isDamaged } = reading;
    if (isDamaged)
      this.deps.log("warn", "what stood at the stage's floor was no floor: begun anew");
    const before = this.stage;
    this.stage = stage;
    this.scriptLeft = scriptLeft;
    this.token = token;
    this.seat.joined(token);
    this.contact("answered", undefined);
    const isNews =
      before?.holder?.token !== stage.holder?.token ||
      before?.members.length !== stage.members.length ||
      before?.mode !== stage.mode ||
      before?.lead !== stage.lead;
    if (isNews) this.deps.onChange();
  }

  private contact(input: ContactInput, why: FleetError | undefined, sinceMs?: number): void {
    const wasAway = this.isAway;
    this.state = stepContact(this.state, input, this.deps.clock.nowMs(), sinceMs);
    if (why !== undefined && why.code !== this.trouble?.code) {
      // A refused call is the breaker's, and says nothing new.
      if (this.trouble === undefined || why.code !== "FLEET_AWAY") {
        this.trouble = why;
        this.deps.log("warn", `${why.code}: ${why.message}`);
      }
    }
    if (input === "answered") this.trouble = undefined;
    if (this.isAway === wasAway) return;
    this.deps.log(
      this.isAway ? "warn" : "info",
      this.isAway ? "the stage is away: this robot keeps to itself" : "the stage is there",
    );
    // The gate is another one now, whatever was held.
    this.deps.onGate(false);
    this.deps.onChange();
  }

  private message(text: string): void {
    if (text === "event") return this.events.wake();
    if (text.startsWith(HUSH)) {
      if (text.slice(HUSH.length) !== this.deps.id) this.deps.onHush();
      return;
    }
    this.seat.wake();
    this.call({ op: "look" }).catch(() => undefined);
  }

  private event(event: StageEvent): void {
    try {
      // Where the message that was sooner got lost.
      if (event.body.type === "stop") this.deps.onHush();
      this.deps.onEvent(event);
    } catch (error) {
      // Taken is taken: it does not come again.
      this.deps.log("warn", `an event came to nothing: ${reasonOf(error)}`);
    }
  }
}
