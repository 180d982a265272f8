/**
 * The page's one WebSocket to the companion: carries out what `live-client.ts` decides, tells the views
 * what came, and sends commands. What was known before a loss is kept for showing, marked as old, and is
 * replaced whole by the server's greeting.
 */
import { fill, t } from "../language/language.js";
import { FRAME_HEAD_BYTES, LIVE_VERSION } from "../../web/live-limits.js";
import type { PageMessage, ServerMessage } from "../../web/live-protocol.js";
import type { PageView } from "../../web/views/page-views.js";
import type { ConversationEvent } from "../../conversation/conversation-types.js";
import type { LogLine, Sample } from "../../state/feeds.js";
import type { Pose } from "../../robot/pose.js";
import { CHECK_MS, INITIAL, type Input, type Phase, SILENCE_MS_MAX, step } from "./live-client.js";
import { NOTHING_YET, type LiveView, type Picture, type TimedFace } from "./live-view.js";
import { type Outcome, PendingCommands } from "./pending-commands.js";
import { changed } from "./state-change.js";

const SAMPLES_MAX = 1200;
const LOGS_MAX = 200;
/** Bytes the browser has not sent yet; with more the line is stuck and a command would be late. */
const UNSENT_BYTES_MAX = 4096;

export class Connection {
  view: LiveView = NOTHING_YET;
  pose: Pose | undefined;
  face: TimedFace | undefined;
  /** `atMs` is the server's clock; `serverNowMs` maps it. */
  readonly samples: Sample[] = [];
  logs: readonly LogLine[] = [];

  /** Draws a picture; the next one is asked for when it resolves. */
  onPicture: (picture: Picture) => Promise<void> = () => Promise.resolve();

  private phase: Phase = INITIAL;
  private socket: WebSocket | undefined;
  private readonly pending = new PendingCommands();
  private readonly listeners = new Set<() => void>();
  private readonly poseListeners = new Set<(pose: Pose) => void>();
  private readonly mindListeners = new Set<(event: ConversationEvent) => void>();
  private newestT = 0;
  private newestTAtMs = 0;
  private tickedMs = performance.now();
  private hasWaited = false;
  private looksAt: PageView = "talk";
  private readonly arrivalListeners = new Set<(view: PageView) => void>();

  start(): void {
    setInterval(() => this.tick(), CHECK_MS);
    document.addEventListener("visibilitychange", () => {
      this.sendView();
      if (!document.hidden) this.feed("wake");
    });
    window.addEventListener("online", () => this.feed("wake"));
    this.feed("start");
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls back with each pose and, when one is known, at once. */
  onPose(listener: (pose: Pose) => void): () => void {
    this.poseListeners.add(listener);
    if (this.pose) listener(this.pose);
    return () => this.poseListeners.delete(listener);
  }

  /** Calls back with what the mind does. */
  onMind(listener: (event: ConversationEvent) => void): () => void {
    this.mindListeners.add(listener);
    return () => this.mindListeners.delete(listener);
  }

  /** The server's clock now, as well as this page knows it. */
  get serverNowMs(): number {
    return this.newestT + performance.now() - this.newestTAtMs;
  }

  /** Sends one robot command now or not at all; never later. */
  command(line: string): Promise<Outcome> {
    const why = this.refusal();
    if (why !== undefined) {
      return Promise.resolve({ kind: "failed", code: "WEB_NOT_SENT", message: why });
    }
    const { id, outcome } = this.pending.open(performance.now());
    this.send({ type: "command", id, line, seen: this.newestT });
    return outcome;
  }

  /**
   * A tick that comes late means that this page was held up, not the server: what arrived meanwhile waits
   * behind the tick, so it is heard first and the next tick decides.
   */
  private tick(): void {
    const nowMs = performance.now();
    const isLate = nowMs - this.tickedMs > 2 * CHECK_MS;
    this.tickedMs = nowMs;
    this.hasWaited = isLate && !this.hasWaited;
    if (!this.hasWaited) this.feed("tick");
  }

  private refusal(): string | undefined {
    if (this.phase.kind !== "open" || performance.now() - this.phase.heardMs > SILENCE_MS_MAX) {
      return t.commands.notConnected;
    }
    if (document.hidden) return t.commands.notSeen;
    if ((this.socket?.bufferedAmount ?? 0) > UNSENT_BYTES_MAX) return t.commands.stuck;
    return undefined;
  }

  private feed(input: Input): void {
    const before = this.phase.kind;
    const next = step(this.phase, input, performance.now(), Math.random());
    this.phase = next.phase;
    for (const effect of next.effects) {
      if (effect === "connect") this.connect();
      else this.drop();
    }
    if (input === "tick") this.pending.expire(performance.now());
    if (before === "open" && this.phase.kind !== "open") {
      this.pending.settleAll("WEB_LOST", t.commands.lost);
    }
    if (this.phase.kind !== before) this.show({});
  }

  private connect(): void {
    this.drop();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    let wasHeard = false;
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      wasHeard = true;
      this.feed("heard");
      if (typeof event.data === "string") this.take(JSON.parse(event.data) as ServerMessage);
      else void this.takePicture(event.data);
    };
    socket.onclose = () => {
      this.socket = undefined;
      this.feed("closed");
      if (!wasHeard) void this.askWhyRefused();
    };
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  /** A socket tells no reason: ask the door whether this browser is signed in. */
  private async askWhyRefused(): Promise<void> {
    try {
      const answer = await fetch("/healthz", { signal: AbortSignal.timeout(2000) });
      this.show({ needsSignIn: answer.status === 401 });
    } catch {
      // No answer at all is what the banner says already.
      this.show({ needsSignIn: false });
    }
  }

  private take(message: ServerMessage): void {
    if ("t" in message) {
      this.newestT = message.t;
      this.newestTAtMs = performance.now();
    }
    switch (message.type) {
      case "hello":
        this.greet(message);
        return;
      case "state":
        this.show({ state: message.state });
        return;
      case "change": {
        const { state } = this.view;
        if (state !== undefined) this.show({ state: changed(state, message) });
        const { view } = message;
        if (view !== undefined) for (const listener of this.arrivalListeners) listener(view);
        return;
      }
      case "past":
        this.samples.splice(0, this.samples.length, ...message.history);
        this.logs = message.logs;
        this.show({});
        return;
      case "pose":
        this.pose = message.pose;
        for (const listener of this.poseListeners) listener(message.pose);
        return;
      case "face":
        this.face = { ...message.face, takenMs: performance.now() - message.face.ageMs };
        return;
      case "sample":
        this.samples.push(message.sample);
        if (this.samples.length > SAMPLES_MAX) this.samples.shift();
        return;
      case "log":
        this.logs = [...this.logs.slice(-(LOGS_MAX - 1)), message.line];
        return;
      case "mind":
        for (const listener of this.mindListeners) listener(message.event);
        return;
      case "reply":
        this.pending.reply(message.id, message.reply);
        return;
      case "failed":
        this.pending.fail(message.id, message.error.code, message.error.message);
        return;
      case "error":
        console.error(`Buddy did not understand this page: ${message.error.message}`);
        return;
      case "beat":
        return;
    }
  }

  private greet(hello: Extract<ServerMessage, { type: "hello" }>): void {
    this.face = undefined;
    const own = new URL(import.meta.url).pathname;
    // `npm run dev` serves the sources themselves, which are of no build.
    const isBuilt = !own.endsWith(".ts") && hello.script !== "";
    const isOther = hello.live !== LIVE_VERSION || (isBuilt && hello.script !== own);
    this.show({
      state: hello.state,
      version: hello.version,
      needsSignIn: false,
      reload: isOther ? fill(t.app.older, { version: hello.version }) : undefined,
    });
    this.sendView();
  }

  private async takePicture(bytes: ArrayBuffer): Promise<void> {
    const head = new DataView(bytes);
    const seq = head.getUint32(0, true);
    const jpeg = new Blob([bytes.slice(FRAME_HEAD_BYTES)], { type: "image/jpeg" });
    try {
      await this.onPicture({ jpeg, ageMs: head.getUint32(4, true) });
    } finally {
      this.send({ type: "ack", seq });
    }
  }

  /** Asks for what a view shows, from now on. */
  look(view: PageView): void {
    if (this.looksAt === view) return;
    this.looksAt = view;
    this.sendView();
  }

  /** Calls back when the server sends what this view shows: what was missed before can be read now without a gap. */
  onArrival(listener: (view: PageView) => void): () => void {
    this.arrivalListeners.add(listener);
    return () => this.arrivalListeners.delete(listener);
  }

  private sendView(): void {
    this.send({ type: "view", view: document.hidden ? "hidden" : this.looksAt });
  }

  private send(message: PageMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private show(change: Partial<LiveView>): void {
    const isConnected = this.phase.kind === "open";
    this.view = {
      ...this.view,
      ...change,
      isConnected,
      isStarting: this.view.isStarting && !isConnected && this.phase.attempt < 2,
    };
    for (const listener of [...this.listeners]) listener();
  }
}
