/** What people are told of the model: the offer to fetch one, and how it does. */
import type { PartView } from "../supervisor/supervisor-types.js";
import { modelWords, type BrainModel } from "./models.js";

/** What its status may hold; it is read for people only. */
interface Figures {
  readonly firstMs?: number;
  readonly wordsPerS?: number;
  readonly replies?: number;
}

export function offerWords(model: BrainModel): string {
  return (
    `I have only my own small head. I can fetch a language model once ` +
    `(${modelWords(model)}, runs here, nothing you say leaves this machine).`
  );
}

/** @param view of its part; undefined before it was started */
export function figureWords(view: PartView | undefined): string {
  const { firstMs, wordsPerS, replies = 0 } = (view?.status ?? {}) as Figures;
  const memory = `${Math.round((view?.rssBytes ?? 0) / 1e6)} MB of memory.`;
  if (replies === 0 || firstMs === undefined) return memory;
  return `First word after ${(firstMs / 1000).toFixed(1)} s, ${wordsPerS ?? 0} words a second, ${memory}`;
}
