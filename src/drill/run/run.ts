/** Runs one repeat of a drill on a Buddy that runs: steady state, fault, measurements, heal, progress. The clock is the machine's own. */
import { reasonOf } from "../../host/reason.js";
import { systemClock, type Clock } from "../../time/clock.js";
import type { Chance } from "../../time/chance.js";
import { until } from "../../time/until.js";
import type { Drill, DrillContext, Witness } from "./drill.js";
import { LivePage } from "./live-page.js";
import type { Loss, RunResult } from "./results.js";
import type { Stage } from "./stage.js";

const STEADY_MS_MAX = 30_000;
/** The fault falls at a seeded moment within this: it must not always meet the same phase of a beat. */
const PHASE_MS_MAX = 600;
/** Waiting goes on to this many bounds, so that a late recovery is told as late and not as none. */
const PATIENCE = 3;
/** What a witness sees comes several times a second, or with the next thing that is done. */
const WITNESS_MS_MAX = 15_000;
const OPEN_COMMANDS_MS_MAX = 15_000;

/** A drill that was not begun. */
export function unrun(outcome: "failed" | "notRun", why: string): RunResult {
  return { outcome, why, held: [], lost: [] };
}

/** @param witnessMsMax how long a witness is waited for before it has seen nothing. */
export async function runDrill(
  drill: Drill,
  stage: Stage,
  chance: Chance,
  witnessMsMax = WITNESS_MS_MAX,
): Promise<RunResult> {
  return new DrillRun(drill, stage, chance, witnessMsMax).go();
}

interface Watched {
  readonly what: string;
  count: number;
  /** Its count when all was well again. */
  atRecovery: number;
}

class DrillRun {
  private readonly clock: Clock = systemClock;
  private readonly page: LivePage;
  private readonly ends: (() => void | Promise<void>)[] = [];
  private readonly held: string[] = [];
  private readonly losses: Loss[] = [];
  private readonly watched: Watched[] = [];
  private startedMs: number | undefined;
  private healedMs: number | undefined;
  private noticeMs: number | undefined;
  private recoverMs: number | undefined;

  constructor(
    private readonly drill: Drill,
    private readonly stage: Stage,
    private readonly chance: Chance,
    private readonly witnessMsMax: number,
  ) {
    this.page = new LivePage(() => stage.probe.buddy.runtime.page, this.clock);
  }

  async go(): Promise<RunResult> {
    let why: string;
    try {
      const { probe } = this.stage;
      await until("the steady state", STEADY_MS_MAX, () => quiet(() => probe.isSteady()));
      await this.watchPage();
      await this.clock.sleep(this.chance.next() * PHASE_MS_MAX);
      await this.drill.run(this.context());
      await probe.demandProgress();
      await this.demandWitnesses();
      why = this.lateness();
    } catch (error) {
      why = reasonOf(error);
    } finally {
      for (let end = this.ends.pop(); end; end = this.ends.pop()) await end();
      await this.countCommands();
      this.page.close();
    }
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

  /** The page sees a robot that answers and, where there is a camera, pictures. */
  private async watchPage(): Promise<void> {
    const answers = this.witness("an open page's commands");
    const pictures = (await this.stage.probe.state()).vision.camera.state !== "off";
    const seen = pictures ? this.witness("an open page's pictures") : undefined;
    this.page.on((what) => {
      if (what === "answer") answers.saw();
      if (what === "picture") seen?.saw();
    });
    await this.untilSeen();
  }

  /** What was asked meanwhile and got no word, or none that says what became of it. */
  private async countCommands(): Promise<void> {
    const { page } = this;
    page.stopAsking();
    await until("open commands", OPEN_COMMANDS_MS_MAX, () => !page.isWaiting);
    this.losses.push({
      what: "commands",
      count: page.unanswered,
      of: page.commands.asked,
    });
  }

  private witness(what: string): Witness {
    const watched: Watched = { what, count: 0, atRecovery: Number.POSITIVE_INFINITY };
    this.watched.push(watched);
    return {
      saw: () => void watched.count++,
      get count() {
        return watched.count;
      },
    };
  }

  private async untilSeen(): Promise<void> {
    for (const watched of this.watched) {
      const what = `${watched.what} before the fault: that witness sees nothing`;
      await until(what, this.witnessMsMax, () => watched.count > 0);
    }
  }

  private async demandWitnesses(): Promise<void> {
    for (const watched of this.watched) {
      await until(
        `${watched.what} after the recovery: that witness sees nothing`,
        this.witnessMsMax,
        () => {
          return watched.count > watched.atRecovery;
        },
      );
    }
  }

  /** Functions, not methods: a drill takes them apart. */
  private context(): DrillContext {
    const { probe } = this.stage;
    const { page, chance, clock, drill } = this;
    return {
      probe,
      page,
      chance,
      nowMs: () => clock.nowMs(),
      witness: (what) => this.witness(what),
      inject: async (act) => {
        await this.untilSeen();
        page.forget();
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
      lost: (what, count, of) => void this.losses.push({ what, count, of }),
      stage: this.stage,
      model: () => {
        const { model } = this.stage;
        if (model === undefined) throw new Error("this drill has no model");
        return model;
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
    if (this.noticeMs > noticeMsMax) {
      return `noticed late, after ${Math.round(this.noticeMs)} ms, bound ${noticeMsMax} ms`;
    }
    if (this.recoverMs <= recoverMsMax) return "";
    return `recovered late, after ${Math.round(this.recoverMs)} ms, bound ${recoverMsMax} ms`;
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
