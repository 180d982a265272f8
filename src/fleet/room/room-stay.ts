/**
 * Being in a LiveKit room, for a robot or a director. A connection that is lost is first resumed by the SDK, where the server
 * answers; else, and where that fails, the room is joined anew, for ever, with full jitter and a fresh token.
 */
import { reasonOf } from "../../host/reason.js";
import { withDeadline } from "../../resilience/deadline.js";
import { fullJitterMs } from "../../time/backoff.js";
import type { Chance } from "../../time/chance.js";
import type { Clock } from "../../time/clock.js";
import type { RoomLibrary, RtcParticipant, RtcRoom, TokenLibrary } from "./room-library.js";
import { roomToken, type RoomKey } from "./room-token.js";

/** Waits before a new try: full jitter. */
const REJOIN = { baseMs: 500, capMs: 10_000 };
/**
 * With the voice put there: the SDK waits without an end where the server is lost meanwhile. It is its own limits several times
 * over: a machine that is too busy to join is only made busier by who begins anew, so the SDK is left to end first, for as long again.
 */
const JOIN_MS_MAX = 30_000;
/** Of an SDK that has nobody to take leave of. */
const LEAVE_MS_MAX = 2000;
/** A server that did not answer is looked at again after a random share of this, and its answer waited for so long. */
const LOOK_MS_MAX = 500;
const SERVES_MS_MAX = 1000;
/**
 * The SDK tries to resume at once, and every 5 s. Without a server that is too late, and to leave while it has begun to join anew
 * by itself can end in a panic of it, after which it answers no more (`@livekit/rtc-node` 1.1.0).
 */
const RESUME_MS_MAX = 2000;
/** Begins the identity of every robot. */
const ROBOT = "robot-";

/** The room of a stage. */
export function roomName(stage: string): string {
  return `buddy-${stage}`;
}

export function identityOf(robot: string): string {
  return `${ROBOT}${robot}`;
}

/** The id of a robot, or undefined for a person. */
export function robotOf({ identity }: Pick<RtcParticipant, "identity">): string | undefined {
  return identity.startsWith(ROBOT) ? identity.slice(ROBOT.length) : undefined;
}

export interface RoomOptions {
  /** wss://…, or ws:// on this machine. */
  readonly url: string;
  readonly room: string;
  readonly credentials: RoomKey | { readonly token: string };
}

export type RoomState = "joining" | "there" | "resuming" | "away";

export interface RoomStayDeps extends RoomOptions {
  readonly identity: string;
  name(): string;
  /** What it may do there, beside joining and listening. */
  readonly grant: object;
  readonly clock: Clock;
  readonly chance: Chance;
  load(): Promise<RoomLibrary>;
  /** Whether the server answers at all; undefined: asked by HTTP at its address. */
  serves?(): Promise<boolean>;
  /** Puts its listeners on a room that is about to be joined. @returns what ends that, whether it was joined or not */
  enter(room: RtcRoom, library: RoomLibrary): { joined(): Promise<void>; left(): Promise<void> };
  log(level: "info" | "warn", message: string): void;
  onState(state: RoomState): void;
}

export class RoomStay {
  /** The room while it is there. */
  room: RtcRoom | undefined;
  private readonly closing = new AbortController();
  private library: RoomLibrary | undefined;
  private trouble = "";
  private ended: Promise<void> = Promise.resolve();
  /** The SDK has joined, or has given up, or has had its time. */
  private joined: Promise<unknown> = Promise.resolve();
  private readonly closed = new Promise<void>((resolve) => {
    this.signal.addEventListener("abort", () => resolve());
  });

  constructor(private readonly deps: RoomStayDeps) {}

  start(): void {
    this.ended = this.stay();
  }

  /** Aborts when this is closed. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  /** What else of the process is in a room uses the same library. */
  async leave(): Promise<void> {
    this.closing.abort();
    await this.ended;
  }

  /** Nothing of this process is in a room any more. */
  async close(): Promise<void> {
    await this.leave();
    // Else it keeps the process.
    await this.library?.rtc.dispose();
  }

  /** The first failure is told, repeats are not. */
  troubled(why: string): void {
    if (this.trouble === "")
      this.deps.log("warn", `FLEET_ROOM: ${why}; it is tried again by itself`);
    this.trouble = why;
  }

  /** Joins, stays, and joins again, until it is closed. */
  private async stay(): Promise<void> {
    const { chance, onState } = this.deps;
    const { signal } = this;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        this.library ??= await this.deps.load();
        await this.joined;
        await this.join(this.library);
        attempt = 0;
      } catch (error) {
        if (!signal.aborted) this.troubled(reasonOf(error));
      }
      if (signal.aborted) return;
      onState("away");
      const waitMs = fullJitterMs(attempt, REJOIN.baseMs, REJOIN.capMs, chance);
      // Who waits 10 s for a server that is back is away for nothing. One that answers and lets nobody in is tried no sooner.
      if (await this.serves()) await this.sleep(waitMs);
      else await this.untilServing(waitMs);
    }
  }

  /** Ends sooner when this is closed. */
  private async sleep(ms: number): Promise<void> {
    await this.deps.clock.sleep(ms, this.signal).catch(() => undefined);
  }

  /** @param limitMs the wait ends then anyway */
  private async untilServing(limitMs: number): Promise<void> {
    const { clock, chance } = this.deps;
    const endMs = clock.nowMs() + limitMs;
    while (!this.signal.aborted && clock.nowMs() < endMs) {
      await this.sleep(Math.min(endMs - clock.nowMs(), 1 + chance.next() * LOOK_MS_MAX));
      if (await this.serves()) return;
    }
  }

  private async serves(): Promise<boolean> {
    const { serves, url } = this.deps;
    if (serves !== undefined) return serves();
    try {
      const { body } = await fetch(url.replace(/^ws/, "http"), {
        signal: AbortSignal.timeout(SERVES_MS_MAX),
      });
      await body?.cancel();
      return true;
    } catch {
      // Whatever is wrong: it does not answer.
      return false;
    }
  }

  /** Resolves when the room is lost or this is closed. @throws Error when it cannot be joined */
  private async join(library: RoomLibrary): Promise<void> {
    const { url, clock, onState, log, room: name } = this.deps;
    const room = new library.rtc.Room();
    let state: RoomState = "joining";
    // A room that is being left may still tell of its return.
    let isLeft = false;
    const change = (to: RoomState): void => {
      if (!isLeft) onState((state = to));
    };
    const lost = new Promise<void>((resolve) => {
      room.on("disconnected", () => resolve());
      room.on("reconnecting", () => {
        if (state === "resuming") return;
        change("resuming");
        void this.serves()
          .then((isServing) => (isServing ? this.sleep(RESUME_MS_MAX) : undefined))
          .then(() => {
            if (state === "resuming") resolve();
          });
      });
    });
    room.on("reconnected", () => change("there"));
    const stay = this.deps.enter(room, library);
    const connect = async (): Promise<void> => {
      const token = await this.tokenOf(library.tokens);
      const joining = room.connect(url, token, { autoSubscribe: true, dynacast: false });
      const isOver = joining.catch(() => undefined);
      this.joined = Promise.race([isOver, this.sleep(2 * JOIN_MS_MAX)]);
      await joining;
      // Nobody waits for it any more: it is not to be there twice.
      if (isLeft) return this.disconnect(room);
      await stay.joined();
    };
    try {
      const operation = "joining the room";
      await withDeadline(connect, { clock, operation, ms: JOIN_MS_MAX }, this.signal);
      this.room = room;
      this.trouble = "";
      change("there");
      log("info", `in the room ${name}`);
      await Promise.race([lost, this.closed]);
    } finally {
      isLeft = true;
      state = "away";
      this.room = undefined;
      await stay.left();
      await this.disconnect(room);
    }
  }

  /** Never rejects. */
  private async disconnect(room: RtcRoom): Promise<void> {
    const options = { clock: this.deps.clock, operation: "leaving the room", ms: LEAVE_MS_MAX };
    // It may be gone already, or its server; then there is nothing to leave.
    await withDeadline(() => room.disconnect(), options).catch(() => undefined);
  }

  private async tokenOf(library: TokenLibrary): Promise<string> {
    const { credentials, room, identity, name, grant } = this.deps;
    if ("token" in credentials) return credentials.token;
    return roomToken(library, credentials, { room, identity, name: name(), grant });
  }
}
