/** Times as people say them. */

/** "4 s", "3 min", "2 h 5 min": as precise as people need. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** How long something has been so: from `sinceWallMs` to now. */
export function ago(wallMs: number, sinceWallMs: number): string {
  return duration(Math.max(0, (wallMs - sinceWallMs) / 1000));
}

/** An age for people: "40 ms", "1.2 s", "3 min". */
export function age(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms / 1000);
}

/** Making one costs as much as a hundred uses of it. */
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hour12: false });

/** The time of day where the page is looked at. */
export function timeOfDay(wallMs: number): string {
  return CLOCK.format(wallMs);
}
