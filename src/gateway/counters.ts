/** Adds up the counters of sessions and doors. Every field of `T` is a number. */
export function sumCounters<T extends object>(all: T[]): { [K in keyof T]: number } {
  const sum: Record<string, number> = {};
  for (const counters of all) {
    for (const [key, value] of Object.entries(counters)) {
      sum[key] = (sum[key] ?? 0) + (value as number);
    }
  }
  return sum as { [K in keyof T]: number };
}
