/**
 * Backups as their owner sees them on the page: which there are, a new one, one to take away, one to go back to. A running Buddy
 * holds its data directory, so going back is written down here and done by the next start (`restore-wanted.ts`).
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "../host/reason.js";
import { BackupError } from "./backup-error.js";
import { BACKUPS_FOLDER } from "./data-files.js";
import { listBackups, wallMsOf } from "./keep.js";
import { readArchive } from "./read-archive.js";
import { forgetWish, readWish, writeWish } from "./restore-wanted.js";

export interface BackupEntry {
  readonly name: string;
  /** When it was made, Unix ms. */
  readonly wallMs: number;
  readonly bytes: number;
}

export interface BackupList {
  /** Newest first. */
  readonly backups: readonly BackupEntry[];
  /** The one that the next start goes back to; null: none. */
  readonly wanted: string | null;
}

/** A sentence for the owner in place of an answer. */
export interface BackupTrouble {
  readonly kind: "unknown" | "failed";
  readonly text: string;
}

export interface BackupsApi {
  list(): Promise<BackupList>;
  /** Makes one. @returns why not, or undefined. */
  make(): Promise<BackupTrouble | undefined>;
  /** Path of the archive; undefined when there is none of that name. */
  pathOf(name: string): Promise<string | undefined>;
  /** Checks all of it, then has the next start go back to it. @returns why not, or undefined. */
  want(name: string): Promise<BackupTrouble | undefined>;
  /** The next start goes on as it is. */
  unwant(): Promise<void>;
}

export class BackupDesk implements BackupsApi {
  private making: Promise<BackupTrouble | undefined> | undefined;

  /** @param pack makes one; rejects with the reason in plain words. */
  constructor(
    private readonly dataDir: string,
    private readonly pack: () => Promise<void>,
  ) {}

  async list(): Promise<BackupList> {
    const kept = await listBackups(this.dataDir);
    const sizes = await Promise.all(
      kept.map(({ name }) => stat(this.path(name)).catch(() => undefined)),
    );
    // One that was removed in this moment is none.
    const backups = kept.flatMap((entry, at) => {
      const bytes = sizes[at]?.size;
      return bytes === undefined ? [] : [{ ...entry, bytes }];
    });
    return { backups, wanted: (await readWish(this.dataDir)) ?? null };
  }

  /** Who asks while one is being made waits for that one. */
  make(): Promise<BackupTrouble | undefined> {
    this.making ??= this.pack()
      .then(
        () => undefined,
        (error: unknown) => ({ kind: "failed", text: reasonOf(error) }) as const,
      )
      .finally(() => (this.making = undefined));
    return this.making;
  }

  async pathOf(name: string): Promise<string | undefined> {
    // A name of ours leads nowhere else.
    if (wallMsOf(name) === undefined) return undefined;
    const found = await stat(this.path(name)).catch(() => undefined);
    return found?.isFile() === true ? this.path(name) : undefined;
  }

  async want(name: string): Promise<BackupTrouble | undefined> {
    const path = await this.pathOf(name);
    if (path === undefined) return { kind: "unknown", text: "There is no such backup any more." };
    try {
      await readArchive(path, undefined);
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      return { kind: "failed", text: error.message };
    }
    await writeWish(this.dataDir, name);
    return undefined;
  }

  unwant(): Promise<void> {
    return forgetWish(this.dataDir);
  }

  private path(name: string): string {
    return join(this.dataDir, BACKUPS_FOLDER, name);
  }
}
