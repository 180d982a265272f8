/** A script as a file: a list of items, each with a title, its opening words and, where it matters, the robot that opens it. Pure. */
import { z } from "zod";
import { episodeWords } from "./event-forms.js";

const itemsSchema = z
  .array(
    z.strictObject({
      ...episodeWords,
      /** Its name on the stage; else the lead, else whoever has not spoken for the longest. */
      robot: z.string().trim().min(1).max(40).optional(),
    }),
  )
  .min(1);

export type ScriptItem = z.infer<typeof itemsSchema>[number];

/** @throws RangeError that says what is wrong with which item */
export function itemsOf(text: string): readonly ScriptItem[] {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new RangeError("the script is not JSON", { cause: error });
  }
  const parsed = itemsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new RangeError(`the script: ${z.prettifyError(parsed.error).replace(/\s+/g, " ")}`);
}
