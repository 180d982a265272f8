/**
 * The robot's server on its forwarded TCP port (PROTOCOL §2): HTTP requests, WebSocket clients and their limits.
 * No fiber per client: bytes are looked at as they come, as far as one slice of the machine allows (131,072
 * steps and not one more); the rest waits in the client's backlog for `run`.
 */
import type { HealthView } from "../command/views.js";
import type { IntakeCounters } from "../intake/intake.js";
import type { Stream } from "../link/forward.js";
import { sliceBytes } from "../../src/wire/platform.js";
import { LinkCode } from "../../src/wire/errors.js";
import { WS_CLIENTS_MAX } from "../../src/wire/limits.js";
import { Client } from "./client.js";
import type { Dialogue } from "./dialogue.js";
import { parseHead } from "./http-head.js";
import type { HeadReader } from "./http-head.js";
import { refusal, switchingReply, textReply } from "./http-reply.js";
import {
  CLOSE_GOING_AWAY,
  CLOSE_POLICY,
  encodeClose,
  encodeFrame,
  OP_PING,
  OP_PONG,
} from "./ws-frames.js";
import type { WsMachine } from "./ws-machine.js";

export interface ServerDeps {
  /** Milliseconds since boot; constant within one slice on the device. */
  nowMs: () => number;
  dialogue: Dialogue;
  health: HealthView;
  counters: IntakeCounters;
  /** Reports an exception that cost one client its connection. */
  noteFault: (where: string, thrown: unknown) => void;
}

/** PROTOCOL §2: a request head must be complete so long after the connection. */
const HEAD_MS_MAX = 3000;
/**
 * Connections that have not asked for anything yet; one more and the oldest of them gets 503. With all WebSocket
 * clients there are still two of the link's 16 streams left.
 */
const WAITING_MAX = 8;
/** PROTOCOL §2: silence before a ping, and before the end. */
const PING_AFTER_MS = 15000;
const SILENCE_MS_MAX = 30000;
/** PROTOCOL §2: a frame or message must be complete so long after its first byte. */
const MESSAGE_MS_MAX = 10000;
/** PROTOCOL §2: bytes of one client that may wait for a slice (one message fits). */
const BACKLOG_BYTES_MAX = 3072;
/** PROTOCOL §2: bytes held for all clients together: waiting, request heads, incomplete messages (three fit). */
const HELD_BYTES_MAX = 6144;
/**
 * Work done in one slice, in steps. A quarter of what the machine allows, because the dearest single piece
 * (a handshake, ~35,000) is begun as long as anything is left, and the link needs its share.
 */
const SLICE_STEPS_MAX = 24000;
const FRAME_STEPS = 500;
const BYTE_STEPS = 12;
const SLOW_STEPS = 50;
const HEAD_STEPS = 35000;
/** `run` wants to be called again so soon: while bytes wait, and otherwise. */
const BUSY_WAIT_MS = 10;
const IDLE_WAIT_MS = 20;
const TICK_MS = 250;

const ENDPOINTS = "GET /health\nWebSocket on any path\nWebSocket with request ids on /v2";
const GREETING = '{"ok":true,"msg":"bridge_ready"}';

export class RobotServer {
  private readonly deps: ServerDeps;
  private clients: Client[] = [];
  private sliceAtMs = -1;
  private stepsLeft = SLICE_STEPS_MAX;
  private tickDueMs = 0;
  private turn = 0;

  constructor(deps: ServerDeps) {
    this.deps = deps;
  }

  /** Open WebSocket connections. */
  clientCount(): number {
    let count = 0;
    for (const client of this.clients) if (client.phase === "ws") count++;
    return count;
  }

  /** A client has connected to the forwarded port. */
  admitStream(stream: Stream): void {
    this.admitWaiting();
    const client = new Client(stream, this.deps.dialogue.currentSession(), this.deps.nowMs());
    this.clients.push(client);
    attach(this, client);
  }

  /**
   * Time-outs, pushes and bytes that wait. Call it again after the returned milliseconds. One fiber for all
   * clients; never throws.
   */
  runSlice(): number {
    const nowMs = this.deps.nowMs();
    this.startSlice(nowMs);
    const isBusy = this.drain();
    if (nowMs >= this.tickDueMs) {
      this.tickDueMs = nowMs + TICK_MS;
      for (const client of this.clients) this.tickClient(client, nowMs);
    }
    try {
      this.deps.dialogue.pushDue(this.clients, nowMs);
    } catch (thrown) {
      this.deps.noteFault("push", thrown);
    }
    return isBusy ? BUSY_WAIT_MS : IDLE_WAIT_MS;
  }

  private startSlice(nowMs: number): void {
    this.sliceAtMs = nowMs;
    this.stepsLeft = SLICE_STEPS_MAX;
  }

  /** Bytes of one client. For the stream's callback only. */
  takeBytes(client: Client, data: Buffer): void {
    const nowMs = this.deps.nowMs();
    if (nowMs !== this.sliceAtMs) this.startSlice(nowMs);
    client.heardAtMs = nowMs;
    client.pingedAtMs = -1;
    client.keepBytes(data);
    this.workClient(client);
    if (client.backlog.length > BACKLOG_BYTES_MAX)
      this.hangUpClient(client, CLOSE_POLICY, "too much at once");
    if (client.clientHeldBytes() > 0) this.relieve(nowMs);
  }

  /** While all together hold too much, the one goes that has been holding something for longest. */
  private relieve(nowMs: number): void {
    for (;;) {
      let sum = 0;
      let longest: Client | undefined = undefined;
      for (const client of this.clients) {
        const held = client.clientHeldBytes();
        sum += held;
        if (held === 0) continue;
        if (longest === undefined || client.heldSinceMs(nowMs) < longest.heldSinceMs(nowMs))
          longest = client;
      }
      if (sum <= HELD_BYTES_MAX || longest === undefined) return;
      this.hangUpClient(longest, CLOSE_POLICY, "too much at once");
    }
  }

  /** Gives every client with a backlog its turn; true if some are left with one. */
  private drain(): boolean {
    const clients = this.clients;
    this.turn++;
    for (let i = 0; i < clients.length; i++) {
      const client = clients[(this.turn + i) % clients.length] as Client;
      if (client.backlog.length > 0) this.workClient(client);
    }
    for (const client of this.clients) if (client.backlog.length > 0) return true;
    return false;
  }

  /** Looks at a client's bytes while the slice lasts. An exception costs this client, nobody else. */
  private workClient(client: Client): void {
    try {
      if (client.head !== undefined && this.stepsLeft > 0) this.takeHead(client, client.head);
      if (client.ws !== undefined) this.takeFrames(client, client.ws);
    } catch (thrown) {
      this.deps.noteFault("client", thrown);
      this.endClient(client, LinkCode.STREAM_RESET);
    }
  }

  private takeHead(client: Client, head: HeadReader): void {
    const data = client.takeBacklog();
    if (data.length === 0) return;
    this.stepsLeft -= FRAME_STEPS + data.length;
    const used = head.takeHeadBytes(data);
    if (head.failure() !== 0) return this.refuseClient(client, head.failure());
    if (used < 0) return;
    this.stepsLeft -= HEAD_STEPS;
    const request = parseHead(head.headText());
    if (request.kind === "bad") return this.refuseClient(client, request.status);
    if (request.kind === "http") return this.answer(client, request.method, request.path);
    if (this.clientCount() >= WS_CLIENTS_MAX) return this.refuseClient(client, 503);
    client.becomeWebSocket(request.path === "/v2");
    client.sendBytes(switchingReply(request.key));
    if (!client.isV2) this.deps.dialogue.sayTo(client, GREETING);
    client.keepBytes(sliceBytes(data, used, data.length));
  }

  private answer(client: Client, method: string, path: string): void {
    const isHead = method === "HEAD";
    if (method !== "GET" && !isHead) return this.refuseClient(client, 405);
    const isKnown = path === "/health";
    const body = isKnown ? this.healthText() : ENDPOINTS;
    client.sendBytes(textReply(isKnown ? 200 : 404, body, !isHead));
    this.endClient(client, LinkCode.STREAM_CLOSED);
  }

  private refuseClient(client: Client, status: number): void {
    client.sendBytes(refusal(status));
    this.endClient(client, LinkCode.STREAM_CLOSED);
  }

  /** Nine lines, `buddy-protocol` §3, and the robot's own. */
  private healthText(): string {
    const health = this.deps.health;
    const { dialogue, counters } = this.deps;
    const machine = `OK\nheap:${health.heapFreeBytes()}\npsram:0\nwifi:${health.isWifiUp() ? 1 : 0}\n`;
    const traffic = `udp:${counters.received}\nws_in:${dialogue.heard}\nws_out:${dialogue.said}\n`;
    const own = `frames:0\nuptime:${health.uptimeS()}` + health.moreHealth();
    const refused = `\nudp_invalid:${counters.invalid}\nudp_dropped:${counters.stale + counters.dropped}`;
    return machine + traffic + own + refused;
  }

  private takeFrames(client: Client, ws: WsMachine): void {
    if (client.backlog.length === 0) return;
    const data = client.takeBacklog();
    let at = 0;
    while (at < data.length && this.stepsLeft > 0 && client.phase === "ws") {
      const next = ws.takeFrameBytes(data, at);
      this.stepsLeft -= FRAME_STEPS + BYTE_STEPS * (next - at) + SLOW_STEPS * ws.slowBytes;
      at = next;
      if (ws.event !== "none") this.takeEvent(client, ws);
    }
    if (client.phase !== "ws") return;
    if (at < data.length) client.keepBytes(sliceBytes(data, at, data.length));
    if (!ws.isPartial()) client.partialSinceMs = -1;
    else if (client.partialSinceMs < 0) client.partialSinceMs = this.deps.nowMs();
  }

  private takeEvent(client: Client, ws: WsMachine): void {
    client.partialSinceMs = -1;
    if (ws.event === "text") this.stepsLeft -= this.deps.dialogue.hear(client, ws.text);
    else if (ws.event === "ping") client.sendBytes(encodeFrame(OP_PONG, ws.payload));
    else this.hangUpClient(client, ws.closeCode, ws.event === "failed" ? ws.reason : "");
  }

  private tickClient(client: Client, nowMs: number): void {
    if (client.phase === "head") {
      if (nowMs - client.openedAtMs >= HEAD_MS_MAX) this.refuseClient(client, 408);
      return;
    }
    const silentMs = nowMs - client.heardAtMs;
    if (silentMs >= SILENCE_MS_MAX) return this.hangUpClient(client, CLOSE_GOING_AWAY, "silent");
    if (client.partialSinceMs >= 0 && nowMs - client.partialSinceMs >= MESSAGE_MS_MAX)
      return this.hangUpClient(client, CLOSE_POLICY, "message too slow");
    if (silentMs < PING_AFTER_MS || client.pingedAtMs >= 0) return;
    client.pingedAtMs = nowMs;
    client.sendBytes(encodeFrame(OP_PING, Buffer.alloc(0)));
  }

  /** Makes room for one more connection that has not asked yet. */
  private admitWaiting(): void {
    let oldest: Client | undefined = undefined;
    let count = 0;
    for (const client of this.clients) {
      if (client.phase !== "head") continue;
      count++;
      if (oldest === undefined) oldest = client;
    }
    if (count >= WAITING_MAX && oldest !== undefined) this.refuseClient(oldest, 503);
  }

  /** Sends a close frame (before the upgrade: 503) and ends the connection. */
  private hangUpClient(client: Client, code: number, reason: string): void {
    if (client.phase === "gone") return;
    client.sendBytes(client.phase === "ws" ? encodeClose(code, reason) : refusal(503));
    this.endClient(client, LinkCode.STREAM_CLOSED);
  }

  private endClient(client: Client, code: number): void {
    if (client.phase === "gone") return;
    this.forget(client);
    client.stream.close(code);
  }

  /** A client is gone. For the stream's callback and the server itself. */
  forget(client: Client): void {
    client.release();
    const kept: Client[] = [];
    for (const other of this.clients) if (other !== client) kept.push(other);
    this.clients = kept;
  }
}

/** Closures of their own: the device's compiler has no `this` in arrow functions. */
function attach(server: RobotServer, client: Client): void {
  client.stream.onData = (data) => server.takeBytes(client, data);
  client.stream.onClose = () => server.forget(client);
}
