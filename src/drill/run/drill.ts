/**
 * What a drill is: one failure, injected into the real processes of a Buddy that was started as a user starts it, with
 * everything measured from outside. Grouped in `drills/` by what is broken; `drills.ts` lists them.
 *
 * The order is always the same: the steady state is reached and every witness has seen something, the fault is injected at a
 * seeded moment, the time until Buddy says so and the time until it works again are taken, what was broken on purpose is
 * healed, and then progress is demanded of the robot and of every witness: a robot that answers again but never moves
 * again has not recovered, and a witness that saw nothing proves nothing.
 */
import type { Chance } from "../../time/chance.js";
import type { BuddyProcess } from "./buddy-process.js";
import type { LivePage } from "./live-page.js";
import type { Probe } from "./probe.js";
import type { Loss, RunResult } from "./results.js";

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
  /** The fault uses up what only time gives back (a part's quick restart): one repeat for each start. */
  readonly isOncePerStart?: boolean;
  /** It is about the robot and its link, so a chip's pace matters: also in the table of the chip. */
  readonly isOfLink?: boolean;
  /** A reason why it cannot run here (a tool is missing), or undefined. Told, never skipped in silence. */
  cannotRun?(): string | undefined;
  /** Injects, measures and heals with the words of `DrillContext`. Throws where the expectation does not hold. */
  run(context: DrillContext): Promise<void>;
}

export interface DrillContext {
  readonly probe: Probe;
  /** A page that has been open since before the fault. */
  readonly page: LivePage;
  readonly chance: Chance;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Something that is looked at all the time; call `saw` for each sight. It must see something before the fault and after the recovery. */
  readonly witness: (what: string) => Witness;
  /** The moment of the fault: the clocks of `noticed` and `recovered` start with it. @throws when a witness sees nothing before it */
  readonly inject: (act: () => void | Promise<void>) => Promise<void>;
  /** Waits until Buddy itself says that something is wrong (or, with no sign to be seen, that it has acted). */
  readonly noticed: (what: string, isTrue: () => boolean | Promise<boolean>) => Promise<void>;
  /** Takes the fault away; `recovered` counts from here then. */
  readonly heal: (act: () => void | Promise<void>) => Promise<void>;
  readonly recovered: (what: string, isTrue: () => boolean | Promise<boolean>) => Promise<void>;
  /** Something that must hold meanwhile, told in the report: words without figures. @throws when it does not. */
  readonly holds: (what: string, isTrue: boolean, figures?: string) => void;
  /** What was lost of how many, told in the table; the frame adds the commands that it asks all the time. */
  readonly lost: (what: string, count: number, of: number) => void;
  /** Starts the companion again, which has ended, on the same data directory and doors. Not waited for its ready line. */
  readonly startAgain: () => Promise<void>;
  /** Whatever happens, this is done at the end, newest first. */
  readonly atEnd: (act: () => void | Promise<void>) => void;
}

export interface Witness {
  saw(): void;
  readonly count: number;
}

export type { BuddyProcess, Loss, RunResult };
