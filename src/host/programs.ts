/** Programs that the user has installed, found in the PATH: where they are, and what they are told of our environment. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** All that a program beside Buddy is told of our environment: keys and tokens are none of its business. */
const ENVIRONMENT = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "ESPEAK_DATA_PATH"];

/** The program's file, or undefined when it is not installed. */
export function findProgram(
  name: string,
  path: string | undefined = process.env["PATH"],
): string | undefined {
  for (const folder of (path ?? "").split(delimiter)) {
    if (folder === "") continue;
    const file = join(folder, process.platform === "win32" ? `${name}.exe` : name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder; the next one is looked at.
      continue;
    }
  }
  return undefined;
}

/** A few variables that a program or a renderer may inherit. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const out: NodeJS.ProcessEnv = {};
  for (const name of ENVIRONMENT) {
    if (process.env[name] !== undefined) out[name] = process.env[name];
  }
  return out;
}
