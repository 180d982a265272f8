/** How the conversation is, as part of the state, and its settings as they may be shown. */
import { z } from "zod";

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
