/** What a turn does with the robot: its lines go out in their order, and what became of them stands in the turn's trace. */
import type { Clock } from "../../time/clock.js";
import {
  RobotHands,
  type HandLine,
  type HandOutcome,
  type RobotPort,
} from "../reply/robot-hands.js";
import { Gladness, type ActiveTurn } from "./active-turn.js";
import type { TurnReport, TurnTrace } from "./turn-trace.js";

interface HandsDeps {
  readonly clock: Clock;
  readonly robot: RobotPort;
  world(): { readonly valence: number };
  log(level: "warn", message: string): void;
}

/** The turn under way, and its trace. */
interface Running {
  readonly running: ActiveTurn | undefined;
  stamp(stage: "bodyMs"): void;
  trace(change: Pick<TurnTrace, "moves">): void;
}

export class TurnHands {
  private readonly hands: RobotHands;
  private readonly gladness = new Gladness();

  /**
   * @param isIdle whether no turn is under way
   * @param unmoved the robot did not make a movement of the turn under way
   */
  constructor(
    private readonly deps: HandsDeps,
    private readonly book: Running,
    private readonly isIdle: () => boolean,
    private readonly unmoved: () => void,
  ) {
    this.hands = new RobotHands(deps.robot, (line, outcome, why) => this.moved(line, outcome, why));
  }

  add(line: HandLine): void {
    this.hands.add({ ...line, isOwners: this.isOwners(line) });
  }

  /** After a turn that went well it may be glad. */
  ended(turnId: string, outcome: TurnReport["outcome"]): void {
    const nowMs = this.deps.clock.nowMs();
    if (!this.gladness.celebrates(outcome, this.deps.world().valence, nowMs)) return;
    this.hands.add({ turnId, line: "CELEBRATE", isRestore: true });
  }

  /** A person's words brought it about. What the robot does by itself waits for the reflex. */
  private isOwners({ isRestore }: HandLine): boolean {
    return !isRestore && this.book.running?.trace.kind === "answer";
  }

  private moved(line: HandLine, outcome: HandOutcome, why: string): void {
    const { running } = this.book;
    if (outcome === "lost") this.deps.log("warn", `the robot did not do ${line.line}: ${why}`);
    // While it follows a face it cannot bounce, but it can look pleased.
    if (line.line === "CELEBRATE" && outcome === "refused" && this.isIdle()) {
      this.hands.add({ ...line, line: "EXPRESS:content", isRestore: true });
    }
    if (running?.trace.id !== line.turnId) return;
    this.book.stamp("bodyMs");
    if (!/^(NOD|SHAKE|LOOK|ATTENTION|EXPRESS|PHYSICAL|CELEBRATE)/.test(line.line)) return;
    if (outcome !== "ok") this.unmoved();
    const word = outcome === "ok" ? line.line : `${line.line} (${outcome})`;
    this.book.trace({ moves: [...running.trace.moves, word] });
  }
}
