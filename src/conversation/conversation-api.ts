/** What others need of the conversation: to say something, to stop it, and to show what it does. */
import type { MindSettingsView } from "../state/mind-state.js";
import type { KeyProvider, KeyTrial } from "./models/key-trial.js";
import type { Fact, MemoryContent } from "./memory/memory.js";
import type { ConversationEvent, SayOptions } from "./conversation-types.js";
import type { TurnReport, TurnTrace } from "./turn/turn-trace.js";

export interface ConversationApi {
  /** Always resolves, with how the turn went. */
  say(text: string, options: SayOptions): Promise<TurnReport>;
  stop(): void;
  /** Oldest first. */
  turns(): readonly TurnTrace[];
  subscribe(listener: (event: ConversationEvent) => void): () => void;
  settings(): MindSettingsView;
  /** @returns why the change was not taken, or undefined. */
  change(change: unknown): Promise<string | undefined>;
  /** Tries a key of a model service with one real request; undefined: the one that is set. Never rejects. */
  tryKey(provider: KeyProvider, key: string | undefined): Promise<KeyTrial>;
  memory(): MemoryContent;
  /** Oldest first. */
  facts(): readonly Fact[];
  /** @param to the fact's new words; undefined: it is forgotten for good. @returns false when there is none like it. */
  changeFact(name: string, text: string, to: string | undefined): boolean;
  forgetToday(): void;
}

/** A change holds until Buddy stops, but could not be written. */
export class NotSavedError extends Error {
  override readonly name = "NotSavedError";
}
