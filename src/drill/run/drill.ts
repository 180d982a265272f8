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
import type { LivePage } from "./live-page.js";
import type { ModelDouble } from "./model-double.js";
import type { Probe } from "./probe.js";
import type { RunResult } from "./results.js";
import type { Need, Stage } from "./stage.js";

/** What is told of a drill, whatever it is done to. */
export interface DrillFacts {
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
  /** One repeat takes a minute or more: so many are enough for a table. */
  readonly repeatsMax?: number;
  /** It takes so long that it is run only where it is named. */
  readonly isOnlyByName?: boolean;
  /** It is about the robot and its link, so a chip's pace matters: also in the table of the chip. */
  readonly isOfLink?: boolean;
  /** A reason why it cannot run here (a tool is missing), or undefined. Told, never skipped in silence. */
  cannotRun?(): string | undefined;
}

/** Done to something that it starts and ends by itself. */
export interface DrillAlone extends DrillFacts {
  /** One repeat. @param witnessMsMax how long a witness is waited for; undefined: as long as is usual. Never rejects. */
  runAlone(chance: Chance, witnessMsMax: number | undefined): Promise<RunResult>;
}

/** Done to a Buddy that was started as a user starts it. */
export interface Drill extends DrillFacts {
  /** Options of `buddy start`; free ports and a data directory of its own are given anyway. */
  readonly flags?: readonly string[];
  /** Environment of `buddy start`. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a Buddy of this drill has beside it. */
  readonly needs?: readonly Need[];
  /**
   * What of a Buddy its fault uses up that only time gives back. quickRestart: a part's first restart comes at once, the next after 30 s:
   * one repeat of the drill for each start. boot: after three boots that did not last a minute the robot is in safe mode: two
   * for each start, of all drills together.
   */
  readonly wears?: "quickRestart" | "boot";
  /** Injects, measures and heals with the words of `DrillContext`. Throws where the expectation does not hold. */
  run(context: DrillContext): Promise<void>;
}

export interface DrillContext extends DrillMeasures {
  readonly probe: Probe;
  /** A page that has been open since before the fault. */
  readonly page: LivePage;
  readonly chance: Chance;
  /** The Buddy with its data directory; it can be started again after its end. */
  readonly stage: Stage;
  /** The model that it asks. @throws when the drill does not say that it needs one */
  readonly model: () => ModelDouble;
}

/** The words by which a drill measures. */
export interface DrillMeasures {
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
  /** Whatever happens, this is done at the end, newest first. */
  readonly atEnd: (act: () => void | Promise<void>) => void;
}

export interface Witness {
  saw(): void;
  readonly count: number;
}
