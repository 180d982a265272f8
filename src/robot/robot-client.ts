/**
 * The companion's own connection to the robot: the forwarded WebSocket, opt-in path `/v2` (PROTOCOL §2.1). It owns
 * the socket and its recovery, sends commands with ids, and takes pose pushes. It never queues a
 * command for a robot that is away: an old command carried out late is worse than an error.
 */
import WebSocket from "ws";
import type { Chance } from "../time/chance.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { fullJitterMs } from "../time/backoff.js";
import { parsePose, type Pose } from "./pose.js";
import { Outgoing } from "./outgoing.js";
import { PendingReplies } from "./pending-replies.js";
import { RobotError } from "./robot-error.js";
import { isStopLine } from "./stop-lines.js";

/** Commands that may wait for an answer at once; the robot answers in order within tens of ms. */
const PENDING_MAX = 32;
/** Twice what the old host waits: by then the link has noticed a dead robot (1.3 s bound, PROTOCOL §1.5). */
const REPLY_MS_MAX = 1000;
const CONNECT_MS_MAX = 3000;
const RETRY_BASE_MS = 250;
/** The door is on the same machine: a short cap keeps "back within 2 s" true on this leg too. */
const RETRY_CAP_MS = 1000;
const LINE_BYTES_MAX = 2000;
const POSE_PERIOD_MS = 120;

export interface RobotClientEvents {
  onOpen(): void;
  /** The robot is out of reach; `reason` is for people. Every waiting command has been rejected. */
  onLost(reason: string): void;
  onPose(pose: Pose): void;
}

export class RobotClient {
  connects = 0;
  private socket: WebSocket | undefined;
  private isOpen = false;
  private isStopped = true;
  /** The robot has come within reach since the dial that is under way. */
  private isKicked = false;
  private attempt = 0;
  private cancelRetry: CancelTimer | undefined;
  private readonly pending: PendingReplies;
  private readonly outgoing = new Outgoing((text) => {
    if (this.isOpen) this.socket?.send(text);
  });

  /**
   * @param door `host:port` of the forwarded WebSocket; undefined while it is not open: then it is asked for again.
   * @param token what that door asks for, if it does.
   */
  constructor(
    private readonly door: () => string | undefined,
    private readonly events: RobotClientEvents,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly token?: string,
  ) {
    this.pending = new PendingReplies(clock, PENDING_MAX);
  }

  get isLinked(): boolean {
    return this.isOpen;
  }

  start(): void {
    this.isStopped = false;
    this.dial();
  }

  stop(): void {
    this.isStopped = true;
    this.cancelRetry?.();
    this.socket?.terminate();
    this.lose("the companion is stopping");
  }

  /** The robot has just come within reach: dials now, or as soon as a dial from before has failed, instead of at the next retry. */
  kick(): void {
    if (this.isStopped || this.isOpen) return;
    this.attempt = 0;
    if (this.socket !== undefined) {
      this.isKicked = true;
      return;
    }
    this.cancelRetry?.();
    this.dial();
  }

  /**
   * Sends one command line and returns the robot's reply, one line of JSON.
   * @throws RobotError: ROBOT_AWAY, ROBOT_BUSY, ROBOT_LINE, ROBOT_TIMEOUT or ROBOT_OUTCOME_UNKNOWN.
   */
  async command(line: string): Promise<string> {
    checkLine(line);
    if (!this.isOpen) throw new RobotError("ROBOT_AWAY", "the robot is not linked");
    const isUrgent = isStopLine(line);
    let id = 0;
    const send = (given: number): void => {
      id = given;
      this.outgoing.put(id, `${id} ${line}`, isUrgent);
    };
    try {
      return await this.pending.open(line, REPLY_MS_MAX, send, isUrgent);
    } finally {
      this.outgoing.end(id);
    }
  }

  private dial(): void {
    const door = this.door();
    if (door === undefined) return this.retry();
    this.isKicked = false;
    const socket = new WebSocket(`ws://${door}/v2`, {
      handshakeTimeout: CONNECT_MS_MAX,
      maxPayload: 16 * 1024,
      perMessageDeflate: false,
      ...(this.token !== undefined && { headers: { authorization: `Bearer ${this.token}` } }),
    });
    this.socket = socket;
    let why = "the connection closed";
    socket.on("open", () => {
      this.isOpen = true;
      this.attempt = 0;
      this.connects++;
      this.events.onOpen();
      this.command(`WATCH:${POSE_PERIOD_MS}`).catch(() => socket.terminate());
    });
    socket.on("message", (data, isBinary) => {
      if (!isBinary) this.take((data as Buffer).toString("utf8"));
    });
    socket.on("error", (error) => {
      why = error.message;
    });
    socket.on("close", (code) => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      this.lose(code === 1013 ? "the robot is away" : why);
      if (this.isStopped) return;
      if (this.isKicked) this.dial();
      else this.retry();
    });
  }

  private retry(): void {
    const waitMs = fullJitterMs(this.attempt++, RETRY_BASE_MS, RETRY_CAP_MS, this.chance);
    this.cancelRetry = this.clock.after(waitMs, () => this.dial());
  }

  private lose(reason: string): void {
    const wasOpen = this.isOpen;
    this.isOpen = false;
    this.pending.settleAll(reason);
    if (wasOpen) this.events.onLost(reason);
  }

  private take(text: string): void {
    if (text.startsWith("* POSE ")) {
      const pose = parsePose(text.slice(7));
      if (pose) this.events.onPose(pose);
      return;
    }
    const space = text.indexOf(" ");
    const id = Number(text.slice(0, space));
    if (space > 0 && Number.isInteger(id)) this.pending.settle(id, text.slice(space + 1));
    else this.pending.unclaimedCount++;
  }
}

function checkLine(line: string): void {
  const bytes = Buffer.byteLength(line);
  if (bytes === 0 || bytes > LINE_BYTES_MAX) {
    throw new RobotError(
      "ROBOT_LINE",
      `a command has 1..${LINE_BYTES_MAX} bytes, this has ${bytes}`,
    );
  }
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code < 32 || code === 127) {
      throw new RobotError(
        "ROBOT_LINE",
        `a command is one line of text; character ${i} is a control`,
      );
    }
  }
}
