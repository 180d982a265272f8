/**
 * The models in their order of preference: the first that may be asked and answers. Nobody is asked twice in a turn, and
 * after the first spoken sentence nobody begins anew: a reply is one voice's or is broken off and said to be.
 */
import { reasonOf } from "../../host/reason.js";
import { kindOf } from "../../resilience/errors.js";
import type { Clock } from "../../time/clock.js";
import type { ChatModel } from "./chat-model.js";
import type { ModelPrompt, ReplyEnd, ReplyEvents, ModelView } from "./model-calls.js";

export type ChainResult =
  | { readonly kind: "done"; readonly model: string; readonly end: ReplyEnd }
  /** Words were spoken, then the model failed. */
  | { readonly kind: "broken"; readonly model: string; readonly why: string }
  /** No model gave a word. */
  | { readonly kind: "none"; readonly why: string };

/** With less time than this left, no further model is asked. */
const LEFT_MS_MIN = 500;

export class ModelChain {
  constructor(
    readonly models: readonly ChatModel[],
    private readonly clock: Clock,
    private readonly note: (level: "info" | "warn", message: string) => void,
    private readonly onAnswered: (name: string) => void,
  ) {}

  /** True when a model could be asked now. */
  get hasUsable(): boolean {
    return this.models.some((model) => model.whyNot() === undefined);
  }

  /** None can be asked, but Buddy's own is on its way. */
  get isLoading(): boolean {
    return !this.hasUsable && this.models.some((model) => model.isLoading);
  }

  /** Whether the model that would answer now takes pictures. */
  get canSee(): boolean {
    return this.models.find((model) => model.whyNot() === undefined)?.canSee === true;
  }

  view(): ModelView[] {
    return this.models.map((model) => model.view());
  }

  /**
   * @param endMs when the turn's time is over, on the clock.
   * @throws the signal's reason when it was aborted.
   */
  async reply(
    prompt: ModelPrompt,
    endMs: number,
    signal: AbortSignal,
    events: ReplyEvents,
    onModel: (name: string) => void,
  ): Promise<ChainResult> {
    let why = this.models.length === 0 ? "no model is set up" : "";
    for (const [index, model] of this.models.entries()) {
      const { name } = model.ref;
      const whyNot = model.whyNot();
      const leftMs = endMs - this.clock.nowMs();
      if (leftMs < LEFT_MS_MIN) break;
      if (whyNot !== undefined) {
        why = `${name}: ${whyNot}`;
        continue;
      }
      onModel(name);
      try {
        const end = await model.reply(prompt, leftMs, signal, events, this.hasUsableAfter(index));
        this.onAnswered(name);
        return { kind: "done", model: name, end };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (kindOf(error) === "bug") throw error;
        why = `${name}: ${reasonOf(error)}`;
        this.note("warn", `no good reply from ${why}`);
        if (events.isCommitted()) return { kind: "broken", model: name, why };
      }
    }
    return { kind: "none", why };
  }

  private hasUsableAfter(index: number): boolean {
    return this.models.slice(index + 1).some((model) => model.whyNot() === undefined);
  }
}
