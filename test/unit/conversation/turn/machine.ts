/** The turn's machine, with what came of each input. */
import { INITIAL_TURN, stepTurn } from "../../../../src/conversation/turn/turn-core.js";
import type {
  TurnEffect,
  TurnInput,
  TurnState,
} from "../../../../src/conversation/turn/turn-types.js";

export const BUDGET_MS = 15_000;

/** Feeds inputs and keeps what came of them. */
export class Machine {
  state: TurnState = INITIAL_TURN;
  effects: TurnEffect[] = [];
  nowMs = 0;

  feed(input: TurnInput): TurnEffect[] {
    const { state, effects } = stepTurn(this.state, input, this.nowMs);
    this.state = state;
    this.effects.push(...effects);
    return [...effects];
  }

  at(ms: number): this {
    this.nowMs = ms;
    return this;
  }

  hear(turnId: string): TurnEffect[] {
    return this.feed({ type: "heard", turnId, budgetMs: BUDGET_MS });
  }

  sentence(turnId: string, index: number, lines: string[] = [], hasWords = true): TurnEffect[] {
    return this.feed({ type: "sentence", turnId, sentence: { index, hasWords, lines } });
  }

  written(turnId: string, isBounded = false): TurnEffect[] {
    return this.feed({ type: "written", turnId, isBounded });
  }

  spoken(turnId: string, index: number, isHeard = true): TurnEffect[] {
    return this.feed({ type: "spoken", turnId, index, isHeard });
  }
}

export const lines = (effects: readonly TurnEffect[]): string[] =>
  effects.flatMap((effect) => (effect.type === "robot" ? [effect.line] : []));
export const ends = (effects: readonly TurnEffect[]): string[] =>
  effects.flatMap((effect) =>
    effect.type === "ended" ? [`${effect.turnId} ${effect.outcome} ${effect.code ?? ""}`] : [],
  );
