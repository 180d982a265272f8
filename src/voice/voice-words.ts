/** How the voice is, in words for people: what speaks, what stands in for what, and the step that helps. */
import type { VoiceState } from "./speech/speech.js";

export interface VoiceFacts {
  /** Wanted ways in order, each with why it cannot be used now (undefined: it can). */
  readonly ways: readonly {
    readonly name: string;
    readonly hasWords: boolean;
    readonly why: string | undefined;
  }[];
  /** The way that speaks now. */
  readonly speaking: string | undefined;
  readonly pages: number;
  readonly isLocked: boolean;
  readonly unheard: string | undefined;
  /** Sentences that wait for a gesture. */
  readonly pending: number;
}

const NAMES: Readonly<Record<string, string>> = {
  online: "the online voice",
  browser: "the browser's voice",
  hum: "a hum",
};

const nameOf = (way: string): string => NAMES[way] ?? way;

export function voiceState(facts: VoiceFacts): VoiceState {
  if (facts.ways.length === 0) {
    return { state: "off", text: "The voice is off (BUDDY_VOICE=text): words are shown." };
  }
  if (facts.speaking !== undefined) {
    return { state: "speaking", text: `Speaking with ${nameOf(facts.speaking)}.` };
  }
  if (facts.isLocked) {
    const waiting = facts.pending > 0 ? " A reply is waiting." : "";
    return {
      state: "locked",
      text: `The browser plays no sound before somebody clicks in this page.${waiting}`,
    };
  }
  if (facts.pages === 0) return { state: "away", text: "No page is open that could play it." };
  if (facts.unheard !== undefined) return { state: "away", text: facts.unheard };
  const best = facts.ways.find((way) => way.why === undefined);
  if (!best) {
    const reasons = facts.ways.map((way) => way.why).join(" ");
    return { state: "text", text: `Words are shown, not spoken. ${reasons}` };
  }
  const missing = facts.ways.slice(0, facts.ways.indexOf(best)).map((way) => way.why);
  if (best.hasWords) return { state: "ready", text: `Speaks with ${nameOf(best.name)}.` };
  return { state: "hum", text: `Buddy hums and its words are shown. ${missing.join(" ")}` };
}

/** What a person can do for a better voice; empty when there is nothing to do. */
export function voiceAdvice(state: VoiceState): string {
  switch (state.state) {
    case "hum":
    case "text":
      return "Install a voice, for example: apt install espeak-ng. It is found by itself.";
    case "locked":
      return "Click anywhere in the page.";
    case "away":
    case "off":
    case "ready":
    case "speaking":
      return "";
  }
}
