/**
 * The compiler's debug information, carried over to the relinked image: the simulator turns addresses of a stack
 * trace into source positions with it, and finds functions in it by their number.
 */
import { z } from "zod";
import type { Image, Layout, SlotName } from "./image.js";
import type { Place } from "./lookups.js";

const debugSchema = z.looseObject({
  sizes: z.record(z.string(), z.number()),
  functions: z.array(
    z.looseObject({
      name: z.string(),
      startpc: z.number(),
      size: z.number(),
      /** Position in all sources one after another, and length. */
      location: z.tuple([z.number(), z.number()]),
      /** Of each local, in order; `type` is arg, loc or tmp. */
      slots: z.array(z.object({ name: z.string(), type: z.string() })),
    }),
  ),
  sources: z.array(z.looseObject({ path: z.string(), length: z.number(), text: z.string() })),
  globals: z.array(z.unknown()),
  /** Three numbers each: position and address as differences to the entry before, length between them. */
  srcmap: z.array(z.number().int()),
  binary: z.object({ hex: z.string() }),
});
export type DebugInfo = z.infer<typeof debugSchema>;

interface SourceEntry {
  position: number;
  length: number;
  pc: number;
}

export function parseDebugInfo(text: string): DebugInfo {
  return debugSchema.parse(JSON.parse(text));
}

function sourceEntries(debug: DebugInfo): SourceEntry[] {
  const entries: SourceEntry[] = [];
  let position = 0;
  let pc = 0;
  for (let at = 0; at + 2 < debug.srcmap.length; at += 3) {
    position += debug.srcmap[at] as number;
    pc += debug.srcmap[at + 2] as number;
    entries.push({ position, length: debug.srcmap[at + 1] as number, pc });
  }
  return entries;
}

/** By number of the entry in the source map: where in the sources it begins. */
export function sourcePositions(debug: DebugInfo): number[] {
  return sourceEntries(debug).map(({ position }) => position);
}

/** Tells for an address of the compiled image the number of its entry in the source map: the last at or before it. */
export function sourceFinder(debug: DebugInfo): (pc: number) => number {
  const addresses = sourceEntries(debug).map((entry) => entry.pc);
  return (pc) => {
    let low = 0;
    let high = addresses.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((addresses[middle] as number) <= pc) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  };
}

/** Where in which source file a position among all sources is. */
function placeFinder({ sources }: DebugInfo): (position: number, length: number) => Place {
  return (position, length) => {
    let start = position;
    for (const source of sources) {
      if (start < source.length) return { path: source.path, start, end: start + length };
      start -= source.length;
    }
    return { path: "", start, end: start + length };
  };
}

/** Declarations of the image's functions, by their numbers as compiled. */
export function functionPlaces(debug: DebugInfo): Place[] {
  const placeAt = placeFinder(debug);
  return debug.functions.map(({ location }) => placeAt(...location));
}

/** Pieces of source by number of their entry in the source map. */
export function sourcePlaces(debug: DebugInfo): Place[] {
  const placeAt = placeFinder(debug);
  return sourceEntries(debug).map(({ position, length }) => placeAt(position, length));
}

/** The debug information of the image that `layout` is of. */
export function relinkDebugInfo(debug: DebugInfo, image: Image, layout: Layout): DebugInfo {
  const functions = image.functions.map((fn, index) => {
    const place = layout.functions[index] as Layout["functions"][number];
    const info = debug.functions[fn.origin] as DebugInfo["functions"][number];
    // Without a debugger locals share places, and only parameters keep theirs.
    const slots = slotNames(fn.slots, fn.debug?.names ?? info.slots.slice(0, fn.args));
    return { ...info, slots, startpc: place.start, size: place.size };
  });
  return {
    ...debug,
    sizes: { ...debug.sizes, ...layout.sizes },
    functions,
    globals: image.globals.map(
      (origin) =>
        debug.globals[origin] ?? {
          name: image.fields?.[origin - debug.globals.length]?.name,
          type: "glb",
        },
    ),
    srcmap: sourceMap(sourceEntries(debug), layout),
    binary: { hex: Buffer.from(layout.bytes).toString("hex") },
  };
}

function slotNames(count: number, names: readonly (SlotName | undefined)[]): SlotName[] {
  return Array.from(
    { length: count },
    (_, slot) => names[slot] ?? { name: `_${slot}`, type: "tmp" },
  );
}

function sourceMap(entries: SourceEntry[], layout: Layout): number[] {
  const srcmap: number[] = [];
  let position = 0;
  let pc = 0;
  let last = -1;
  for (const place of layout.places) {
    const source = place.statement.source;
    const entry = entries[source];
    if (source === last || entry === undefined) continue;
    srcmap.push(entry.position - position, entry.length, place.pc - pc);
    position = entry.position;
    pc = place.pc;
    last = source;
  }
  return srcmap;
}
