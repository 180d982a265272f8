/** A length of time for people: "1.5 s", "12 s", "10 min". */
export function seconds(ms: number): string {
  if (ms >= 180_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
