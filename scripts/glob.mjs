// The few glob forms the scripts use (`a/**/*.test.ts`, `a/b.ts`): Node 20 has no fs.globSync.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Files that match `DIR` and below that end with the suffix, or the file itself, sorted. */
export function globSync(pattern) {
  const at = pattern.indexOf("/**/*");
  if (at < 0) return existsSync(pattern) ? [pattern] : [];
  const directory = pattern.slice(0, at);
  const suffix = pattern.slice(at + 5);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
