/** `buddy backup` and `buddy restore`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { reasonOf } from "../host/reason.js";
import { isHeld } from "../datadir/data-dir.js";
import { findRunning } from "../datadir/running.js";
import { packageVersion } from "../host/package-root.js";
import { BackupError } from "../backup/backup-error.js";
import { BACKUPS_FOLDER } from "../backup/data-files.js";
import { backupName, removeHalfMade, removeOld } from "../backup/keep.js";
import type { Manifest } from "../backup/manifest.js";
import { readArchive } from "../backup/read-archive.js";
import { restoreArchive } from "../backup/restore.js";
import { writeArchive } from "../backup/write-archive.js";
import { DatabaseError } from "../store/database-error.js";
import { systemClock } from "../time/clock.js";
import { addDataOption, dataDirOf, EXIT_FAILED, type DataFlags } from "./data-option.js";

export function addBackupCommand(program: Command): void {
  addDataOption(
    program
      .command("backup")
      .description("write database, keys and state of a Buddy, running or not, to one archive")
      .option("--to <file>", "the archive; default: backups/ in the data directory, kept 30 days")
      .option("--json", "print JSON", false),
  ).action(async (flags: DataFlags & { to?: string; json: boolean }) => {
    process.exitCode = await told("backup", () => backup(dataDirOf(flags), flags.to, flags.json));
  });
}

export function addRestoreCommand(program: Command): void {
  addDataOption(
    program
      .command("restore")
      .description("check an archive and bring it back into a data directory")
      .argument("<file>", "the archive")
      .option("--force", "replace a directory that is not empty; it is moved aside", false)
      .option("--check", "check the archive and touch nothing", false)
      .option("--json", "print JSON", false),
  ).action(
    async (file: string, flags: DataFlags & { force: boolean; check: boolean; json: boolean }) => {
      process.exitCode = await told("restore", () => restore(file, dataDirOf(flags), flags));
    },
  );
}

async function backup(dataDir: string, to: string | undefined, json: boolean): Promise<void> {
  const wallMs = systemClock.wallMs();
  const path = to ?? join(dataDir, BACKUPS_FOLDER, backupName(wallMs));
  // First of all: what lies there may be what the disk is full of.
  if (existsSync(join(dataDir, BACKUPS_FOLDER))) await removeHalfMade(dataDir, wallMs);
  const manifest = await writeArchive({
    dataDir,
    to: path,
    buddyVersion: packageVersion(),
    wallMs,
  });
  const removed = to === undefined ? await removeOld(dataDir, wallMs) : [];
  say(json, { path, ...sizes(manifest), removed }, [
    `${path}: ${amount(manifest)}, checked.`,
    "It holds the keys of your robot: keep it where only you can read it.",
    ...(removed.length > 0 ? [`Removed what was older than 30 days: ${removed.join(", ")}.`] : []),
  ]);
}

async function restore(
  archive: string,
  dataDir: string,
  flags: { readonly force: boolean; readonly check: boolean; readonly json: boolean },
): Promise<void> {
  if (flags.check) {
    const manifest = await readArchive(archive, undefined);
    const words = `${archive}: whole; ${amount(manifest)}, made ${manifest.createdAt}.`;
    return say(flags.json, { path: archive, ...sizes(manifest) }, [words]);
  }
  const running = findRunning(dataDir);
  if (running.kind === "running") {
    const why = `a Buddy runs with ${dataDir} (process ${running.runtime.pid}); stop it first`;
    throw new BackupError("STORE_BACKUP_TARGET", why);
  }
  if (isHeld(dataDir)) {
    const why = `a Buddy that is not ready, or is stopping, has ${dataDir}; stop it first`;
    throw new BackupError("STORE_BACKUP_TARGET", why);
  }
  const wallMs = systemClock.wallMs();
  const request = { archive, dataDir, isForced: flags.force, wallMs };
  const { manifest, movedTo } = await restoreArchive(request);
  say(flags.json, { path: dataDir, ...sizes(manifest), movedTo: movedTo ?? null }, [
    `${dataDir}: ${amount(manifest)} of ${manifest.createdAt}, checked.`,
    ...(movedTo === undefined ? [] : [`What was there before is in ${movedTo}.`]),
    `Start it with \`buddy start --data ${dataDir}\`.`,
  ]);
}

function sizes(manifest: Manifest): Record<string, unknown> {
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return { createdAt: manifest.createdAt, files: manifest.files.length, bytes };
}

function amount(manifest: Manifest): string {
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return `${manifest.files.length} files, ${(bytes / 1000).toFixed(0)} kB`;
}

function say(json: boolean, facts: Record<string, unknown>, words: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${words.join("\n")}\n`);
}

async function told(command: string, act: () => Promise<void>): Promise<number> {
  try {
    await act();
    return 0;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const isOurs = error instanceof BackupError || error instanceof DatabaseError;
    // ENOSPC, EACCES and the like are answers for people as well; anything else is a bug.
    if (!isOurs && !(typeof code === "string" && /^E[A-Z]+$/.test(code))) throw error;
    process.stderr.write(`buddy ${command}: ${code}: ${reasonOf(error)}\n`);
    return EXIT_FAILED;
  }
}
