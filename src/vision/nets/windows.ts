/** Windows that move over each plane by itself: depthwise convolutions, the largest of four, and the way back to twice the size. */
import {
  bump,
  countDown,
  f32x4,
  get,
  i32,
  Kernel,
  set,
  type Code,
  type Local,
} from "./assembler.js";
import {
  eachStrip,
  EVEN,
  locals,
  ODD,
  strideOf,
  VECTOR,
  type MultiplyAdd,
  type Shape,
} from "./lanes.js";

/** Sums the nine pixels around each one, plane by plane: a depthwise convolution. */
export interface Depthwise extends Shape {
  readonly stride: 1 | 2;
  /** With a stride of two: whether the first window begins one pixel before the picture, or at its edge. */
  readonly isCentred: boolean;
}

/** Parameters: from, to, weights (nine, then the bias), channels, planes of input and output in bytes. */
export function depthwise(name: string, shape: Depthwise, madd: MultiplyAdd): Kernel {
  const [from, to, weights, channels, planeIn, planeOut] = [0, 1, 2, 3, 4, 5];
  const kernel = new Kernel(name, 6);
  const w = locals(kernel, "v128", 9);
  const bias = kernel.local("v128");
  const strips =
    shape.stride === 1 ? smooth(kernel, shape, w, bias, madd) : halve(kernel, shape, w, bias, madd);
  kernel.do(
    countDown(channels, [
      ...[...w, bias].flatMap((local, i) => set(local, f32x4.loadSplat(get(weights), 4 * i))),
      ...strips(from, to),
      ...bump(weights, i32.of(40)),
      ...bump(from, get(planeIn)),
      ...bump(to, get(planeOut)),
    ]),
  );
  return kernel;
}

type Strips = (from: Local, to: Local) => Code;

function smooth(
  kernel: Kernel,
  { height, width }: Shape,
  w: readonly Local[],
  bias: Local,
  madd: MultiplyAdd,
): Strips {
  const row = strideOf(width) * 4;
  const valid = width - strideOf(width) + 4;
  const [source, target, column, outColumn, rows] = locals(kernel, "i32", 5);
  const [above, here, below, left, centre, right] = locals(kernel, "v128", 6);
  const window = (isFirst: boolean, isLast: boolean): Code => [
    ...set(
      centre,
      isLast && valid < 4 ? f32x4.first(f32x4.load(get(source)), valid) : f32x4.load(get(source)),
    ),
    ...set(
      left,
      isFirst
        ? f32x4.shuffle(f32x4.zero, get(centre), [3, 4, 5, 6])
        : f32x4.load(i32.add(get(source), i32.of(-4))),
    ),
    ...set(
      right,
      isLast ? f32x4.shuffle(get(centre), f32x4.zero, [1, 2, 3, 4]) : f32x4.load(get(source), 4),
    ),
  ];
  const sum = (line: number, start: Code): Code =>
    [left, centre, right].reduce<Code>(
      (total, x, i) => madd(get(x), get(w[3 * line + i] as Local), total),
      start,
    );
  const strip = (isFirst: boolean, isLast: boolean): Code => [
    ...set(source, get(column)),
    ...set(target, get(outColumn)),
    ...window(isFirst, isLast),
    ...set(above, sum(1, get(bias))),
    ...set(here, sum(0, get(bias))),
    ...set(rows, i32.of(height - 1)),
    ...countDown(rows, [
      ...bump(source, i32.of(row)),
      ...window(isFirst, isLast),
      ...set(below, sum(0, get(bias))),
      ...f32x4.store(get(target), sum(2, get(above))),
      ...bump(target, i32.of(row)),
      ...set(above, sum(1, get(here))),
      ...set(here, get(below)),
    ]),
    ...f32x4.store(get(target), get(above)),
  ];
  const step = [...bump(column, i32.of(VECTOR)), ...bump(outColumn, i32.of(VECTOR))];
  return (from, to) => [
    ...set(column, get(from)),
    ...set(outColumn, get(to)),
    ...eachStrip(kernel, width, strip, step),
  ];
}

function halve(
  kernel: Kernel,
  { height, width, isCentred }: Depthwise,
  w: readonly Local[],
  bias: Local,
  madd: MultiplyAdd,
): Strips {
  const [row, outWidth] = [strideOf(width) * 4, width / 2];
  const outRow = strideOf(outWidth) * 4;
  const valid = outWidth - strideOf(outWidth) + 4;
  const [source, target, column, outColumn, rows] = locals(kernel, "i32", 5);
  const [sum, first, second, third, a, b] = locals(kernel, "v128", 6);
  /** Adds one row of the window, `offset` bytes from `source`. */
  const line = (number: number, offset: number, isFirst: boolean, isLast: boolean): Code => {
    const at = (bytes: number): Code => f32x4.load(i32.add(get(source), i32.of(offset + bytes)));
    const pair = [...set(a, at(0)), ...set(b, at(VECTOR))];
    const even = f32x4.shuffle(get(a), get(b), EVEN);
    const odd = f32x4.shuffle(get(a), get(b), ODD);
    const columns = isCentred
      ? [
          ...set(third, odd),
          ...set(second, even),
          ...set(
            first,
            isFirst
              ? f32x4.shuffle(f32x4.zero, get(third), [3, 4, 5, 6])
              : f32x4.shuffle(at(-VECTOR), get(third), [3, 4, 5, 6]),
          ),
        ]
      : [
          ...set(first, isLast && valid < 4 ? f32x4.first(even, valid) : even),
          ...set(second, odd),
          ...set(
            third,
            f32x4.shuffle(get(first), isLast ? f32x4.zero : at(2 * VECTOR), [1, 2, 3, 4]),
          ),
        ];
    const adds = [first, second, third].flatMap((x, i) =>
      set(sum, madd(get(x), get(w[3 * number + i] as Local), get(sum))),
    );
    return [...pair, ...columns, ...adds];
  };
  const top = isCentred ? -row : 0;
  const strip = (isFirst: boolean, isLast: boolean): Code => {
    const out = (lines: readonly number[]): Code => [
      ...set(sum, get(bias)),
      ...lines.flatMap((number) => line(number, top + number * row, isFirst, isLast)),
      ...f32x4.store(get(target), get(sum)),
      ...bump(source, i32.of(2 * row)),
      ...bump(target, i32.of(outRow)),
    ];
    const rest = [...set(rows, i32.of(height / 2 - 1)), ...countDown(rows, out([0, 1, 2]))];
    return [
      ...set(source, get(column)),
      ...set(target, get(outColumn)),
      ...(isCentred ? [...out([1, 2]), ...rest] : [...rest, ...out([0, 1])]),
    ];
  };
  const step = [...bump(column, i32.of(2 * VECTOR)), ...bump(outColumn, i32.of(VECTOR))];
  return (from, to) => [
    ...set(column, get(from)),
    ...set(outColumn, get(to)),
    ...eachStrip(kernel, outWidth, strip, step),
  ];
}

/** The largest of each 2 × 2 pixels. Parameters: from, to, channels, planes of input and output in bytes. */
export function largestOfFour(name: string, { height, width }: Shape): Kernel {
  const [from, to, channels, planeIn, planeOut] = [0, 1, 2, 3, 4];
  const kernel = new Kernel(name, 5);
  const row = strideOf(width) * 4;
  const strips = strideOf(width / 2) / 4;
  const [source, target, rows, left] = locals(kernel, "i32", 4);
  const [a, b] = locals(kernel, "v128", 2);
  const both = (offset: number): Code =>
    f32x4.max(f32x4.load(get(source), offset), f32x4.load(get(source), row + offset));
  kernel.do(
    countDown(channels, [
      ...set(source, get(from)),
      ...set(target, get(to)),
      ...set(rows, i32.of(height / 2)),
      ...countDown(rows, [
        ...set(left, i32.of(strips)),
        ...countDown(left, [
          ...set(a, both(0)),
          ...set(b, both(VECTOR)),
          ...f32x4.store(
            get(target),
            f32x4.max(f32x4.shuffle(get(a), get(b), EVEN), f32x4.shuffle(get(a), get(b), ODD)),
          ),
          ...bump(source, i32.of(2 * VECTOR)),
          ...bump(target, i32.of(VECTOR)),
        ]),
        // To the row after the next, from where the last strip has ended.
        ...bump(source, i32.of(2 * row - strips * 2 * VECTOR)),
      ]),
      ...bump(from, get(planeIn)),
      ...bump(to, get(planeOut)),
    ]),
  );
  return kernel;
}

/**
 * One row of a picture of twice the width, between two rows of the smaller one (bilinear, pixels taken at their middles), added to
 * what is there. Parameters: the nearer row, the farther row, the larger row, channels, planes of the smaller and the larger picture in bytes.
 */
export function addTwiceAsWide(name: string, width: number, madd: MultiplyAdd): Kernel {
  const [near, far, to, channels, planeIn, planeOut] = [0, 1, 2, 3, 4, 5];
  const kernel = new Kernel(name, 6);
  const valid = width - strideOf(width) + 4;
  const [offset, target] = locals(kernel, "i32", 2);
  const [left, centre, right, quarter, most] = locals(kernel, "v128", 5);
  const blend = (bytes: number): Code => {
    const at = (row: Local): Code =>
      f32x4.load(i32.add(i32.add(get(row), get(offset)), i32.of(bytes)));
    return madd(at(far), get(quarter), f32x4.mul(at(near), get(most)));
  };
  const strip = (isFirst: boolean, isLast: boolean): Code => {
    const edge = [1, 2, 3, 4].map((lane) => Math.min(lane, valid - 1));
    const put = (bytes: number, lanes: readonly number[]): Code =>
      f32x4.store(
        get(target),
        f32x4.add(f32x4.load(get(target), bytes), f32x4.shuffle(get(left), get(right), lanes)),
        bytes,
      );
    return [
      ...set(centre, blend(0)),
      ...set(
        left,
        f32x4.shuffle(
          isFirst ? get(centre) : blend(-VECTOR),
          get(centre),
          isFirst ? [0, 0, 1, 2] : [3, 4, 5, 6],
        ),
      ),
      ...set(
        right,
        f32x4.shuffle(
          get(centre),
          isLast ? get(centre) : blend(VECTOR),
          isLast ? edge : [1, 2, 3, 4],
        ),
      ),
      ...set(centre, f32x4.mul(get(centre), get(most))),
      ...set(left, madd(get(left), get(quarter), get(centre))),
      ...set(right, madd(get(right), get(quarter), get(centre))),
      ...put(0, [0, 4, 1, 5]),
      // Of a row that is no whole number of vectors the second half is no pixels, and in the larger one there is no room.
      ...(isLast && valid <= 2 ? [] : put(VECTOR, [2, 6, 3, 7])),
    ];
  };
  const step = [...bump(offset, i32.of(VECTOR)), ...bump(target, i32.of(2 * VECTOR))];
  kernel.do(set(quarter, f32x4.splat(0.25)), set(most, f32x4.splat(0.75)));
  kernel.do(
    countDown(channels, [
      ...set(offset, i32.of(0)),
      ...set(target, get(to)),
      ...eachStrip(kernel, width, strip, step),
      ...[near, far].flatMap((row) => bump(row, get(planeIn))),
      ...bump(to, get(planeOut)),
    ]),
  );
  return kernel;
}
