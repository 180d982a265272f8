/**
 * A plan as calls of kernels, with its numbers and its pictures in memory. A picture that is over makes room for a later one.
 */
import type { Kernel } from "./assembler.js";
import { planeBytes, strideOf, type MultiplyAdd, type Picture } from "./lanes.js";
import { sumOfPlanes, sumsOfAll, type Tile } from "./sums.js";
import { addTwiceAsWide, depthwise, largestOfFour } from "./windows.js";
import type { Plan, Ref, Step } from "./plan.js";

/** Kernels read whole vectors, a little behind the last picture's end and before the first one's start. */
const MARGIN = 1024;
const LINE = 64;
/** Measured (docs/BENCH.md): larger ones need more registers than V8 finds. */
const DENSE: Tile = { outs: 2, vectors: 4 };
/** Where most weights are zero those are left out, channel by channel. */
const SPARSE: Tile = { outs: 1, vectors: 6 };
/** Below this share of weights that are not zero. */
const SPARSE_SHARE = 0.5;

export interface Call {
  readonly kernel: string;
  readonly numbers: readonly number[];
}

/** What is to be in memory before the first call. */
interface Content {
  readonly at: number;
  readonly numbers: Float32Array;
}

type SumStep = Step & { kind: "sums" };

export class Program {
  readonly calls: Call[] = [];
  readonly contents: Content[] = [];
  /** Where each picture lies, by its ref. */
  readonly places: readonly number[];
  end: number;

  /**
   * @param start of the memory that it may use.
   * @param kernels to which it adds those that it needs.
   */
  constructor(
    private readonly plan: Plan,
    start: number,
    private readonly kernels: Map<string, Kernel>,
    private readonly madd: MultiplyAdd,
  ) {
    const { places, end } = placesOf(plan, start + MARGIN);
    this.places = places;
    this.end = end + MARGIN;
    for (const step of plan.steps) this.add(step);
  }

  private add(step: Step): void {
    const { madd } = this;
    const [input, output] = [this.picture(step.from), this.picture(step.to)];
    const [from, to] = [this.place(step.from), this.place(step.to)];
    const planes = [input.channels, planeBytes(input), planeBytes(output)];
    switch (step.kind) {
      case "sums":
        return this.addSums(step);
      case "depthwise": {
        const { stride, isCentred } = step;
        const shape = { ...input, stride, isCentred };
        const name = `depthwise ${input.height} ${input.width} ${stride} ${isCentred}`;
        this.call(name, () => depthwise(name, shape, madd), [
          from,
          to,
          this.put(step.weights),
          ...planes,
        ]);
        return;
      }
      case "largest": {
        const name = `largest ${input.height} ${input.width}`;
        this.call(name, () => largestOfFour(name, input), [from, to, ...planes]);
        return;
      }
      case "addTwice": {
        const name = `twice ${input.width}`;
        const row = strideOf(input.width) * 4;
        for (let y = 0; y < output.height; y++) {
          const near = y >> 1;
          const far = Math.max(0, Math.min(input.height - 1, y & 1 ? near + 1 : near - 1));
          const target = to + y * strideOf(output.width) * 4;
          this.call(name, () => addTwiceAsWide(name, input.width, madd), [
            from + near * row,
            from + far * row,
            target,
            ...planes,
          ]);
        }
        return;
      }
      case "all": {
        const vectors = (planeBytes(input) / 16) * input.channels;
        this.call("all", () => sumsOfAll("all", madd), [
          from,
          to,
          this.put(step.weights),
          output.width / 4,
          vectors,
        ]);
        return;
      }
    }
  }

  private addSums(step: SumStep): void {
    const [input, output] = [this.picture(step.from), this.picture(step.to)];
    const pixels = output.height * strideOf(output.width);
    const isSparse = shareOf(step.weights) < SPARSE_SHARE && pixels % (4 * SPARSE.vectors) === 0;
    const tile = isSparse ? SPARSE : DENSE;
    const [planeIn, planeOut] = [planeBytes(input), planeBytes(output)];
    const offsets = step.terms.map(
      ({ plane, rows }) => plane * planeIn + rows * strideOf(input.width) * 4,
    );
    const stream = this.put(streamOf(step, offsets, tile));
    const delta = step.added === undefined ? 0 : this.place(step.added) - this.place(step.to);
    const to = this.place(step.to) + step.first * planeOut;
    const isAdded = step.added !== undefined;
    const name = `sums ${tile.outs} ${tile.vectors}${isAdded ? " and more" : ""}`;
    const blocks = Math.ceil(pixels / (4 * tile.vectors));
    const numbers = [
      this.place(step.from),
      to,
      stream,
      step.count / tile.outs,
      blocks,
      planeOut,
      delta,
    ];
    this.call(name, () => sumOfPlanes(name, tile, isAdded, this.madd), numbers);
  }

  private call(name: string, make: () => Kernel, numbers: readonly number[]): void {
    if (!this.kernels.has(name)) this.kernels.set(name, make());
    this.calls.push({ kernel: name, numbers });
  }

  /** Keeps numbers in memory; returns where. */
  private put(numbers: Float32Array): number {
    const at = Math.ceil(this.end / LINE) * LINE;
    this.contents.push({ at, numbers });
    this.end = at + numbers.byteLength;
    return at;
  }

  private picture(ref: Ref): Picture {
    return this.plan.pictures[ref] as Picture;
  }

  private place(ref: Ref): number {
    return this.places[ref] as number;
  }
}

function shareOf(weights: readonly Float32Array[]): number {
  const all = weights.reduce((sum, row) => sum + row.length, 0);
  return weights.reduce((sum, row) => sum + row.filter((weight) => weight !== 0).length, 0) / all;
}

/** A step's numbers in the order in which `sumOfPlanes` reads them. */
function streamOf(
  { count, weights, biases, slopes }: SumStep,
  offsets: readonly number[],
  { outs }: Tile,
): Float32Array {
  const numbers: number[] = [];
  /** Those that are whole. */
  const whole: number[] = [];
  const putWhole = (value: number): void => {
    whole.push(numbers.length);
    numbers.push(value);
  };
  for (let first = 0; first < count; first += outs) {
    const rows = weights.slice(first, first + outs);
    const terms = [...offsets.keys()].filter((i) => rows.some((row) => row[i] !== 0));
    // The kernel takes at least one.
    if (terms.length === 0) terms.push(0);
    putWhole(terms.length);
    numbers.push(...biases.subarray(first, first + outs));
    for (const term of terms) {
      putWhole(offsets[term] as number);
      numbers.push(...rows.map((row) => row[term] as number));
    }
    numbers.push(...slopes.subarray(first, first + outs));
  }
  const stream = Float32Array.from(numbers);
  const wholes = new Int32Array(stream.buffer);
  for (const i of whole) wholes[i] = numbers[i] as number;
  return stream;
}

/** Where each picture lies. The input and the outputs keep their places. */
function placesOf(
  { pictures, steps, outputs }: Plan,
  start: number,
): { places: number[]; end: number } {
  const kept = [0, ...outputs.map(({ ref }) => ref)];
  const lastUse = pictures.map((_, ref) =>
    kept.includes(ref) ? Infinity : steps.findLastIndex((step) => usedBy(step).includes(ref)),
  );
  const sizeOf = (ref: Ref): number =>
    planeBytes(pictures[ref] as Picture) * (pictures[ref] as Picture).channels;
  const places: number[] = [];
  let end = Math.ceil(start / LINE) * LINE;
  let free: { at: number; bytes: number }[] = [];
  const take = (bytes: number): number => {
    const gap = free.filter((one) => one.bytes >= bytes).sort((a, b) => a.bytes - b.bytes)[0];
    if (!gap) return (end += bytes) - bytes;
    free = free.filter((one) => one !== gap);
    if (gap.bytes > bytes) free.push({ at: gap.at + bytes, bytes: gap.bytes - bytes });
    return gap.at;
  };
  places[0] = take(sizeOf(0));
  steps.forEach((step, i) => {
    places[step.to] ??= take(sizeOf(step.to));
    for (const ref of new Set(usedBy(step)))
      if (lastUse[ref] === i) free.push({ at: places[ref] as number, bytes: sizeOf(ref) });
  });
  return { places, end };
}

function usedBy(step: Step): Ref[] {
  const added = "added" in step && step.added !== undefined ? [step.added] : [];
  return [step.from, step.to, ...added];
}
