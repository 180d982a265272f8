/**
 * Where all of it is in the data directory. What can be fetched again is in `cache`, which no backup takes along.
 *
 * | path                       | what                                                                   |
 * | -------------------------- | ---------------------------------------------------------------------- |
 * | brain.json                 | which model is used, and what the owner answered to the offer           |
 * | cache/brain/NAME.gguf      | a model of the table, whole and checked; `NAME.gguf.part`: on its way    |
 * | cache/brain/runtime-…/     | the runtime, as npm has installed it                                    |
 * | cache/brain/install.lock   | held by the one installation that may be under way                      |
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../datadir/durable-file.js";
import { reasonOf } from "../host/reason.js";
import { BRAIN_MODELS, type BrainModel } from "./models.js";

/** The runtime that is used; pinned with all it needs in assets/brain-runtime. */
export const RUNTIME_VERSION = "3.21.1";

const fileSchema = z.object({
  version: z.literal(1),
  /** Id of the model in use; absent: the largest that is there. */
  use: z.string().max(60).optional(),
  /** What became of the offer to fetch a model; "later" was kept by older versions and asks again. */
  offer: z.enum(["later", "never"]).optional(),
  /** The offer was made in the terminal. */
  isTold: z.boolean().optional(),
});
export type BrainChoice = Omit<z.infer<typeof fileSchema>, "version">;

export class BrainPlace {
  readonly folder: string;

  constructor(private readonly dataDir: string) {
    this.folder = join(dataDir, "cache", "brain");
  }

  private get choicePath(): string {
    return join(this.dataDir, "brain.json");
  }

  get lockPath(): string {
    return join(this.folder, "install.lock");
  }

  get runtimeDir(): string {
    return join(this.folder, `runtime-${RUNTIME_VERSION}`);
  }

  /** The library's entry point; undefined while it is not installed. */
  get runtimeEntry(): string | undefined {
    const path = join(this.runtimeDir, "node_modules/node-llama-cpp/dist/index.js");
    return existsSync(path) ? path : undefined;
  }

  modelPath({ id }: Pick<BrainModel, "id">): string {
    return join(this.folder, `${id}.gguf`);
  }

  /** Models of the table that are here, whole, smallest first. */
  installed(models: readonly BrainModel[] = BRAIN_MODELS): BrainModel[] {
    return models.filter((model) => {
      const status = statSync(this.modelPath(model), { throwIfNoEntry: false });
      return status?.isFile() === true && status.size === model.bytes;
    });
  }

  /** The model that is used: the one that was chosen, else the largest. */
  inUse(models: readonly BrainModel[] = BRAIN_MODELS): BrainModel | undefined {
    const installed = this.installed(models);
    const { use } = this.choice();
    return installed.find(({ id }) => id === use) ?? installed.at(-1);
  }

  /** What is unreadable is as if nothing had been chosen: the worst of it is one more question. */
  choice(): BrainChoice {
    try {
      return this.readChoice();
    } catch {
      return {};
    }
  }

  /** Why what was chosen cannot be read; undefined also where nothing was chosen yet. */
  choiceTrouble(): string | undefined {
    try {
      this.readChoice();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") return reasonOf(error);
    }
    return undefined;
  }

  private readChoice(): BrainChoice {
    const text = readFileSync(this.choicePath, "utf8");
    const { version: _version, ...choice } = fileSchema.parse(JSON.parse(text));
    return choice;
  }

  /** @throws the file system's error. */
  async choose(change: BrainChoice): Promise<void> {
    await mkdir(this.dataDir, { recursive: true, mode: 0o700 });
    const now = { version: 1, ...this.choice(), ...change };
    await writeDurably(this.choicePath, `${JSON.stringify(now, null, 2)}\n`);
  }
}
