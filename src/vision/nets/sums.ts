/** Weighted sums of planes, and of whole pictures: convolutions without and with all of their windows. */
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
import { locals, times, VECTOR, type MultiplyAdd } from "./lanes.js";

/** How many output channels and vectors of pixels are worked on at once: as many sums as there are registers. */
export interface Tile {
  readonly outs: number;
  readonly vectors: number;
}

/**
 * Each output plane is a weighted sum of input planes: a convolution whose shifts are in the planes' places. `stream` has for
 * each group of `outs` planes: how many terms (int32) and the biases; for each term where its plane is from `from` (int32,
 * bytes) and its weights; then the slopes of what is below zero. With `isAdded` another picture is added before the slope, `delta` bytes from
 * the output. Parameters: from, to, stream, groups, blocks, plane of the output in bytes, delta.
 */
export function sumOfPlanes(
  name: string,
  { outs, vectors }: Tile,
  isAdded: boolean,
  madd: MultiplyAdd,
): Kernel {
  const [from, to, stream, groups, blocks, plane, delta] = [0, 1, 2, 3, 4, 5, 6];
  const kernel = new Kernel(name, 7);
  const [at, out, left, terms, source] = locals(kernel, "i32", 5);
  const sums = times(outs, () => locals(kernel, "v128", vectors));
  const weights = locals(kernel, "v128", outs);
  const x = kernel.local("v128");
  const header = 4 + 4 * outs;
  const each = (work: (sum: Local, o: number, v: number) => Code): Code =>
    sums.flatMap((row, o) => row.flatMap((sum, v) => work(sum, o, v)));
  const term: Code = [
    ...set(source, i32.add(get(from), i32.load(get(at)))),
    ...weights.flatMap((w, o) => set(w, f32x4.loadSplat(get(at), 4 + 4 * o))),
    ...times(vectors, (v) => [
      ...set(x, f32x4.load(get(source), VECTOR * v)),
      ...sums.flatMap((row, o) =>
        set(row[v] as Local, madd(get(weights[o] as Local), get(x), get(row[v] as Local))),
      ),
    ]).flat(),
    ...bump(at, i32.of(4 + 4 * outs)),
  ];
  const finish = (sum: Local, slope: Local, v: number): Code => [
    ...(isAdded ? set(sum, f32x4.add(get(sum), f32x4.load(get(source), VECTOR * v))) : []),
    ...f32x4.store(
      get(out),
      madd(f32x4.min(get(sum), f32x4.zero), get(slope), f32x4.max(get(sum), f32x4.zero)),
      VECTOR * v,
    ),
  ];
  const group: Code = [
    ...set(terms, i32.load(get(at))),
    ...each((sum, o, v) =>
      set(sum, v === 0 ? f32x4.loadSplat(get(at), 4 + 4 * o) : get(sums[o]?.[0] as Local)),
    ),
    ...bump(at, i32.of(header)),
    ...countDown(terms, term),
    ...sums.flatMap((row, o) => [
      ...(isAdded ? set(source, i32.add(get(out), get(delta))) : []),
      ...set(x, f32x4.loadSplat(get(at), 4 * o)),
      ...row.flatMap((sum, v) => finish(sum, x, v)),
      ...bump(out, get(plane)),
    ]),
    ...bump(at, i32.of(4 * outs)),
  ];
  kernel.do(
    countDown(blocks, [
      ...set(at, get(stream)),
      ...set(out, get(to)),
      ...set(left, get(groups)),
      ...countDown(left, group),
      ...bump(from, i32.of(VECTOR * vectors)),
      ...bump(to, i32.of(VECTOR * vectors)),
    ]),
  );
  return kernel;
}

/** Sums of a whole picture each, four at once. Parameters: from, to, weights, groups, vectors; a group's weights are its four biases, then four vectors for each of the picture's. */
export function sumsOfAll(name: string, madd: MultiplyAdd): Kernel {
  const [from, to, weights, groups, vectors] = [0, 1, 2, 3, 4];
  const kernel = new Kernel(name, 5);
  const [source, left] = locals(kernel, "i32", 2);
  const [x, biases, ...sums] = locals(kernel, "v128", 6);
  const [a, b, c, d] = sums.map(get) as [Code, Code, Code, Code];
  const pairs = (p: Code, q: Code): Code =>
    f32x4.add(f32x4.shuffle(p, q, [0, 4, 1, 5]), f32x4.shuffle(p, q, [2, 6, 3, 7]));
  const [first, second] = [sums[0] as Local, sums[1] as Local];
  kernel.do(
    countDown(groups, [
      ...set(source, get(from)),
      ...set(left, get(vectors)),
      ...set(biases, f32x4.load(get(weights))),
      ...bump(weights, i32.of(VECTOR)),
      ...sums.flatMap((sum) => set(sum, f32x4.zero)),
      ...countDown(left, [
        ...set(x, f32x4.load(get(source))),
        ...sums.flatMap((sum, i) =>
          set(sum, madd(get(x), f32x4.load(get(weights), VECTOR * i), get(sum))),
        ),
        ...bump(source, i32.of(VECTOR)),
        ...bump(weights, i32.of(4 * VECTOR)),
      ]),
      // Four sums of four lanes each become one vector of four sums.
      ...set(first, pairs(a, b)),
      ...set(second, pairs(c, d)),
      ...f32x4.store(
        get(to),
        f32x4.add(
          get(biases),
          f32x4.add(f32x4.shuffle(a, b, [0, 1, 4, 5]), f32x4.shuffle(a, b, [2, 3, 6, 7])),
        ),
      ),
      ...bump(to, i32.of(VECTOR)),
    ]),
  );
  return kernel;
}
