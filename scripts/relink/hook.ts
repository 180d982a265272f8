/**
 * What the DeviceScript command of this tree (`tools/devicescript`) calls between the compiler's serialiser and its verifier.
 * BUDDY_IMAGE chooses what it makes of the image:
 *
 * | image      | what it is                                                                                 |
 * | ---------- | ------------------------------------------------------------------------------------------ |
 * | `release`  | as short as it can be; the default                                                         |
 * | `debug`    | as much of the program as written as there is room for; what `devtools` and VS Code deploy |
 * | `compiled` | as the compiler made it, which the VM refuses when it is longer than it can address        |
 */
import { relative, resolve } from "node:path";
import { DEBUG_CODE_BYTES_MAX, debugPasses, type Richness } from "./debugger.js";
import { codeEndIn } from "./image.js";
import type { Resolver } from "./lookups.js";
import { relink, type Relinked } from "./relink.js";
import { checkRoom, figure, roomWords } from "./room.js";
import { makeResolver } from "./types/resolver.js";

/** What the compiler made: the image, and what it knows of it for a debugger. */
interface Build {
  binary: Uint8Array;
  dbg: object;
}

/** An image to go on with, and a line for people about it. */
interface Relinking {
  build: Build;
  said: string;
}

const KINDS = ["release", "debug", "compiled"] as const;
type Kind = (typeof KINDS)[number];

/** @param entry the file that the program begins with @throws Error when there is no way to make it short enough */
export function relinkBuild(build: Build, entry: string): Relinking {
  switch (imageKind()) {
    case "compiled":
      return { build, said: "" };
    case "release":
      return forRelease(build, entry);
    case "debug":
      return forDebugger(build, entry);
  }
}

function imageKind(): Kind {
  const wanted = process.env["BUDDY_IMAGE"] ?? "release";
  const kind = KINDS.find((known) => known === wanted);
  if (kind === undefined) throw new Error(`BUDDY_IMAGE is ${wanted}, not ${KINDS.join(" or ")}`);
  return kind;
}

function resolverOf(entry: string): Resolver {
  const root = process.cwd();
  return makeResolver(relative(root, resolve(entry)), root);
}

function forRelease({ binary, dbg }: Build, entry: string): Relinking {
  const relinked = relink(binary, JSON.stringify(dbg), { resolver: resolverOf(entry) });
  checkRoom(relinked);
  const byName = relinked.lookedUp.length === 0 ? "" : `; by name: ${relinked.lookedUp.join(", ")}`;
  return { build: buildOf(relinked), said: `relinked: ${roomWords(relinked)}${byName}` };
}

function forDebugger(build: Build, entry: string): Relinking {
  const compiledBytes = codeEndIn(build.binary);
  if (compiledBytes <= DEBUG_CODE_BYTES_MAX) {
    const said = `as compiled: code ${figure(compiledBytes)} of ${figure(DEBUG_CODE_BYTES_MAX)} bytes`;
    return { build, said };
  }
  const debugText = JSON.stringify(build.dbg);
  const { passes, richness } = debugPasses(debugText);
  const resolver = resolverOf(entry);
  const relinked = relink(build.binary, debugText, { passes, resolver });
  if (relinked.codeBytes > DEBUG_CODE_BYTES_MAX) {
    const release = forRelease(build, entry);
    const said = `no room for a debugger's image (${roomWords(relinked, DEBUG_CODE_BYTES_MAX)}): locals and some lines are missing`;
    return { build: release.build, said: `${said}\n${release.said}` };
  }
  const said = `relinked for the debugger: ${roomWords(relinked, DEBUG_CODE_BYTES_MAX)}; ${wordsFor(richness())}`;
  return { build: buildOf(relinked), said };
}

function buildOf({ bytes, debug }: Relinked): Build {
  return { binary: bytes, dbg: debug };
}

function wordsFor({ whole, parted, showsParted }: Richness): string {
  if (parted.length === 0) return "all functions are whole";
  const parts = `functions called in one place are parts of their callers in ${parted.join(", ")}`;
  const hidden = showsParted ? "" : ", and their locals are hidden";
  return `${whole.length > 0 ? `whole are ${whole.join(", ")}; ` : ""}${parts}${hidden}`;
}
