/** What the conversation is given, what it tells, and what it is asked. */
import type { Clock } from "../time/clock.js";
import type { Memory } from "./memory/memory.js";
import type { OfflineCharacter } from "./offline.js";
import type { OwnWishRules } from "./turn/own-wish.js";
import type { Persona } from "./persona.js";
import type { Reminders } from "./reminders/reminders.js";
import type { RobotPort } from "./reply/robot-hands.js";
import type { Thinker } from "./thinker.js";
import type { Source, TurnTrace } from "./turn/turn-trace.js";
import type { TurnRules, TurnState } from "./turn/turn-types.js";
import type { Voice } from "../voice/speech/speech.js";
import type { World } from "./world.js";

export interface ConversationSettings {
  readonly persona: Persona;
  readonly ownWish: OwnWishRules;
  readonly budgetMs: number;
  /** auto: when the question asks for it. */
  readonly picture: "auto" | "always" | "never";
  /** Percent. */
  readonly volume: number;
  /** Unix ms: until then nothing is said aloud but reminders; undefined: it may speak. */
  readonly quietUntilMs: number | undefined;
}

/** null: it may speak again. */
interface SoundChange {
  readonly volume?: number;
  readonly quietUntilMs?: number | null;
}

/** The other robots of a stage, as the conversation needs to know of them; a robot that is alone has no company. */
export interface Company {
  /** One more sentence after this reply, by which another robot is asked; undefined when the conversation ends here. */
  handOver(reply: string): string | undefined;
  /** Whether it may speak up by itself now. */
  maySpeakUp(): boolean;
}

export interface ConversationDeps {
  readonly clock: Clock;
  readonly thinker: Thinker;
  readonly character: OfflineCharacter;
  readonly voice: Voice;
  readonly robot: RobotPort;
  readonly memory: Memory;
  readonly reminders: Reminders;
  readonly rules?: TurnRules;
  readonly company?: Company | undefined;
  world(): World;
  settings(): ConversationSettings;
  /** A person's word about volume and quiet: holds in `settings` at once, and over a restart. */
  setSound(change: SoundChange): void;
  /** The newest picture, JPEG, if there is one worth looking at. */
  picture(): Uint8Array | undefined;
  log(level: "info" | "warn" | "error", message: string): void;
}

export type ConversationEvent =
  | { readonly type: "turn"; readonly turn: TurnTrace }
  /** Words as they come, for showing; `reset` takes them back. */
  | { readonly type: "words"; readonly turnId: string; readonly text: string }
  | { readonly type: "reset"; readonly turnId: string }
  | { readonly type: "phase"; readonly phase: TurnState["kind"] }
  /** What was said today is forgotten. */
  | { readonly type: "forgot" };

export interface SayOptions {
  readonly source: Source;
  /** Who says it, when known. */
  readonly name?: string | undefined;
  /** Told the turn's id before anything comes of it. */
  readonly onTurn?: ((turnId: string) => void) | undefined;
}
