/**
 * The Jacdac bus of a board on a serial port: this process is one more device on it, and hears its log. It lasts as long as the
 * port does; `gone` says why it ended.
 */
import type { CancelTimer, Clock } from "../time/clock.js";
import { unplugged } from "./board-port.js";
import { FlashError } from "./flash-error.js";
import { jacdac, type JDBus } from "./jacdac.js";
import { openPort, type NodePort } from "./serial-port.js";
import { encodeUsbFrame, UsbReader } from "./usb-frames.js";

/** What the runtime's USB line runs at where it is a real serial line; a board with USB of its own does not care. */
const BAUD = 1_500_000;
/** The board's bridge forwards frames once it was asked to; one that has restarted is asked again. */
const ENABLE_MS = 1000;
/** Bytes that nobody takes at the other end: the board hangs, or is none. */
const UNSENT_BYTES_MAX = 64 * 1024;
/** Closing a port that has gone may not come back. */
const CLOSE_MS_MAX = 1000;
const BRIDGE = 0x18f61a4a;
const BRIDGE_ENABLE = 0x81;

export interface BoardBusEvents {
  /** A line of the board's log. */
  log(line: string): void;
  /** The port has gone; told once, and not after `close`. */
  gone(error: FlashError): void;
}

export class BoardBus {
  readonly jd: JDBus;
  private readonly transport: LineTransport;
  private readonly cancelEnable: CancelTimer;
  private isClosed = false;

  private constructor(
    private readonly port: NodePort,
    readonly path: string,
    events: BoardBusEvents,
    private readonly clock: Clock,
  ) {
    // The Jacdac library prints its own comings and goings.
    console.debug = () => undefined;
    this.transport = new LineTransport((bytes) => this.write(bytes));
    this.jd = new jacdac.JDBus([this.transport], {
      client: true,
      disableRoleManager: true,
      proxy: false,
    });
    this.jd.backgroundRefreshRegisters = false;
    const reader = new UsbReader({
      frame: (frame) => this.transport.receive(frame),
      log: (line) => events.log(line),
    });
    port.on("data", (chunk: Buffer) => reader.take(chunk));
    const gone = (why: string): void => {
      if (this.isClosed) return;
      events.gone(unplugged(path, why));
      void this.close();
    };
    port.on("error", (error) => gone(error.message));
    port.on("close", (error: Error | null) => gone(error?.message ?? "it was closed"));
    this.enable();
    this.cancelEnable = clock.every(ENABLE_MS, () => this.enable());
  }

  /** @throws FlashError, as `openPort` does. */
  static async open(path: string, events: BoardBusEvents, clock: Clock): Promise<BoardBus> {
    return new BoardBus(await openPort(path, BAUD), path, events, clock);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.cancelEnable();
    await this.jd.stop();
    const { port } = this;
    // An error here is one of a port that has gone already.
    const closed = new Promise<void>((resolve) =>
      port.isOpen ? port.close(() => resolve()) : resolve(),
    );
    await Promise.race([closed, this.clock.sleep(CLOSE_MS_MAX)]);
  }

  private write(bytes: Buffer): void {
    if (this.isClosed || !this.port.isOpen) return;
    if (this.port.writableLength < UNSENT_BYTES_MAX) this.port.write(bytes);
  }

  private enable(): void {
    const frame = Buffer.alloc(16);
    frame.set([0, 0, 4, 1 | 4], 0);
    frame.writeUInt32LE(BRIDGE, 4);
    frame.writeUInt16LE(BRIDGE_ENABLE, 14);
    this.write(encodeUsbFrame(frame));
  }
}

/** Always ready: the port is open before there is a bus. */
class LineTransport extends jacdac.Transport {
  constructor(private readonly write: (bytes: Buffer) => void) {
    super("buddy-usb");
  }

  receive(frame: Buffer): void {
    this.handleFrame(frame, true);
  }

  override sendPacketWhenConnectedAsync(frame: Uint8Array): Promise<void> {
    return this.transportSendPacketAsync(frame);
  }

  protected override transportSendPacketAsync(frame: Uint8Array): Promise<void> {
    this.write(encodeUsbFrame(frame));
    return Promise.resolve();
  }

  protected override transportConnectAsync(): Promise<void> {
    return Promise.resolve();
  }

  protected override transportDisconnectAsync(): Promise<void> {
    return Promise.resolve();
  }
}
