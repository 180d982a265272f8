/**
 * Who the robot is: a folder with `persona.json` (name, language, gestures), `prompt.md` (character) and `lines.json` (what it
 * says without a model, and in trouble). One is shipped, `personas/buddy`; others are dropped into DIR/personas. Every file
 * is checked when it is read; a persona that is not whole is not used, and the reason is said.
 */
import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { reasonOf } from "../host/reason.js";
import { parseAction } from "./reply/actions.js";

const FILE_BYTES_MAX = 256 * 1024;
const PERSONAS_MAX = 50;
/** Absent on Windows, which has neither such links nor such pipes in a folder. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

const line = z.string().max(400);
const variants = z.array(line).min(1).max(60);
const byName = z.record(z.string().max(40), variants);

export const personaLines = z.strictObject({
  moods: byName,
  wishes: byName,
  sees: z.strictObject({
    off: variants,
    blind: variants,
    nobody: variants,
    one: variants,
    many: variants,
  }),
  intents: z
    .array(
      z.strictObject({
        id: z.string().max(40),
        /** Phrases; one of them as whole words in what was said. */
        words: z.array(z.string().min(1).max(60)).min(1).max(60),
        replies: variants,
      }),
    )
    .max(100),
  question: variants,
  statement: variants,
  remembered: variants,
  met: variants,
  forgot: variants,
  filler: variants,
  budget: variants,
  failed: variants,
  broken: variants,
  /** After a reply that its service or its length has cut off. */
  cut: variants.default(["I was cut off there. Ask me to go on."]),
  away: variants,
  /** Before its answer, once, while a model of its own is loaded. */
  loading: variants.default(["My own head is still waking up."]),
  own: byName,
  since: z.strictObject({ never: line, moments: line, minutes: line, hours: line }),
  facts: z.strictObject({ none: line, name: line, more: line }),
});
export type PersonaLines = z.infer<typeof personaLines>;

const personaFile = z.strictObject({
  version: z.literal(1),
  /** Shown to people, and told to its model. */
  name: z.string().min(1).max(40),
  /** BCP 47; it also chooses the voice. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .refine(isLanguage, "expected a language tag (BCP 47), for example en or de-AT"),
  /** Gestures it likes, as in a tag; its model is told. */
  gestures: z
    .array(z.string().refine((wish) => parseAction(wish) !== undefined, "not a known gesture"))
    .max(12)
    .default([]),
  /** Longest reply of a model. */
  tokensMax: z.number().int().min(20).max(1000).default(220),
});

export interface Persona extends z.infer<typeof personaFile> {
  /** Name of its folder. */
  readonly id: string;
  readonly prompt: string;
  readonly lines: PersonaLines;
}

export interface PersonaShelf {
  readonly personas: readonly Persona[];
  /** One line for each folder that is no persona, and why. */
  readonly wrong: readonly string[];
}

/** Dates are written in it: a tag that looks well and is none would throw at the first word. */
function isLanguage(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag) !== undefined;
  } catch {
    // RangeError: it is no tag.
    return false;
  }
}

/** Reads all personas; a later folder's persona replaces an earlier one of the same id. */
export async function readPersonas(folders: readonly string[]): Promise<PersonaShelf> {
  const personas = new Map<string, Persona>();
  const wrong: string[] = [];
  for (const folder of folders) {
    for (const id of await idsIn(folder, wrong)) {
      try {
        personas.set(id, await readPersona(folder, id));
      } catch (error) {
        wrong.push(`persona ${id}: ${why(error)}`);
      }
    }
  }
  return { personas: [...personas.values()], wrong };
}

/** Folder names become ids; only plain ones, so that an id is never a path. */
async function idsIn(folder: string, wrong: string[]): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && /^[\w-]{1,40}$/.test(entry.name))
      .map(({ name }) => name)
      .sort()
      .slice(0, PERSONAS_MAX);
  } catch (error) {
    // A folder of one's own need not exist, and one that cannot be read silences nobody.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") wrong.push(`personas: ${why(error)}`);
    return [];
  }
}

async function readPersona(folder: string, id: string): Promise<Persona> {
  const read = (name: string): Promise<string> => readShort(join(folder, id, name));
  const [file, prompt, lines] = await Promise.all([
    read("persona.json"),
    read("prompt.md"),
    read("lines.json"),
  ]);
  return {
    ...personaFile.parse(JSON.parse(file)),
    id,
    prompt: prompt.trim().slice(0, 8000),
    lines: personaLines.parse(JSON.parse(lines)),
  };
}

/**
 * A plain file and nothing else: a link in a folder from elsewhere would hand a file of this machine to a model, and a pipe
 * would be waited for without an end.
 */
async function readShort(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new TypeError(`${path} is not a plain file`);
    if (status.size > FILE_BYTES_MAX) {
      throw new RangeError(`${path} is longer than ${FILE_BYTES_MAX} bytes`);
    }
    return (await file.readFile("utf8")).replace(/^\ufeff/, "");
  } finally {
    await file.close();
  }
}

function why(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}`;
  }
  return reasonOf(error);
}
