/** A process that lets others go first. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

/**
 * Where Linux shares the processors by session first (autogroup, the default of most desktops), a process with a session of
 * its own competes with the others by its session's niceness: its own counts for nothing (sched(7)).
 */
const SESSION_NICENESS = "/proc/self/autogroup";

/** Lowers this process, and its session where it leads one. @throws what the system says; what was lowered before stays so. */
export function lowerOwnPriority(): void {
  const niceness = constants.priority.PRIORITY_BELOW_NORMAL;
  setPriority(niceness);
  if (existsSync(SESSION_NICENESS) && leadsSession())
    writeFileSync(SESSION_NICENESS, String(niceness));
}

/** From a terminal the session is the user's, with all that runs in it. */
function leadsSession(): boolean {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // Behind the name, which may hold anything: state, parent, process group, session (proc(5)).
  const session = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3];
  return session === String(process.pid);
}
