/** The VM's two ways out in virtual time: the pipe of its bus, and its TCP connection with the gateway's session at the other end. */
import { EventEmitter } from "node:events";
import type { GatewaySession } from "../../../src/gateway/session.js";
import type { VirtualTime } from "./time.js";
import type { Chip } from "./vm-parts.js";

/** One way's delay. */
export const WIRE_MS = 1;
const TICK_MS = 100;

/** The bus's pipe between VM and host, both ends in one. */
export class Hub {
  readonly pipe = Object.assign(new EventEmitter(), {
    writable: true,
    writableLength: 0,
    write: (bytes: Buffer) => {
      this.time.after(0, () => this.take(Buffer.from(bytes)), false);
      return true;
    },
  });
  private deliver: ((frame: Buffer) => void) | undefined;
  private rest = Buffer.alloc(0);

  constructor(
    private readonly time: VirtualTime,
    private readonly chip: Chip,
  ) {}

  /** For `Radio`: the chip looks at its sockets by itself. */
  wake(): void {}

  connect(onConnect: () => void): unknown {
    const socket = Object.assign(new EventEmitter(), {
      setNoDelay: () => socket,
      write: (bytes: Buffer) => {
        const copy = Buffer.from(bytes);
        this.time.after(0, () => this.pipe.emit("data", copy), false);
        return true;
      },
      end: () => undefined,
    });
    this.deliver = (frame) => socket.emit("data", frame);
    queueMicrotask(onConnect);
    return socket;
  }

  private take(chunk: Buffer): void {
    let bytes = Buffer.concat([this.rest, chunk]);
    while (bytes.length > 0 && bytes.length > (bytes[0] as number)) {
      const end = (bytes[0] as number) + 1;
      const frame = Buffer.from(bytes.subarray(0, end));
      const noPipe = { pause: () => undefined, resume: () => undefined };
      this.time.inVm(() => this.chip.takeFrame(noPipe, () => this.deliver?.(frame)));
      bytes = bytes.subarray(end);
    }
    this.rest = Buffer.from(bytes);
  }
}

/** The device's TCP connection, with the gateway at its other end. */
export class LinkEnd extends EventEmitter {
  private readonly session: GatewaySession;
  private isPaused = false;
  private isClosed = false;
  private held: Buffer[] = [];

  constructor(
    private readonly time: VirtualTime,
    answer: (end: LinkEnd) => GatewaySession,
  ) {
    super();
    this.session = answer(this);
    this.later(() => this.emit("connect"));
    const tick = (): void => {
      if (this.isClosed) return;
      this.session.tick();
      time.after(TICK_MS, tick, false);
    };
    tick();
  }

  toDevice(frame: Buffer): void {
    this.later(() => {
      if (this.isPaused) this.held.push(frame);
      else this.emit("data", frame);
    });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.emit("close");
  }

  // What `RadioSocket` uses of a socket.
  setNoDelay(): void {}

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    for (const frame of this.held.splice(0)) this.later(() => this.emit("data", frame));
  }

  write(bytes: Buffer): boolean {
    const copy = Buffer.from(bytes);
    this.later(() => this.session.receive(copy));
    return true;
  }

  end(): void {
    this.later(() => {
      this.session.lose();
      this.close();
    });
  }

  destroy(): void {
    this.end();
  }

  private later(act: () => void): void {
    this.time.after(WIRE_MS, () => !this.isClosed && act(), false);
  }
}
