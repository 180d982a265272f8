/** The data directory: may it be written to, is there room, is there a fresh backup, what was alerted. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseAlerts } from "../ops/alerts.js";
import type { AlertRecord } from "../ops/alert-core.js";
import { DAY_MS, listBackups } from "../backup/keep.js";
import { readIfThere } from "../datadir/durable-file.js";
import { MONITOR_LIMITS, readDisk, roomWords } from "../ops/monitor.js";
import { checkKeys } from "./keys.js";
import { guarded, line, type Line } from "./line.js";

const ALERTS_SHOWN_MAX = 5;
/** Alerts of what has a line of its own here, as it is now. */
const SEEN_HERE: ReadonlySet<string> = new Set(["disk", "backup"]);

/** @param hasAlerts whether the alerts' file is looked at: a Buddy that answers tells its alerts itself. */
export async function checkData(
  dataDir: string,
  wallMs: number,
  hasAlerts = true,
): Promise<Line[]> {
  const unusable = notUsable(dataDir);
  if (unusable !== undefined) return [unusable];
  if (!existsSync(dataDir)) {
    const text = `${dataDir} does not exist yet; the first start makes it.`;
    return [line("data", "Data", "note", text), await checkRoom(existingParent(dataDir))];
  }
  return [
    await checkWritable(dataDir),
    await checkRoom(dataDir),
    guarded("keys", "Keys", () => checkKeys(dataDir)),
    await guarded("backup", "Backup", () => checkBackups(dataDir, wallMs)),
    ...(hasAlerts ? [await guarded("alerts", "Alerts", () => checkAlerts(dataDir))] : []),
  ];
}

/** What makes every other look at it pointless: it, or what is above it, is no directory, or shuts this user out. */
function notUsable(dataDir: string): Line | undefined {
  const [id, title] = ["data", "Data"];
  const nearest = existingParent(dataDir);
  const other = "choose another with --data";
  if (!statSync(nearest).isDirectory()) {
    const text = `${dataDir} cannot be used: ${nearest} is not a directory.`;
    return line(id, title, "mend", text, `move it away, or ${other}`);
  }
  const { R_OK, W_OK, X_OK } = constants;
  const isThere = nearest === dataDir;
  try {
    // Whether an existing one can be written to is tried by writing.
    accessSync(nearest, isThere ? R_OK | X_OK : W_OK | X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const text = isThere
      ? `${dataDir} cannot be read (${code}).`
      : `${dataDir} cannot be made: ${nearest} cannot be written to (${code}).`;
    const next = isThere ? `\`chown -R $(id -un) ${dataDir}\`` : other;
    return line(id, title, "mend", text, next);
  }
}

async function checkWritable(dataDir: string): Promise<Line> {
  const probe = join(dataDir, `.doctor-${process.pid}.tmp`);
  try {
    await writeFile(probe, "x", { mode: 0o600 });
    return line("data", "Data", "ok", `${dataDir} can be written to.`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const next = WRITABLE_NEXT[code ?? ""] ?? `see what lies there: \`ls -ld ${dataDir}\``;
    const text = `${dataDir} cannot be written to (${code}).`;
    return line("data", "Data", "mend", text, next.replaceAll("DIR", dataDir));
  } finally {
    await rm(probe, { force: true });
  }
}

const OWN = "make it writable for this user: `chown -R $(id -un) DIR`";
const ROOM = "make room; `du -x -d 2 / | sort -n | tail` shows what is large";
const WRITABLE_NEXT: Readonly<Record<string, string>> = {
  EACCES: OWN,
  EPERM: OWN,
  ENOSPC: ROOM,
  EDQUOT: ROOM,
  EROFS:
    "its disk is read-only: `mount -o remount,rw $(findmnt -n -o TARGET -T DIR)`, or choose another with --data",
};

async function checkRoom(folder: string): Promise<Line> {
  const { diskFreeBytes, diskFreeShare } = await readDisk(folder);
  const { diskFreeBytesMin, diskFreeShareMin } = MONITOR_LIMITS;
  const isEnough = diskFreeBytes >= diskFreeBytesMin && diskFreeShare >= diskFreeShareMin;
  const text = `${roomWords(diskFreeBytes, diskFreeShare)} are free.`;
  const next = "make room: logs degrade first, then saving fails";
  return line("disk", "Disk", isEnough ? "ok" : "mend", text, isEnough ? "" : next);
}

async function checkBackups(dataDir: string, wallMs: number): Promise<Line> {
  const [id, title, next] = ["backup", "Backup", "`buddy backup`"];
  const backups = await listBackups(dataDir);
  const [newest] = backups;
  if (newest === undefined) {
    const text = "There is none yet; a running Buddy makes one a day.";
    return line(id, title, "note", text, next);
  }
  const days = (wallMs - newest.wallMs) / DAY_MS;
  const text = `${backups.length} of them, the newest ${days.toFixed(1)} days old.`;
  const isLate = wallMs - newest.wallMs > MONITOR_LIMITS.backupAgeMsMax;
  return line(id, title, isLate ? "note" : "ok", text, isLate ? next : "");
}

async function checkAlerts(dataDir: string): Promise<Line> {
  const [id, title] = ["alerts", "Alerts"];
  const path = join(dataDir, "alerts.log");
  const text = `${(await readIfThere(`${path}.1`)) ?? ""}${(await readIfThere(path)) ?? ""}`;
  const standing = stillStanding(parseAlerts(text).records)
    .filter(({ key }) => !SEEN_HERE.has(key))
    .slice(-ALERTS_SHOWN_MAX);
  if (standing.length === 0) return line(id, title, "ok", "None stands.");
  const words = standing.map((one) => `${new Date(one.wallMs).toISOString()} ${one.text}`);
  const next = [...new Set(standing.map((one) => one.next))].join(" ");
  return line(id, title, "note", `Last told and not cleared: ${words.join(" | ")}`, next);
}

/** Alerts that were told and not cleared since, oldest first. */
export function stillStanding(records: readonly AlertRecord[]): AlertRecord[] {
  const standing = new Map<string, AlertRecord>();
  for (const record of records) {
    standing.delete(record.key);
    if (record.event !== "cleared") standing.set(record.key, record);
  }
  return [...standing.values()];
}

function existingParent(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingParent(dirname(path));
}
