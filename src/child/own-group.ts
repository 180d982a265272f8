/**
 * The process group that a supervised part leads.
 */

/** Ends what this part started and has left behind. Only of use when it leads a process group, as a supervised part does. */
export function sweepOwnGroup(): void {
  if (process.platform === "win32") return;
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch (error) {
    // No group of ours: the part was started by something else than the supervisor.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
