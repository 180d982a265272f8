/**
 * Serial ports: which there are, and one of them as the port of the browser's Web Serial, which `esptool-js` wants. The
 * `serialport` package with its native half is loaded only when a port is asked for.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Duplex } from "node:stream";
import { reasonOf } from "../host/reason.js";
import {
  unplugged,
  type BoardPlace,
  type BoardPort,
  type Signals,
  type UsbIds,
} from "./board-port.js";
import { FlashError } from "./flash-error.js";

function hasProgram(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((dir) => existsSync(join(dir, name)));
}

export interface PortInfo {
  readonly path: string;
  /** Four hex digits each, where the port is a USB device. */
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly manufacturer?: string | undefined;
}

/** Makers of what ESP32 boards have at their USB socket: Espressif itself, Silicon Labs, WCH, FTDI. */
const VENDORS: Readonly<Record<string, string>> = {
  "303a": "Espressif",
  "10c4": "Silicon Labs",
  "1a86": "WCH",
  "0403": "FTDI",
};

type SerialModule = typeof import("serialport");
export type NodePort = InstanceType<SerialModule["SerialPort"]>;

async function loadSerial(): Promise<SerialModule["SerialPort"]> {
  try {
    return (await import("serialport")).SerialPort;
  } catch (error) {
    throw new FlashError(
      "FLASH_NO_SERIAL",
      `the module for serial ports does not load: ${reasonOf(error).split("\n")[0]}`,
      "run `npm ci` again; without a ready-made build for this system it needs a C++ compiler",
      { cause: error },
    );
  }
}

/**
 * Ports that look like a board. @throws FlashError `FLASH_NO_SERIAL`, or `FLASH_PORT` where they cannot be listed: without
 * `udevadm` the library's list would end the process.
 */
export async function findBoards(): Promise<PortInfo[]> {
  const SerialPort = await loadSerial();
  if (process.platform === "linux" && !hasProgram("udevadm")) {
    throw new FlashError(
      "FLASH_PORT",
      "ports cannot be listed: `udevadm` is missing",
      "install udev, or name the port: --port PATH",
    );
  }
  const ports: PortInfo[] = await SerialPort.list();
  return ports.filter(({ vendorId }) => VENDORS[vendorId?.toLowerCase() ?? ""] !== undefined);
}

/** A port for people: its path and what is behind it. */
export function portText({ path, vendorId, manufacturer }: PortInfo): string {
  const maker = manufacturer ?? VENDORS[vendorId?.toLowerCase() ?? ""];
  return maker === undefined ? path : `${path} (${maker})`;
}

/** @throws FlashError `FLASH_PORT`, `FLASH_PORT_DENIED`, `FLASH_PORT_TAKEN` or `FLASH_NO_SERIAL`. */
export async function openPort(path: string, baudRate: number): Promise<NodePort> {
  const SerialPort = await loadSerial();
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) =>
    port.open((error) => (error ? reject(portError(path, error)) : resolve())),
  );
  return port;
}

/** A port of this machine as a place to flash a board at. */
export function placeOf(info: PortInfo): BoardPlace {
  return { path: info.path, newPort: () => new WebPort(info) };
}

/** One port, opened and closed any number of times. */
export class WebPort implements BoardPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  hasSignals = true;
  readonly lost: Promise<never>;
  private lose: (error: FlashError) => void = () => undefined;
  private port: NodePort | undefined;
  private isEnded = false;

  constructor(private readonly info: PortInfo) {
    this.lost = new Promise((_, reject) => (this.lose = reject));
    this.lost.catch(() => undefined); // Told to whoever waits for it.
  }

  getInfo(): UsbIds {
    const { vendorId, productId } = this.info;
    return {
      ...(vendorId !== undefined && { usbVendorId: Number.parseInt(vendorId, 16) }),
      ...(productId !== undefined && { usbProductId: Number.parseInt(productId, 16) }),
    };
  }

  /** @throws FlashError `FLASH_PORT`, `FLASH_PORT_DENIED`, `FLASH_PORT_TAKEN` or `FLASH_NO_SERIAL`. */
  async open({ baudRate }: { baudRate: number }): Promise<void> {
    const { path } = this.info;
    if (this.isEnded) throw unplugged(path, "it is closed");
    const port = await openPort(path, baudRate);
    this.port = port;
    if (this.isEnded) {
      await this.close();
      throw unplugged(path, "it is closed");
    }
    const gone = (why: string): void => this.lose(unplugged(path, why));
    port.on("error", (error) => {
      // The stream's own word for being closed by its reader.
      if (error.name !== "AbortError") gone(error.message);
    });
    port.on("close", (error: Error | null) => {
      if (error) gone(error.message);
    });
    // Node's types of the streams and the browser's differ in name only.
    const web = Duplex.toWeb(port) as unknown as {
      readable: ReadableStream<Uint8Array>;
      writable: WritableStream<Uint8Array>;
    };
    this.readable = web.readable;
    this.writable = web.writable;
  }

  async end(): Promise<void> {
    this.isEnded = true;
    await this.close();
  }

  async close(): Promise<void> {
    const { port } = this;
    this.port = undefined;
    this.readable = null;
    this.writable = null;
    if (port?.isOpen !== true) return;
    // An error here is one of a port that has gone, which `lost` has told.
    await new Promise<void>((resolve) => port.close(() => resolve()));
  }

  async setBaudRate(baudRate: number): Promise<void> {
    const { port } = this;
    if (!port) return;
    await new Promise<void>((resolve, reject) =>
      port.update({ baudRate }, (error) => (error ? reject(error) : resolve())),
    );
  }

  async setSignals(signals: Signals): Promise<void> {
    const { port } = this;
    const { dataTerminalReady: dtr, requestToSend: rts } = signals;
    if (!port?.isOpen) return;
    const lines = { ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }) };
    await new Promise<void>((resolve) =>
      port.set(lines, (error) => {
        if (error) this.hasSignals = false;
        resolve();
      }),
    );
  }
}

function portError(path: string, error: Error): FlashError {
  const { message } = error;
  const options = { cause: error };
  if (/permission denied|access denied/i.test(message)) {
    const rule = `KERNEL=="ttyUSB*|ttyACM*", MODE="0666"`;
    const next =
      process.platform === "linux"
        ? `\`sudo usermod -aG dialout $USER\` and sign in again, or the udev line ${rule} in /etc/udev/rules.d/60-buddy.rules`
        : "close other programs that use it and see this user's rights";
    return new FlashError("FLASH_PORT_DENIED", `no permission for ${path}`, next, options);
  }
  if (/lock|busy|in use/i.test(message)) {
    return new FlashError(
      "FLASH_PORT_TAKEN",
      `${path} is in use by another program`,
      "close serial monitors, editors and other flashing tools, then try again",
      options,
    );
  }
  return new FlashError(
    "FLASH_PORT",
    `${path} cannot be opened: ${message.replace(/^Error: /, "")}`,
    "see that the board is plugged in with a cable that has data lines; `buddy flash` without --port lists boards",
    options,
  );
}
