/** A serial port as the browser's Web Serial has it, by which `esptool-js` is written: on this machine, or in a browser elsewhere. */
import { FlashError } from "./flash-error.js";

export interface BoardPort {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  /** Whether DTR and RTS, by which a board is reset, can be set; pseudo terminals and some adapters have none. */
  readonly hasSignals: boolean;
  /** Rejects with a FlashError when the port goes away by itself. */
  readonly lost: Promise<never>;
  getInfo(): UsbIds;
  /** @throws FlashError: why it cannot be opened. */
  open(options: { readonly baudRate: number }): Promise<void>;
  /** Closes it; it may be opened again. */
  close(): Promise<void>;
  /** Closes it for good: whoever is about to open it again, cannot. */
  end(): Promise<void>;
  /** Never rejects: what cannot be set shows in `hasSignals`. */
  setSignals(signals: Signals): Promise<void>;
}

export interface UsbIds {
  readonly usbVendorId?: number;
  readonly usbProductId?: number;
}

export interface Signals {
  readonly dataTerminalReady?: boolean;
  readonly requestToSend?: boolean;
}

/** Where a board is plugged in. */
export interface BoardPlace {
  /** What people know the port by. */
  readonly path: string;
  /** The port from the beginning; one at a time is open. */
  newPort(): BoardPort;
}

export function unplugged(path: string, why: string): FlashError {
  return new FlashError(
    "FLASH_UNPLUGGED",
    `the board on ${path} went away: ${why}`,
    "plug it in again, use a short cable with data lines, and try again",
  );
}
