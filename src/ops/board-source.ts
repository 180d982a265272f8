/** Health of the board as it was looked at last: what it is, and how fast. Only told; nothing is asked of the board here. */
import type { HealthSource } from "../state/health.js";
import { readBoardRecord, speedWords } from "../usb/board-record.js";

export function boardSource(dataDir: string): HealthSource {
  return {
    id: "board",
    title: "Board",
    check: async () => {
      const record = await readBoardRecord(dataDir);
      if (!record) {
        const next = "`buddy doctor --board` looks at it over its cable.";
        return { level: "off", text: "It was never looked at.", next };
      }
      const day = new Date(record.atMs).toISOString().slice(0, 10);
      const what = record.image ?? "a program that is none of this tree";
      return {
        level: "ok",
        text: `${what}, seen on ${day}. ${speedWords(record)}`.trim(),
        next: "",
      };
    },
  };
}
