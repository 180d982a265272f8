/** What can go wrong with a board on a port: in words, with what to do. Codes: docs/ERRORS.md. */

export type FlashErrorCode =
  /** No port, several without a choice, or none of that name. */
  | "FLASH_PORT"
  /** This user may not open the port. */
  | "FLASH_PORT_DENIED"
  /** Another program has it. */
  | "FLASH_PORT_TAKEN"
  /** The board went away in the middle. */
  | "FLASH_UNPLUGGED"
  /** The module that opens serial ports is not there. */
  | "FLASH_NO_SERIAL"
  /** Nobody answers as a boot loader does. */
  | "FLASH_SILENT"
  /** The boot loader refused or garbled something. */
  | "FLASH_TRANSFER"
  /** What was read back is not what was written. */
  | "FLASH_VERIFY"
  /** The chip is not the one that the board or the file is for. */
  | "FLASH_CHIP"
  /** Board, image, or the runtime's file is not there, or is not what it should be. */
  | "FLASH_FILE"
  /** A runtime file's SHA-256 is not the one that is known. */
  | "FLASH_HASH"
  /** The board has no store that can be kept, or what should go in does not fit. */
  | "FLASH_STORE"
  /** It was written, but the robot did not come. */
  | "FLASH_NO_HELLO"
  /** The owner ended it. */
  | "FLASH_CANCELLED";

export class FlashError extends Error {
  /**
   * @param message what was seen.
   * @param next what to do, a sentence for people.
   */
  constructor(
    readonly code: FlashErrorCode,
    message: string,
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "FlashError";
  }
}
