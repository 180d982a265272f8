/**
 * Words of the turn machine: states with their data, inputs as past facts, effects as orders. `turn-core.ts`
 * decides; `conversation.ts` carries out.
 */

/** answer: somebody said something; own: the robot speaks up by itself. */
export type TurnKind = "answer" | "own";

/** How a turn ended. Every utterance gets exactly one. */
export type TurnOutcome = "done" | "interrupted" | "stopped" | "failed";

/** Why a turn failed or was cut (docs/ERRORS.md). */
export type TurnCode =
  | "TURN_BUDGET"
  | "TURN_SPEECH_LONG"
  | "TURN_INTERRUPTED"
  | "TURN_JOINED"
  | "TURN_STOPPED"
  | "TURN_FAILED"
  | "TURN_CLOSING"
  | "TURN_BUSY";

/** One sentence that a model has written, not yet handed to the voice. */
export interface WrittenSentence {
  readonly index: number;
  /** False for a gesture without words. */
  readonly hasWords: boolean;
  /** Robot commands that go with it, authorised before they came here. */
  readonly lines: readonly string[];
}

export interface Turn {
  readonly id: string;
  readonly kind: TurnKind;
  readonly startMs: number;
  readonly budgetEndMs: number;
  /** When a filler is due; undefined when it was given or is not wanted any more. */
  readonly fillerAtMs: number | undefined;
  /** Written, waiting for their place in the voice. */
  readonly queue: readonly WrittenSentence[];
  /** Handed to the voice and not over, oldest first; −1 is a filler. */
  readonly inVoice: readonly WrittenSentence[];
  readonly isWritten: boolean;
  /** The budget holds for the speech as well: the reply was cut short or comes from a fallback. */
  readonly isBounded: boolean;
  /** End of the speech of a reply that is written; undefined until then. */
  readonly speechEndMs: number | undefined;
  /** Sentences played or shown to their end. */
  readonly spokenCount: number;
  /** Somebody speaks: what is written waits, until they have finished or until then. */
  readonly holdUntilMs: number | undefined;
  /** Somebody spoke while it talked: it was silent at once, and goes on with the sentence that was cut if it was nothing. */
  readonly wasCut: boolean;
}

export type TurnState =
  | { readonly kind: "idle" }
  | { readonly kind: "listening"; readonly untilMs: number }
  | { readonly kind: "thinking"; readonly turn: Turn }
  | { readonly kind: "speaking"; readonly turn: Turn };

export type TurnInput =
  /** Somebody said something. */
  | {
      readonly type: "heard";
      readonly turnId: string;
      readonly budgetMs: number;
      /** With what was asked before and is not answered yet; it takes that turn's place. */
      readonly isJoined?: boolean;
    }
  /** The robot wants to speak by itself. */
  | { readonly type: "urge"; readonly turnId: string; readonly budgetMs: number }
  /** A microphone was opened, or a voice began. */
  | { readonly type: "listen" }
  /** The microphone gave nothing that could be understood. */
  | { readonly type: "unheard" }
  | { readonly type: "stop" }
  | { readonly type: "sentence"; readonly turnId: string; readonly sentence: WrittenSentence }
  /** What was written so far was a thought: it is taken back. */
  | { readonly type: "recant"; readonly turnId: string }
  /** The reply is complete. */
  | { readonly type: "written"; readonly turnId: string; readonly isBounded: boolean }
  /** There will be no reply, or no more of it. */
  | { readonly type: "failed"; readonly turnId: string; readonly code: TurnCode }
  | {
      readonly type: "spoken";
      readonly turnId: string;
      readonly index: number;
      readonly isHeard: boolean;
    }
  /** Only time has passed. */
  | { readonly type: "tick" }
  /** The companion stops. */
  | { readonly type: "close" };

export type TurnEffect =
  | { readonly type: "floor"; readonly turnId: string; readonly isTaken: boolean }
  | {
      readonly type: "robot";
      readonly turnId: string;
      readonly line: string;
      /** Part of the exit: sent whatever happened, unless the robot was never told of the turn. */
      readonly isRestore: boolean;
    }
  | { readonly type: "think"; readonly turnId: string }
  /** Ends the thinking: the model's request is closed. */
  | { readonly type: "quiet"; readonly turnId: string }
  | { readonly type: "speak"; readonly turnId: string; readonly index: number }
  /** Silence now. */
  | { readonly type: "hush"; readonly turnId: string }
  | {
      readonly type: "ended";
      readonly turnId: string;
      readonly outcome: TurnOutcome;
      readonly code: TurnCode | undefined;
    }
  /** Says why. It is no part of the turn, which is over; anybody may interrupt it. */
  | { readonly type: "notice"; readonly turnId: string; readonly code: TurnCode }
  /** An utterance or a wish that is not taken up. */
  | { readonly type: "refused"; readonly turnId: string; readonly code: TurnCode };

export interface TurnStep {
  readonly state: TurnState;
  readonly effects: readonly TurnEffect[];
}

export interface TurnRules {
  /** Without a word of the reply by then, a filler is spoken. */
  readonly fillerMs: number;
  /** An open microphone that brings nothing. */
  readonly listenMsMax: number;
  /** Longest speech of a reply that is complete. */
  readonly speechMsMax: number;
  /** Sentences handed to the voice at once: the next one is synthesised while one is heard. */
  readonly inVoiceMax: number;
}

export const TURN_RULES: TurnRules = {
  fillerMs: 1500,
  listenMsMax: 15_000,
  speechMsMax: 60_000,
  inVoiceMax: 2,
};

/** Index of a filler ("hold on a second"). */
export const FILLER_INDEX = -1;
