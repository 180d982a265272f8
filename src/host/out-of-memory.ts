import { existsSync, writeFileSync } from "node:fs";

const FILE = "/proc/self/oom_score_adj";
/** Thousandths of the machine's memory that it counts as larger than it is: more than any part differs from the companion. */
const MARK = 300;

/**
 * Offers this process and what it starts to the kernel's out-of-memory killer before the companion (Linux; elsewhere there is
 * nothing to offer to): a part is started again, the companion only where a service manager does it.
 * Where it may not, it says so on stderr and runs all the same.
 */
export function offerToOutOfMemoryKiller(): void {
  if (!existsSync(FILE)) return;
  try {
    writeFileSync(FILE, String(MARK));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    process.stderr.write(`not marked for the out-of-memory killer: ${code}\n`);
  }
}
