// What is up to date, by content and not by times: a checkout of an older commit has newer files.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** The files of a folder and below it, or the file itself, sorted; what was installed or built is left out. */
export function* filesOf(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== "node_modules" && name !== "dist") yield* filesOf(join(path, name));
  }
}

/** @param {string[]} paths files and folders; one that starts with "!" is left out, with all below it. */
export function hashOf(paths) {
  const without = paths.filter((path) => path.startsWith("!")).map((path) => path.slice(1));
  const hash = createHash("sha256");
  for (const path of paths.filter((path) => !path.startsWith("!"))) {
    for (const file of filesOf(path)) {
      const name = file.replaceAll("\\", "/");
      if (without.some((left) => name.startsWith(`${left}/`))) continue;
      hash.update(name).update("\0").update(readFileSync(file));
    }
  }
  return hash.digest("hex");
}

/**
 * Calls `make` unless what it makes is there, as it was when it was last made to its end of these inputs. The stamp is
 * taken away before and written after, so that what was interrupted is not taken for made.
 * @param {{ stamp: string, inputs: string[], outputs: string[], make: (isFirst: boolean) => Promise<void> }} part
 *   `isFirst` says that nothing is there which was made to its end.
 */
export async function unlessFresh({ stamp, inputs, outputs, make }) {
  const from = hashOf(inputs);
  const isWhole = existsSync(stamp) && outputs.every((file) => existsSync(file));
  if (isWhole && readFileSync(stamp, "utf8") === `${from} ${hashOf(outputs)}`) return;
  rmSync(stamp, { force: true });
  await make(!isWhole);
  const missing = outputs.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`${missing} was not made`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${from} ${hashOf(outputs)}`);
}
