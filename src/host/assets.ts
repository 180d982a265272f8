/** Where the project's pictures are, from `src` (tsx) and from `dist` alike. */
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The absolute path of a file in the project's `assets` folder. @throws when there is no such folder above us. */
export function assetPath(name: string): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = path.join(folder, "assets", name);
    if (existsSync(candidate)) return candidate;
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`no assets/${name} above ${import.meta.url}`);
    folder = parent;
  }
}
