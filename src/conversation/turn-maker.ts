/** Makes a turn of what somebody said, or of what the robot would say by itself: what is learned from it is learned here. */
import type { ConversationDeps, SayOptions } from "./conversation-types.js";
import type { Recall, RecallAnswer } from "./recall.js";
import type { TurnBook } from "./turn-book.js";
import { newActiveTurn, type ActiveTurn } from "./turn/active-turn.js";
import { newTrace, type TurnReport } from "./turn/turn-trace.js";

interface NewTurn extends Pick<SayOptions, "source" | "name"> {
  readonly kind: "answer" | "own";
  /** Of a turn of its own: why it speaks up. */
  readonly said: string;
  readonly settle: (report: TurnReport) => void;
  /** What it says without being asked. */
  readonly line?: string | undefined;
}

export class TurnMaker {
  private lastId = 0;

  /** @param safely does an act whose failure costs that act alone */
  constructor(
    private readonly deps: ConversationDeps,
    private readonly recall: Recall,
    private readonly book: TurnBook,
    private readonly safely: (act: () => void) => void,
  ) {}

  make({ kind, said, source, name, settle, line: ownLine }: NewTurn): ActiveTurn {
    const { recall, deps } = this;
    const isRobot = source === "robot";
    if (name !== undefined && !isRobot) recall.meet(name);
    const id = `t${++this.lastId}`;
    const trace = newTrace({
      id,
      kind,
      source,
      said,
      name: undefined,
      startedWallMs: deps.clock.wallMs(),
    });
    let learned: RecallAnswer = {};
    this.safely(() => {
      if (kind === "answer" && !isRobot) learned = recall.learn(said, trace.startedWallMs);
    });
    const { line = ownLine, hasForgotten = false, undo } = learned as RecallAnswer;
    if (hasForgotten) this.book.drop();
    return newActiveTurn({
      trace: { ...trace, name: isRobot ? name : recall.person },
      startMs: deps.clock.nowMs(),
      line,
      undo,
      isKept: !hasForgotten,
      settle,
    });
  }
}
