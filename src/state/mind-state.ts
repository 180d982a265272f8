/** How the conversation is, as part of the state, and its settings as they may be shown. */
import { z } from "zod";

const modelState = z.object({
  name: z.string(),
  state: z.enum(["ready", "resting", "down", "trying", "loading"]),
  text: z.string(),
});

/** What a person is asked or told about a model of Buddy's own. */
const brainOffer = z.object({
  /** offered: fetch, not now or never; fetching; failed: why, and it can be tried again. */
  state: z.enum(["offered", "fetching", "failed"]),
  text: z.string(),
  /** Of what is fetched, 0..1; null while nobody knows. */
  share: z.number().nullable(),
});
export type BrainOffer = z.infer<typeof brainOffer>;

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
  /** Unix ms until which it says nothing aloud; absent while it may speak. */
  quietUntilMs: z.number().optional(),
  /** The offer to fetch a model, and how it goes; absent where there is nothing to say. */
  brain: brainOffer.optional(),
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
  /** Of what pages play, 0..100 %. */
  readonly volume: number;
  /** Unix ms; null: it may speak. */
  readonly quietUntilMs: number | null;
  readonly perHourMax: number;
  readonly gapS: number;
  /** null: by the model. */
  readonly budgetS: number | null;
  readonly picture: "auto" | "always" | "never";
  readonly hasOpenaiKey: boolean;
  readonly hasGoogleKey: boolean;
}
