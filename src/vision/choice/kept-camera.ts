/**
 * The camera that somebody chose on the page, kept in DIR/camera.json over a restart. Readable by its owner only: an address
 * may hold a password. An option of the start comes before it.
 */
import { join } from "node:path";
import { z } from "zod";
import { readIfThere, writeDurably } from "../../datadir/durable-file.js";
import { reasonOf } from "../../host/reason.js";
import type { CameraReason } from "./camera-api.js";
import { settingFault } from "./camera-choice.js";

const fileSchema = z.strictObject({
  camera: z.string().refine((text) => settingFault(text) === undefined),
});

export class KeptCamera {
  private readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, "camera.json");
  }

  /** @returns what was chosen, undefined: nothing was. @throws Error in plain words for a file that is of no use */
  async read(): Promise<string | undefined> {
    try {
      const text = await readIfThere(this.path);
      return text === undefined ? undefined : fileSchema.parse(JSON.parse(text)).camera;
    } catch (error) {
      // What stands there may be half a password: nothing of it is quoted.
      const isText = error instanceof SyntaxError || error instanceof z.ZodError;
      const why = isText ? `it is not {"camera":"…"} with a camera's name` : reasonOf(error);
      throw new Error(`${this.path} is not used: ${why}`, { cause: error });
    }
  }

  /** @throws the file system's error; what was kept before is kept then */
  write(camera: string): Promise<void> {
    return writeDurably(this.path, `${JSON.stringify({ camera }, null, 2)}\n`);
  }
}

export interface FirstCamera {
  readonly setting: string;
  readonly reason: CameraReason;
}

/**
 * What is looked through after a start: what an option says, else what was chosen, else the default.
 * @param option by which `setting` was given, `--camera` or `BUDDY_CAMERA`; undefined: it is the default.
 * @param say told, in a sentence, why a choice cannot be used.
 */
export async function firstCamera(
  setting: string,
  option: string | undefined,
  kept: KeptCamera,
  say: (text: string) => void,
): Promise<FirstCamera> {
  if (option !== undefined) return { setting, reason: { kind: "option", option } };
  try {
    const chosen = await kept.read();
    if (chosen !== undefined) return { setting: chosen, reason: { kind: "chosen" } };
  } catch (error) {
    say(reasonOf(error));
  }
  return { setting, reason: { kind: "default" } };
}
