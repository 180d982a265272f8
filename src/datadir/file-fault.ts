/** Whether a path can be read as a file, asked before it is opened: a FIFO or a device would be waited for, perhaps for ever. */
import { type Stats, statSync } from "node:fs";

/** What stands there in place of a file, as in "X is a FIFO, not a file"; undefined: a file, or nothing. Follows links. */
export function fileFault(path: string): string | undefined {
  let stat: Stats;
  try {
    stat = statSync(path);
  } catch {
    // Whoever reads it says what is wrong with it.
    return undefined;
  }
  if (stat.isFile()) return undefined;
  return `is ${kindOf(stat)}, not a file`;
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return "a folder";
  if (stat.isFIFO()) return "a FIFO";
  if (stat.isSocket()) return "a socket";
  return "a device";
}
