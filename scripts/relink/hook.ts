/**
 * What the DeviceScript command of this tree (`tools/devicescript`) calls between the compiler's serialiser and its verifier.
 * BUDDY_IMAGE chooses the image: `release` (the default), or `compiled`, as the compiler made it, which the VM refuses when it
 * is longer than it can address.
 */
import { relative, resolve } from "node:path";
import { CODE_BYTES_MAX, relink } from "./relink.js";
import { makeResolver } from "./types/resolver.js";

/** What the compiler made: the image, and what it knows of it for a debugger. */
interface Build {
  binary: Uint8Array;
  dbg: object;
}

const KINDS = ["release", "compiled"] as const;
type Kind = (typeof KINDS)[number];

/**
 * Prints what it did to standard error. @param entry the file that the program begins with, from the current folder
 * @throws Error when the code is too long also then
 */
export function relinkBuild(build: Build, entry: string): Build {
  if (imageKind() === "compiled") return build;
  const root = process.cwd();
  const result = relink(build.binary, JSON.stringify(build.dbg), {
    resolver: makeResolver(relative(root, resolve(entry)), root),
  });
  const figure = (bytes: number): string => bytes.toLocaleString("en-US");
  const compiledBytes = result.steps[0]?.codeBytes ?? 0;
  const said = `code ${figure(result.codeBytes)} of ${figure(CODE_BYTES_MAX)} bytes, as compiled ${figure(compiledBytes)}`;
  if (result.codeBytes > CODE_BYTES_MAX) {
    throw new Error(`${said}: ${figure(result.codeBytes - CODE_BYTES_MAX)} bytes too long`);
  }
  console.error(`relinked: ${said}`);
  return { binary: result.bytes, dbg: result.debug };
}

function imageKind(): Kind {
  const wanted = process.env["BUDDY_IMAGE"] ?? "release";
  const kind = KINDS.find((known) => known === wanted);
  if (kind === undefined) throw new Error(`BUDDY_IMAGE is ${wanted}, not ${KINDS.join(" or ")}`);
  return kind;
}
