/**
 * One page's connection to the state server: what it asks, what it is sent, and how much of both it may.
 */
import type { WebSocket } from "ws";
import { z } from "zod";
import type { Seat } from "../doors/seats.js";
import { TokenBucket } from "../time/token-bucket.js";
import { askRobot } from "../robot/ask.js";
import { isStopLine } from "../robot/stop-lines.js";
import type { Clock } from "../time/clock.js";
import { COMMAND_AGE_MS_MAX, FRAME_HEAD_BYTES } from "./live-limits.js";
import { type PageMessage, pageMessage, type ServerMessage } from "./live-protocol.js";
import { PictureLane } from "./pictures/picture-lane.js";
import { type Flow, FLOW_NAMES, flowsTo, type PageView } from "./views/page-views.js";
import type { Frame } from "../state/feeds.js";
import { textsThrough } from "../state/texts.js";
import type { WebServices } from "./services.js";
import { isTooLong } from "./socket-route.js";

/** Above this nothing that will be outdated soon is added to a page's socket. */
const BUFFERED_BYTES_SOFT = 128 * 1024;
/** Above this the page is cut; it comes back by itself and reads everything anew. */
const BUFFERED_BYTES_MAX = 2 * 1024 * 1024;
/** Commands of one page that wait for the robot; more are refused at once. */
const COMMANDS_OPEN_MAX = 8;
/** Commands of one page: 20 a second, 20 more in a burst. */
const COMMAND_RATE = { burst: 20, perMinute: 20 * 60 };
/** Messages that are not understood before the page is closed. */
const BAD_MESSAGES_MAX = 10;

export interface LiveDeps {
  readonly services: WebServices;
  readonly clock: Clock;
  readonly version: string;
  /** Path of the page's script as served now. */
  readonly script: string;
  readonly counters: LiveCounters;
  log(level: "info" | "warn" | "error", message: string): void;
}

export interface LiveCounters {
  pages(count: number): void;
  frameSent(ageMs: number): void;
  command(outcome: "ok" | "refused" | "failed"): void;
}

export class LiveSession {
  /** Undefined: a program, which is sent the whole state. */
  view: PageView | undefined;
  /** It has not been sent a change of its view: the next thing it is sent is all of it. */
  private isBehind = false;
  private wanted: ReadonlySet<Flow> = new Set<Flow>(["mind", "sample", "log"]);
  private readonly pictures: PictureLane;
  private commandsOpen = 0;
  private readonly commandRate = new TokenBucket(COMMAND_RATE);
  private badMessages = 0;
  private pingsOpen = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly seat: Seat,
    private readonly deps: LiveDeps & {
      /** All that a view shows of the state, as the message that greets a page there. */
      readonly entering: (view: PageView) => string;
      /** It wants something else than before. */
      onWanted(): void;
    },
  ) {
    this.pictures = new PictureLane({
      clock: deps.clock,
      // A program gets what the camera gave.
      smaller: (width) => (this.view === undefined ? undefined : deps.services.smaller?.(width)),
      isOpen: () => this.wanted.has("picture") && socket.readyState === socket.OPEN,
      send: (...picture) => this.sendPicture(...picture),
      ping: (payload) => socket.ping(payload),
    });
    socket.on("message", (data: Buffer, isBinary: boolean) => this.take(data, isBinary));
    socket.on("pong", (payload: Buffer) => {
      this.pingsOpen = 0;
      this.pictures.pong(payload);
    });
    // An error is always followed by close, which is where the session ends.
    socket.on("error", (error) => deps.log("info", `a page's socket broke: ${error.message}`));
  }

  get showsPictures(): boolean {
    return this.wanted.has("picture");
  }

  greet(hello: string): void {
    this.sendText(hello);
  }

  close(): void {
    this.socket.close(1001, "server stops");
  }

  ping(): void {
    if (this.pingsOpen >= 2) {
      this.socket.terminate();
      return;
    }
    this.pingsOpen++;
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping();
  }

  /** Sends what will be replaced soon, unless the page is behind. */
  sendSoon(text: string, flow?: Flow): void {
    if (flow !== undefined && !this.wanted.has(flow)) return;
    if (this.socket.bufferedAmount > BUFFERED_BYTES_SOFT) return;
    this.sendText(text);
  }

  /** Sends a change of the state of its view, or, when it has missed one, all of that. */
  sendChange(change: string | undefined, whole: () => string): void {
    if (this.socket.bufferedAmount > BUFFERED_BYTES_SOFT) {
      this.isBehind ||= change !== undefined;
      return;
    }
    if (this.isBehind) this.sendText(whole());
    else if (change !== undefined) this.sendText(change);
    this.isBehind = false;
  }

  offerFrame(frame: Frame): void {
    if (this.wanted.has("picture")) this.pictures.offer(frame);
  }

  private sendPicture(jpeg: Uint8Array, seq: number, ageMs: number): void {
    const message = Buffer.allocUnsafe(FRAME_HEAD_BYTES + jpeg.length);
    message.writeUInt32LE(seq >>> 0, 0);
    message.writeUInt32LE(Math.min(Math.round(ageMs), 0xffffffff), 4);
    message.set(jpeg, FRAME_HEAD_BYTES);
    this.socket.send(message);
    this.deps.counters.frameSent(ageMs);
  }

  private take(data: Buffer, isBinary: boolean): void {
    if (isTooLong(this.socket, data)) return;
    const message = isBinary ? undefined : parseMessage(data.toString("utf8"));
    if (message === undefined || message.kind === "bad") {
      this.refuseMessage(message);
      return;
    }
    this.seat.use();
    this.obey(message.value);
  }

  private refuseMessage(bad: BadMessage | undefined): void {
    const text = bad?.message ?? "Binary messages are not understood here.";
    const error = { code: "WEB_MESSAGE_INVALID", message: text };
    if (bad?.commandId === undefined) this.send({ type: "error", error });
    else this.send({ type: "failed", id: bad.commandId, error });
    if (++this.badMessages >= BAD_MESSAGES_MAX) this.socket.close(1008, "too many bad messages");
  }

  private obey(message: PageMessage): void {
    switch (message.type) {
      case "ack":
        this.pictures.ack(message.seq);
        return;
      case "view":
        this.view = message.view;
        this.isBehind = false;
        this.want(FLOW_NAMES.filter((flow) => flowsTo(message.view, flow)));
        this.sendText(this.deps.entering(message.view));
        if (this.wanted.has("log")) this.sendPast();
        return;
      case "wants": {
        const { frames, poses } = message;
        this.view = undefined;
        this.want([
          "mind",
          "sample",
          "log",
          ...(frames ? (["picture", "face"] as const) : []),
          ...(poses ? (["pose"] as const) : []),
        ]);
        return;
      }
      case "command":
        void this.command(message.id, message.line, message.seen);
    }
  }

  /** From now on it is sent these, and the newest of each at once. */
  private want(flows: readonly Flow[]): void {
    const before = this.wanted;
    this.wanted = new Set(flows);
    const isNew = (flow: Flow): boolean => this.wanted.has(flow) && !before.has(flow);
    const pose = isNew("pose") && this.deps.services.poses.latest();
    if (isNew("picture")) {
      this.pictures.begin();
      const newest = this.deps.services.frames.latest();
      if (newest) this.offerFrame(newest);
    }
    if (pose) this.send({ type: "pose", pose });
    this.deps.onWanted();
  }

  private sendPast(): void {
    const { history, logs } = this.deps.services;
    this.send({ type: "past", history: history.recent(), logs: logs.recent() });
  }

  private async command(id: number, line: string, seenMs: number): Promise<void> {
    const isStop = isStopLine(line);
    const refusal = isStop ? undefined : this.refusal(seenMs);
    if (refusal) {
      this.deps.counters.command("refused");
      this.send({ type: "failed", id, error: refusal });
      return;
    }
    // Whoever presses STOP wants silence as well.
    if (line === "IDLE") this.deps.services.mind?.stop();
    if (!isStop) this.commandsOpen++;
    const answer = await askRobot(this.deps.services, line, "owner");
    if (!isStop) this.commandsOpen--;
    if (answer.ok) {
      this.deps.counters.command("ok");
      const redact = (text: string): string => this.deps.services.redact(text);
      this.send({ type: "reply", id, reply: textsThrough(answer.reply, redact) });
      return;
    }
    this.deps.counters.command("failed");
    if (answer.bug !== undefined) this.deps.log("error", `command failed: ${String(answer.bug)}`);
    this.send({ type: "failed", id, error: { code: answer.code, message: answer.message } });
  }

  /** Refused before the robot hears of it: too old, too many at once, too many a second. */
  private refusal(seenMs: number): { code: string; message: string } | undefined {
    const nowMs = this.deps.clock.nowMs();
    if (!(nowMs - seenMs <= COMMAND_AGE_MS_MAX)) {
      return { code: "WEB_COMMAND_STALE", message: "The command came too late and was not done." };
    }
    if (this.commandsOpen >= COMMANDS_OPEN_MAX) {
      return { code: "WEB_COMMAND_BUSY", message: "Too many commands wait for the robot." };
    }
    if (this.commandRate.take(nowMs) > 0) {
      return { code: "WEB_COMMAND_RATE", message: "Too many commands a second." };
    }
    return undefined;
  }

  private send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  private sendText(text: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > BUFFERED_BYTES_MAX) {
      this.socket.terminate();
      return;
    }
    this.socket.send(text);
  }
}

interface BadMessage {
  readonly kind: "bad";
  readonly message: string;
  /** Set when the page waits for an answer to this. */
  readonly commandId?: number;
}

function parseMessage(text: string): { kind: "good"; value: PageMessage } | BadMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not ours to repair: the sender is told.
    return { kind: "bad", message: "The message is not JSON." };
  }
  const parsed = pageMessage.safeParse(json);
  if (parsed.success) return { kind: "good", value: parsed.data };
  const command = z.object({ type: z.literal("command"), id: z.number().int() }).safeParse(json);
  const message = parsed.error.issues[0]?.message ?? "The message is not understood.";
  return command.success
    ? { kind: "bad", message, commandId: command.data.id }
    : { kind: "bad", message };
}
