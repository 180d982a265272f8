/**
 * The compiler that the relinker knows: its instruction set, its image format, what its debug information says and in
 * which order it writes calls were read from this version. Another one may differ anywhere.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const NAME = "@devicescript/cli";
const VERSION = "2.16.4";

const manifestSchema = z.object({ name: z.string(), version: z.string() });

/** Throws unless the package of the compiler that is installed under `root` is the one that is known. */
export function requireKnownCompiler(root: string): void {
  const file = join(root, "node_modules", NAME, "package.json");
  const { name, version } = manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  if (name !== NAME || version !== VERSION) {
    throw new Error(
      `the relinker knows ${NAME} ${VERSION}; installed is ${name} ${version} (${file}). ` +
        "Install the known one, or check the relinker against the sources of the other",
    );
  }
}
