/**
 * What of others' events was taken: each once, whatever is delivered twice. A sender's numbers only grow, so the last one is
 * all there is to remember; it is written in one transaction with what the event does to the database.
 */
import type { Sql, SqlDatabase } from "./sql.js";

export class Inbox {
  constructor(
    private readonly sql: Sql,
    private readonly stage: string,
  ) {}

  /** True where this robot has never taken anything of the stage. */
  get isNew(): boolean {
    const sql = "SELECT 1 AS one FROM fleet_inbox WHERE stage = ? LIMIT 1";
    return this.sql((db) => db.get(sql, this.stage)) === undefined;
  }

  /** @returns false when it was taken before. `act` runs in the same transaction. @throws DatabaseError; then it was not taken */
  take(sender: string, seq: number, act: (db: SqlDatabase) => void = () => undefined): boolean {
    return this.sql((db) => {
      const taken = db.run(
        `INSERT INTO fleet_inbox (stage, sender, seq) VALUES (?1, ?2, ?3)
         ON CONFLICT (stage, sender) DO UPDATE SET seq = ?3 WHERE seq < ?3`,
        this.stage,
        sender,
        seq,
      );
      if (taken === 0) return false;
      act(db);
      return true;
    });
  }
}
