/** Forgets all that is saved, for tests of what then comes back; in both machines. */
import type { Journal } from "../../devs/store/journal.js";
import { RECORDS_PER_REGION } from "../../devs/store/storage.js";
import type { Storage } from "../../devs/store/storage.js";

/** Erases both regions, the older first and its commit record first, so that a cut leaves all of the newer or nothing. */
export async function wipeJournal(journal: Journal, storage: Storage): Promise<void> {
  const older = journal.current === 0 ? 1 : 0;
  for (const region of [older, 1 - older]) {
    for (let i = 0; i < RECORDS_PER_REGION; i++) {
      const record = region * RECORDS_PER_REGION + i;
      if ((await storage.readRecord(record)) !== undefined) await storage.erase(record);
    }
  }
  await journal.loadRegions();
}
