/** What can go wrong with a language model of one's own: in words, with what to do. Codes: docs/ERRORS.md. */

export type BrainErrorCode =
  /** The model's file is not there, or is no GGUF. */
  | "BRAIN_FILE"
  /** The file ends before its tensors do. */
  | "BRAIN_CUT"
  /** The runtime does not know this kind of model, or could not load the file. */
  | "BRAIN_LOAD"
  /** The model does not fit this machine's memory. */
  | "BRAIN_MEMORY"
  /** The runtime is not installed, or does not run here. */
  | "BRAIN_RUNTIME"
  /** No model of this name is in the table, or installed. */
  | "BRAIN_NAME"
  /** The hub could not be reached, refused, or gave what it should not. */
  | "BRAIN_HUB"
  /** What came has not the size or the SHA-256 that is known. */
  | "BRAIN_HASH"
  /** There is no room for it on the disk, or it could not be written. */
  | "BRAIN_DISK"
  /** Another installation is under way. */
  | "BRAIN_BUSY"
  /** The owner ended it. */
  | "BRAIN_CANCELLED";

export class BrainError extends Error {
  /**
   * @param message what was seen.
   * @param next what to do, a sentence for people.
   */
  constructor(
    readonly code: BrainErrorCode,
    message: string,
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "BrainError";
  }
}

/** Bytes for people: "491 MB", "2.5 GB". */
export function amount(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}
