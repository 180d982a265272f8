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
  /** 401 or 403. */
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

  constructor(
    readonly code: ModelCode,
    readonly kind: ErrorKind,
    message: string,
    /** How long the service asks to be left alone. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
