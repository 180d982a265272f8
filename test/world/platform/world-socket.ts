/**
 * One end of a stream of the world's network, as Node's servers and clients want it.
 */
import { Duplex } from "node:stream";
import { systemError } from "./disk-state.js";
import type { Life } from "./time.js";
import type { Network } from "./network-state.js";

/** "loopback" is this machine; "radio" is the robot's way to it. */
export type Path = "loopback" | "radio";
export type Direction = "up" | "down";

/** What a kernel takes for a peer that does not read. */
const WINDOW_BYTES = 65_536;

/** One end of a stream, as Node's servers and clients want it. */
export class WorldSocket extends Duplex {
  readonly remoteAddress = "192.0.2.7";
  private peer: WorldSocket | undefined;
  private isConnected = false;
  /** Pieces on their way to us; the first is due first. */
  private lastDueMs = 0;
  private readonly unread: (Buffer | null)[] = [];
  private unreadBytes = 0;
  private onWay = 0;
  private isPushing = true;
  private held: { chunk: Buffer; done: (error?: Error) => void } | undefined;
  private cancelTimeout: () => void = () => undefined;

  constructor(
    private readonly network: Network,
    readonly path: Path,
    /** The way of what we write. */
    private readonly direction: Direction,
    readonly life: Life | undefined,
  ) {
    super({ allowHalfOpen: true, readableHighWaterMark: 16_384 });
    network.sockets.add(this);
  }

  join(far: WorldSocket): void {
    this.peer = far;
    far.peer = this;
    far.isConnected = true;
  }

  connected(): void {
    if (this.destroyed || this.isConnected) return;
    this.isConnected = true;
    this.emit("connect");
    this.flush();
  }

  /** Bytes in our own memory: what the kernel has not taken and what was not read. */
  heldBytes(): number {
    return this.writableLength + this.readableLength;
  }

  /** Our process is gone: the peer hears a reset, we hear nothing. */
  vanish(): void {
    const { peer } = this;
    this.network.sockets.delete(this);
    this.peer = undefined;
    if (peer === undefined || peer.destroyed) return;
    const isLost = this.path === "radio" && this.network.radio.silent[this.direction];
    // A reset that is lost leaves the other end open until it notices by itself.
    if (isLost) return;
    this.network.time.after(
      this.network.delayMs(this.path),
      () => peer.destroy(systemError("ECONNRESET", "read", "peer")),
      peer.life,
    );
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.held = { chunk, done };
    this.flush();
  }

  override _final(done: (error?: Error) => void): void {
    this.peer?.arriveLater(null);
    done();
  }

  override _read(): void {
    this.isPushing = true;
    this.hand();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.cancelTimeout();
    this.network.sockets.delete(this);
    const { peer } = this;
    this.peer = undefined;
    if (peer !== undefined && !peer.destroyed && error === null) {
      // What was written before is still read; then the end, or a reset if it was not ended in order.
      peer.arriveLater(null);
      const { life } = peer;
      const ms = Math.max(0, peer.lastDueMs - this.network.time.nowMs);
      this.network.time.after(ms, () => peer.gone(), life);
    }
    const held = this.held;
    this.held = undefined;
    held?.done(error ?? systemError("EPIPE", "write", "socket"));
    done(error);
  }

  /** Closes once what was written has left. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    this.cancelTimeout();
    if (onTimeout) this.once("timeout", onTimeout);
    if (ms > 0) {
      this.cancelTimeout = this.network.time.after(ms, () => this.emit("timeout"), this.life);
    }
    return this;
  }

  /** The peer has closed: what we still write goes nowhere. */
  private gone(): void {
    if (!this.destroyed && this.peer?.destroyed !== false) this.peer = undefined;
  }

  private flush(): void {
    const { held, peer } = this;
    if (held === undefined || !this.isConnected) return;
    if (peer === undefined) {
      this.held = undefined;
      // As a kernel: a write after the peer has gone is answered with a reset.
      const error = systemError("EPIPE", "write", "socket");
      this.network.time.after(1, () => this.destroy(error), this.life);
      return held.done();
    }
    if (peer.onWay + peer.unreadBytes > WINDOW_BYTES) return;
    this.held = undefined;
    peer.arriveLater(Buffer.from(held.chunk));
    held.done();
  }

  private arriveLater(data: Buffer | null): void {
    const { time, radio, chance } = this.network;
    this.onWay += data?.length ?? 0;
    const dueMs = Math.max(this.lastDueMs, time.nowMs + this.network.delayMs(this.path));
    this.lastDueMs = dueMs;
    let arriving = data;
    if (data !== null && this.path === "radio" && chance.next() < radio.flipShare) {
      arriving = Buffer.from(data);
      const at = Math.floor(chance.next() * arriving.length);
      arriving[at] = (arriving[at] as number) ^ (1 << Math.floor(chance.next() * 8));
    }
    time.after(dueMs - time.nowMs, () => this.arrive(arriving, data?.length ?? 0), this.life);
  }

  private arrive(data: Buffer | null, length: number): void {
    if (this.destroyed) return;
    this.onWay -= length;
    this.unread.push(data);
    this.unreadBytes += data?.length ?? 0;
    this.hand();
  }

  /** Hands on what has arrived; a silent way keeps it, as its sender would send it again. */
  hand(): void {
    const from: Direction = this.direction === "up" ? "down" : "up";
    if (this.path === "radio" && this.network.radio.silent[from]) return;
    while (this.isPushing && this.unread.length > 0 && !this.destroyed) {
      const data = this.unread.shift() as Buffer | null;
      this.unreadBytes -= data?.length ?? 0;
      this.isPushing = this.push(data);
    }
    const { peer } = this;
    if (peer?.held !== undefined) this.network.time.after(0, () => peer.flush(), peer.life);
  }
}
