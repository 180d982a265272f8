/**
 * Commands that wait for their answer. Every wait ends: by the answer, by a deadline, or with the
 * connection; nothing is kept for later and nothing is sent twice.
 */
import { t } from "../language/language.js";

/** How a command went. */
export type Outcome =
  | { readonly kind: "ok"; readonly reply: Readonly<Record<string, unknown>> }
  /** The robot heard it and said no. */
  | {
      readonly kind: "refused";
      readonly reason: string;
      readonly reply: Readonly<Record<string, unknown>>;
    }
  /** It did not reach the robot, or no answer came. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

/** Longer than the companion's own limit for a robot command, so that its reason arrives first. */
export const ANSWER_MS_MAX = 5000;

/** What a reply of the robot means. */
export function outcomeOf(reply: Readonly<Record<string, unknown>>): Outcome {
  if (reply["ok"] !== false) return { kind: "ok", reply };
  const reason = typeof reply["reason"] === "string" ? reply["reason"] : t.commands.noReason;
  return { kind: "refused", reason, reply };
}

export class PendingCommands {
  private readonly waits = new Map<
    number,
    { untilMs: number; settle: (outcome: Outcome) => void }
  >();
  private nextId = 1;

  open(nowMs: number): { id: number; outcome: Promise<Outcome> } {
    const id = this.nextId++;
    const outcome = new Promise<Outcome>((settle) => {
      this.waits.set(id, { untilMs: nowMs + ANSWER_MS_MAX, settle });
    });
    return { id, outcome };
  }

  reply(id: number, reply: Readonly<Record<string, unknown>>): void {
    this.settle(id, outcomeOf(reply));
  }

  fail(id: number, code: string, message: string): void {
    this.settle(id, { kind: "failed", code, message });
  }

  expire(nowMs: number): void {
    for (const [id, wait] of [...this.waits]) {
      if (nowMs >= wait.untilMs) this.fail(id, "WEB_NO_ANSWER", t.commands.noAnswer);
    }
  }

  settleAll(code: string, message: string): void {
    for (const id of [...this.waits.keys()]) this.fail(id, code, message);
  }

  private settle(id: number, outcome: Outcome): void {
    const wait = this.waits.get(id);
    this.waits.delete(id);
    wait?.settle(outcome);
  }
}
