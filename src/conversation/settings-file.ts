/**
 * What a person has set for the mind, kept in DIR/mind.json, readable by its owner only. Keys of model services go in and
 * never come out again: what is shown of them is whether they are there. Environment variables are the defaults.
 */
import { lstat, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { reasonOf } from "../host/reason.js";
import { NotSavedError } from "./conversation-api.js";
import { readIfThere, writeDurably } from "../datadir/durable-file.js";

const key = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,400}$/, "expected a key of 8 to 400 printable characters");

const settingsSchema = z.strictObject({
  /** As BUDDY_MODELS; absent: what the environment says, else what is found. */
  models: z.string().max(1000).optional(),
  persona: z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .default("buddy"),
  speaksUp: z.boolean().default(true),
  /** Percent; pages play at it. */
  volume: z.number().int().min(0).max(100).default(100),
  /** Unix ms: until then it says nothing aloud. */
  quietUntilMs: z.number().int().min(0).optional(),
  perHourMax: z.number().int().min(0).max(60).default(15),
  gapS: z.number().int().min(10).max(3600).default(60),
  /** Absent: 15 s, or 60 s for a model on one's own machine. */
  budgetS: z.number().int().min(5).max(300).optional(),
  picture: z.enum(["auto", "always", "never"]).default("auto"),
  openaiApiKey: key.optional(),
  googleApiKey: key.optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** null takes a value back to its default. */
const changeSchema = z.strictObject({
  models: z.string().max(1000).nullable().optional(),
  persona: settingsSchema.shape.persona.unwrap().optional(),
  speaksUp: z.boolean().optional(),
  volume: settingsSchema.shape.volume.unwrap().optional(),
  quietUntilMs: settingsSchema.shape.quietUntilMs.unwrap().nullable().optional(),
  perHourMax: settingsSchema.shape.perHourMax.unwrap().optional(),
  gapS: settingsSchema.shape.gapS.unwrap().optional(),
  budgetS: settingsSchema.shape.budgetS.unwrap().nullable().optional(),
  picture: settingsSchema.shape.picture.unwrap().optional(),
  openaiApiKey: key.nullable().optional(),
  googleApiKey: key.nullable().optional(),
});

type Read =
  | { readonly kind: "ok"; readonly settings: Settings }
  | { readonly kind: "bad"; readonly why: string };

/** Reads the file's text. `why` quotes nothing of it: what stands there may be half a key. */
export function readSettings(text: string): Read {
  let raw: unknown;
  try {
    // Editors of Windows put a byte order mark before it.
    raw = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    // The parser's own words show the characters around the fault.
    return { kind: "bad", why: "it is not JSON" };
  }
  const parsed = settingsSchema.safeParse(raw);
  if (parsed.success) return { kind: "ok", settings: parsed.data };
  const names = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return { kind: "bad", why: names.join("; ") };
}

export class SettingsFile {
  private settings: Settings = settingsSchema.parse({});
  private readonly path: string;
  /** What could not be read is kept beside before anything is written over it: there may be keys in it. */
  private isDamaged = false;
  private trouble: string | undefined;

  constructor(
    dataDir: string,
    private readonly log: (level: "warn", message: string) => void,
    /** Buddy has run in this directory before: a file that is not there was lost. */
    private readonly hasPast = false,
  ) {
    this.path = join(dataDir, "mind.json");
  }

  get now(): Settings {
    return this.settings;
  }

  /** Why the defaults hold instead of what was set, until something is set again; undefined when all is well. */
  get problem(): string | undefined {
    return this.trouble;
  }

  /** Reads the file; one that is damaged is said and kept, and the defaults hold. */
  async load(): Promise<void> {
    try {
      const text = await readIfThere(this.path);
      if (text === undefined) return await this.begin();
      const read = readSettings(text);
      if (read.kind === "ok") this.settings = read.settings;
      else this.doWithout(read.why);
    } catch (error) {
      this.doWithout(reasonOf(error));
    }
  }

  /**
   * @returns why it was not taken, or undefined.
   * @throws NotSavedError when it holds but could not be written: it was not acknowledged then (M2).
   */
  async change(change: unknown): Promise<string | undefined> {
    const parsed = changeSchema.safeParse(change);
    if (!parsed.success) return z.prettifyError(parsed.error);
    const merged: Record<string, unknown> = { ...this.settings, ...parsed.data };
    for (const [name, value] of Object.entries(merged)) if (value === null) delete merged[name];
    const next = settingsSchema.safeParse(merged);
    if (!next.success) return z.prettifyError(next.error);
    this.settings = next.data;
    try {
      if (this.isDamaged) await this.putAside();
      await this.write();
      this.trouble = undefined;
    } catch (error) {
      const text = `the settings hold until Buddy stops: ${reasonOf(error)}`;
      this.log("warn", text);
      throw new NotSavedError(text, { cause: error });
    }
    return undefined;
  }

  private doWithout(why: string): void {
    this.isDamaged = true;
    this.say(`${this.path} is not used: ${why}; the defaults hold`);
  }

  /** From the first start on there is a file, so that one that is gone is noticed. */
  private async begin(): Promise<void> {
    const isLink = (await lstat(this.path).catch(() => undefined))?.isSymbolicLink() === true;
    if (isLink) return this.doWithout("it is a link to what is not there");
    if (this.hasPast) this.say(`${this.path} is not there; the defaults hold, and no keys are set`);
    await this.write();
  }

  private say(trouble: string): void {
    this.trouble = trouble;
    this.log("warn", trouble);
  }

  private write(): Promise<void> {
    return writeDurably(this.path, `${JSON.stringify(this.settings, null, 2)}\n`);
  }

  private async putAside(): Promise<void> {
    try {
      await rename(this.path, `${this.path}.damaged`);
    } catch (error) {
      // A person may have taken it away.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    this.isDamaged = false;
  }
}
