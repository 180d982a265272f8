/**
 * A serial port that others open: one end of a pseudo terminal is ours, the other has a path such as /dev/pts/3. Two things of
 * a serial port it has not: speed, and the DTR and RTS lines.
 */
import { createRequire } from "node:module";
import { ReadStream } from "node:tty";
import { reasonOf } from "../host/reason.js";

/** Bytes that wait for whoever opens the port; a board's own buffers hold less. Beyond that they are lost, as on a board. */
const UNREAD_BYTES_MAX = 64 * 1024;

export class PtyError extends Error {}

/**
 * The native half of `@lydell/node-pty`. Its other half is for terminals with a program in them, and reads from both ends.
 */
interface NativePty {
  /** Two descriptors and the path of the second. */
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

export class SerialLine {
  readonly path: string;
  onData: (bytes: Buffer) => void = () => undefined;
  private readonly ours: ReadStream;
  private readonly theirs: ReadStream;
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private isWriting = false;

  /** @throws PtyError where there is none: on Windows, or without the optional module. */
  constructor() {
    const { master, slave, pty } = openPty();
    this.path = pty;
    this.ours = new ReadStream(master);
    this.theirs = new ReadStream(slave);
    // Bytes as they are: no echo, no line ends. It stays open here, so that a client who leaves does not end the line.
    this.theirs.setRawMode(true);
    this.ours.on("data", (bytes: Buffer) => this.onData(bytes));
    for (const end of [this.ours, this.theirs]) end.on("error", () => undefined);
  }

  send(bytes: Buffer): void {
    if (this.waitingBytes + bytes.length > UNREAD_BYTES_MAX) return;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.next();
  }

  /** Forgets what nobody has read yet, as a chip that resets does. */
  drop(): void {
    this.waiting.length = 0;
    this.waitingBytes = 0;
  }

  /** Pulls the plug: whoever has the port open hears of it. */
  close(): void {
    this.drop();
    this.ours.destroy();
    this.theirs.destroy();
  }

  private next(): void {
    const bytes = this.isWriting ? undefined : this.waiting.shift();
    if (bytes === undefined) return;
    this.waitingBytes -= bytes.length;
    this.isWriting = true;
    this.ours.write(bytes, () => {
      this.isWriting = false;
      this.next();
    });
  }
}

function openPty(): ReturnType<NativePty["open"]> {
  if (process.platform === "win32") throw new PtyError("Windows has no pseudo terminals");
  try {
    const load = createRequire(import.meta.url);
    const { requireBinary } = load("@lydell/node-pty/requireBinary.js") as {
      requireBinary(file: string): NativePty;
    };
    return requireBinary("pty.node").open(80, 24);
  } catch (error) {
    const why = reasonOf(error).split("\n")[0];
    throw new PtyError(
      `no pseudo terminal: ${why}; \`npm ci\` brings the module where there is one`,
    );
  }
}
