/**
 * When the robot's own wish to speak becomes speech: a pure gate with caps. The wish comes from the robot (its urge and
 * the reason), the caps from the settings; nothing is saved up for later.
 */
export interface OwnWishRules {
  readonly isOn: boolean;
  readonly perHourMax: number;
  readonly gapMs: number;
}

export const OWN_WISH_RULES: OwnWishRules = { isOn: true, perHourMax: 15, gapMs: 60_000 };

/** Times of the last utterances of its own, and when anybody last talked. */
export interface OwnWishState {
  readonly spokenMs: readonly number[];
  readonly lastTalkMs: number;
}

/** After the start the first minute is quiet: the robot meets its first face, not a monologue. */
export function newOwnWish(nowMs: number): OwnWishState {
  return { spokenMs: [], lastTalkMs: nowMs };
}

/** @returns why it keeps quiet, or undefined when it may speak up now. */
export function whyQuiet(
  state: OwnWishState,
  wish: { readonly wants: boolean; readonly trigger: string },
  nowMs: number,
  rules: OwnWishRules,
): string | undefined {
  if (!rules.isOn) return "speaking up by itself is switched off";
  if (!wish.wants || wish.trigger === "" || wish.trigger === "none") return "it does not want to";
  if (nowMs - state.lastTalkMs < rules.gapMs) return "somebody talked a moment ago";
  const hour = state.spokenMs.filter((ms) => nowMs - ms < 3_600_000).length;
  return hour >= rules.perHourMax ? `${rules.perHourMax} times in an hour are enough` : undefined;
}

/** Somebody talked; or, with `isOwn`, the robot spoke up. */
export function noteTalk(state: OwnWishState, nowMs: number, isOwn: boolean): OwnWishState {
  const recent = state.spokenMs.filter((ms) => nowMs - ms < 3_600_000);
  return { spokenMs: isOwn ? [...recent, nowMs] : recent, lastTalkMs: nowMs };
}
