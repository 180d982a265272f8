/** Whether a path can be read as a file, asked before it is opened: a FIFO or a device would be waited for, perhaps for ever. */
import { type Stats, statSync } from "node:fs";

/** What stands there in place of a file, as in "X is a FIFO, not a file"; undefined: a file, or nothing. Follows links. */
export function fileFault(path: string): string | undefined {
  const kind = kindAt(path);
  return kind === undefined ? undefined : `is ${kind}, not a file`;
}

/** As `fileFault`, but for a folder, which nobody waits for: opening it fails at once, by a code of its own. */
export function waitFault(path: string): string | undefined {
  const kind = kindAt(path);
  return kind === undefined || kind === FOLDER ? undefined : `is ${kind}, not a file`;
}

/** For whoever is about to read it. @throws Error with the words of `waitFault` */
export function assertNoWait(path: string): void {
  const fault = waitFault(path);
  if (fault !== undefined) throw new Error(`${path} ${fault}`);
}

const FOLDER = "a folder";

function kindAt(path: string): string | undefined {
  let stat: Stats;
  try {
    stat = statSync(path);
  } catch {
    // Whoever reads it says what is wrong with it.
    return undefined;
  }
  if (stat.isFile()) return undefined;
  if (stat.isDirectory()) return FOLDER;
  if (stat.isFIFO()) return "a FIFO";
  return stat.isSocket() ? "a socket" : "a device";
}
