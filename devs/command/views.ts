/**
 * What the command interpreter and the server may read of the robot, and what they may tell it. The owners
 * implement these; the values behind them are live.
 */
import type { BodyStatus } from "../body/port.js";
import type { Need } from "../../src/wire/verbs.js";

/** Body, gaze and machine. */
export interface RobotView {
  /** Why verbs that move are refused now: "not_initialized" before the first pose, "safe_mode"; "" they are not. */
  unready(): string;
  isTaken(): boolean;
  statusNow(): BodyStatus;
  /** Another number whenever `poseText` may have changed. */
  poseVersion(): number;
  /** What POSE lines tell (PROTOCOL §2.1): tenths of a degree, reflex state, last face and its age. */
  poseText(): string;
  /** Version of the firmware, plain ASCII without quotes. */
  firmwareVersion(): string;
  uptimeS(): number;
}

/** Lines of `GET /health` that the server does not know by itself. */
export interface HealthView {
  heapFreeBytes(): number;
  isWifiUp(): boolean;
  uptimeS(): number;
  /** The lines of PROTOCOL §2.5, each after a line feed. */
  moreHealth(): string;
}

/**
 * The character's part of QUERY, under the names it has there. `social`, `stimulation` and `novelty` are hunger:
 * 0 satisfied, 1 starving, as the old host and its prompts read them; SATISFY and company lower them.
 */
export interface CharacterView {
  /** 0..1. */
  arousal: number;
  /** -1..1. */
  valence: number;
  dominance: number;
  /** NEUTRAL EXCITED CURIOUS CONTENT ANXIOUS STARTLED BORED CONFUSED. */
  emotion: string;
  /** IDLE EXPLORE INVESTIGATE SOCIAL_ENGAGE RETREAT REST PLAY VIGILANT. */
  behavior: string;
  stimulation: number;
  social: number;
  novelty: number;
  energy: number;
  /** 0.15..1. */
  safety: number;
  /** confident uncertain confused learning conflicted wondering. */
  epistemic: string;
  tension: number;
  wondering: boolean;
  selfAwareness: number;
  speechUrge: number;
  wantsToSpeak: boolean;
  /** Why it wants to speak; "none". */
  speechTrigger: string;
  hasVisionTarget: boolean;
  /** Whole seconds since the last observation; 9999 never. */
  visionAge: number;
}

/** What the character is told by commands. */
export interface MindPort {
  /** Lowers the hunger by `amount` (0..1, before the engine's own factor); returns its new level. */
  feedNeed(need: Need, amount: number): number;
  /** Somebody is here. */
  feelPresence(): void;
  /** The companion has spoken for the robot. */
  spoke(): void;
}

/** The verbs of the robot's own life (PROTOCOL §2.3). */
export interface LifePort {
  setIdleMotion(isOn: boolean): void;
  /** JSON array of the last `count` causes. */
  whyJson(count: number): string;
  /** The fields of SELF, without the braces. */
  selfJson(): string;
  /** Saves as for a power-off on purpose; the generation that this will be, 0: its memory is not read yet. */
  shutdownSoon(): number;
  /** The same, and starts again afterwards. */
  restartAfterSave(): void;
  /** A verb that moves has been accepted: the character keeps its own movements back for a while. */
  noteCommand(nowMs: number): void;
}
