/** The data directory: may it be written to, is there room, are the keys private, is there a fresh backup, what was alerted. */
import { existsSync, statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseAlerts } from "../ops/alerts.js";
import type { AlertRecord } from "../ops/alert-core.js";
import { DAY_MS, listBackups } from "../ops/backup/keep.js";
import { readIfThere } from "../ops/durable-file.js";
import { MONITOR_LIMITS, readDisk } from "../ops/monitor.js";
import { line, type Line } from "./line.js";

/** `mind.json` holds the keys of model services. */
const SECRETS = ["link.key", "token", "mcp.token", "mind.json"] as const;
const ALERTS_SHOWN_MAX = 5;

export async function checkData(dataDir: string, wallMs: number): Promise<Line[]> {
  if (!existsSync(dataDir)) {
    const text = `${dataDir} does not exist yet; the first start makes it.`;
    return [line("data", "Data", "note", text), await checkRoom(existingParent(dataDir))];
  }
  return [
    await checkWritable(dataDir),
    await checkRoom(dataDir),
    ...checkSecrets(dataDir),
    await checkBackups(dataDir, wallMs),
    await checkAlerts(dataDir),
  ];
}

async function checkWritable(dataDir: string): Promise<Line> {
  const probe = join(dataDir, `.doctor-${process.pid}.tmp`);
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(probe, "x", { mode: 0o600 });
    return line("data", "Data", "ok", `${dataDir} can be written to.`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const next = `make it writable for this user: \`chown -R $(id -un) ${dataDir}\``;
    return line("data", "Data", "mend", `${dataDir} cannot be written to (${code}).`, next);
  } finally {
    await rm(probe, { force: true });
  }
}

async function checkRoom(folder: string): Promise<Line> {
  const { diskFreeBytes, diskFreeShare } = await readDisk(folder);
  const { diskFreeBytesMin, diskFreeShareMin } = MONITOR_LIMITS;
  const isEnough = diskFreeBytes >= diskFreeBytesMin && diskFreeShare >= diskFreeShareMin;
  const text = `${Math.round(diskFreeBytes / 1e6)} MB (${(diskFreeShare * 100).toFixed(0)} %) are free.`;
  const next = "make room: logs degrade first, then saving fails";
  return line("disk", "Disk", isEnough ? "ok" : "mend", text, isEnough ? "" : next);
}

function checkSecrets(dataDir: string): Line[] {
  const open = SECRETS.filter((name) => {
    const path = join(dataDir, name);
    return existsSync(path) && (statSync(path).mode & 0o077) !== 0;
  });
  if (process.platform === "win32") return [];
  if (open.length === 0) return [line("keys", "Keys", "ok", "Only you can read them.")];
  const paths = open.map((name) => join(dataDir, name)).join(" ");
  const text = `Others on this machine can read ${open.join(", ")}.`;
  return [line("keys", "Keys", "mend", text, `\`chmod 600 ${paths}\``)];
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
  const standing = stillStanding(parseAlerts(text).records).slice(-ALERTS_SHOWN_MAX);
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
