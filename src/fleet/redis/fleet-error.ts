/** What can be wrong with the Redis of a fleet, each with what to do (docs/ERRORS.md). */
import type { ErrorKind } from "../../resilience/errors.js";
import { reasonOf } from "../../host/reason.js";

export type FleetCode =
  /** Not reached, or no answer in time. */
  | "FLEET_AWAY"
  | "FLEET_PASSWORD"
  | "FLEET_VERSION"
  /** Something else stands at a key of ours. */
  | "FLEET_KEY_TYPE"
  /** `maxmemory` is reached. */
  | "FLEET_FULL"
  /** A replica, or a master without enough replicas. */
  | "FLEET_READONLY"
  | "FLEET_STARTING"
  /** It answered something that our script does not say. */
  | "FLEET_ANSWER";

export class FleetError extends Error {
  override readonly name = "FleetError";

  constructor(
    readonly code: FleetCode,
    readonly kind: ErrorKind,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? {} : { cause });
  }
}

/** What a person can do, a sentence. */
export const FLEET_NEXT: Readonly<Record<FleetCode, string>> = {
  FLEET_AWAY: "Start Redis, or look at --fleet; it is tried again by itself.",
  FLEET_PASSWORD: "Set BUDDY_FLEET_PASSWORD (and BUDDY_FLEET_USER) and restart Buddy.",
  FLEET_VERSION: "Run Redis 6.2 or newer, or Valkey, and the same version of every Buddy.",
  FLEET_KEY_TYPE: "Choose another --stage, or delete the keys of this one (buddy:{STAGE}:*).",
  FLEET_FULL: "Give Redis more memory; other programs may have filled it.",
  FLEET_READONLY: "Point --fleet at the master, or at the sentinels.",
  FLEET_STARTING: "Nothing: it loads its data and is asked again by itself.",
  FLEET_ANSWER: "Look whether a Redis of this version answers at --fleet.",
};

/** By how Redis begins an error. */
const SAYS: readonly (readonly [RegExp, FleetCode, ErrorKind, string])[] = [
  [
    /^(WRONGPASS|NOAUTH|NOPERM)|invalid password|without any password/i,
    "FLEET_PASSWORD",
    "permanent",
    "Redis refuses the user or password",
  ],
  [
    /^WRONGTYPE|WRONGTYPE Operation/,
    "FLEET_KEY_TYPE",
    "permanent",
    "another value stands at a key of the stage",
  ],
  [/^FLEETVERSION/, "FLEET_VERSION", "permanent", "the stage is of another version of Buddy"],
  [/^OOM|OOM command not allowed/, "FLEET_FULL", "transient", "the memory of Redis is full"],
  [
    /^(READONLY|NOREPLICAS)|READONLY You/,
    "FLEET_READONLY",
    "transient",
    "this Redis takes no writes",
  ],
  [
    /^(LOADING|MASTERDOWN|BUSY |TRYAGAIN|CLUSTERDOWN)/,
    "FLEET_STARTING",
    "transient",
    "Redis is not ready",
  ],
  [/unknown command|ERR unknown/i, "FLEET_VERSION", "permanent", "this Redis is too old"],
];

/** The library's words for a call without a connection, which is not waited for. */
const NOT_CONNECTED = /Stream isn't writeable|^Connection is closed/;

/** An error of the client library or of Redis as one of ours. */
export function asFleetError(error: unknown): FleetError {
  if (error instanceof FleetError) return error;
  const text = reasonOf(error);
  if (NOT_CONNECTED.test(text)) {
    return new FleetError("FLEET_AWAY", "transient", "there is no connection to Redis", error);
  }
  for (const [pattern, code, kind, words] of SAYS) {
    if (pattern.test(text))
      return new FleetError(code, kind, `${words}: ${text.slice(0, 200)}`, error);
  }
  return new FleetError(
    "FLEET_AWAY",
    "transient",
    `Redis does not answer: ${text.slice(0, 200)}`,
    error,
  );
}

/** The oldest Redis whose commands are enough (`XAUTOCLAIM`, `GETEX` and other forms of 6.2 are what users have). */
const VERSION_MIN = [6, 2] as const;

/** @param info what `INFO server` says. @throws FleetError when it is too old or no Redis. */
export function versionOf(info: string): string {
  const found = /^redis_version:(\d+)\.(\d+)(\S*)/m.exec(info);
  if (found === null) {
    throw new FleetError(
      "FLEET_ANSWER",
      "permanent",
      "expected INFO of a Redis, got something else",
    );
  }
  const [, major = "0", minor = "0", rest = ""] = found;
  const isOld =
    Number(major) < VERSION_MIN[0] ||
    (Number(major) === VERSION_MIN[0] && Number(minor) < VERSION_MIN[1]);
  const version = `${major}.${minor}${rest}`;
  if (isOld) {
    const words = `expected Redis ${VERSION_MIN.join(".")} or newer, got ${version}`;
    throw new FleetError("FLEET_VERSION", "permanent", words);
  }
  return version;
}
