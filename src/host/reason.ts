/** Why something failed, in words for a log line or a person. Whatever was thrown, also what is no Error. */

/** The message. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The code of the system ("ENOSPC"), which a person can look up, or else the message. */
export function systemReasonOf(thrown: unknown): string {
  const { code } = Object(thrown) as NodeJS.ErrnoException;
  return code ?? reasonOf(thrown);
}

/** The message of what caused it: Node's `fetch` itself says only that it failed. */
export function causeReasonOf(thrown: unknown): string {
  const { cause } = Object(thrown) as Error;
  return reasonOf(cause instanceof Error ? cause : thrown);
}
