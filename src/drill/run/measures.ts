/**
 * What every drill measures, whatever it is done to: when the fault was noticed and recovered from, what held and what was lost
 * meanwhile, and witnesses that must have seen something before and after. The clock is the machine's own.
 */
import { systemClock, type Clock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import type { DrillFacts, DrillMeasures, Witness } from "./drill.js";
import type { Loss, RunResult } from "./results.js";

/** Waiting goes on to this many bounds, so that a late recovery is told as late and not as none. */
const PATIENCE = 3;

/** A drill that was not begun. */
export function unrun(outcome: "failed" | "notRun", why: string): RunResult {
  return { outcome, why, held: [], lost: [] };
}

interface Watched {
  readonly what: string;
  count: number;
  /** Its count when all was well again. */
  atRecovery: number;
}

export class Measures {
  private readonly clock: Clock = systemClock;
  private readonly ends: (() => void | Promise<void>)[] = [];
  private readonly held: string[] = [];
  private readonly losses: Loss[] = [];
  private readonly watched: Watched[] = [];
  private startedMs: number | undefined;
  private healedMs: number | undefined;
  private noticeMs: number | undefined;
  private recoverMs: number | undefined;

  /**
   * @param witnessMsMax how long a witness is waited for before it has seen nothing
   * @param onInject right before the fault
   */
  constructor(
    private readonly drill: DrillFacts,
    private readonly witnessMsMax: number,
    private readonly onInject: () => void = () => undefined,
  ) {}

  /** What was done for the end, newest first. */
  async end(): Promise<void> {
    for (let end = this.ends.pop(); end; end = this.ends.pop()) await end();
  }

  lost(what: string, count: number, of: number): void {
    this.losses.push({ what, count, of });
  }

  /** @param why it failed; "" when it held */
  result(why: string): RunResult {
    const { noticeMs, recoverMs, held, losses } = this;
    return {
      outcome: why === "" ? "held" : "failed",
      ...(noticeMs !== undefined && { noticeMs: Math.round(noticeMs) }),
      ...(recoverMs !== undefined && { recoverMs: Math.round(recoverMs) }),
      why,
      held,
      lost: losses,
    };
  }

  witness(what: string): Witness {
    const watched: Watched = { what, count: 0, atRecovery: Number.POSITIVE_INFINITY };
    this.watched.push(watched);
    return {
      saw: () => void watched.count++,
      get count() {
        return watched.count;
      },
    };
  }

  async untilSeen(): Promise<void> {
    for (const watched of this.watched) {
      const what = `${watched.what} before the fault: that witness sees nothing`;
      await until(what, this.witnessMsMax, () => watched.count > 0);
    }
  }

  async demandWitnesses(): Promise<void> {
    for (const watched of this.watched) {
      await until(
        `${watched.what} after the recovery: that witness sees nothing`,
        this.witnessMsMax,
        () => watched.count > watched.atRecovery,
      );
    }
  }

  /** Functions, not methods: a drill takes them apart. */
  words(): DrillMeasures {
    const { clock, drill } = this;
    return {
      nowMs: () => clock.nowMs(),
      witness: (what) => this.witness(what),
      inject: async (act) => {
        await this.untilSeen();
        this.onInject();
        this.startedMs = clock.nowMs();
        await act();
      },
      noticed: async (what, isTrue) => {
        this.noticeMs = await this.wait(what, this.startedMs, drill.noticeMsMax, isTrue);
      },
      heal: async (act) => {
        await act();
        this.healedMs = clock.nowMs();
      },
      recovered: async (what, isTrue) => {
        const fromMs = this.healedMs ?? this.startedMs;
        this.recoverMs = await this.wait(what, fromMs, drill.recoverMsMax, isTrue);
        for (const watched of this.watched) watched.atRecovery = watched.count;
      },
      holds: (what, isTrue, figures = "") => {
        if (!isTrue) throw new Error(`did not hold: ${what}${figures && ` (${figures})`}`);
        if (!this.held.includes(what)) this.held.push(what);
      },
      lost: (what, count, of) => this.lost(what, count, of),
      atEnd: (act) => void this.ends.push(act),
    };
  }

  /** Why the times do not hold; "" when they do. */
  lateness(): string {
    const { noticeMsMax, recoverMsMax } = this.drill;
    if (this.noticeMs === undefined || this.recoverMs === undefined) {
      return "the drill measured no notice or no recovery";
    }
    if (this.noticeMs > noticeMsMax) {
      return `noticed late, after ${Math.round(this.noticeMs)} ms, bound ${noticeMsMax} ms`;
    }
    if (this.recoverMs <= recoverMsMax) return "";
    return `recovered late, after ${Math.round(this.recoverMs)} ms, bound ${recoverMsMax} ms`;
  }

  private async wait(
    what: string,
    fromMs: number | undefined,
    limitMs: number,
    isTrue: () => boolean | Promise<boolean>,
  ): Promise<number> {
    if (fromMs === undefined) throw new Error("a drill injects before it waits");
    await until(what, limitMs * PATIENCE, () => quiet(isTrue));
    return this.clock.nowMs() - fromMs;
  }
}

/** A door that does not answer is an answer, too: not (yet) true. */
export async function quiet(isTrue: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await isTrue();
  } catch {
    return false;
  }
}
