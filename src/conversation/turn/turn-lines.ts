/** What a turn tells the robot, in the order of the old robot's host. Pure. */
import type { Turn, TurnEffect, TurnKind, WrittenSentence } from "./turn-types.js";

export const BEGIN_LINES: Readonly<Record<TurnKind, readonly string[]>> = {
  answer: ["PRESENCE", "ACKNOWLEDGE", "THINKING"],
  own: ["ATTENTION:center", "LOOK:90,108", "THINKING"],
};

/** Before the first sentence: after its gestures, before SPEAKING. */
const SPEAK_LINES: Readonly<Record<TurnKind, readonly string[]>> = {
  answer: ["SATISFY:social,0.15", "SATISFY:stimulation,0.1"],
  own: ["SPOKE"],
};

/** The exit. SPOKE tells the robot that its wish was heard, also when it came to nothing. */
export const END_LINES: Readonly<Record<TurnKind, readonly string[]>> = {
  answer: ["STOP_THINKING", "STOP_SPEAKING", "IDLE"],
  own: ["STOP_THINKING", "STOP_SPEAKING", "SPOKE", "IDLE"],
};

export function startSpeaking(turn: Turn, sentence: WrittenSentence, effects: TurnEffect[]): void {
  const lines = ["STOP_THINKING", ...sentence.lines, ...SPEAK_LINES[turn.kind]];
  if (isTalk(sentence)) lines.push("SPEAKING");
  for (const line of lines)
    effects.push({ type: "robot", turnId: turn.id, line, isRestore: false });
}

/** Gestures end the talking loop on the robot, so it begins anew after them. */
export function moveWith(turn: Turn, sentence: WrittenSentence, effects: TurnEffect[]): void {
  const lines = isTalk(sentence) ? [...sentence.lines, "SPEAKING"] : sentence.lines;
  for (const line of lines)
    effects.push({ type: "robot", turnId: turn.id, line, isRestore: false });
}

/** The talking loop would turn the head back to the middle: a look holds until the next sentence, as a mere gesture does. */
function isTalk({ hasWords, lines }: WrittenSentence): boolean {
  return hasWords && !lines.some((line) => /^(LOOK|ATTENTION):/.test(line));
}

export function restLine(turnId: string): TurnEffect {
  return { type: "robot", turnId, line: "IDLE", isRestore: true };
}
