/**
 * WebAssembly as bytes: just enough of it for the kernels of `sums.ts` and `windows.ts` (WebAssembly Core Specification, "Binary Format").
 * Code is a list of bytes; an expression leaves one value on the stack, a statement none. Pure.
 */

export type Code = readonly number[];

/** Number of a function's parameter or local. */
export type Local = number;

type ValueType = "i32" | "f32" | "v128";

const VALUE_TYPES: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const FUNCTION_TYPE = 0x60;
const NO_RESULT = 0x40;
const SIMD = 0xfd;

/** Unsigned LEB128. */
function uleb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7f;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128. */
function sleb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && !(byte & 0x40)) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}

const simd = (opcode: number): number[] => [SIMD, ...uleb(opcode)];
/** Alignment is a hint; 2 is that of a float. */
const at = (offset: number): number[] => [2, ...uleb(offset)];

export const get = (local: Local): Code => [0x20, ...uleb(local)];
export const set = (local: Local, value: Code): Code => [...value, 0x21, ...uleb(local)];

export const i32 = {
  of: (value: number): Code => [0x41, ...sleb(value)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  load: (address: Code, offset = 0): Code => [...address, 0x28, ...at(offset)],
};

/** Adds to a local. */
export const bump = (local: Local, by: Code): Code => set(local, i32.add(get(local), by));

/** Four floats. */
export const f32x4 = {
  zero: [SIMD, 12, ...new Array<number>(16).fill(0)] as Code,
  load: (address: Code, offset = 0): Code => [...address, ...simd(0), ...at(offset)],
  /** One float, four times. */
  loadSplat: (address: Code, offset = 0): Code => [...address, ...simd(9), ...at(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...simd(11),
    ...at(offset),
  ],
  /** Lanes 0..3 are those of `a`, 4..7 those of `b`. */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [
    ...a,
    ...b,
    ...simd(13),
    ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
  ],
  splat: (value: number): Code => {
    const bytes = new Uint8Array(Float32Array.of(value).buffer);
    return [0x43, ...bytes, ...simd(19)];
  },
  add: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe4)],
  sub: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe5)],
  mul: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe6)],
  min: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xea)],
  max: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xeb)],
  /** a · b + c in one instruction ("relaxed SIMD"). */
  fused: (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...simd(0x105)],
  /** Only the first `count` lanes; the others are zero. */
  first: (value: Code, count: number): Code =>
    f32x4.shuffle(
      value,
      f32x4.zero,
      [0, 1, 2, 3].map((lane) => (lane < count ? lane : 4)),
    ),
};

/** Four whole numbers. */
export const i32x4 = {
  splat: (value: Code): Code => [...value, ...simd(17)],
  add: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xae)],
  mul: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xb5)],
  lane: (vector: Code, lane: number): Code => [...vector, ...simd(27), lane],
  /** Towards zero. */
  ofFloats: (vector: Code): Code => [...vector, ...simd(0xf8)],
  toFloats: (vector: Code): Code => [...vector, ...simd(0xfa)],
  /** Four of the eight bytes that are read, as numbers. */
  loadBytes: (address: Code, offset = 0): Code => [
    ...address,
    ...simd(2),
    ...[0, ...uleb(offset)],
    ...simd(0xa9),
  ],
};

/** Does `body` as many times as the local says, at least once, and counts it down to zero. */
export const countDown = (local: Local, body: Code): Code => [
  ...[0x03, NO_RESULT],
  ...body,
  ...bump(local, i32.of(-1)),
  ...get(local),
  ...[0x0d, 0, 0x0b],
];

/** A function of numbers without a result. */
export class Kernel {
  private readonly locals: ValueType[] = [];
  readonly body: number[] = [];

  constructor(
    readonly name: string,
    readonly parameters: number,
  ) {}

  local(type: ValueType): Local {
    this.locals.push(type);
    return this.parameters + this.locals.length - 1;
  }

  do(...code: readonly Code[]): void {
    for (const one of code) for (const byte of one) this.body.push(byte);
  }

  bytes(): Code {
    const locals = this.locals.flatMap((type) => [1, VALUE_TYPES[type]]);
    return sized([...uleb(this.locals.length), ...locals, ...this.body, 0x0b]);
  }
}

const sized = (content: Code): number[] => [...uleb(content.length), ...content];
const list = (items: readonly Code[]): number[] => [...uleb(items.length), ...items.flat()];
const text = (value: string): number[] => sized([...Buffer.from(value)]);
const section = (id: number, items: readonly Code[]): number[] => [id, ...sized(list(items))];

/** A module that exports each kernel by its name and imports its memory as `host.memory`. */
export function moduleOf(kernels: readonly Kernel[]): Uint8Array<ArrayBuffer> {
  const types = kernels.map(({ parameters }) => [
    FUNCTION_TYPE,
    ...list(new Array<Code>(parameters).fill([VALUE_TYPES.i32])),
    0,
  ]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[...text("host"), ...text("memory"), 2, 0, 1]]),
    ...section(
      3,
      kernels.map((_, i) => uleb(i)),
    ),
    ...section(
      7,
      kernels.map(({ name }, i) => [...text(name), 0, ...uleb(i)]),
    ),
    ...section(
      10,
      kernels.map((kernel) => kernel.bytes()),
    ),
  ]);
}
