/** What `buddy doctor --board` found last, kept in the data directory for the page. Nothing secret. */
import { join } from "node:path";
import { z } from "zod";
import { readIfThere, writeDurably } from "../datadir/durable-file.js";

const recordSchema = z.object({
  /** Unix ms. */
  atMs: z.number(),
  deviceId: z.string(),
  /** Name of the image that its program is; absent when it is none of this tree. */
  image: z.string().optional(),
  /** For people: ESP32-C3; absent with `image`. */
  chip: z.string().optional(),
  /** Of the known loop, and of the model of that chip. */
  stepsPerS: z.number().optional(),
  modelStepsPerS: z.number().optional(),
});
export type BoardRecord = z.infer<typeof recordSchema>;

const FILE = "board-seen.json";

export async function writeBoardRecord(dataDir: string, record: BoardRecord): Promise<void> {
  await writeDurably(join(dataDir, FILE), `${JSON.stringify(record)}\n`);
}

/** Undefined when there is none, or none that is understood: it is looked at anew with the next `buddy doctor --board`. */
export async function readBoardRecord(dataDir: string): Promise<BoardRecord | undefined> {
  try {
    const text = await readIfThere(join(dataDir, FILE));
    return text === undefined ? undefined : recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The measured speed beside the model's, a sentence; "" without a measurement. */
export function speedWords({ stepsPerS, modelStepsPerS, chip }: BoardRecord): string {
  if (stepsPerS === undefined) return "";
  const rounded = Math.round(stepsPerS / 1000);
  if (modelStepsPerS === undefined || chip === undefined) return `${rounded},000 steps a second.`;
  const share = Math.round((stepsPerS / modelStepsPerS) * 100);
  const model = Math.round(modelStepsPerS / 1000);
  return `${rounded},000 steps a second; the model of the ${chip} says ${model},000 (${share} %).`;
}
