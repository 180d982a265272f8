/** The rows of a robot's outer life: boots, times without WiFi or link. */
import type { Database } from "./database.js";

/** Events kept of each robot. */
export const LIFE_MAX = 500;

export interface LifeRow {
  /** Unix ms. */
  readonly wallMs: number;
  readonly durationMs: number;
  readonly kind: string;
  readonly text: string;
}

/** The newest `limit` events, oldest first. */
export function lifeOf(db: Database, device: string, limit: number): LifeRow[] {
  const rows = db.all(
    `SELECT wall_ms, duration_ms, kind, text FROM life_events
     WHERE device = ? ORDER BY id DESC LIMIT ${Math.floor(limit)}`,
    device,
  );
  return rows.reverse().map((row) => ({
    wallMs: Number(row["wall_ms"]),
    durationMs: Number(row["duration_ms"]),
    kind: String(row["kind"]),
    text: String(row["text"]),
  }));
}

export function addLife(db: Database, device: string, events: readonly LifeRow[]): void {
  db.transaction(() => {
    for (const { wallMs, durationMs, kind, text } of events) {
      db.run(
        `INSERT INTO life_events (device, wall_ms, duration_ms, kind, text) VALUES (?, ?, ?, ?, ?)`,
        ...[device, Math.round(wallMs), Math.round(durationMs), kind, text],
      );
    }
    db.run(
      `DELETE FROM life_events WHERE device = ?1 AND id <= (
         SELECT id FROM life_events WHERE device = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${LIFE_MAX})`,
      device,
    );
  });
}
