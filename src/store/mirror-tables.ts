/** The rows of the mirror: images a robot sent, and what became of those that were offered to it. */
import type { Database } from "./database.js";

/** Newest generations kept of each robot; a busy day has some 56 saves. */
export const IMAGES_MAX = 50;
/** Beside them the last image of each of as many days. */
export const DAYS_MAX = 30;
/** Robots known; one more is refused: whose state should be forgotten for it? */
export const DEVICES_MAX = 64;
/** Offers remembered of each robot. */
const OFFERS_MAX = 50;
const DAY_MS = 86_400_000;

export interface KeptImage {
  readonly generation: number;
  readonly format: number;
  readonly image: Buffer;
  /** Unix ms. */
  readonly keptMs: number;
}

export interface Offer {
  readonly id: number;
  readonly generation: number;
  /** Unix ms. */
  readonly offeredMs: number;
  /** In the robot's words; "" when it has not answered. */
  readonly result: string;
}

/** The newest image of a robot: greatest generation, and of two lives with the same number the later one. */
export function newestImage(db: Database, device: string): KeptImage | undefined {
  const row = db.get(
    `SELECT generation, format, image, kept_ms FROM mirror_images
     WHERE device = ? ORDER BY generation DESC, id DESC LIMIT 1`,
    device,
  );
  if (row === undefined) return undefined;
  return {
    generation: Number(row["generation"]),
    format: Number(row["format"]),
    image: row["image"] as Buffer,
    keptMs: Number(row["kept_ms"]),
  };
}

/** Images kept of a robot. */
export function imageCount(db: Database, device: string): number {
  return Number(db.get("SELECT count(*) AS n FROM mirror_images WHERE device = ?", device)?.["n"]);
}

/** The robot whose image was kept last. */
export function lastDevice(db: Database): string | undefined {
  const row = db.get("SELECT device FROM mirror_images ORDER BY id DESC LIMIT 1");
  return row && String(row["device"]);
}

/** Other robots whose images are kept. */
export function otherDevices(db: Database, device: string): number {
  const sql = "SELECT count(DISTINCT device) AS n FROM mirror_images WHERE device <> ?";
  return Number(db.get(sql, device)?.["n"]);
}

/** Keeps an image and drops what its robot has too much of. In one transaction: acknowledged or not there. */
export function keepImage(db: Database, device: string, kept: KeptImage): void {
  db.transaction(() => {
    db.run(
      `INSERT INTO mirror_images (device, generation, format, image, kept_ms)
       VALUES (?, ?, ?, ?, ?)`,
      ...[device, kept.generation, kept.format, kept.image, kept.keptMs],
    );
    db.run(
      `DELETE FROM mirror_images WHERE device = ?1 AND id NOT IN (
         SELECT id FROM mirror_images WHERE device = ?1
         ORDER BY generation DESC, id DESC LIMIT ${IMAGES_MAX}
       ) AND id NOT IN (
         SELECT max(id) FROM mirror_images WHERE device = ?1 AND kept_ms > ?2
         GROUP BY kept_ms / ${DAY_MS} ORDER BY 1 DESC LIMIT ${DAYS_MAX}
       )`,
      ...[device, kept.keptMs - DAYS_MAX * DAY_MS],
    );
  });
}

export function lastOffer(db: Database, device: string): Offer | undefined {
  const row = db.get(
    `SELECT id, generation, offered_ms, result FROM mirror_offers
     WHERE device = ? ORDER BY id DESC LIMIT 1`,
    device,
  );
  if (row === undefined) return undefined;
  return {
    id: Number(row["id"]),
    generation: Number(row["generation"]),
    offeredMs: Number(row["offered_ms"]),
    result: String(row["result"]),
  };
}

export function noteOffer(db: Database, device: string, generation: number, wallMs: number): void {
  db.transaction(() => {
    db.run(
      `INSERT INTO mirror_offers (device, generation, offered_ms, result) VALUES (?, ?, ?, '')`,
      ...[device, generation, wallMs],
    );
    db.run(
      `DELETE FROM mirror_offers WHERE device = ?1 AND id NOT IN (
         SELECT id FROM mirror_offers WHERE device = ?1 ORDER BY id DESC LIMIT ${OFFERS_MAX})`,
      device,
    );
  });
}

export function noteResult(db: Database, offerId: number, result: string): void {
  db.run("UPDATE mirror_offers SET result = ? WHERE id = ?", result, offerId);
}
