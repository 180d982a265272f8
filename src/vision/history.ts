/** What was seen in a picture, in the words of the old API's `/coord_history`. */
import { wireConfidence } from "./face.js";
import type { Scene } from "./scene.js";

/** As many entries are kept, as by the old API. */
const HISTORY_MAX = 300;

export interface HistoryEntry {
  /** Unix time, s. */
  readonly timestamp: number;
  readonly face_x: number;
  readonly face_y: number;
  readonly vx: number;
  readonly vy: number;
  readonly conf: number;
  readonly face_detected: boolean;
  readonly last_udp_msg: string;
}

export function historyEntry(scene: Scene, wallMs: number, lastMessage: string): HistoryEntry {
  const { present } = scene;
  return {
    timestamp: wallMs / 1000,
    face_x: present ? Math.round(present.face.x) : 0,
    face_y: present ? Math.round(present.face.y) : 0,
    vx: present ? Math.round(present.vx) : 0,
    vy: present ? Math.round(present.vy) : 0,
    conf: present ? wireConfidence(present.face.score, Math.round(present.face.w)) : 0,
    face_detected: present !== undefined,
    last_udp_msg: lastMessage,
  };
}

/** Adds an entry; the oldest goes. */
export function remember(history: HistoryEntry[], entry: HistoryEntry): void {
  history.push(entry);
  if (history.length > HISTORY_MAX) history.shift();
}
