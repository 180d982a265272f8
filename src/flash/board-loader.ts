/**
 * A chip's boot loader at the other end of a port: `esptool-js` does the work, here are its bounds, its errors in words and the
 * ways back to the running board. Every call ends: by its answer, when the port goes away, or when the owner ends it.
 */
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { ESPLoader, Transport } from "esptool-js";
import { reasonOf } from "../host/reason.js";
import type { ChipName } from "../simulator/vm/chips.js";
import type { Clock } from "../time/clock.js";
import { FlashError } from "../usb/flash-error.js";
import { WATCHDOG } from "./layout.js";
import type { BoardPlace, BoardPort } from "../usb/board-port.js";

/** The ROM's own speed; every chip understands it. */
const ROM_BAUD = 115_200;
/** Every serial chip on such boards keeps up with this. */
const BAUD = 921_600;
/** Resets with five calls each; then nobody answers. */
const CONNECT_TRIES = 4;
/** A block that does not come: its wait in the library is 100 s. */
const READ_MS_MAX = 5000;
/** A block of 16 KB may hold a megabyte of erased flash, which esptool allows 40 s to write; three tries. */
const BLOCK_MS_MAX = 10_000;
const RESET_MS = 100;
/** Closing waits for what the library still has in hand. */
const CLOSE_MS_MAX = 3000;
const WATCHDOG_KEY = 0x50d83aa1;
const WATCHDOG_TIME = 2000;
/** On, resets the whole system at stage 0, pulse as esptool sets it. */
const WATCHDOG_MODE = ((1 << 31) | (5 << 28) | (1 << 8) | 2) >>> 0;

const CHIPS: Readonly<Record<string, ChipName>> = {
  ESP32: "esp32",
  "ESP32-S2": "esp32s2",
  "ESP32-C3": "esp32c3",
  "ESP32-S3": "esp32s3",
};

/** The library's transport prints to the console by itself. */
class QuietTransport extends Transport {
  override trace(): void {}
}

export interface Piece {
  readonly address: number;
  readonly bytes: Buffer;
}

/** So much of it is done, 0..1. */
export type Progress = (share: number) => void;

/** The board at the other end of an open port, and what talks with it. */
interface Connection {
  readonly loader: ESPLoader;
  readonly transport: Transport;
  readonly port: BoardPort;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly chip: ChipName;
  readonly mac: string;
}

export class BoardLoader {
  private constructor(private readonly connection: Connection) {}

  get chip(): ChipName {
    return this.connection.chip;
  }

  /** Six bytes as hex with colons. */
  get mac(): string {
    return this.connection.mac;
  }

  /**
   * Opens the port, resets the chip into its boot loader, finds out what it is and loads the stub.
   * @throws FlashError for each way in which it does not come about.
   */
  static async connect(place: BoardPlace, signal: AbortSignal, clock: Clock): Promise<BoardLoader> {
    const port = place.newPort();
    // Its types name the browser's port, which this is as far as it is used.
    const transport = new QuietTransport(port as never, false);
    const quiet = { clean: () => undefined, writeLine: () => undefined, write: () => undefined };
    const options = { transport, baudrate: BAUD, romBaudrate: ROM_BAUD, terminal: quiet };
    const loader = new ESPLoader(options);
    loader.FLASH_READ_TIMEOUT = READ_MS_MAX;
    const guard = new Guard(port, place.path, signal);
    try {
      await guard.run("calling the boot loader", async () => {
        await loader.connect("default_reset", CONNECT_TRIES);
      });
      const chip = CHIPS[loader.chip.CHIP_NAME];
      if (chip === undefined) throw unknownChip(loader.chip.CHIP_NAME);
      const mac = await guard.run("reading the chip's MAC", async () => {
        const read = await loader.chip.readMac(loader);
        await loader.chip.postConnect?.(loader);
        await loader.runStub();
        if (port.hasSignals) await loader.changeBaud();
        return read;
      });
      const { path } = place;
      return new BoardLoader({ loader, transport, port, path, signal, clock, chip, mac });
    } catch (error) {
      await shut(transport, port, clock);
      throw error;
    }
  }

  /** MD5 of a part of the flash, 32 hex digits. */
  md5(address: number, length: number): Promise<string> {
    return this.run("checking", () => this.connection.loader.flashMd5sum(address, length));
  }

  async read(address: number, length: number, progress: Progress): Promise<Buffer> {
    const bytes = await this.run("reading", () =>
      this.connection.loader.readFlash(address, length, (_, done, all) => progress(done / all)),
    );
    const read = Buffer.from(bytes);
    // The line has no checksum of its own.
    if (md5Of(read) === (await this.md5(address, length))) return read;
    throw verifyError("what was read from the board is not what it says it sent");
  }

  /**
   * Writes and verifies. The library's own loop inflates again what it has deflated, byte by byte, to know a block's size; that
   * takes longer than the line does.
   * @throws FlashError, `FLASH_VERIFY` when something else is there than was sent.
   */
  async write({ address, bytes }: Piece, progress: Progress): Promise<void> {
    const packed = deflateSync(bytes, { level: 9 });
    const { loader } = this.connection;
    const size = loader.FLASH_WRITE_SIZE;
    await this.run("writing", () => loader.flashDeflBegin(bytes.length, packed.length, address));
    for (let at = 0; at < packed.length; at += size) {
      progress(at / packed.length);
      const block = new Uint8Array(packed.subarray(at, at + size));
      await this.run("writing", () => loader.flashDeflBlock(block, at / size, BLOCK_MS_MAX));
    }
    await this.run("writing", () => loader.flashDeflFinish(false, BLOCK_MS_MAX));
    progress(1);
    if (md5Of(bytes) !== (await this.md5(address, bytes.length))) {
      throw verifyError(`what is in the flash at 0x${address.toString(16)} is not what was sent`);
    }
  }

  async erase(): Promise<void> {
    await this.run("erasing", () => this.connection.loader.eraseFlash());
  }

  /** Starts what is in the flash, by the reset line, or without one by what the chip offers. */
  async leave(): Promise<void> {
    const { transport, clock, port } = this.connection;
    await this.run("restarting the board", async () => {
      await transport.setRTS(true);
      await clock.sleep(RESET_MS);
      await transport.setRTS(false);
      if (!port.hasSignals) await this.leaveWithoutLines();
    });
  }

  /** Closes the port; the board is left as it is. */
  async close(): Promise<void> {
    const { transport, port, clock } = this.connection;
    await shut(transport, port, clock);
  }

  private async leaveWithoutLines(): Promise<void> {
    const { loader, chip } = this.connection;
    const watchdog = WATCHDOG[chip];
    if (watchdog) {
      await loader.writeReg(watchdog.lock, WATCHDOG_KEY);
      await loader.writeReg(watchdog.time, WATCHDOG_TIME);
      await loader.writeReg(watchdog.mode, WATCHDOG_MODE);
      return;
    }
    // From the stub back into the ROM, whose end of flashing runs the program.
    await loader.flashBegin(0, 0);
    await loader.flashFinish(true);
    loader.IS_STUB = false;
    await loader.sync();
    await loader.flashBegin(0, 0);
    await loader.flashFinish(false);
  }

  private run<T>(what: string, step: () => Promise<T>): Promise<T> {
    const { port, path, signal } = this.connection;
    return new Guard(port, path, signal).run(what, step);
  }
}

/** Ends a step when the port goes or the owner wants it to end, and puts what went wrong into words. */
class Guard {
  constructor(
    private readonly port: BoardPort,
    private readonly path: string,
    private readonly signal: AbortSignal,
  ) {}

  async run<T>(what: string, step: () => Promise<T>): Promise<T> {
    if (this.signal.aborted) throw cancelled();
    let stop = (): void => undefined;
    const ended = new Promise<never>((_, reject) => {
      const onAbort = (): void => reject(cancelled());
      this.signal.addEventListener("abort", onAbort, { once: true });
      stop = () => this.signal.removeEventListener("abort", onAbort);
    });
    try {
      return await Promise.race([step(), this.port.lost, ended]);
    } catch (error) {
      throw this.inWords(what, error);
    } finally {
      stop();
    }
  }

  private inWords(what: string, error: unknown): FlashError {
    if (error instanceof FlashError) return error;
    const said = reasonOf(error).split("\n")[0] ?? "";
    const options = { cause: error };
    if (/Failed to connect/.test(said)) {
      return new FlashError(
        "FLASH_SILENT",
        `nobody answers on ${this.path} as a boot loader does`,
        "hold the button BOOT (IO0) while you plug the board in, let go, and try again; take another cable if that does not help",
        options,
      );
    }
    return new FlashError(
      "FLASH_TRANSFER",
      `${what} failed: ${said}`,
      "try again; if it goes on: another cable or socket, no hub, no servos on the board's supply (a dip of the voltage resets the chip)",
      options,
    );
  }
}

async function shut(transport: Transport, port: BoardPort, clock: Clock): Promise<void> {
  const closed = transport.disconnect().catch(() => undefined);
  await Promise.race([closed, clock.sleep(CLOSE_MS_MAX)]);
  await port.end();
}

export function cancelled(): FlashError {
  return new FlashError(
    "FLASH_CANCELLED",
    "ended by you",
    "try again; a board that was half written starts over",
  );
}

function unknownChip(name: string): FlashError {
  const known = Object.keys(CHIPS).join(", ");
  return new FlashError(
    "FLASH_CHIP",
    `the chip is an ${name}`,
    `take a board with one of ${known}`,
  );
}

function verifyError(what: string): FlashError {
  return new FlashError(
    "FLASH_VERIFY",
    what,
    "try again; if it goes on, the cable garbles or the flash is worn",
  );
}

function md5Of(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
