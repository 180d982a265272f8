/** The owner's backups, for tests of the door and of the page. */
import type {
  BackupEntry,
  BackupList,
  BackupsApi,
  BackupTrouble,
} from "../../src/backup/backup-desk.js";
import { backupName } from "../../src/backup/keep.js";

/** Backups that are only said to be there. */
export class FakeBackups implements BackupsApi {
  backups: BackupEntry[] = [];
  wanted: string | null = null;
  trouble: BackupTrouble | undefined;

  list(): Promise<BackupList> {
    return Promise.resolve({ backups: this.backups, wanted: this.wanted });
  }

  make(): Promise<BackupTrouble | undefined> {
    if (this.trouble === undefined) this.add(Date.UTC(2030, 0, 1 + this.backups.length));
    return Promise.resolve(this.trouble);
  }

  add(wallMs: number): void {
    this.backups = [{ name: backupName(wallMs), wallMs, bytes: 45_678 }, ...this.backups];
  }

  pathOf(name: string): Promise<string | undefined> {
    // Any file will do.
    const isThere = this.backups.some((one) => one.name === name);
    return Promise.resolve(isThere ? import.meta.filename : undefined);
  }

  want(name: string): Promise<BackupTrouble | undefined> {
    if (this.trouble === undefined) this.wanted = name;
    return Promise.resolve(this.trouble);
  }

  unwant(): Promise<void> {
    this.wanted = null;
    return Promise.resolve();
  }
}
