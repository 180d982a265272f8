/**
 * What the robot says of itself when asked: `SELF` and `WHY` (PROTOCOL §2.3), polled while it is linked. After the link is
 * lost the last answers stay, with their age. A robot that does not know these verbs is asked seldom and shown without.
 */
import type { z } from "zod";
import { reasonOf } from "../host/reason.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { RobotCommands } from "./commands.js";
import { selfReply, whyReply, type Cause, type Self } from "./self.js";

/** One question each so often, SELF and WHY in turn: what they tell changes slowly. */
const PERIOD_MS = 1000;
/** Each answer costs a small chip a hundredth of its time: one of the two verbs every so many looks. */
const LOOKS_PER_QUESTION = 2;
/** After an answer that is none, questions of that kind rest for so long. */
const REST_MS = 30_000;
type Verb = "SELF" | "WHY";

export interface SelfWatchDeps {
  readonly robot: RobotCommands & { readonly isLinked: boolean };
  readonly clock: Clock;
  readonly onSelf: (self: Self) => void;
  readonly onChange: () => void;
  readonly log: (level: "info" | "warn", message: string) => void;
}

export class SelfWatch {
  private self: { readonly reply: Self; readonly atMs: number } | undefined;
  private why: { readonly causes: readonly Cause[]; readonly atMs: number } | undefined;
  private readonly restUntilMs: Record<Verb, number> = { SELF: 0, WHY: 0 };
  private turn: Verb = "WHY";
  private looks = 0;
  private isAsking = false;
  private wasLinked = false;
  private cancel: CancelTimer = () => undefined;

  constructor(private readonly deps: SelfWatchDeps) {}

  start(): void {
    this.cancel = this.deps.clock.every(PERIOD_MS, () => this.tick());
  }

  stop(): void {
    this.cancel();
  }

  /** The newest answer to SELF and its age. */
  get latest(): { readonly self: Self; readonly ageMs: number } | undefined {
    if (this.self === undefined) return undefined;
    return { self: this.self.reply, ageMs: this.deps.clock.nowMs() - this.self.atMs };
  }

  /** Newest first, with ages as of now; undefined when the robot never told any. */
  get causes(): Cause[] | undefined {
    const { why } = this;
    if (why === undefined) return undefined;
    const sinceS = Math.round((this.deps.clock.nowMs() - why.atMs) / 1000);
    return why.causes.map((one) => ({ ...one, agoS: one.agoS + sinceS }));
  }

  private tick(): void {
    const { isLinked } = this.deps.robot;
    const isNew = isLinked && !this.wasLinked;
    this.wasLinked = isLinked;
    if (isNew) {
      // It may have been flashed meanwhile: what it did not know it may know now.
      this.restUntilMs.SELF = 0;
      this.restUntilMs.WHY = 0;
      this.turn = "WHY";
      this.looks = 0;
    }
    if (this.looks++ % LOOKS_PER_QUESTION !== 0) return;
    this.turn = this.turn === "SELF" ? "WHY" : "SELF";
    void this.ask(this.turn);
  }

  private async ask(verb: Verb): Promise<void> {
    const { robot, clock, log, onChange } = this.deps;
    if (this.isAsking || !robot.isLinked || clock.nowMs() < this.restUntilMs[verb]) return;
    this.isAsking = true;
    try {
      const why = this.take(verb, JSON.parse(await robot.send(verb)));
      if (why !== undefined) {
        // Said once a link: an older firmware will not learn it meanwhile.
        const isNews = this.restUntilMs[verb] === 0;
        this.restUntilMs[verb] = clock.nowMs() + REST_MS;
        if (isNews) log("warn", `the robot's answer to ${verb} is not understood: ${why}`);
      }
      onChange();
    } catch (error) {
      // A robot that goes away in the middle is reported by its client.
      if (robot.isLinked) log("warn", `${verb} failed: ${reasonOf(error)}`);
    } finally {
      this.isAsking = false;
    }
  }

  /** @returns what is wrong with the answer, if anything. */
  private take(verb: Verb, raw: unknown): string | undefined {
    const atMs = this.deps.clock.nowMs();
    if (verb === "SELF") {
      const parsed = selfReply.safeParse(raw);
      if (!parsed.success) return firstIssue(parsed.error);
      this.self = { reply: parsed.data, atMs };
      this.deps.onSelf(parsed.data);
      return undefined;
    }
    const parsed = whyReply.safeParse(raw);
    if (!parsed.success) return firstIssue(parsed.error);
    const causes = parsed.data.why.map(([agoS, did, why, figure, times]) => {
      return { agoS, did, why, figure, times };
    });
    this.why = { causes, atMs };
    return undefined;
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? "" : `${issue.path.join(".")}: ${issue.message}`;
}
