/**
 * What the robot says over USB while its first words by network are waited for. The port is opened only after a while: a board that
 * comes by itself is not disturbed, for opening some ports resets their board.
 */
import type { CancelTimer, Clock } from "../time/clock.js";
import type { BoardPlace, BoardPort } from "../usb/board-port.js";
import { UsbReader } from "../usb/usb-frames.js";

/** Most robots have come by then. */
const OPEN_MS = 8000;
const AGAIN_MS = 2000;
const BAUD = 1_500_000;

export class BoardLog {
  /** Why it is on no network, in its own words; undefined: it has said nothing of that. */
  wifi: string | undefined;
  private port: BoardPort | undefined;
  private bytes: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private isClosed = false;
  private cancel: CancelTimer;
  private readonly reader = new UsbReader({
    frame: () => undefined,
    log: (line) => this.hear(line),
  });

  constructor(
    private readonly place: BoardPlace,
    private readonly clock: Clock,
  ) {
    this.cancel = clock.after(OPEN_MS, () => void this.open());
  }

  /** The network throws it out: most likely the password. */
  isRefused(): boolean {
    return this.wifi?.endsWith("password?") === true;
  }

  close(): void {
    this.isClosed = true;
    this.cancel();
    void this.letGo();
  }

  /** One that cannot be opened tells nothing; a board that has just restarted may not be there yet. */
  private async open(): Promise<void> {
    const port = this.place.newPort();
    this.port = port;
    try {
      await port.open({ baudRate: BAUD });
      this.bytes = port.readable?.getReader();
      if (this.isClosed) return await this.letGo();
      for (let read = await this.bytes?.read(); read?.value; read = await this.bytes?.read()) {
        this.reader.take(read.value);
      }
    } catch {
      await this.letGo();
      if (!this.isClosed) this.cancel = this.clock.after(AGAIN_MS, () => void this.open());
    }
  }

  private async letGo(): Promise<void> {
    const { bytes, port } = this;
    // Of a port that has gone there is nothing to be let go.
    await bytes?.cancel().catch(() => undefined);
    await port?.end().catch(() => undefined);
  }

  private hear(line: string): void {
    const told = /\bwifi: (.*)$/.exec(line)?.[1];
    if (told !== undefined) this.wifi = told;
  }
}
