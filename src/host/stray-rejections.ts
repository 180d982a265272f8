/**
 * Failures that nobody awaited. One of them would end the companion and, with its cause still there, every start after it;
 * a robot that talks is worth more than a clean death. They are told and counted, so that each is seen and mended.
 */
import { reasonOf } from "./reason.js";

export class StrayRejections {
  count = 0;
  private readonly listener = (reason: unknown): void => {
    this.count++;
    const stack = reason instanceof Error ? (reason.stack ?? "") : "";
    const where = /\n\s+at [^\n]+/.exec(stack)?.[0]?.trim() ?? "";
    this.log(
      "error",
      `a failure that nobody awaited (${this.count}): ${reasonOf(reason)} ${where}`,
    );
  };

  constructor(
    private readonly log: (level: "error", message: string) => void,
    private readonly target: Pick<NodeJS.Process, "on" | "off"> = process,
  ) {
    target.on("unhandledRejection", this.listener);
  }

  stop(): void {
    this.target.off("unhandledRejection", this.listener);
  }
}
