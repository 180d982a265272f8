/**
 * Four worlds of 24 hours: who is there when, and what happens.
 */

/** How lively a time of the day is. Rates are per hour. */
export interface Period {
  fromH: number;
  name: string;
  visitsPerH: number;
  visitMinutes: number;
  /** Of the visitors, who smiles and talks. */
  friendly: number;
  /** Things put on the desk, doors, shadows; and frights. */
  eventsPerH: number;
  frightsPerH: number;
  companion: boolean;
}

const QUIET: Omit<Period, "fromH" | "name"> = {
  visitsPerH: 0,
  visitMinutes: 0,
  friendly: 0,
  eventsPerH: 0.3,
  frightsPerH: 0,
  companion: true,
};
const VISITS = {
  ...QUIET,
  visitsPerH: 2,
  visitMinutes: 8,
  friendly: 0.7,
  eventsPerH: 4,
  frightsPerH: 0.3,
};
const BUSY = {
  ...QUIET,
  visitsPerH: 12,
  visitMinutes: 3,
  friendly: 0.4,
  eventsPerH: 40,
  frightsPerH: 2,
};

/** Days to live through. */
export const DAYS: Record<string, Period[]> = {
  alone: [{ ...QUIET, fromH: 0, name: "alone" }],
  visits: [{ ...VISITS, fromH: 0, name: "visits" }],
  busy: [{ ...BUSY, fromH: 0, name: "busy" }],
  day: [
    { ...QUIET, fromH: 0, name: "night, companion off", companion: false, eventsPerH: 0.2 },
    { ...VISITS, fromH: 7, name: "morning" },
    { ...BUSY, fromH: 9, name: "busy" },
    { ...QUIET, fromH: 12, name: "lunch", eventsPerH: 2 },
    { ...BUSY, fromH: 13, name: "busy", friendly: 0.6 },
    { ...QUIET, fromH: 17.5, name: "gone", eventsPerH: 1 },
    { ...VISITS, fromH: 19, name: "evening", friendly: 0.9, visitMinutes: 14 },
    { ...QUIET, fromH: 23, name: "night" },
  ],
};
