/**
 * A director at work: of any number the one that holds the directors' lease. It looks at the stage, takes the floor from who
 * does not use it, and lets the next item of the script begin. It never speaks and never restarts anything.
 */
import { randomBytes } from "node:crypto";
import { cutText } from "../host/cut-text.js";
import { reasonOf } from "../host/reason.js";
import type { Policies } from "../resilience/policies.js";
import type { Chance } from "../time/chance.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { STREAM_MAX } from "./events/event-line.js";
import type { EventBody } from "./events/event-forms.js";
import { FloorSeat } from "./stage/floor-seat.js";
import type { FleetAddress } from "./redis/address.js";
import { FleetConnection } from "./redis/connection.js";
import { asFleetError, FLEET_NEXT } from "./redis/fleet-error.js";
import { StageCaller } from "./stage/stage-caller.js";
import type { StageCommand, StageReading } from "./stage/stage-calls.js";
import { direct, type DirectorAct, type StageView } from "./director/director-core.js";
import { overhear, type Overheard } from "./director/overhear-core.js";
import { loadRoomLibrary } from "./room/room-library.js";
import { RoomGuard, type GuardOptions } from "./room/room-guard.js";

/** Looked at again after a call that was not answered, and whether it is the active one. */
const AGAIN_MS = 500;
/** Who has the floor is not known any more after so long without an answer. */
const KNOWN_MS = 1500;

export interface DirectorDeps {
  readonly address: FleetAddress;
  readonly stage: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Where robots are heard, with the right to mute them there; undefined: nowhere. */
  readonly room?: GuardOptions | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly policies: Policies;
  /** Who, when, why; and how it is itself. */
  log(level: "info" | "warn", message: string): void;
}

export class Director {
  private readonly id = randomBytes(4).toString("hex");
  private readonly caller: StageCaller;
  private readonly connection: FleetConnection;
  private readonly seat: FloorSeat;
  private readonly guard: RoomGuard | undefined;
  private readonly closing = new AbortController();
  /** What is heard of each robot in the room, and the stage as it was read last, with when. */
  private readonly overheard = new Map<string, Overheard>();
  private known: { readonly stage: StageView; readonly atMs: number } | undefined;
  private seq = 0;
  private trouble = "";
  private isActive = false;
  private isLooking = false;
  private cancelLook: CancelTimer = () => undefined;

  constructor(private readonly deps: DirectorDeps) {
    const { clock, log } = deps;
    this.caller = new StageCaller({ ...deps, id: this.id, name: () => "" }, () => this.connection);
    this.connection = new FleetConnection(
      {
        ...deps,
        onUp: () => this.wake(),
        onDown: (why) => this.troubled(`${why.code}: ${why.message}. ${FLEET_NEXT[why.code]}`),
        onMessage: () => this.wake(),
      },
      this.caller.channel,
    );
    this.seat = new FloorSeat({
      clock,
      robot: this.id,
      call: (command) => this.caller.asDirector(command),
      isSounding: () => true,
      onGate: (isOver) => {
        // It makes no sound that would have to end first.
        if (isOver) queueMicrotask(() => this.seat.silent());
      },
      onLost: () => log("info", "another director may take over"),
      isFree: () => false,
    });
    this.guard =
      deps.room &&
      new RoomGuard({
        ...deps.room,
        id: this.id,
        clock,
        chance: deps.chance,
        load: () => loadRoomLibrary(process.env),
        onSound: (robot, lengthMs) => this.heard(robot, lengthMs),
        log,
      });
  }

  /** @param isActive false: only for what is asked of it. */
  start(isActive: boolean): void {
    this.isActive = isActive;
    this.connection.start();
    if (isActive) this.guard?.start();
    this.look(0);
  }

  /** One call of a person. @throws FleetError or ResilienceError */
  once(command: StageCommand): Promise<StageReading> {
    return this.caller.call(command);
  }

  get isConnected(): boolean {
    return this.connection.isThere;
  }

  /** Silence for everybody, at once. */
  async quiet(): Promise<void> {
    await this.tell({ type: "stop", why: "the director was asked for quiet" });
    await this.connection.wake(`hush:${this.id}`);
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.cancelLook();
    const { token } = this.seat;
    this.seat.close();
    // Whether it is heard or not: without it another one takes over a little later.
    if (token > 0) {
      await this.caller.asDirector({ op: "leave", robot: this.id, token }).catch(() => undefined);
    }
    this.connection.close();
    await this.guard?.close();
  }

  private wake(): void {
    this.look(0);
  }

  private look(inMs: number): void {
    this.cancelLook();
    if (!this.isActive || this.closing.signal.aborted) return;
    this.cancelLook = this.deps.clock.after(inMs, () => void this.round());
  }

  private async round(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    let inMs = AGAIN_MS;
    try {
      inMs = await this.direct();
    } catch (error) {
      this.troubled(reasonOf(asFleetError(error)));
    } finally {
      this.isLooking = false;
      this.look(inMs);
    }
  }

  /** @returns when to look again, ms. */
  private async direct(): Promise<number> {
    if (!this.connection.isThere) return AGAIN_MS;
    if (!this.seat.holds) {
      this.seat.joined((await this.caller.asDirector({ op: "look" })).token);
      if (!(await this.seat.ask(1, this.closing.signal))) return AGAIN_MS;
      this.deps.log("info", `directs the stage ${this.deps.stage}`);
    }
    const reading = await this.caller.call({ op: "look" });
    if (this.trouble !== "") this.deps.log("info", "the stage answers again");
    this.trouble = "";
    this.known = { stage: reading.stage, atMs: this.deps.clock.nowMs() };
    const { acts, lookInMs } = direct(reading.stage);
    for (const act of acts) {
      // Between the look and now its time may have ended.
      if (this.seat.pass().kind === "token") await this.carryOut(act, reading);
    }
    return lookInMs;
  }

  private async carryOut(act: DirectorAct, { next }: StageReading): Promise<void> {
    if (act.type === "reset") {
      const { robot, token, reason } = act;
      // One that was stopped goes on where it stood, with a packet of sound in hand: it is heard by nobody.
      if (reason === "beats") await this.mute(robot, act.text);
      const { answer } = await this.caller.call({ op: "reset", token, reason });
      if (answer.kind === "reset") this.deps.log("warn", `the floor was taken back: ${act.text}`);
      return;
    }
    if (next === undefined) return;
    const { answer } = await this.caller.call({ op: "cue", text: next });
    if (answer.kind !== "cued") return;
    await this.tell({ type: "cue", robot: act.robot, episode: act.episode });
    this.deps.log("info", `"${act.episode.title}" begins, opened by ${act.robot}`);
  }

  /** A robot sounds in the room. */
  private heard(robot: string, lengthMs: number): void {
    const { known } = this;
    const nowMs = this.deps.clock.nowMs();
    const isKnown = known !== undefined && nowMs - known.atMs < KNOWN_MS;
    const holds = isKnown ? known.stage.holder?.robot === robot : undefined;
    const step = overhear(this.overheard.get(robot), lengthMs, holds, nowMs);
    this.overheard.set(robot, step.state);
    if (!step.isOutOfTurn || this.seat.pass().kind !== "token") return;
    const name = known?.stage.members.find(({ id }) => id === robot)?.name ?? robot;
    void this.mute(robot, `${name} talked without the floor`);
  }

  /** In the room; and it is told. Never rejects. */
  private async mute(robot: string, why: string): Promise<void> {
    if (!(await this.guard?.mute(robot))) return;
    this.deps.log("warn", `muted in the room: ${why}`);
    // What is wrong with Redis is told by the next look.
    await this.tell({ type: "muted", robot, why: cutText(why, 200) }).catch(() => undefined);
  }

  private async tell(body: EventBody): Promise<void> {
    const entry = [++this.seq, JSON.stringify(body)];
    const args = [this.caller.id, this.caller.channel, STREAM_MAX, ...entry];
    await this.connection.publish(this.caller.eventKeys, args);
  }

  /** The first failure is told, repeats are not. */
  private troubled(why: string): void {
    if (this.trouble === "") this.deps.log("warn", why);
    this.trouble = why;
  }
}
