/**
 * What a drill is: one failure, injected into the real processes of a Buddy that was started as a user starts it, with
 * everything measured from outside. One file a drill in `drills/`; `drills.ts` lists them.
 *
 * The order is always the same: the steady state is reached and looked at, the fault is injected at a seeded moment, the time
 * until Buddy says so and the time until it works again are taken, what was broken on purpose is healed, and then
 * progress is demanded: a robot that answers again but never moves again has not recovered.
 */
import type { Chance } from "../../time/chance.js";
import type { Probe } from "./probe.js";

export interface Drill {
  /** In small letters with dashes: `npm run drill -- gateway-killed`. */
  readonly name: string;
  /** Rows of the requirements and cases of the fault catalogue that it shows. */
  readonly rows: readonly string[];
  /** What holds before, in words. */
  readonly steadyState: string;
  readonly fault: string;
  readonly expectation: string;
  /** What a person might think it shows and it does not. */
  readonly doesNotShow: string;
  /** From the fault until Buddy says so. */
  readonly noticeMsMax: number;
  /** From the fault, or from the heal when there is one, until all is as before. */
  readonly recoverMsMax: number;
  /** Options of `buddy start`; free ports and a data directory of its own are given anyway. */
  readonly flags?: readonly string[];
  /** Environment of `buddy start`. */
  readonly env?: Readonly<Record<string, string>>;
  /** A reason why it cannot run here (a tool is missing), or undefined. Told, never skipped in silence. */
  cannotRun?(): string | undefined;
  /** Injects, measures and heals with the words of `DrillContext`. Throws where the expectation does not hold. */
  run(context: DrillContext): Promise<void>;
}

export interface DrillContext {
  readonly probe: Probe;
  readonly chance: Chance;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** The moment of the fault: the clocks of `noticed` and `recovered` start with it. */
  readonly inject: (act: () => void | Promise<void>) => Promise<void>;
  /** Waits until Buddy itself says that something is wrong (or, with no sign to be seen, that it has acted). */
  readonly noticed: (what: string, isTrue: () => boolean | Promise<boolean>) => Promise<void>;
  /** Takes the fault away; `recovered` counts from here then. */
  readonly heal: (act: () => void | Promise<void>) => Promise<void>;
  readonly recovered: (what: string, isTrue: () => boolean | Promise<boolean>) => Promise<void>;
  /** Something that must hold meanwhile, told in the report. @throws when it does not. */
  readonly holds: (what: string, isTrue: boolean) => void;
  /** Whatever happens, this is done at the end, newest first. */
  readonly atEnd: (act: () => void | Promise<void>) => void;
}

export interface DrillResult {
  readonly name: string;
  readonly outcome: "held" | "failed" | "notRun";
  readonly noticeMs: number | undefined;
  readonly recoverMs: number | undefined;
  /** Why it failed or was not run; "" when it held. */
  readonly why: string;
  /** What held meanwhile. */
  readonly held: readonly string[];
}
