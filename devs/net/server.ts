/**
 * The robot's server on its forwarded TCP port (PROTOCOL §2): HTTP requests, WebSocket clients and their limits.
 * No fiber per client: bytes are looked at as they come, as far as the slice allows (`runtime/slice.ts`); the rest waits
 * in the client's backlog for `run`.
 */
import type { HealthView } from "../command/views.js";
import type { IntakeCounters } from "../intake/intake.js";
import type { Stream } from "../link/forward.js";
import { NO_CLIENTS, NO_PUSHES } from "../runtime/load.js";
import type { Load } from "../runtime/load.js";
import { beatAfter } from "../runtime/scheduler.js";
import type { Slice } from "../runtime/slice.js";
import { LinkCode } from "../../src/wire/errors.js";
import { WS_CLIENTS_MAX } from "../../src/wire/limits.js";
import { Client } from "./client.js";
import type { Dialogue } from "./dialogue.js";
import { parseHead } from "./http-head.js";
import type { HeadReader } from "../../src/wire/head-reader.js";
import { acceptHash, refusal, switchingReply, textReply } from "./http-reply.js";
import { SHA1_STEPS } from "./sha1.js";
import type { Sha1 } from "./sha1.js";
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
  slice: Slice;
  /** What is given up when the program is late. */
  load: Load;
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
/**
 * PROTOCOL §2: bytes held for all clients together: waiting, request heads, incomplete messages (two of the largest fit, with the
 * link's largest chunk). With the credit it is 9 KB; much more must be free, since the heap is never tidied.
 */
const HELD_BYTES_MAX = 5120;
/** PROTOCOL §2: a seventh client takes the place of the one that has said nothing for longest, if for so long. */
const IDLE_MS = 10_000;
/** What things cost of a slice, in steps, measured: a client that comes, a frame, its bytes (`ws-machine.ts`), a request with its answer. */
const FRAME_STEPS = 500;
const COMING_STEPS = 400;
const BYTE_STEPS = 10;
const SLOW_STEPS = 50;
const HEAD_STEPS = 4500;
const ACCEPT_STEPS = 2000;
const DISMISS_STEPS = 1500;
/** `run` wants to be called again so soon while bytes wait; otherwise when a client's times are to be looked at. */
const BUSY_WAIT_MS = 2;
const TICK_MS = 200;

const ENDPOINTS = "GET /health\nWebSocket on any path\nWebSocket with request ids on /v2";
const GREETING = '{"ok":true,"msg":"bridge_ready"}';

export class RobotServer {
  /** Set by the owner: `run` has something to do before it said it would. */
  onWork: () => void = noWork;
  private readonly deps: ServerDeps;
  private clients: Client[] = [];
  private tickDueMs = 0;
  private turn = 0;
  /** A client has bytes or a hash that wait for a slice, or there is too much of them. */
  private isBusy = false;
  /** By all clients together, at most: exact after each `drain`. */
  private heldBytes = 0;

  constructor(deps: ServerDeps) {
    this.deps = deps;
  }

  /** Open WebSocket connections, those whose answer is being computed among them. */
  clientCount(): number {
    let count = 0;
    for (const client of this.clients)
      if (client.phase === "ws" || client.phase === "hash") count++;
    return count;
  }

  /** A client has connected to the forwarded port. */
  admit(stream: Stream): void {
    const nowMs = this.deps.nowMs();
    this.deps.slice.spend(nowMs, COMING_STEPS);
    this.makeRoom();
    const client = new Client(stream, this.deps.dialogue.currentSession(), nowMs);
    this.clients.push(client);
    attach(this, client);
    this.onWork();
  }

  /**
   * Time-outs, pushes and bytes that wait. Call it again after the returned milliseconds. One job for all
   * clients; never throws.
   */
  run(): number {
    const { nowMs, load, dialogue, slice, noteFault } = this.deps;
    const now = nowMs();
    if (this.isBusy && slice.hasSteps(now)) this.isBusy = this.drain(now);
    if (now >= this.tickDueMs) {
      this.tickDueMs = beatAfter(now, TICK_MS);
      for (const client of this.clients) this.tick(client, now);
    }
    let waitMs = this.clients.length > 0 ? this.tickDueMs - now : 4 * TICK_MS;
    try {
      const pushMs = dialogue.tell(this.clients, now, load.level >= NO_PUSHES);
      if (pushMs < waitMs) waitMs = pushMs;
    } catch (thrown) {
      noteFault("push", thrown);
    }
    return this.isBusy ? BUSY_WAIT_MS : waitMs;
  }

  /** The head may be elsewhere: tells those who watch it. Never throws. */
  tellPose(nowMs: number): void {
    const { dialogue, load, noteFault } = this.deps;
    if (nowMs < dialogue.watchDueMs || load.level >= NO_PUSHES) return;
    try {
      dialogue.pushPose(this.clients, nowMs);
    } catch (thrown) {
      noteFault("pose", thrown);
    }
  }

  /** Bytes of one client. For the stream's callback only. */
  take(client: Client, data: Buffer): void {
    const nowMs = this.deps.nowMs();
    client.heardAtMs = nowMs;
    client.pingedAtMs = -1;
    client.keepBytes(data, nowMs);
    // While others wait it does, too: the link goes on with what it has, and each client has its turn.
    if (!this.isBusy) this.work(client, nowMs);
    const held = client.heldBytes();
    if (client.hash === undefined && held === 0) return;
    this.heldBytes += held;
    this.isBusy = true;
    this.onWork();
  }

  /** All together hold so much that no more is to be sent for now. */
  isFull(): boolean {
    return this.heldBytes > HELD_BYTES_MAX;
  }

  /**
   * Gives the clients with something to do their turns: whoever has least waiting first, since a STOP is not to wait for the
   * questions of six, but each eighth time one after the other. While all together hold too much, the one goes that has been
   * holding something for longest; one in a slice. True if some are left with something to do.
   */
  private drain(nowMs: number): boolean {
    let sum = 0;
    let longest: Client | undefined = undefined;
    let least: Client | undefined = undefined;
    let leastBytes = HELD_BYTES_MAX;
    for (const client of this.clients) {
      const held = client.heldBytes();
      sum += held;
      if (held === 0) continue;
      if (longest === undefined || client.heldSinceMs < longest.heldSinceMs) longest = client;
      if (client.backlog.length === 0 || held > leastBytes) continue;
      least = client;
      leastBytes = held;
    }
    this.heldBytes = sum;
    let isLeft = this.isFull();
    if (isLeft && longest !== undefined) this.hangUp(longest, CLOSE_POLICY, "too much at once");
    if (++this.turn % 8 !== 0 && least !== undefined) this.work(least, nowMs);
    const { clients } = this;
    for (let i = 0; i < clients.length; i++) {
      const client = clients[((this.turn >> 3) + i) % clients.length] as Client;
      if (!hasWork(client)) continue;
      this.work(client, nowMs);
      if (hasWork(client)) isLeft = true;
    }
    return isLeft;
  }

  /** Looks at a client's bytes while the slice lasts. An exception costs this client, nobody else. */
  private work(client: Client, nowMs: number): void {
    const { slice } = this.deps;
    try {
      if (client.head !== undefined && slice.hasSteps(nowMs))
        this.takeHead(client, client.head, nowMs);
      if (client.hash !== undefined) this.takeHash(client, client.hash, nowMs);
      if (client.ws !== undefined) this.takeFrames(client, client.ws, nowMs);
    } catch (thrown) {
      this.deps.noteFault("client", thrown);
      this.end(client, LinkCode.STREAM_RESET);
    }
  }

  private takeHead(client: Client, head: HeadReader, nowMs: number): void {
    const data = client.backlog[0] as Buffer;
    const { slice, load } = this.deps;
    slice.spend(nowMs, FRAME_STEPS + data.length);
    const used = head.take(data);
    const failure = head.failure();
    if (failure !== 0) return this.refuse(client, failure);
    client.passBytes(used < 0 ? data.length : used);
    if (used < 0) return;
    slice.spend(nowMs, HEAD_STEPS);
    const request = parseHead(head.text());
    if (request.kind === "bad") return this.refuse(client, request.status);
    if (request.kind === "http") return this.answer(client, request.method, request.path);
    if (load.level >= NO_CLIENTS || !this.hasPlace(nowMs)) return this.refuse(client, 503);
    client.startUpgrade(acceptHash(request.key), request.path === "/v2");
  }

  /** Room for one more WebSocket: a free place, or that of the client which has said nothing for longest. */
  private hasPlace(nowMs: number): boolean {
    if (this.clientCount() < WS_CLIENTS_MAX) return true;
    let quietest: Client | undefined = undefined;
    for (const client of this.clients) {
      if (client.phase !== "ws" || nowMs - client.saidAtMs < IDLE_MS) continue;
      if (quietest === undefined || client.saidAtMs < quietest.saidAtMs) quietest = client;
    }
    if (quietest === undefined) return false;
    this.hangUp(quietest, CLOSE_GOING_AWAY, "idle");
    return true;
  }

  /** The answer to an upgrade, as far as the slice lasts. */
  private takeHash(client: Client, hash: Sha1, nowMs: number): void {
    const { slice, dialogue } = this.deps;
    while (slice.hasSteps(nowMs)) {
      slice.spend(nowMs, SHA1_STEPS);
      if (!hash.step()) continue;
      slice.spend(nowMs, ACCEPT_STEPS);
      client.becomeWebSocket();
      client.saidAtMs = nowMs;
      client.sendBytes(switchingReply(hash));
      if (!client.isV2) dialogue.sayTo(client, GREETING);
      return;
    }
  }

  private answer(client: Client, method: string, path: string): void {
    const isHead = method === "HEAD";
    if (method !== "GET" && !isHead) return this.refuse(client, 405);
    const isKnown = path === "/health";
    const body = isKnown ? this.healthText() : ENDPOINTS;
    this.dismiss(client, textReply(isKnown ? 200 : 404, body, !isHead));
  }

  private refuse(client: Client, status: number): void {
    this.dismiss(client, refusal(status));
  }

  /** The old robot's nine lines, which its host reads by position, and our own (PROTOCOL §2). */
  private healthText(): string {
    const health = this.deps.health;
    const { dialogue, counters } = this.deps;
    const machine = `OK\nheap:${health.heapFreeBytes()}\npsram:0\nwifi:${health.isWifiUp() ? 1 : 0}\n`;
    const traffic = `udp:${counters.received}\nws_in:${dialogue.heard}\nws_out:${dialogue.said}\n`;
    const own = `frames:0\nuptime:${health.uptimeS()}` + health.moreHealth();
    const refused = `\nudp_invalid:${counters.invalid}\nudp_dropped:${counters.stale + counters.dropped}`;
    return machine + traffic + own + refused;
  }

  private takeFrames(client: Client, ws: WsMachine, nowMs: number): void {
    const { slice } = this.deps;
    while (client.backlog.length > 0 && slice.hasSteps(nowMs)) {
      const at = client.backlogAt;
      const next = ws.take(client.backlog[0] as Buffer, at);
      slice.spend(nowMs, FRAME_STEPS + BYTE_STEPS * (next - at) + SLOW_STEPS * ws.slowBytes);
      client.passBytes(next);
      if (ws.event !== "none") this.takeEvent(client, ws, nowMs);
    }
    if (client.phase !== "ws") return;
    if (!ws.isPartial()) client.partialSinceMs = -1;
    else if (client.partialSinceMs < 0) client.partialSinceMs = nowMs;
  }

  private takeEvent(client: Client, ws: WsMachine, nowMs: number): void {
    client.partialSinceMs = -1;
    if (ws.event === "text") {
      client.saidAtMs = nowMs;
      const { text } = ws;
      // It may be 2 KB, and the client's next words far away.
      ws.text = "";
      this.deps.slice.spend(nowMs, this.deps.dialogue.hear(client, text));
      if (this.deps.dialogue.takeOrder()) this.onWork();
    } else if (ws.event === "ping") client.sendBytes(encodeFrame(OP_PONG, ws.payload));
    else this.hangUp(client, ws.closeCode, ws.event === "failed" ? ws.reason : "");
  }

  private tick(client: Client, nowMs: number): void {
    if (client.phase !== "ws") {
      if (client.phase === "head" && nowMs - client.heldSinceMs >= HEAD_MS_MAX)
        this.refuse(client, 408);
      return;
    }
    const silentMs = nowMs - client.heardAtMs;
    if (silentMs >= SILENCE_MS_MAX) return this.hangUp(client, CLOSE_GOING_AWAY, "silent");
    if (client.partialSinceMs >= 0 && nowMs - client.partialSinceMs >= MESSAGE_MS_MAX)
      return this.hangUp(client, CLOSE_POLICY, "message too slow");
    if (silentMs < PING_AFTER_MS || client.pingedAtMs >= 0) return;
    client.pingedAtMs = nowMs;
    client.sendBytes(encodeFrame(OP_PING, Buffer.alloc(0)));
  }

  /** Makes room for one more connection that has not asked yet. */
  private makeRoom(): void {
    let oldest: Client | undefined = undefined;
    let count = 0;
    for (const client of this.clients) {
      if (client.phase !== "head") continue;
      count++;
      if (oldest === undefined) oldest = client;
    }
    if (count >= WAITING_MAX && oldest !== undefined) this.refuse(oldest, 503);
  }

  /** Sends a close frame (before the upgrade: 503) and ends the connection. */
  private hangUp(client: Client, code: number, reason: string): void {
    this.dismiss(client, client.phase === "ws" ? encodeClose(code, reason) : refusal(503));
  }

  /** Last words, and the end of the connection. */
  private dismiss(client: Client, words: Buffer): void {
    this.deps.slice.spend(this.deps.nowMs(), DISMISS_STEPS);
    client.sendBytes(words);
    this.end(client, LinkCode.STREAM_CLOSED);
  }

  private end(client: Client, code: number): void {
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

function hasWork(client: Client): boolean {
  return client.backlog.length > 0 || client.hash !== undefined;
}

function noWork(): void {}

/** Closures of their own: the device's compiler has no `this` in arrow functions. */
function attach(server: RobotServer, client: Client): void {
  client.stream.onData = (data) => server.take(client, data);
  client.stream.onClose = () => server.forget(client);
}
