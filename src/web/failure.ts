import type { FastifyInstance } from "fastify";
import { textsThrough } from "../state/texts.js";

/** Every error answer of the page's door has this one shape (PROTOCOL §5). */
export function failure(
  code: string,
  message: string,
): { readonly error: { readonly code: string; readonly message: string } } {
  return { error: { code, message } };
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Its answer is meant to hold sign-in codes: it goes out as it is. */
    readonly tellsSecrets?: boolean;
  }
}

/** What answers say may come from outside, or be what somebody said: secrets are taken out of each, whatever route it is of. */
export function redactAnswers(app: FastifyInstance, redact: (text: string) => string): void {
  app.addHook("preSerialization", async (request, _reply, payload: unknown) =>
    request.routeOptions.config.tellsSecrets === true ? payload : textsThrough(payload, redact),
  );
}
