/**
 * Wires the daily backup. It is made by `buddy backup` in a process of its own: packing must not hold up the page, and what
 * a person runs by hand is then the very thing that runs at night.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LogLevel } from "../child/messages.js";
import { packageRoot } from "../host/package-root.js";
import { BackupDesk, type BackupsApi } from "./backup-desk.js";
import { DailyBackup } from "./daily.js";
import { listBackups } from "./keep.js";
import type { AlertSink } from "../ops/monitor.js";
import type { HealthSource } from "../state/health.js";
import type { Clock } from "../time/clock.js";

const run = promisify(execFile);
const MAKE_MS_MAX = 300_000;

export interface BackupKeeper {
  /** Age of the newest backup for the monitor; without any, the time since this start: one should have been made. */
  ageMs(): Promise<number>;
  /** For the page. */
  readonly desk: BackupsApi;
  end(): void;
}

/** Who is told of backups, and of how they are. */
export interface BackupWatchers {
  readonly alerts: AlertSink;
  note(part: string, level: LogLevel, message: string): void;
  /** The health source of that id has news. */
  changed(sourceId: string): void;
  watch(source: HealthSource): void;
}

export function startDailyBackup(
  dataDir: string,
  clock: Clock,
  operations: BackupWatchers,
): BackupKeeper {
  const startMs = clock.nowMs();
  const abort = new AbortController();
  const daily = new DailyBackup({
    clock,
    alerts: operations.alerts,
    list: () => listBackups(dataDir),
    make: () => makeBackup(dataDir, abort.signal),
    log: (level, message) => operations.note("backup", level, message),
    changed: () => operations.changed("backup"),
  });
  operations.watch({ id: "backup", title: "Backup", check: () => daily.finding() });
  daily.start();
  const make = (): Promise<void> => makeBackup(dataDir, abort.signal);
  return {
    desk: new BackupDesk(dataDir, async () => {
      await make();
      operations.changed("backup");
    }),
    ageMs: async () => {
      const [newest] = await listBackups(dataDir);
      return newest === undefined ? clock.nowMs() - startMs : clock.wallMs() - newest.wallMs;
    },
    end: () => {
      daily.stop();
      // A stop does not wait for it: the next start makes it anew.
      abort.abort();
    },
  };
}

async function makeBackup(dataDir: string, signal: AbortSignal): Promise<void> {
  const cli = join(packageRoot(), "dist/src/cli.js");
  try {
    await run(process.execPath, [cli, "backup", "--data", dataDir, "--json"], {
      signal,
      timeout: MAKE_MS_MAX,
      killSignal: "SIGKILL",
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const [words = ""] = (stderr ?? "").trim().split("\n").slice(-1);
    throw new Error(words === "" ? message : words.replace(/^buddy backup: /, ""), {
      cause: error,
    });
  }
}
