/** How the conversation is, in words for health, page and models. Pure. */
import type { Finding } from "../state/health.js";
import type { MindState } from "../state/mind-state.js";
import type { ModelView } from "./models/model-calls.js";
import { NO_MODEL } from "./models/chosen-models.js";

/** What is the matter with what the conversation keeps on the disk. */
export interface DiskTrouble {
  readonly settings: string | undefined;
  readonly memory: string | undefined;
}

/** @param trouble comes before the models. */
export function mindFinding(models: readonly ModelView[], trouble?: DiskTrouble): Finding {
  if (trouble?.settings !== undefined) {
    const next =
      "Set them again on the page, or bring the file back with `buddy restore`; a damaged one is kept beside the new one.";
    return { level: "warn", text: `The settings were lost: ${trouble.settings}.`, next };
  }
  if (trouble?.memory !== undefined) {
    return {
      level: "warn",
      text: `What was said is not on the disk yet: ${trouble.memory}.`,
      next: "It waits and is tried again each second. If another program has buddy.db open, close it.",
    };
  }
  if (models.length === 0) {
    return { level: "ok", text: "Buddy answers in its own words.", next: NO_MODEL };
  }
  const [first] = models;
  const ready = models.find(isReady);
  const own = models.find(({ state }) => state === "loading");
  if (ready === undefined && own !== undefined) {
    const text = "Its own language model is being loaded; until then Buddy answers by itself.";
    return { level: "busy", text, next: "" };
  }
  if (ready === undefined || first === undefined) {
    const why = models.map(({ name, text }) => `${name}: ${text}`).join(" ");
    return {
      level: "warn",
      text: `No model answers; Buddy answers by itself. ${why}`,
      next: "They are tried again by themselves.",
    };
  }
  if (ready === first) return { level: "ok", text: `It thinks with ${ready.name}.`, next: "" };
  return {
    level: "warn",
    text: `It thinks with ${ready.name}; ${first.name} is preferred. ${first.text}`,
    next: "The preferred one is used again as soon as it answers.",
  };
}

export function mindState(
  phase: MindState["state"],
  models: readonly ModelView[],
  name: string,
): MindState {
  const ready = models.find(isReady);
  return {
    state: phase,
    text: stateWords(models.length > 0, ready?.name, name),
    isSafeMode: ready === undefined,
    doing: doing(phase, name),
    models: [...models],
  };
}

function isReady({ state }: ModelView): boolean {
  return state === "ready" || state === "trying";
}

function doing(phase: MindState["state"], name: string): string {
  if (phase === "listening") return `${name} listens.`;
  if (phase === "thinking") return `${name} thinks about an answer.`;
  return phase === "speaking" ? `${name} talks.` : "";
}

function stateWords(hasModels: boolean, ready: string | undefined, name: string): string {
  if (ready !== undefined) return `${name} thinks with ${ready}.`;
  return hasModels
    ? `No language model answers, so ${name} answers in its own words.`
    : `No language model is set up, so ${name} answers in its own words.`;
}
