/**
 * Cuts a turned square out of a picture into a network's input: a kernel, and the picture that it looks at. Samples lie
 * between pixels (bilinear); what lies outside the picture is black.
 */
import {
  bump,
  countDown,
  f32x4,
  get,
  i32,
  i32x4,
  Kernel,
  set,
  type Code,
  type Local,
} from "./assembler.js";
import { EVEN, locals, ODD, times, type MultiplyAdd } from "./lanes.js";

/** Of each colour: rows of either parity, and of each of these the three columns of a window. */
export const INPUT_PARTS = 6;

/** A network's input, in the parts in which its first convolution takes it. */
export interface InputLayout {
  /** Pixels each way. */
  readonly size: number;
  /** Bytes from one part to the next. */
  readonly plane: number;
  /** The first convolution's windows begin one pixel before the picture: its columns are -1, 0, 1 and not 0, 1, 2. */
  readonly isCentred: boolean;
}

/** A square in a picture's pixels: its centre, its side, and by how much its right edge is turned towards y (rad). */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly roll: number;
}

/** A colour's byte as a model wants it: `byte * scale + offset`. */
export interface Range {
  readonly scale: number;
  readonly offset: number;
}

/** Vectors of numbers that a call finds in memory, in this order. */
const SAMPLE_NUMBERS = [
  "x", // where a row's first four samples are
  "y",
  "halfX", // from four samples to the next four
  "halfY",
  "groupX", // from these to the next eight
  "groupY",
  "rowX",
  "rowY",
  "mostX", // the last place in the picture
  "mostY",
  "scale",
  "offset",
] as const;

/** Room that they need. */
export const SAMPLE_BYTES = SAMPLE_NUMBERS.length * 16;

/** Parameters: numbers, the picture, its row in bytes, the first part's first row. */
export function sampler(
  name: string,
  { size, plane, isCentred }: InputLayout,
  madd: MultiplyAdd,
): Kernel {
  const [numbers, picture, stride, to] = [0, 1, 2, 3];
  const kernel = new Kernel(name, 4);
  const vector = (): Local => kernel.local("v128");
  const [out, rows, parities, groups, address] = locals(kernel, "i32", 5);
  const given = Object.fromEntries(SAMPLE_NUMBERS.map((key) => [key, vector()])) as Record<
    (typeof SAMPLE_NUMBERS)[number],
    Local
  >;
  const [x, y, fx, fy, place] = locals(kernel, "v128", 5);
  const [share, top, bottom, even, strides] = locals(kernel, "v128", 5);
  const pixels = times(4, vector);
  const halves = times(2, () => times(3, vector));
  /** Of the group before, the column beside this one's. */
  const beside = times(3, vector);
  const move = (local: Local, by: Local): Code => set(local, f32x4.add(get(local), get(by)));
  const within = (at: Local, most: Local): Code =>
    f32x4.min(f32x4.max(get(at), f32x4.zero), get(most));
  /** Moves `a` towards `b`. */
  const mix = (a: Local, b: Code, share: Code): Code =>
    set(a, madd(share, f32x4.sub(b, get(a)), get(a)));
  const pixel = (lane: number): Code => {
    const of = (vector: Local): Code =>
      f32x4.shuffle(get(vector), get(vector), [lane, lane, lane, lane]);
    const colours = (offset: number): Code => i32x4.toFloats(i32x4.loadBytes(get(address), offset));
    return [
      ...set(address, i32.add(get(picture), i32x4.lane(get(place), lane))),
      ...set(share, of(fx)),
      ...set(top, colours(0)),
      ...mix(top, colours(3), get(share)),
      ...bump(address, get(stride)),
      ...set(bottom, colours(0)),
      ...mix(bottom, colours(3), get(share)),
      ...mix(top, get(bottom), of(fy)),
      ...set(pixels[lane] as Local, get(top)),
    ];
  };
  const [p, q, r, s] = pixels.map(get) as [Code, Code, Code, Code];
  const scaled = (values: Code): Code => madd(values, get(given.scale), get(given.offset));
  /** Four samples from `x`, `y` on, colour by colour. */
  const four = (colours: readonly Local[]): Code => [
    ...set(fx, within(x, given.mostX)),
    ...set(fy, within(y, given.mostY)),
    ...set(top, i32x4.ofFloats(get(fx))),
    ...set(bottom, i32x4.ofFloats(get(fy))),
    ...set(
      place,
      i32x4.add(i32x4.mul(get(top), i32x4.splat(i32.of(3))), i32x4.mul(get(bottom), get(strides))),
    ),
    ...set(fx, f32x4.sub(get(fx), i32x4.toFloats(get(top)))),
    ...set(fy, f32x4.sub(get(fy), i32x4.toFloats(get(bottom)))),
    ...[0, 1, 2, 3].flatMap(pixel),
    ...set(top, f32x4.shuffle(p, q, [0, 4, 1, 5])),
    ...set(bottom, f32x4.shuffle(r, s, [0, 4, 1, 5])),
    ...set(colours[0] as Local, scaled(f32x4.shuffle(get(top), get(bottom), [0, 1, 4, 5]))),
    ...set(colours[1] as Local, scaled(f32x4.shuffle(get(top), get(bottom), [2, 3, 6, 7]))),
    ...set(
      colours[2] as Local,
      scaled(
        f32x4.shuffle(
          f32x4.shuffle(p, q, [2, 6, 2, 6]),
          f32x4.shuffle(r, s, [2, 6, 2, 6]),
          [0, 1, 4, 5],
        ),
      ),
    ),
  ];
  /** The even and the odd columns of eight samples, and those beside them: of the window's three columns two are the same ones, a pixel apart. */
  const store = (colour: number): Code => {
    const [low, high, other] = [halves[0]?.[colour], halves[1]?.[colour], beside[colour]] as [
      Local,
      Local,
      Local,
    ];
    const put = (column: number, value: Code): Code =>
      f32x4.store(get(out), value, (colour * INPUT_PARTS + column) * plane);
    return [
      ...set(even, f32x4.shuffle(get(low), get(high), EVEN)),
      ...set(high, f32x4.shuffle(get(low), get(high), ODD)),
      ...(isCentred
        ? [
            ...put(0, f32x4.shuffle(get(other), get(high), [3, 4, 5, 6])),
            ...put(1, get(even)),
            ...put(2, get(high)),
            ...set(other, get(high)),
          ]
        : [
            ...put(0, get(even)),
            ...put(1, get(high)),
            ...put(2, f32x4.shuffle(get(even), get(other), [1, 2, 3, 4])),
            ...set(other, get(even)),
          ]),
    ];
  };
  const width = (size / 2) * 4;
  // The column beside is that of the group before: from the left to the right or the other way.
  const [start, forward] = isCentred ? [0, 16] : [width - 16, -16];
  kernel.do(
    ...SAMPLE_NUMBERS.map((key, i) => set(given[key], f32x4.load(get(numbers), 16 * i))),
    set(strides, i32x4.splat(get(stride))),
    bump(to, i32.of(start)),
    set(rows, i32.of(size / 2)),
    countDown(rows, [
      ...set(parities, i32.of(2)),
      ...countDown(parities, [
        ...set(out, get(to)),
        ...set(x, get(given.x)),
        ...set(y, get(given.y)),
        ...beside.flatMap((local) => set(local, f32x4.zero)),
        ...set(groups, i32.of(size / 8)),
        ...countDown(groups, [
          ...four(halves[0] ?? []),
          ...move(x, given.halfX),
          ...move(y, given.halfY),
          ...four(halves[1] ?? []),
          ...move(x, given.groupX),
          ...move(y, given.groupY),
          ...[0, 1, 2].flatMap(store),
          ...bump(out, i32.of(forward)),
        ]),
        ...move(given.x, given.rowX),
        ...move(given.y, given.rowY),
        ...bump(to, i32.of((INPUT_PARTS / 2) * plane)),
      ]),
      ...bump(to, i32.of(width - INPUT_PARTS * plane)),
    ]),
  );
  return kernel;
}

/** As the kernel wants them (`SAMPLE_NUMBERS`). */
export function sampleNumbers(
  square: Square,
  range: Range,
  { size, isCentred }: InputLayout,
  { width, height }: { readonly width: number; readonly height: number },
): Float32Array {
  const step = square.side / size;
  const dx = Math.cos(square.roll) * step;
  const dy = Math.sin(square.roll) * step;
  const half = (size - 1) / 2;
  // Pixel centres lie at half numbers, and the picture behind a border of one; the sample at (u, v) of the square is at its
  // centre + turn(u, v).
  const left = square.x + 0.5 - half * dx + half * dy;
  const top = square.y + 0.5 - half * dy - half * dx;
  // From the left to the right or from the right to the left (`sampler.ts`).
  const [first, group] = isCentred ? [0, 4] : [size - 8, -12];
  const lanes = (start: number, by: number): number[] =>
    [0, 1, 2, 3].map((lane) => start + (first + lane) * by);
  const four = (value: number): number[] => [value, value, value, value];
  return Float32Array.from([
    ...lanes(left, dx),
    ...lanes(top, dy),
    ...[
      4 * dx,
      4 * dy,
      group * dx,
      group * dy,
      -dy,
      dx,
      width + 1,
      height + 1,
      range.scale,
      range.offset,
    ].flatMap(four),
  ]);
}
