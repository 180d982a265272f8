/**
 * The network of the world: byte streams with delay, jitter, stalls, one-way silence and resets, and datagrams that are
 * lost, doubled and late. A stream keeps order and loses nothing unless it is reset or a bit of it is turned.
 */
import type { Chance } from "../../../src/time/chance.js";
import { systemError } from "./disk-state.js";
import type { Life, Time } from "./time.js";
import { type Path, type Direction, WorldSocket } from "./world-socket.js";

/** How the radio is at this moment; faults change it. */
export interface Radio {
  delayMs: number;
  jitterMs: number;
  /** Share of pieces that are lost once and come again after a time-out. */
  lossShare: number;
  /** Share of pieces in which a bit is turned. */
  flipShare: number;
  /** Nothing arrives this way until it is taken away. */
  silent: Record<Direction, boolean>;
  /** Nobody answers a dial. */
  isOff: boolean;
}

export function goodRadio(): Radio {
  return {
    delayMs: 4,
    jitterMs: 3,
    lossShare: 0,
    flipShare: 0,
    silent: { up: false, down: false },
    isOff: false,
  };
}

export interface Listener {
  readonly life: Life | undefined;
  accept(socket: WorldSocket): void;
}

export class Network {
  readonly radio = goodRadio();
  readonly listeners = new Map<string, Listener>();
  readonly datagramDoors = new Map<string, { life: Life | undefined; take(data: Buffer): void }>();
  readonly sockets = new Set<WorldSocket>();
  private lastPort = 40_000;

  constructor(
    readonly time: Time,
    readonly chance: Chance,
  ) {}

  freePort(): number {
    return ++this.lastPort;
  }

  /** Opens a stream towards `host:port`; it tells by events how that goes. */
  dial(address: string, path: Path): WorldSocket {
    const near = new WorldSocket(this, path, "up", this.time.current);
    const waitMs = this.delayMs(path);
    this.time.after(
      waitMs,
      () => {
        if (near.destroyed) return;
        const listener = this.listeners.get(address);
        if (path === "radio" && this.radio.isOff) return;
        if (listener === undefined || listener.life?.isDead === true) {
          near.destroy(systemError("ECONNREFUSED", "connect", address));
          return;
        }
        const far = new WorldSocket(this, path, "down", listener.life);
        near.join(far);
        this.time.after(0, () => listener.accept(far), listener.life);
        this.time.after(waitMs, () => near.connected(), near.life);
      },
      near.life,
    );
    return near;
  }

  sendDatagram(address: string, data: Buffer, faultShare: number): void {
    const { chance, time } = this;
    const copies = chance.next() < faultShare ? (chance.next() < 0.5 ? 0 : 2) : 1;
    for (let i = 0; i < copies; i++) {
      const lateMs = chance.next() < faultShare ? chance.next() * 300 : 0.1;
      time.after(lateMs, () => this.arrive(address, data), null);
    }
  }

  /** Every stream of a life that has ended is reset, its doors are shut. */
  closeAllOf(life: Life): void {
    for (const [address, listener] of this.listeners) {
      if (listener.life === life) this.listeners.delete(address);
    }
    for (const [address, door] of this.datagramDoors) {
      if (door.life === life) this.datagramDoors.delete(address);
    }
    for (const socket of [...this.sockets]) if (socket.life === life) socket.vanish();
  }

  /** Breaks every stream on the radio; both ends hear of it. */
  resetRadio(): void {
    for (const socket of [...this.sockets]) {
      if (socket.path !== "radio" || socket.destroyed) continue;
      const { life } = socket;
      this.time.after(0, () => socket.destroy(systemError("ECONNRESET", "read", "radio")), life);
    }
  }

  /** A way that was silent is open again: what waited arrives. */
  handAll(): void {
    for (const socket of [...this.sockets]) {
      this.time.after(this.delayMs("radio"), () => socket.hand(), socket.life);
    }
  }

  delayMs(path: Path): number {
    if (path === "loopback") return 0.05;
    const { delayMs, jitterMs, lossShare } = this.radio;
    let ms = delayMs + this.chance.next() * jitterMs;
    for (let waitMs = 200; lossShare > 0 && this.chance.next() < lossShare; waitMs *= 2) {
      ms += waitMs;
      if (waitMs > 3000) break;
    }
    return ms;
  }

  private arrive(address: string, data: Buffer): void {
    const door = this.datagramDoors.get(address);
    if (door === undefined) return;
    this.time.after(0, () => door.take(data), door.life);
  }
}
