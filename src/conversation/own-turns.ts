/** What the robot speaks up for by itself: a reminder whose time has come, or its own wish. */
import type { ConversationDeps } from "./conversation-types.js";
import { newOwnWish, noteTalk, whyQuiet } from "./turn/own-wish.js";
import type { Recall } from "./recall.js";
import type { TurnReport } from "./turn/turn-trace.js";

export interface OwnTurn {
  /** The robot's reason. */
  readonly reason: string;
  /** What it says; undefined: that is to be thought of. */
  readonly line: string | undefined;
  settle(report: TurnReport): void;
}

export const REMINDER_REASON = "reminder";

type OwnDeps = Pick<ConversationDeps, "clock" | "world" | "settings" | "reminders" | "company">;

export class OwnTurns {
  private ownWish;

  constructor(
    private readonly deps: OwnDeps,
    private readonly recall: Recall,
  ) {
    this.ownWish = newOwnWish(deps.clock.nowMs());
  }

  /** Somebody talked, or Buddy did. */
  talked(): void {
    this.ownWish = noteTalk(this.ownWish, this.deps.clock.nowMs(), false);
  }

  /** What it would say now. */
  next(): OwnTurn | undefined {
    return this.reminder() ?? this.wish();
  }

  /** It waits for the end of what is being said, and no longer. */
  private reminder(): OwnTurn | undefined {
    const { clock, reminders } = this.deps;
    const due = this.recall.dueReminder(clock.wallMs());
    if (due === undefined) return undefined;
    const { reminder, line } = due;
    return {
      reason: REMINDER_REASON,
      line,
      settle: ({ reply }) => reminders.said(reminder, reply !== "", clock.wallMs()),
    };
  }

  private wish(): OwnTurn | undefined {
    const { world, settings, clock, company } = this.deps;
    if (company?.maySpeakUp() === false) return undefined;
    if (settings().quietUntilMs !== undefined) return undefined;
    const { wantsToSpeak, speechTrigger, isLinked } = world();
    const wish = { wants: isLinked && wantsToSpeak, trigger: speechTrigger };
    const nowMs = clock.nowMs();
    if (whyQuiet(this.ownWish, wish, nowMs, settings().ownWish) !== undefined) return undefined;
    this.ownWish = noteTalk(this.ownWish, nowMs, true);
    return { reason: speechTrigger, line: undefined, settle: () => undefined };
  }
}
