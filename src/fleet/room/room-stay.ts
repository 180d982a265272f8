/**
 * Being in a LiveKit room, for a robot or a director. A connection that is lost is first resumed by the SDK; where that fails
 * the room is joined anew, for ever, with full jitter and a fresh token.
 */
import { reasonOf } from "../../host/reason.js";
import { withDeadline } from "../../resilience/deadline.js";
import { fullJitterMs } from "../../time/backoff.js";
import type { Chance } from "../../time/chance.js";
import type { Clock } from "../../time/clock.js";
import type { RoomLibrary, RtcParticipant, RtcRoom, TokenLibrary } from "./room-library.js";

/** Waits before a new try: full jitter. */
const REJOIN = { baseMs: 500, capMs: 10_000 };
const JOIN_MS_MAX = 10_000;
/** Who has it needs no new one while it stays; each join has a fresh one. */
const TOKEN_TTL = "10m";
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
  readonly credentials:
    { readonly key: string; readonly secret: string } | { readonly token: string };
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
    const { clock, chance, onState } = this.deps;
    const { signal } = this;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        this.library ??= await this.deps.load();
        await this.join(this.library);
        attempt = 0;
      } catch (error) {
        this.troubled(reasonOf(error));
      }
      if (signal.aborted) return;
      onState("away");
      const waitMs = fullJitterMs(attempt, REJOIN.baseMs, REJOIN.capMs, chance);
      // Ends sooner when it is closed, which is the only thing that ends it.
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** Resolves when the room is lost or this is closed. @throws Error when it cannot be joined */
  private async join(library: RoomLibrary): Promise<void> {
    const { url, clock, onState, log, room: name } = this.deps;
    const room = new library.rtc.Room();
    const lost = new Promise<void>((resolve) => room.on("disconnected", () => resolve()));
    room.on("reconnecting", () => onState("resuming"));
    room.on("reconnected", () => onState("there"));
    const stay = this.deps.enter(room, library);
    try {
      const token = await this.tokenOf(library.tokens);
      const options = { autoSubscribe: true, dynacast: false };
      await withDeadline(() => room.connect(url, token, options), {
        clock,
        operation: "joining the room",
        ms: JOIN_MS_MAX,
      });
      await stay.joined();
      this.room = room;
      this.trouble = "";
      onState("there");
      log("info", `in the room ${name}`);
      await Promise.race([lost, this.closed]);
    } finally {
      this.room = undefined;
      await stay.left();
      // It may be gone already; then there is nothing to leave.
      await room.disconnect().catch(() => undefined);
    }
  }

  private async tokenOf({ AccessToken }: TokenLibrary): Promise<string> {
    const { credentials, room, identity, name, grant } = this.deps;
    if ("token" in credentials) return credentials.token;
    const options = { identity, name: name(), ttl: TOKEN_TTL };
    const token = new AccessToken(credentials.key, credentials.secret, options);
    token.addGrant({ roomJoin: true, room, canSubscribe: true, ...grant });
    return token.toJwt();
  }
}
