/**
 * Why a model gave no good reply. `kind` says whether the same model is asked again within this turn
 * (`src/resilience/retry.ts`): only what failed fast and without a word is.
 */
import type { ErrorKind } from "../../resilience/errors.js";

export type ModelCode =
  /** No first token in time. */
  | "MODEL_SILENT"
  /** The stream stopped in the middle. */
  | "MODEL_STALLED"
  /** Not done when the turn's time was over. */
  | "MODEL_SLOW"
  /** 429. */
  | "MODEL_RATE"
  /** 401, 402 or 403: the key, or what is paid for it. */
  | "MODEL_KEY"
  /** The service does not know this model. */
  | "MODEL_UNKNOWN"
  /** Another 4xx: the request is not taken. */
  | "MODEL_REFUSED"
  /** It will not answer these words: its content filter, or what it calls safety. */
  | "MODEL_BLOCKED"
  /** What it was given is longer than it can take. */
  | "MODEL_CONTEXT"
  /** The stream ended without saying that the reply was whole. */
  | "MODEL_CUT"
  /** 5xx, or the network. */
  | "MODEL_FAILED"
  /** What came is not the protocol. */
  | "MODEL_GARBAGE"
  /** Nothing to say came. */
  | "MODEL_EMPTY"
  /** More bytes than any reply has. */
  | "MODEL_FLOOD"
  /** The same again and again, or without an end. */
  | "MODEL_STUCK";

export class ModelError extends Error {
  override readonly name = "ModelError";
  /** All that the service said of it, uncut, with its own names: what it refuses is found here. */
  readonly about: string;

  constructor(
    readonly code: ModelCode,
    readonly kind: ErrorKind,
    message: string,
    /** How long the service asks to be left alone. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions & { readonly about?: string },
  ) {
    super(message, options);
    this.about = options?.about ?? message;
  }
}

/** After words were spoken the same model must not begin anew either. */
export function asFinal(error: unknown): unknown {
  if (!(error instanceof ModelError) || error.kind !== "transient") return error;
  return new ModelError(error.code, "permanent", error.message, error.retryAfterMs, {
    cause: error,
    about: error.about,
  });
}

/** The service said no to what was said: its filter did, or nobody knows why. */
export function isBlocked(error: unknown): boolean {
  if (!(error instanceof ModelError)) return false;
  return (
    error.code === "MODEL_BLOCKED" ||
    (error.code === "MODEL_REFUSED" && /status 4(?:00|22)/.test(error.message))
  );
}

/** Failures that a service which does not hang answers with. */
const ANSWERED: ReadonlySet<string> = new Set([
  "MODEL_REFUSED",
  "MODEL_BLOCKED",
  "MODEL_CONTEXT",
  "MODEL_EMPTY",
  "MODEL_CUT",
]);

/** Whether a service that does not hang has answered so. */
export function isAnswer(error: unknown): boolean {
  return error instanceof ModelError && ANSWERED.has(error.code);
}
