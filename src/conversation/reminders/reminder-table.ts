/** Reminders in SQL: table `mind_reminders` of `buddy.db` (created in `src/store/migrations.ts`). */
import type { Sql } from "../memory/memory-tables.js";
import type { Reminder, ReminderStore } from "./reminders.js";

export class ReminderTable implements ReminderStore {
  /** @param use calls back with the database, or throws when it is absent. */
  constructor(private readonly use: <T>(work: (db: Sql) => T) => T) {}

  load(): readonly Reminder[] {
    return this.use((db) =>
      db
        .all("SELECT made_ms, due_ms, in_ms, what, said FROM mind_reminders ORDER BY id")
        .map((row) => ({
          madeMs: Number(row["made_ms"]),
          dueMs: Number(row["due_ms"]),
          inMs: row["in_ms"] === null ? undefined : Number(row["in_ms"]),
          what: String(row["what"]),
          said: String(row["said"]),
        })),
    );
  }

  add({ madeMs, dueMs, inMs, what, said }: Reminder): void {
    this.use((db) =>
      db.run(
        "INSERT INTO mind_reminders (made_ms, due_ms, in_ms, what, said) VALUES (?, ?, ?, ?, ?)",
        Math.round(madeMs),
        Math.round(dueMs),
        inMs === undefined ? null : Math.round(inMs),
        what,
        said,
      ),
    );
  }

  drop({ madeMs, dueMs, what }: Reminder): void {
    this.use((db) =>
      db.run(
        "DELETE FROM mind_reminders WHERE made_ms = ? AND due_ms = ? AND what = ?",
        Math.round(madeMs),
        Math.round(dueMs),
        what,
      ),
    );
  }
}
