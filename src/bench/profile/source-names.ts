/**
 * Names for what the VM counts by number: which function of the sources an address of the image belongs to, however
 * the relinker has merged and inlined. Reads the debug information beside the image and the sources in it.
 *
 * The relinked image forgets functions that were inlined everywhere, so names are read from the source text: each line
 * that encloses the position (less indented, above it) is looked at, innermost first. The sources are formatted.
 */
import { z } from "zod";

const debugSchema = z.object({
  functions: z.array(z.object({ location: z.tuple([z.number(), z.number()]) })),
  /** Three numbers each: position and address as differences to the entry before, length between them. */
  srcmap: z.array(z.number().int()),
  /** Positions count through all sources, one after the other. */
  sources: z.array(z.object({ path: z.string(), text: z.string() })),
});

export interface SourceNames {
  /** `Class.method path`, of the function that the code at an address of the image was written in. */
  ofAddress(pc: number): string;
  /** The same for a function of the image, by number; a closure has the name of the function around it. */
  ofFunction(index: number): string;
}

/** @throws ZodError when it is no debug information. */
export function sourceNames(debugText: string): SourceNames {
  const debug = debugSchema.parse(JSON.parse(debugText));
  const entries = sourceMap(debug.srcmap);
  const named = new Map<number, string>();
  const ofPosition = (position: number): string => {
    const known = named.get(position) ?? nameAt(debug.sources, position);
    named.set(position, known);
    return known;
  };
  return {
    ofAddress: (pc) => {
      const entry = lastAtOrBefore(entries, pc);
      return entry === undefined ? "(runtime)" : ofPosition(entry.position);
    },
    ofFunction: (index) => {
      const found = debug.functions[index];
      return found === undefined ? `(function ${index})` : ofPosition(found.location[0]);
    },
  };
}

interface MapEntry {
  readonly pc: number;
  readonly position: number;
}

function sourceMap(numbers: readonly number[]): MapEntry[] {
  const entries: MapEntry[] = [];
  let position = 0;
  let pc = 0;
  for (let at = 0; at + 2 < numbers.length; at += 3) {
    position += numbers[at] ?? 0;
    pc += numbers[at + 2] ?? 0;
    entries.push({ pc, position });
  }
  return entries.sort((a, b) => a.pc - b.pc);
}

function lastAtOrBefore(entries: readonly MapEntry[], pc: number): MapEntry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.pc ?? 0) <= pc) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}

function nameAt(sources: readonly { path: string; text: string }[], position: number): string {
  let offset = position;
  for (const { path, text } of sources) {
    if (offset < text.length) return `${functionAt(text, offset)} ${path}`;
    offset -= text.length;
  }
  return "(no source)";
}

const CLASS = /^\s*(?:export\s+)?(?:abstract\s+)?class\s+(\w+)/;
const FUNCTION = /\bfunction\s+(\w+)/;
const MEMBER =
  /^\s*(?:(?:public|private|protected|static|async|override|readonly)\s+)*(\w+)\s*[(<=:]/;
/** `const name = (…) =>`, `Type.prototype.name = function`. */
const ASSIGNED = /^(?:export\s+)?(?:const\s+)?([\w.]+)\s*=.*(?:=>|function)/;

/** Name of the innermost function around `offset`, with its class. */
export function functionAt(text: string, offset: number): string {
  const around = enclosingLines(text, offset);
  for (const [depth, line] of around.entries()) {
    const outer = CLASS.exec(around[depth + 1] ?? "");
    const member = outer && MEMBER.exec(line);
    if (outer && member) return `${outer[1]}.${member[1]}`;
    const name = FUNCTION.exec(line) ?? ASSIGNED.exec(line);
    if (name) return String(name[1]);
    // A class that nothing stands between: its constructor, or its fields.
    const own = CLASS.exec(line);
    if (own) return String(own[1]);
  }
  return "(top level)";
}

/** The line of `offset`, then the lines that open what is around it, innermost first. */
function enclosingLines(text: string, offset: number): string[] {
  const lines = text.slice(0, offset).split("\n");
  const end = text.indexOf("\n", offset);
  const own = (lines.pop() ?? "") + text.slice(offset, end < 0 ? text.length : end);
  const around = [own];
  let limit = indentOf(own);
  // A line that closes what it does not open (`): void {`, `} else {`) goes on from an opening line at the same depth.
  let isClosing = /^\s*[)}\]]/.test(own);
  for (const line of lines.reverse()) {
    if (/^\s*($|\/\/|\/?\*)/.test(line)) continue;
    const indent = indentOf(line);
    if (indent > limit || (indent === limit && !isClosing)) continue;
    around.push(line);
    limit = indent;
    isClosing = /^\s*[)}\]]/.test(line);
  }
  return around;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
