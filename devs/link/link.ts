/**
 * The firmware's link to its gateway, for ever: dial, serve one session, dial again (PROTOCOL §1.5). Runs as
 * the duty "link". The rest of the firmware meets it through `PortHandlers` and this file's `Link`.
 * Bytes are dealt with inside the socket's event, so a datagram reaches its handler in the wake-up that brought it.
 */
import * as ds from "@devicescript/core";
import { joinBytes } from "../../src/wire/bytes";
import { LinkCode, linkCodeName } from "../../src/wire/errors";
import { chance, nowMs } from "../runtime/clock";
import { hurry, noteFault, startDuty } from "../runtime/duty";
import { beatAfter, type Job } from "../runtime/scheduler";
import type { Slice } from "../runtime/slice";
import { deviceCrypto } from "./crypto";
import type { PortHandlers } from "./forward";
import type { Cable } from "./cable";
import { Probe } from "./probe";
import { RetryPlan } from "./retry";
import { CABLE, NETWORK, NOT_YET, RoadPlan } from "./road";
import { DeviceSession } from "./session";
import type { ForwardedPort, SessionHost } from "./session-types";
import { LinkSocket } from "./socket";
import type { LinkWay, SocketEvents } from "./way";

/** A connect that takes longer is given up (the runtime on ESP32 goes on with it, see socket.ts). */
const CONNECT_MS_MAX = 3000;
/** Who does not answer at the cable's end by then is not there: it has no connecting of its own. */
const CABLE_ANSWER_MS_MAX = 1000;
/** Period of heartbeat, silence and gate checks. */
const TICK_MS = 100;
/** Pause between slices of work. */
const SLICE_PAUSE_MS = 2;
/** Pause before the runtime's full write queue is tried again, and for how long. */
const FLUSH_PAUSE_MS = 20;
const STUCK_MS_MAX = 2000;
/** Sent in one go at most: what fits into a TCP segment. */
const CORKED_BYTES_MAX = 1400;
/** While nothing wakes the duty there is nothing for it to do: the job looks at the times. */
const IDLE_MS = 60_000;
/** How often a closed gate is looked at when nobody kicks. */
const GATE_CHECK_MS = 250;

export interface LinkTarget {
  host: string;
  port: number;
  /** 32 bytes. */
  psk: Buffer;
}

export interface LinkOptions {
  /** Where to dial; undefined: nowhere yet. */
  target?: LinkTarget;
  /** 8 bytes. */
  deviceId: Buffer;
  ports: ForwardedPort[];
  handlers: PortHandlers;
  /** What a slice may still do, shared with whoever else works in it. */
  slice: Slice;
  /** The second road; without one there is only the network. */
  cable?: Cable;
  /** False keeps the link from dialling and ends a session that is open by network, e.g. while there is no WiFi. */
  canDial?: () => boolean;
}

export class Link implements SessionHost, SocketEvents {
  /** Greatest generation it was served with. */
  generation = 0;
  /** Since boot. */
  dials = 0;
  /** Why the last session or dial ended; "" while one goes on. */
  lastEndWords = "";
  private readonly options: LinkOptions;
  private readonly plan = new RetryPlan();
  private target: LinkTarget | undefined;
  private readonly roads = new RoadPlan();
  private road = NETWORK;
  /** Looks whether the network is back while the cable is used. */
  private probe: Probe | undefined = undefined;
  private socket: LinkWay | undefined = undefined;
  private readonly session: DeviceSession;
  private duty: ds.Fiber | undefined = undefined;
  /** `run`; set by whoever starts it. */
  job: Job | undefined = undefined;
  private tickDueMs = 0;
  /** More is waiting than one slice allows. */
  private isWorking = false;
  private turn = 0;
  /** The runtime's write queue has been full since then; 0: it is not. */
  private fullAtMs = 0;
  /**
   * What one slice of work writes is sent in one go. The port has no TCP_NODELAY: a second small packet would wait for the
   * answer to the first, 40 ms with a peer that delays it.
   */
  private isCorked = false;
  private corked: Buffer | undefined = undefined;
  private isKicked = false;
  private dialledAtMs = 0;
  private lastEndCode: number = LinkCode.OK;

  constructor(options: LinkOptions) {
    this.options = options;
    this.target = options.target;
    this.session = new DeviceSession(deviceCrypto, options, this, options.handlers);
  }

  /** Dials at once and as if for the first time: the network or the address has just come. */
  kick(): void {
    this.isKicked = true;
    this.wakeDuty();
  }

  /** Changes the address or key; an open session with the old one ends. */
  setTarget(target: LinkTarget): void {
    this.target = target;
    this.session.close(LinkCode.LINK_CLOSING);
    this.kick();
  }

  /** Ends the session: the address it uses is gone. */
  hangUpLink(): void {
    if (this.road === NETWORK) this.session.lose(LinkCode.LINK_LOST);
  }

  /** Generation of the open session; 0 without one. */
  sessionGeneration(): number {
    return this.hasSession() ? this.session.generation : 0;
  }

  /** The open session is one over the cable. */
  isOnCable(): boolean {
    return this.road === CABLE && this.hasSession();
  }

  hasSession(): boolean {
    return this.session.state === "open";
  }

  /** Hands saved state to the gateway; false: not linked. */
  tellMirrorImage(data: Buffer): boolean {
    return this.session.sendMirror(data);
  }

  /** Bytes in the link's queues, both ways. */
  linkHeldBytes(): number {
    const { socket } = this;
    return this.session.heldBytes() + (socket ? socket.unsentHeldBytes() : 0);
  }

  /** Streams of the open session. */
  linkStreams(): number {
    return this.session.streamCount();
  }

  /** Body of the duty: never returns. */
  async serveForEver(): Promise<void> {
    this.duty = ds.Fiber.self();
    // A restart after an exception must not inherit a half-used connection.
    this.dropSession("restarted");
    for (;;) await this.dial(await this.waitToDial());
  }

  onOpen(): void {
    this.session.sayHello(nowMs());
  }

  onSocketData(chunk: Buffer): void {
    this.session.receive(chunk);
    if (this.isWorking) return;
    this.isWorking = this.workSlice();
    if (this.isWorking) hurry(this.job, 0);
  }

  onGone(why: string): void {
    if (this.lastEndWords === "") this.lastEndWords = why;
    this.session.lose(LinkCode.LINK_LOST);
  }

  writeFrame(frame: Buffer): boolean {
    if (!this.isCorked) return this.writeNow(frame);
    const { corked } = this;
    if (corked === undefined) this.corked = frame;
    else if (corked.length + frame.length <= CORKED_BYTES_MAX)
      this.corked = joinBytes(corked, frame);
    else {
      this.corked = frame;
      return this.writeNow(corked);
    }
    return true;
  }

  /** Sends what was written meanwhile, and from now on each frame at once. */
  private uncork(): boolean {
    const { corked } = this;
    this.isCorked = false;
    this.corked = undefined;
    return corked === undefined || this.writeNow(corked);
  }

  private writeNow(bytes: Buffer): boolean {
    const socket = this.socket;
    if (socket === undefined || !socket.writeBytes(bytes)) return false;
    if (this.road === NETWORK && socket.unsentHeldBytes() > 0)
      hurry(this.job, nowMs() + FLUSH_PAUSE_MS);
    return true;
  }

  noteLinkFault(where: string, thrown: unknown): void {
    noteFault(`link ${where}`, thrown);
  }

  onListening(_protocol: number, port: number, code: number): void {
    if (code !== LinkCode.OK) console.error(`port ${port} is not forwarded: ${linkCodeName(code)}`);
  }

  onEnd(code: number): void {
    this.lastEndCode = code;
    // The farewell may be among what was kept.
    this.uncork();
    if (this.socket !== undefined) this.socket.closeSocket();
    this.wakeDuty();
  }

  /** One slice of work; an exception in the link itself costs the session. True: more is waiting. */
  private workSlice(): boolean {
    const { session } = this;
    // What is not worked on keeps its credit, so a gateway that asks for more than the cable carries waits.
    if (this.isCableBusy()) return true;
    let isMore = false;
    this.isCorked = true;
    try {
      isMore = session.work(nowMs());
    } catch (thrown) {
      this.noteLinkFault("work", thrown);
      session.lose(LinkCode.LINK_CLOSING);
    }
    if (!this.uncork()) session.lose(LinkCode.LINK_LOST);
    return isMore;
  }

  private isCableBusy(): boolean {
    return this.road === CABLE && this.options.cable.isBusy();
  }

  private mayDialNow(): boolean {
    if (this.target === undefined) return false;
    return this.options.canDial === undefined || this.options.canDial();
  }

  private hasCable(): boolean {
    const { cable } = this.options;
    return this.target !== undefined && cable !== undefined && cable.isThere();
  }

  /** Returns the road to take. */
  private async waitToDial(): Promise<number> {
    let now = nowMs();
    const lastDialMs = now;
    let untilMs = now + this.plan.nextWaitMs(now, chance(), this.lastEndCode);
    let wasShut = false;
    for (;;) {
      const isShut = !this.mayDialNow();
      if (this.isKicked || (wasShut && !isShut)) {
        this.isKicked = false;
        this.plan.startOver(now);
        // Never faster than the first wait, or a flapping network would make a busy loop.
        untilMs = lastDialMs + this.plan.nextWaitMs(now, chance(), LinkCode.OK);
      }
      wasShut = isShut;
      const road = this.roads.next(now, !isShut && now >= untilMs, this.hasCable());
      if (road !== NOT_YET) return road;
      await ds.suspend(
        isShut ? GATE_CHECK_MS : Math.min(GATE_CHECK_MS, Math.max(1, untilMs - now)),
      );
      now = nowMs();
    }
  }

  /** Dials once and serves the session, if there is one, to its end. */
  private async dial(road: number): Promise<void> {
    const target = this.target;
    const startedMs = nowMs();
    const { session } = this;
    session.begin(target.psk, this.generation);
    this.dials++;
    this.lastEndWords = "";
    this.road = road;
    this.dialledAtMs = startedMs;
    if (road === CABLE) {
      const { cable } = this.options;
      this.socket = cable;
      cable.connectCable(this);
    } else {
      const socket = new LinkSocket(this);
      this.socket = socket;
      socket.connectTo(target.host, target.port);
    }
    while (session.state !== "ended") await ds.suspend(IDLE_MS);
    this.finishSession();
  }

  /** The link's job: what waits to be worked on, and the times of the session. Returns when it is due next. */
  run(now: number): number {
    if (now >= this.tickDueMs) {
      this.tickDueMs = beatAfter(now, TICK_MS);
      this.tick(now);
    }
    const { socket } = this;
    if (socket !== undefined && this.road === NETWORK && socket.unsentHeldBytes() > 0) {
      if (this.fullAtMs === 0) this.fullAtMs = now;
      if (!socket.flush() || now - this.fullAtMs >= STUCK_MS_MAX)
        this.session.lose(LinkCode.LINK_STUCK);
      return now + FLUSH_PAUSE_MS;
    }
    this.fullAtMs = 0;
    if (!this.isWorking) return this.tickDueMs;
    // Two times of three: what is handed on has to be dealt with, too.
    this.turn = (this.turn + 1) % 3;
    if (this.turn > 0) this.isWorking = this.workSlice();
    return now + (this.isCableBusy() ? FLUSH_PAUSE_MS : SLICE_PAUSE_MS);
  }

  /** Looks at the times of the session, every `TICK_MS`. */
  private tick(now: number): void {
    const { session } = this;
    if (session.state === "ended") return;
    if (this.road === CABLE) this.tickCable(now);
    else if (!this.mayDialNow()) session.close(LinkCode.LINK_LOST);
    if (session.state === "idle" && now - this.dialledAtMs > CONNECT_MS_MAX) {
      this.lastEndWords = "connect timeout";
      session.lose(LinkCode.LINK_LOST);
    }
    session.tick(now);
  }

  /** On the cable: is somebody there, and is the network back? */
  private tickCable(now: number): void {
    const { session } = this;
    if (session.state !== "open") {
      if (now - this.dialledAtMs > CABLE_ANSWER_MS_MAX) session.lose(LinkCode.LINK_SILENT);
      return;
    }
    const { roads } = this;
    let { probe } = this;
    if (!this.mayDialNow()) {
      this.endProbe();
      return roads.noteProbe(now, false);
    }
    if (probe === undefined) {
      if (now < roads.probeAtMs) return;
      probe = new Probe(this.target.host, this.target.port, now);
      this.probe = probe;
    }
    if (!probe.hasEnded(now)) return;
    roads.noteProbe(now, probe.isGood);
    this.endProbe();
    if (!roads.isSteady(now)) return;
    console.log("the network is steady again");
    this.isKicked = true;
    session.close(LinkCode.LINK_CLOSING);
  }

  private endProbe(): void {
    if (this.probe !== undefined) this.probe.endProbe();
    this.probe = undefined;
  }

  private finishSession(): void {
    const { session } = this;
    const now = nowMs();
    const wasOpen = session.generation > 0;
    this.endProbe();
    this.roads.noteEnd(now, this.road, wasOpen, session.endCode);
    if (wasOpen) this.generation = session.generation;
    this.plan.noteSessionEnd(now, wasOpen ? now - session.openedAtMs : 0, session.endCode);
    if (this.lastEndWords === "") this.lastEndWords = linkCodeName(session.endCode);
    if (wasOpen) console.log(`link lost: ${this.lastEndWords}`);
    this.socket = undefined;
  }

  private dropSession(why: string): void {
    if (this.socket === undefined) return;
    this.lastEndWords = why;
    this.session.lose(LinkCode.LINK_CLOSING);
    this.finishSession();
  }

  private wakeDuty(): void {
    try {
      if (this.duty !== undefined && this.duty.suspended) this.duty.resume(true);
    } catch (thrown) {
      // A fiber that is gone or already running needs no waking; the count shows if it happens often.
      this.noteLinkFault("wake", thrown);
    }
  }
}

/** Starts the link as a supervised duty; `run` is to be started as a job. */
export function startLink(options: LinkOptions): Link {
  const link = new Link(options);
  startDuty("link", async () => await link.serveForEver());
  return link;
}
