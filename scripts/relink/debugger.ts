/**
 * The passes for an image that a debugger can follow: the same ones, with promises. Every line that the compiler made code for
 * is run in one place, where a debugger can stop. Every named local keeps its name and its values. Functions stay functions, as
 * far as there is room; in the folders for which there is none, those that are called in one place are put there.
 */
import { dirname } from "node:path/posix";
import { encode, isLabel } from "./code.js";
import { parseDebugInfo, sourcePositions, type DebugInfo } from "./debug-info.js";
import { codeEndOf, type Image } from "./image.js";
import { dropArguments } from "./passes/arguments.js";
import { settleGlobals } from "./passes/globals.js";
import { inlineCalls } from "./passes/inline.js";
import { joinTables } from "./passes/one-table.js";
import { packLocals } from "./passes/slots.js";
import { mergeTwins } from "./passes/twins.js";
import { PASSES, type Pass } from "./relink.js";
import { SourcePlaces } from "./source-places.js";

/** These give locals other numbers, or let statements go that a debugger stops at. */
const NOT_FOR_DEBUGGERS: readonly Pass["run"][] = [
  packLocals,
  dropArguments,
  settleGlobals,
  mergeTwins,
  joinTables,
];

/** The last 32 addresses are those of the breakpoints in `tools/devicescript/built/breakpoints.cjs`. */
export const DEBUG_CODE_BYTES_MAX = 0x10000 - 32;

/** Bytes to spare, so that a line more does not change what a debugger shows. */
const ROOM_LEFT = 2000;

/** How much of the program a debugger sees as it is written. */
export interface Richness {
  /** Folders whose functions all stay functions, with frames of their own. */
  whole: string[];
  /** Folders of which functions that are called in one place are parts of their callers. */
  parted: string[];
  /** Whether the locals of functions that became parts of others are still shown. */
  showsParted: boolean;
}

/** Decides before functions are put into others; `folders` are those of the functions, small ones first, libraries last. */
export type Choose = (
  folders: readonly string[],
  fits: (richness: Richness) => boolean,
) => Richness;

export interface DebugPasses {
  passes: readonly Pass[];
  /** What was chosen; known when the passes have run. */
  richness(): Richness;
}

/** @param debugText the compiler's `bytecode-dbg.json` */
export function debugPasses(debugText: string, choose: Choose = richestThatFits): DebugPasses {
  const debug = parseDebugInfo(debugText);
  const places = new SourcePlaces(debug.sources);
  const passes = PASSES.filter(({ run }) => !NOT_FOR_DEBUGGERS.includes(run));
  const at = passes.findIndex(({ run }) => run === inlineCalls);
  const later = passes.slice(at + 1);
  const folderOf = debug.functions.map(({ location }) => dirname(places.at(location[0]).file));
  let chosen: Richness | undefined;
  const part = (image: Image): void => {
    const fits = (richness: Richness): boolean => {
      const copy = structuredClone(image);
      partFunctions(copy, folderOf, richness);
      for (const pass of later) pass.run(copy);
      return codeEndOf(copy) <= DEBUG_CODE_BYTES_MAX - ROOM_LEFT;
    };
    chosen = choose(foldersBySize(image, folderOf), fits);
    partFunctions(image, folderOf, chosen);
  };
  return {
    passes: [
      { name: "marks for the debugger", run: (image) => markImage(image, debug, places) },
      ...passes.slice(0, at),
      { name: "some functions in place", run: part },
      ...later,
    ],
    richness: () => {
      if (chosen === undefined) throw new Error("the passes for the debugger did not run");
      return chosen;
    },
  };
}

/** As many whole folders as there is room for. */
export function richestThatFits(
  folders: readonly string[],
  fits: (richness: Richness) => boolean,
): Richness {
  const having = (count: number, showsParted = true): Richness => ({
    whole: folders.slice(0, count),
    parted: folders.slice(count),
    showsParted,
  });
  if (fits(having(folders.length))) return having(folders.length);
  if (!fits(having(0))) return having(0, false);
  let [few, many] = [0, folders.length];
  while (many - few > 1) {
    const middle = (few + many) >> 1;
    if (fits(having(middle))) few = middle;
    else many = middle;
  }
  return having(few);
}

/** Says of each function what is to be shown of it, and of each line where to stop for it. */
function markImage(image: Image, debug: DebugInfo, places: SourcePlaces): void {
  const positions = sourcePositions(debug);
  for (const fn of image.functions) {
    const { name: functionName, slots } = debug.functions[
      fn.origin
    ] as DebugInfo["functions"][number];
    fn.debug = {
      functionName,
      names: slots.map(({ name, type }) => ({ name, type })),
      kept: slots.reduce(
        (all, { type }, slot) => (type === "tmp" ? all : all | (1n << BigInt(slot))),
        0n,
      ),
      isWhole: true,
    };
    const seen = new Set<string>();
    for (const line of fn.lines) {
      if (isLabel(line)) continue;
      const { file, line: number } = places.at(positions[line.source] ?? 0);
      const place = `${file}:${number}`;
      if (!seen.has(place)) line.anchor = true;
      seen.add(place);
    }
  }
}

function partFunctions(
  image: Image,
  folderOf: readonly string[],
  { whole, showsParted }: Richness,
): void {
  for (const fn of image.functions) {
    if (fn.debug) fn.debug.isWhole = whole.includes(folderOf[fn.origin] ?? "");
  }
  inlineCalls(image, showsParted ? "shows locals" : "hides locals");
}

function foldersBySize(image: Image, folderOf: readonly string[]): string[] {
  const bytes = new Map<string, number>();
  for (const fn of image.functions) {
    const folder = folderOf[fn.origin] ?? "";
    bytes.set(folder, (bytes.get(folder) ?? 0) + encode(fn.lines).bytes.length);
  }
  const isLibrary = (folder: string): number => (folder.startsWith("node_modules") ? 1 : 0);
  return [...bytes]
    .sort(([a, left], [b, right]) => isLibrary(a) - isLibrary(b) || left - right)
    .map(([folder]) => folder);
}
