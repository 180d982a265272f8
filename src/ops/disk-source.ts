/** Health of the data directory: can it be written to, and is there room. Logs degrade first, then saving fails. */
import type { Finding, HealthSource } from "../state/health.js";
import { MONITOR_LIMITS, readDisk, roomWords } from "./monitor.js";

/** Less than this is none: what Buddy writes at once is smaller. */
const FULL_BYTES = 1_000_000;

const TRIED_AGAIN = "It is tried again by itself every few seconds.";
/** What a person can do about the system's codes; any other: look who may write there. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "Make room.",
  EDQUOT: "Make room, or ask for a larger quota.",
  EROFS:
    "The disk is mounted read-only, as a card is after an error: see what the system's log says of it.",
  EMFILE:
    "No file descriptor is left: close what holds Buddy's doors, or raise its limit (ulimit -n, LimitNOFILE of the service).",
  ENFILE: "The whole system has no file descriptor left: see what holds them (lsof).",
};

function remedyOf(why: string): string {
  const code = /\bE[A-Z]+\b/.exec(why)?.[0] ?? "";
  return REMEDIES[code] ?? "See who may write there.";
}

/** @param trouble why the last write failed; undefined when none did. */
export function diskSource(dataDir: string, trouble: () => string | undefined): HealthSource {
  const check = async (): Promise<Finding> => {
    const why = trouble();
    const { diskFreeBytes: free, diskFreeShare: share } = await readDisk(dataDir);
    const room = `${roomWords(free, share)} are free`;
    if (why !== undefined) {
      return {
        level: "bad",
        text: `Buddy cannot write to its data directory: ${why}; ${room}.`,
        next: `${remedyOf(why)} ${TRIED_AGAIN}`,
        lastError: why,
        nextAttemptInMs: 10_000,
      };
    }
    if (free < FULL_BYTES) {
      const next = "Make room: lines of the log are lost first, then nothing can be saved.";
      return { level: "bad", text: `The disk is full: ${room}.`, next, lastError: "disk full" };
    }
    const isLow = free < MONITOR_LIMITS.diskFreeBytesMin || share < MONITOR_LIMITS.diskFreeShareMin;
    if (isLow) {
      const next = "Make room: logs degrade first, then saving fails.";
      return { level: "warn", text: `Little room: ${room}.`, next };
    }
    return { level: "ok", text: `There is room: ${room}.`, next: "" };
  };
  return { id: "disk", title: "Disk", check };
}
