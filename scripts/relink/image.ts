/**
 * A DeviceScript image (format 2.16) taken apart and put together again: header, ten sections, each directly behind
 * the one before. What a relinker does not change stays as bytes.
 */
import {
  decode,
  encode,
  isLabel,
  type Expr,
  type JumpForm,
  type Line,
  type Statement,
} from "./code.js";
import { parts, asciiStrings, utf8String, Bytes } from "./image-sections.js";

export interface Fn {
  /** Which function of the image as compiled this is; for the debug information. */
  origin: number;
  lines: Line[];
  slots: number;
  args: number;
  flags: number;
  /** String index with its kind in the upper two bits. */
  name: number;
  tryFrames: number;
  /** For a debugger only: what it is to show of this function (`debugger.ts`). */
  debug?: FnDebug;
}

/** What a debugger calls a local; `type` is arg, loc or tmp. */
export interface SlotName {
  name: string;
  type: string;
}

export interface FnDebug {
  /** What the sources call it. */
  functionName: string;
  /** Locals that are shown by name, as a set of bits: no pass may take them away or give them other values. */
  kept: bigint;
  /** By local; what is missing has no name. */
  names: SlotName[];
  /** It stays a function, with a frame of its own on the stack. */
  isWhole: boolean;
}

export interface Image {
  /** Magic numbers, version, counts of globals and of service specifications, reserved. */
  header: Uint8Array;
  functions: Fn[];
  /** By number: which global of the image as compiled this is. */
  globals: number[];
  /** Eight bytes each: a double or a tagged integer. */
  floats: bigint[];
  rolesRemoved: Uint8Array;
  /** Without the zero that ends them. */
  asciiStrings: Uint8Array[];
  /** With their header: sizes and a table of positions. */
  utf8Strings: Uint8Array[];
  buffers: Uint8Array[];
  specs: Uint8Array;
  /** Hardware configuration. */
  config: Uint8Array;
  /** Methods that may be looked up by names put together at run time; missing where nobody knows. */
  computed?: ReadonlySet<Fn>;
  /** Fields that one object has and no other; missing where nobody knows. */
  soleFields?: readonly SoleFieldUses[];
  /** What the globals behind those of the image as compiled were, in the order of their numbers there. */
  fields?: readonly Pick<SoleFieldUses, "name" | "isSetFirst">[];
}

/** A field of one object only, if what makes it runs once. */
export interface SoleFieldUses {
  name: string;
  /** The function that makes the object; undefined: the main program. */
  maker: Fn | undefined;
  isSetFirst: boolean;
  /** All that reads the field or writes it, in the code as compiled. */
  uses: readonly (Expr | Statement)[];
}

/** Where things lie in an image that was put together; for the debug information. */
export interface Layout {
  bytes: Uint8Array;
  /** Functions' descriptors and code end here: what the limit of 64 KiB counts. */
  codeEnd: number;
  functions: { start: number; size: number }[];
  places: { statement: Statement; pc: number }[];
  sizes: { floats: number; strings: number; header: number; align: number };
}

/** Kinds of strings, as in the upper two bits of a string index. */
export const StringKind = { buffer: 0, builtin: 1, ascii: 2, utf8: 3 } as const;
export const STRING_KIND_SHIFT = 14;
export const STRING_INDEX_MASK = (1 << STRING_KIND_SHIFT) - 1;

const MAGIC = [0x53766544, 0xf1296e0a] as const;
const VERSION = [2, 16] as const;
const HEADER_BYTES = 32;
const SECTIONS = 10;
const SECTION_BYTES = 8;
const FUNCTION_BYTES = 16;
const IMAGE_ALIGN = 32;
const GLOBALS_AT = 12;
export const SPEC_COUNT_AT = 14;

export function parseImage(file: Uint8Array, sourceAt: (pc: number) => number = () => 0): Image {
  // A copy with a buffer of its own, also of node's Buffer, which may be a window on a pool.
  const bytes = Uint8Array.from(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC[0] || view.getUint32(4, true) !== MAGIC[1]) {
    throw new Error("not a DeviceScript image");
  }
  const version = view.getUint32(8, true);
  if (version >>> 24 !== VERSION[0] || ((version >>> 16) & 0xff) !== VERSION[1]) {
    throw new Error(
      `image format ${version >>> 24}.${(version >>> 16) & 0xff}, not ${VERSION.join(".")}`,
    );
  }
  const section = (index: number): Uint8Array => {
    const at = HEADER_BYTES + index * SECTION_BYTES;
    const start = view.getUint32(at, true);
    return bytes.subarray(start, start + view.getUint32(at + 4, true));
  };
  const descriptors = section(0);
  const stringData = section(7);
  return {
    header: bytes.slice(0, HEADER_BYTES),
    functions: parts(descriptors, FUNCTION_BYTES).map((at, origin) => ({
      origin,
      ...parseFunction(at, bytes, sourceAt),
    })),
    globals: Array.from({ length: view.getUint16(GLOBALS_AT, true) }, (_, index) => index),
    floats: parts(section(2), 8).map((at) => at.getBigUint64(0, true)),
    rolesRemoved: section(3).slice(),
    asciiStrings: asciiStrings(section(4), stringData),
    utf8Strings: parts(section(5), 4).map((at) => utf8String(stringData, at.getUint32(0, true))),
    buffers: parts(section(6), SECTION_BYTES).map((at) => {
      const start = at.getUint32(0, true);
      return stringData.slice(start, start + at.getUint32(4, true));
    }),
    specs: section(8).slice(),
    config: section(9).slice(),
  };
}

function parseFunction(
  at: DataView,
  image: Uint8Array,
  sourceAt: (pc: number) => number,
): Omit<Fn, "origin"> {
  const start = at.getUint32(0, true);
  const code = image.subarray(start, start + at.getUint32(4, true));
  return {
    lines: decode(code, (offset) => sourceAt(start + offset)),
    slots: at.getUint16(8, true),
    args: at.getUint8(10),
    flags: at.getUint8(11),
    name: at.getUint16(12, true),
    tryFrames: at.getUint8(14),
  };
}

/** Where functions' descriptors and code end in an image's file, in bytes. */
export function codeEndIn(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const code = HEADER_BYTES + SECTION_BYTES;
  return view.getUint32(code, true) + view.getUint32(code + 4, true);
}

/** Where they would end. */
export function codeEndOf(image: Image): number {
  const header = HEADER_BYTES + SECTIONS * SECTION_BYTES;
  return image.functions.reduce(
    (end, fn) => end + FUNCTION_BYTES + encode(fn.lines).bytes.length,
    header,
  );
}

export function buildImage(image: Image, jumps: JumpForm = "shortest"): Layout {
  const encoded = image.functions.map((fn) => encode(fn.lines, jumps));
  const header = HEADER_BYTES + SECTIONS * SECTION_BYTES;
  const descriptors = new Bytes();
  let codeEnd = header + image.functions.length * FUNCTION_BYTES;
  const functions: Layout["functions"] = [];
  const places: Layout["places"] = [];
  image.functions.forEach((fn, index) => {
    const code = encoded[index] as (typeof encoded)[number];
    descriptors.u32(codeEnd);
    descriptors.u32(code.bytes.length);
    descriptors.u16(fn.slots);
    descriptors.add([fn.args, fn.flags]);
    descriptors.u16(fn.name);
    descriptors.add([fn.tryFrames, 0]);
    functions.push({ start: codeEnd, size: code.bytes.length });
    for (const { statement, offset } of code.places)
      places.push({ statement, pc: codeEnd + offset });
    codeEnd += code.bytes.length;
  });
  const strings = stringSections(image);
  const floats = new Bytes();
  for (const value of image.floats) {
    floats.u32(Number(value & 0xffffffffn));
    floats.u32(Number(value >> 32n));
  }
  const sections: Iterable<number>[] = [
    descriptors.bytes,
    encoded.flatMap((code) => [...code.bytes]),
    floats.bytes,
    image.rolesRemoved,
    ...strings,
    image.specs,
    image.config,
  ];
  const fixed = image.header.slice();
  new DataView(fixed.buffer).setUint16(GLOBALS_AT, image.globals.length, true);
  const { bytes, align } = assemble(
    fixed,
    sections.map((part) => [...part]),
  );
  const stringBytes = strings.reduce((sum, part) => sum + part.length, 0);
  const sizes = { header, floats: floats.bytes.length, strings: stringBytes, align };
  return { bytes, codeEnd, functions, places, sizes };
}

/** Sections 4 to 7: three tables and the data that they point into. */
function stringSections(image: Image): number[][] {
  const ascii = new Bytes();
  const utf8 = new Bytes();
  const buffers = new Bytes();
  const data = new Bytes();
  for (const text of image.asciiStrings) ascii.u16(data.add([...text, 0]));
  for (const text of image.utf8Strings) {
    data.align(4);
    utf8.u32(data.add([...text, 0]));
  }
  for (const buffer of image.buffers) {
    data.align(4);
    buffers.u32(data.add(buffer));
    buffers.u32(buffer.length);
  }
  if (data.bytes.length > 0xffff && image.asciiStrings.length > 0) {
    throw new Error(`${data.bytes.length} bytes of strings; the table of strings holds 65535`);
  }
  ascii.align(4);
  data.add([0]);
  data.align(4);
  return [ascii.bytes, utf8.bytes, buffers.bytes, data.bytes];
}

function assemble(header: Uint8Array, sections: number[][]): { bytes: Uint8Array; align: number } {
  const out = new Bytes();
  out.add(header);
  let start = HEADER_BYTES + SECTIONS * SECTION_BYTES;
  for (const part of sections) {
    out.u32(start);
    out.u32(part.length);
    start += part.length;
  }
  for (const part of sections) out.add(part);
  out.align(IMAGE_ALIGN);
  return { bytes: Uint8Array.from(out.bytes), align: out.bytes.length - start };
}

/** Every statement of every function. */
export function* statementsOf(image: Image): Generator<Statement> {
  for (const fn of image.functions) {
    for (const line of fn.lines) if (!isLabel(line)) yield line;
  }
}
