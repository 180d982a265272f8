/** What can go wrong with a backup or a restore (docs/ERRORS.md); `message` is for people and names the reason. */
export type BackupCode =
  | "STORE_BACKUP_DAMAGED"
  | "STORE_BACKUP_NEWER"
  | "STORE_BACKUP_TARGET"
  | "STORE_BACKUP_LIMIT"
  | "STORE_BACKUP_FAILED";

export class BackupError extends Error {
  override readonly name = "BackupError";

  constructor(
    readonly code: BackupCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function damaged(why: string): BackupError {
  return new BackupError("STORE_BACKUP_DAMAGED", `the archive is damaged: ${why}`);
}
