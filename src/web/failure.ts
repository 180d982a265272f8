import type { FastifyInstance } from "fastify";

/** Every error answer of the page's door has this one shape (design contract §4). */
export function failure(
  code: string,
  message: string,
): { readonly error: { readonly code: string; readonly message: string } } {
  return { error: { code, message } };
}

/** What an error answer says may come from outside: secrets are taken out of each, whatever route it is of. */
export function redactErrors(app: FastifyInstance, redact: (text: string) => string): void {
  app.addHook("preSerialization", async (_request, _reply, payload: unknown) => {
    const error = (payload as { error?: { message?: unknown } } | null)?.error;
    if (typeof error?.message !== "string") return payload;
    return { ...(payload as object), error: { ...error, message: redact(error.message) } };
  });
}
