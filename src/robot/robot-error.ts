/** Why a robot command had no good answer. `kind` decides about retries (docs/ERRORS.md). */
export type RobotErrorCode =
  "ROBOT_AWAY" | "ROBOT_BUSY" | "ROBOT_LINE" | "ROBOT_OUTCOME_UNKNOWN" | "ROBOT_TIMEOUT";

export class RobotError extends Error {
  readonly kind: "transient" | "permanent";

  constructor(
    readonly code: RobotErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "RobotError";
    this.kind = code === "ROBOT_LINE" ? "permanent" : "transient";
  }
}
