/**
 * A page without a screen that stays open through a drill, and comes back by itself when the companion does: the state as it is pushed,
 * pictures, the head's poses, and a command that it asks again and again. It is the witness of every drill.
 */
import WebSocket from "ws";
import { z } from "zod";
import { buddyState, type BuddyState } from "../../state/buddy-state.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import { FRAME_HEAD_BYTES } from "../../web/live-limits.js";

const DIAL_AGAIN_MS = 100;
const WAIT_MS_MAX = 30_000;
/** QUERY changes nothing; a person who presses buttons is not faster. */
const COMMAND_PERIOD_MS = 300;
/** The companion's own limits are shorter: what has no answer by then has none. */
const ANSWER_MS_MAX = 5000;

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), t: z.number(), state: z.unknown() }),
  z.object({ type: z.literal("state"), t: z.number(), state: z.unknown() }),
  z.object({ type: z.literal("beat"), t: z.number() }),
  z.object({
    type: z.literal("pose"),
    pose: z.object({
      baseDeg: z.number(),
      nodDeg: z.number(),
      reflex: z.enum(["lost", "acquire", "track"]),
      faceSeq: z.number().optional(),
      faceAgeMs: z.number().optional(),
    }),
  }),
  z.object({ type: z.literal("reply"), id: z.number() }),
  z.object({ type: z.literal("failed"), id: z.number(), error: z.object({ code: z.string() }) }),
]);

/** Said of a command whose fate nobody knows; every other failure says that it was not done. */
const UNKNOWN_CODES = ["ROBOT_OUTCOME_UNKNOWN", "ROBOT_TIMEOUT"];

/** What became of the commands that it asked. */
export interface CommandCounts {
  asked: number;
  answered: number;
  /** Refused in words: not done, and the one who asked knows it. */
  refused: number;
}

export interface Sight {
  readonly atMs: number;
  readonly baseDeg: number;
  readonly nodDeg: number;
  readonly reflex: "lost" | "acquire" | "track";
  /** Of the face behind it; undefined when nobody is followed. */
  readonly faceSeq?: number | undefined;
  readonly faceAgeMs?: number | undefined;
}

/** Poses that are kept, to be told when a drill fails: a few seconds of them. */
const TRAIL_MAX = 60;

export class LivePage {
  /** As pushed last; kept when the page's line is cut. */
  state: BuddyState | undefined;
  /** Newest pose. */
  sight: Sight | undefined;
  /** When the newest face that the head was told of showed in a pose; undefined before the first. */
  lastFaceMs: number | undefined;
  /** Largest step between two poses at most 150 ms apart, degrees. */
  largestStepDeg = 0;
  pictures = 0;
  /** Longest time between two pictures, and their ages when they were sent. */
  pictureGapMs = 0;
  readonly pictureAgesMs: number[] = [];
  readonly commands: CommandCounts = { asked: 0, answered: 0, refused: 0 };
  private lastPictureMs: number | undefined;
  private lastSeq: number | undefined;
  private readonly poses: Sight[] = [];
  private seenT = 0;
  private commandId = 0;
  private readonly open = new Map<number, CancelTimer>();
  private socket: WebSocket | undefined;
  private isClosed = false;
  private cancelDial: CancelTimer = () => undefined;
  private readonly cancelAsk: CancelTimer;
  private readonly listeners = new Set<(what: "state" | "picture" | "answer") => void>();

  /** @param door the page's `host:port` now; asked at each dial. */
  constructor(
    private readonly door: () => string,
    private readonly clock: Clock,
  ) {
    this.dial();
    this.cancelAsk = clock.every(COMMAND_PERIOD_MS, () => this.ask());
  }

  on(listener: (what: "state" | "picture" | "answer") => void): void {
    this.listeners.add(listener);
  }

  /** Commands that were asked and are neither answered nor refused, for good or for now. */
  get unanswered(): number {
    const { asked, answered, refused } = this.commands;
    return asked - answered - refused;
  }

  /** Some may still be answered. */
  get isWaiting(): boolean {
    return this.open.size > 0;
  }

  /** Asks nothing more, so that what is open can be counted. */
  stopAsking(): void {
    this.cancelAsk();
  }

  /** Waits for something that it sees. @throws Error after 30 s */
  async until(what: string, isTrue: () => boolean): Promise<void> {
    await until(what, WAIT_MS_MAX, isTrue);
  }

  /** Begins the figures anew that are of a time and not of a moment. */
  forget(): void {
    this.largestStepDeg = 0;
    this.pictureGapMs = 0;
    this.pictureAgesMs.length = 0;
  }

  close(): void {
    this.isClosed = true;
    this.cancelAsk();
    this.cancelDial();
    for (const cancel of this.open.values()) cancel();
    this.socket?.terminate();
  }

  private dial(): void {
    if (this.isClosed) return;
    const socket = new WebSocket(`ws://${this.door()}/live`, { perMessageDeflate: false });
    this.socket = socket;
    socket.on("open", () =>
      socket.send(JSON.stringify({ type: "wants", frames: true, poses: true })),
    );
    socket.on("message", (data: Buffer, isBinary: boolean) =>
      isBinary ? this.takePicture(data) : this.take(data.toString("utf8")),
    );
    // It is followed by close; a companion that is away is what drills are about.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.cancelDial = this.clock.after(DIAL_AGAIN_MS, () => this.dial());
    });
  }

  private take(text: string): void {
    const parsed = messageSchema.safeParse(JSON.parse(text));
    // Log lines, samples and what the mind does: nothing that a drill looks at.
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.type) {
      case "pose":
        return this.takePose(message.pose);
      case "reply":
        return this.settle(message.id, "answered");
      case "failed":
        return UNKNOWN_CODES.includes(message.error.code)
          ? this.settle(message.id)
          : this.settle(message.id, "refused");
      case "beat":
        this.seenT = message.t;
        return;
      default:
        this.seenT = message.t;
        this.state = buddyState.parse(message.state);
        this.tell("state");
    }
  }

  /** The poses of the last `ms`, each with when it came before the newest, the age of its face then and the reflex. */
  trail(ms: number): string {
    const endMs = this.poses.at(-1)?.atMs ?? 0;
    return this.poses
      .filter(({ atMs }) => endMs - atMs <= ms)
      .map((pose) => `${Math.round(pose.atMs - endMs)} ${pose.reflex} ${pose.faceAgeMs ?? "-"}`)
      .join(", ");
  }

  private takePose(pose: Omit<Sight, "atMs">): void {
    const { baseDeg, nodDeg, reflex, faceSeq, faceAgeMs } = pose;
    const atMs = this.clock.nowMs();
    const before = this.sight;
    if (before && atMs - before.atMs <= 150) {
      const stepDeg = Math.hypot(baseDeg - before.baseDeg, nodDeg - before.nodDeg);
      this.largestStepDeg = Math.max(this.largestStepDeg, stepDeg);
    }
    if (faceSeq !== undefined && faceSeq !== this.lastSeq) {
      this.lastSeq = faceSeq;
      this.lastFaceMs = atMs;
    }
    this.sight = { atMs, baseDeg, nodDeg, reflex, faceSeq, faceAgeMs };
    this.poses.push(this.sight);
    if (this.poses.length > TRAIL_MAX) this.poses.shift();
  }

  private takePicture(data: Buffer): void {
    this.socket?.send(JSON.stringify({ type: "ack", seq: data.readUInt32LE(0) }));
    if (data.length <= FRAME_HEAD_BYTES) return;
    const nowMs = this.clock.nowMs();
    this.pictures++;
    this.pictureAgesMs.push(data.readUInt32LE(4));
    if (this.lastPictureMs !== undefined) {
      this.pictureGapMs = Math.max(this.pictureGapMs, nowMs - this.lastPictureMs);
    }
    this.lastPictureMs = nowMs;
    this.tell("picture");
  }

  private ask(): void {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN || this.seenT === 0) return;
    const id = ++this.commandId;
    this.commands.asked++;
    this.open.set(
      id,
      this.clock.after(ANSWER_MS_MAX, () => this.settle(id)),
    );
    socket.send(JSON.stringify({ type: "command", id, line: "QUERY", seen: this.seenT }));
  }

  private settle(id: number, as?: "answered" | "refused"): void {
    this.open.get(id)?.();
    if (!this.open.delete(id) || as === undefined) return;
    this.commands[as]++;
    if (as === "answered") this.tell("answer");
  }

  private tell(what: "state" | "picture" | "answer"): void {
    for (const listener of this.listeners) listener(what);
  }
}
