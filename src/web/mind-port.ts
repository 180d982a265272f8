/** What the web server needs of the mind: to say something, to stop it, and to show what it does. */
import type { MemoryContent } from "../conversation/memory/memory.js";
import type { MindEvent, SayOptions } from "../conversation/mind-types.js";
import type { TurnReport, TurnTrace } from "../conversation/turn/turn-trace.js";
import { z } from "zod";

export type { MindEvent } from "../conversation/mind-types.js";
export type { TurnTrace } from "../conversation/turn/turn-trace.js";

const modelState = z.object({
  name: z.string(),
  state: z.enum(["ready", "resting", "down", "trying"]),
  text: z.string(),
});

/** `mind` of the state. */
export const mindState = z.object({
  state: z.enum(["idle", "listening", "thinking", "speaking", "absent"]),
  /** How it is, for people. */
  text: z.string(),
  /** No model answers: Buddy speaks with its own lines. */
  isSafeMode: z.boolean(),
  /** What it is doing now and why, a sentence; "" when nothing. */
  doing: z.string(),
  models: z.array(modelState),
});
export type MindState = z.infer<typeof mindState>;

/** The settings as they may be shown: keys are there or not. */
export interface MindSettingsView {
  /** "" when nothing was set: the environment or what is found decides. */
  readonly models: string;
  /** The models in use now. */
  readonly modelsInUse: string;
  readonly persona: string;
  readonly personas: readonly { readonly id: string; readonly name: string }[];
  readonly speaksUp: boolean;
  readonly perHourMax: number;
  readonly gapS: number;
  /** null: by the model. */
  readonly budgetS: number | null;
  readonly picture: "auto" | "always" | "never";
  readonly hasOpenaiKey: boolean;
  readonly hasGoogleKey: boolean;
}

export interface MindPort {
  /** Always resolves, with how the turn went. */
  say(text: string, options: SayOptions): Promise<TurnReport>;
  stop(): void;
  /** Oldest first. */
  turns(): readonly TurnTrace[];
  subscribe(listener: (event: MindEvent) => void): () => void;
  settings(): MindSettingsView;
  /** @returns why the change was not taken, or undefined. */
  change(change: unknown): Promise<string | undefined>;
  memory(): MemoryContent;
  forgetToday(): void;
}

/** A change holds until Buddy stops, but could not be written. */
export class NotSavedError extends Error {
  override readonly name = "NotSavedError";
}
