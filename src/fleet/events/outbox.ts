/**
 * What a robot has to tell its stage, in the order in which it happened, kept in its own database until the stage has it and
 * for a while after: a server that lost what it had is told again. Bounded; the oldest go first, and are counted.
 */
import type { Sql, SqlDatabase } from "./sql.js";

/** Kept in all. */
export const OUTBOX_MAX = 5000;
/** In one call. */
export const BATCH_MAX = 50;

export interface OutboxEntry {
  readonly seq: number;
  readonly body: string;
}

export class Outbox {
  /** Dropped unpublished, in this run. */
  dropped = 0;

  constructor(
    private readonly sql: Sql,
    private readonly stage: string,
  ) {}

  /** @returns its number. @throws DatabaseError; nothing was kept then */
  add(body: string): number {
    return this.sql((db) => {
      const insert =
        "INSERT INTO fleet_outbox (stage, body, is_sent) VALUES (?, ?, 0) RETURNING seq";
      const seq = Number(db.get(insert, this.stage, body)?.["seq"]);
      const over = this.count(db) - OUTBOX_MAX;
      if (over <= 0) return seq;
      const oldest = db.all(
        "SELECT seq, is_sent FROM fleet_outbox WHERE stage = ? ORDER BY seq LIMIT ?",
        this.stage,
        over,
      );
      this.dropped += oldest.filter((row) => row["is_sent"] === 0).length;
      db.run(
        "DELETE FROM fleet_outbox WHERE stage = ? AND seq <= ?",
        this.stage,
        Number(oldest.at(-1)?.["seq"]),
      );
      return seq;
    });
  }

  /** The next that are to be published, oldest first. */
  unsent(): OutboxEntry[] {
    const rows = this.sql((db) =>
      db.all(
        "SELECT seq, body FROM fleet_outbox WHERE stage = ? AND is_sent = 0 ORDER BY seq LIMIT ?",
        this.stage,
        BATCH_MAX,
      ),
    );
    return rows.map((row) => ({ seq: Number(row["seq"]), body: String(row["body"]) }));
  }

  get waiting(): number {
    const sql = "SELECT count(*) AS n FROM fleet_outbox WHERE stage = ? AND is_sent = 0";
    return this.sql((db) => Number(db.get(sql, this.stage)?.["n"]));
  }

  /** The stage has everything up to this number. */
  sentUpTo(seq: number): void {
    this.sql((db) =>
      db.run(
        "UPDATE fleet_outbox SET is_sent = 1 WHERE stage = ? AND is_sent = 0 AND seq <= ?",
        this.stage,
        seq,
      ),
    );
  }

  /**
   * The stage knows this robot's events up to `seq`: what it lost is to be published again, and where it knows more than
   * this database does (it was begun anew), numbers go on behind that.
   */
  agree(seq: number): void {
    this.sql((db) => {
      db.run(
        "UPDATE fleet_outbox SET is_sent = 0 WHERE stage = ? AND is_sent = 1 AND seq > ?",
        this.stage,
        seq,
      );
      const last = db.get("SELECT seq FROM sqlite_sequence WHERE name = 'fleet_outbox'");
      if (Number(last?.["seq"] ?? 0) >= seq) return;
      const waiting = db.all("SELECT stage, body FROM fleet_outbox WHERE is_sent = 0 ORDER BY seq");
      db.run("DELETE FROM fleet_outbox WHERE is_sent = 0");
      // The first of them takes the next number, the others follow.
      waiting.forEach((row, i) =>
        db.run(
          "INSERT INTO fleet_outbox (seq, stage, body, is_sent) VALUES (?, ?, ?, 0)",
          seq + 1 + i,
          String(row["stage"]),
          String(row["body"]),
        ),
      );
      if (waiting.length > 0) return;
      // The table remembers the greatest number that it ever had.
      const marker = [seq, this.stage, "{}"] as const;
      db.run("INSERT INTO fleet_outbox (seq, stage, body, is_sent) VALUES (?, ?, ?, 1)", ...marker);
      db.run("DELETE FROM fleet_outbox WHERE seq = ?", seq);
    });
  }

  private count(db: SqlDatabase): number {
    const sql = "SELECT count(*) AS n FROM fleet_outbox WHERE stage = ?";
    return Number(db.get(sql, this.stage)?.["n"]);
  }
}
