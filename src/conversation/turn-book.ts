/** The turn under way and the turns that are over, as people see them; everybody who listens is told of each change. */
import type { ConversationEvent } from "./conversation-types.js";
import type { ActiveTurn } from "./turn/active-turn.js";
import type { TurnTrace } from "./turn/turn-trace.js";

/** Turns kept for showing. */
const TRACES_MAX = 50;

/** Runs a step so that what it throws costs that step only. */
export type Safely = (what: string, act: () => void) => void;

export class TurnBook {
  /** Who has the floor: thinks, talks and moves the robot. */
  running: ActiveTurn | undefined;
  private readonly traces: TurnTrace[] = [];
  private readonly listeners = new Set<(event: ConversationEvent) => void>();

  constructor(
    private readonly clock: { nowMs(): number },
    private readonly safely: Safely,
  ) {}

  /** Newest last; the last one may be under way. */
  get turns(): readonly TurnTrace[] {
    return this.running ? [...this.traces, this.running.trace] : this.traces;
  }

  subscribe(listener: (event: ConversationEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  keep(trace: TurnTrace): void {
    this.traces.push(trace);
    if (this.traces.length > TRACES_MAX) this.traces.shift();
  }

  /** What was said so far is forgotten. */
  drop(): void {
    this.traces.splice(0);
    // What is under way would be kept when it ends.
    if (this.running) this.running.isKept = false;
    this.tell({ type: "forgot" });
  }

  /** What comes late belongs to no turn any more and changes nothing. */
  ofTurn(running: ActiveTurn, act: () => void): void {
    if (this.running === running) act();
  }

  /** Only the first time counts. */
  stamp(key: "bodyMs" | "firstTokenMs" | "firstSentenceMs" | "fillerMs"): void {
    const { running } = this;
    if (running === undefined || running.trace[key] !== undefined) return;
    this.trace({ [key]: this.clock.nowMs() - running.startMs });
  }

  trace(change: Partial<TurnTrace>): void {
    const { running } = this;
    if (running === undefined) return;
    running.trace = { ...running.trace, ...change };
    this.publish(running.trace);
  }

  publish(turn: TurnTrace): void {
    this.tell({ type: "turn", turn });
  }

  tell(event: ConversationEvent): void {
    for (const listener of this.listeners) this.safely(event.type, () => listener(event));
  }
}
