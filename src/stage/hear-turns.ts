/** Joins what robots tell of their turns with what an ear heard of them, one turn after the other. */
import type { Clock } from "../time/clock.js";
import { until } from "../time/until.js";
import type { Ear } from "./ear.js";
import { isHeard, type Heard, type Turn } from "./report.js";

/** A room brings sound this much later than its robot says that it was played. */
const LATE_MS_MAX = 6000;

export type SpokenTurn = Pick<Turn, "robot" | "text" | "soundMs" | "isOpening">;

export class HearTurns {
  readonly turns: Turn[] = [];
  /** Up to when each robot's sound belongs to turns before. */
  private readonly countedMs = new Map<string, number>();
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly clock: Clock,
    private readonly ear: Ear,
    private readonly onTurn: (turn: Turn) => void,
  ) {}

  spoke(said: SpokenTurn): void {
    this.work = this.work.then(() => this.hear(said));
  }

  /** Since anybody was heard, ms; since the first look when nobody was. */
  get quietMs(): number {
    const last = this.ear.heard().reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
    return this.clock.nowMs() - last;
  }

  private async hear(said: SpokenTurn): Promise<void> {
    const read = (): Turn => this.turnOf(said);
    try {
      await until("the turn to be heard", LATE_MS_MAX, () => isHeard(read()));
    } catch {
      // It counts as not heard, and that is the result.
    }
    const turn = read();
    this.countedMs.set(said.robot, Math.max(turn.endMs, this.countedMs.get(said.robot) ?? 0));
    this.turns.push(turn);
    this.onTurn(turn);
  }

  private turnOf(said: SpokenTurn): Turn {
    const after = this.countedMs.get(said.robot) ?? 0;
    const own = this.ear
      .heard()
      .filter(({ robot, startMs }) => robot === said.robot && startMs >= after);
    const length = ({ startMs, endMs }: Heard): number => endMs - startMs;
    return {
      ...said,
      heardMs: own.reduce((sum, sound) => sum + length(sound), 0),
      startMs: Math.min(...own.map(({ startMs }) => startMs), Number.MAX_VALUE) % Number.MAX_VALUE,
      endMs: Math.max(0, ...own.map(({ endMs }) => endMs)),
    };
  }
}
