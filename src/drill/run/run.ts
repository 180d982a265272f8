/** Runs one drill: start, steady state, fault, measurements, heal, progress, stop. The clock is the machine's own. */
import { reasonOf } from "../../host/reason.js";
import { systemClock, type Clock } from "../../time/clock.js";
import type { Chance } from "../../time/chance.js";
import { startBuddy, type BuddyProcess } from "./buddy-process.js";
import { until } from "../../time/until.js";
import type { Drill, DrillContext, DrillResult } from "./drill.js";
import { Probe } from "./probe.js";

const STEADY_MS_MAX = 30_000;
/** The fault falls at a seeded moment within this: it must not always meet the same phase of a beat. */
const PHASE_MS_MAX = 600;
/** Waiting goes on to this many bounds, so that a late recovery is told as late and not as none. */
const PATIENCE = 3;

export async function runDrill(drill: Drill, chance: Chance): Promise<DrillResult> {
  const cannot = drill.cannotRun?.();
  if (cannot !== undefined) return result(drill, "notRun", cannot);
  let buddy: BuddyProcess;
  try {
    buddy = await startBuddy(drill.flags, { ...(drill.env && { env: { ...drill.env } }) });
  } catch (error) {
    return result(drill, "failed", `it did not start: ${reasonOf(error)}`);
  }
  const run = new DrillRun(drill, new Probe(buddy), chance);
  try {
    return await run.go();
  } finally {
    await buddy.stop();
  }
}

function result(drill: Drill, outcome: DrillResult["outcome"], why: string): DrillResult {
  const { name } = drill;
  return { name, outcome, why, noticeMs: undefined, recoverMs: undefined, held: [] };
}

class DrillRun {
  private readonly clock: Clock = systemClock;
  private readonly ends: (() => void | Promise<void>)[] = [];
  private readonly held: string[] = [];
  private startedMs: number | undefined;
  private healedMs: number | undefined;
  private noticeMs: number | undefined;
  private recoverMs: number | undefined;

  constructor(
    private readonly drill: Drill,
    private readonly probe: Probe,
    private readonly chance: Chance,
  ) {}

  async go(): Promise<DrillResult> {
    let why: string;
    try {
      await until("the steady state", STEADY_MS_MAX, () => quiet(() => this.probe.isSteady()));
      await this.clock.sleep(this.chance.next() * PHASE_MS_MAX);
      await this.drill.run(this.context());
      await this.probe.demandProgress();
      why = this.lateness();
    } catch (error) {
      why = reasonOf(error);
    } finally {
      for (let end = this.ends.pop(); end; end = this.ends.pop()) await end();
    }
    const { noticeMs, recoverMs, held } = this;
    const outcome = why === "" ? "held" : "failed";
    return { name: this.drill.name, outcome, why, noticeMs, recoverMs, held };
  }

  /** Functions, not methods: a drill takes them apart. */
  private context(): DrillContext {
    const { probe, chance, clock, drill } = this;
    return {
      probe,
      chance,
      nowMs: () => clock.nowMs(),
      inject: async (act) => {
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
      },
      holds: (what, isTrue) => {
        if (!isTrue) throw new Error(`did not hold: ${what}`);
        this.held.push(what);
      },
      atEnd: (act) => void this.ends.push(act),
    };
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

  private lateness(): string {
    const { noticeMsMax, recoverMsMax } = this.drill;
    if (this.noticeMs === undefined || this.recoverMs === undefined) {
      return "the drill measured no notice or no recovery";
    }
    if (this.noticeMs > noticeMsMax) return `noticed late, bound ${noticeMsMax} ms`;
    return this.recoverMs > recoverMsMax ? `recovered late, bound ${recoverMsMax} ms` : "";
  }
}

/** A door that does not answer is an answer, too: not (yet) true. */
async function quiet(isTrue: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await isTrue();
  } catch {
    return false;
  }
}
