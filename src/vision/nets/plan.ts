/**
 * From a model's operations to the steps that compute it, each one call of a kernel: what belongs together (a convolution,
 * what is added to it, the slope below zero) is one step, and padding is none. Only what the eyes' models hold. Pure.
 */
import { times, type Picture } from "./lanes.js";
import { INPUT_PARTS } from "./sampler.js";
import type { Graph, Operation } from "./tflite.js";

interface Term {
  readonly plane: number;
  /** Rows down from the pixel itself. */
  readonly rows: number;
}

/** A number of a picture among the steps. */
export type Ref = number;

export type Step =
  | {
      readonly kind: "sums";
      readonly from: Ref;
      readonly to: Ref;
      /** Of the output. */
      readonly first: number;
      readonly count: number;
      readonly added: Ref | undefined;
      readonly terms: readonly Term[];
      /** For each output channel from `first` on, a weight for each term. */
      readonly weights: readonly Float32Array[];
      readonly biases: Float32Array;
      readonly slopes: Float32Array;
    }
  | {
      readonly kind: "depthwise";
      readonly from: Ref;
      readonly to: Ref;
      readonly stride: 1 | 2;
      readonly isCentred: boolean;
      /** Nine and the bias for each channel. */
      readonly weights: Float32Array;
    }
  | { readonly kind: "largest"; readonly from: Ref; readonly to: Ref }
  /** Adds to what is there. */
  | { readonly kind: "addTwice"; readonly from: Ref; readonly to: Ref }
  | { readonly kind: "all"; readonly from: Ref; readonly to: Ref; readonly weights: Float32Array };

export interface Output {
  readonly ref: Ref;
  /** Four channels of a pixel are one channel of four pixels ("depth to space"). */
  readonly isDeep: boolean;
}

export interface Plan {
  /** By their refs; 0 is the input's parts (`INPUT_PARTS` planes of half its size for each channel, an empty row above and below). */
  readonly pictures: readonly Picture[];
  readonly steps: readonly Step[];
  readonly outputs: readonly Output[];
  /** The first convolution's windows begin one pixel before the picture. */
  readonly isCentred: boolean;
}

export function makePlan(graph: Graph): Plan {
  return new Planner(graph).plan();
}

class Planner {
  private readonly pictures: Picture[] = [];
  private readonly steps: Step[] = [];
  private readonly producers = new Map<number, Operation>();
  private readonly uses = new Map<number, number>();
  private readonly made = new Map<number, Ref>();
  private isCentred = false;

  constructor(private readonly graph: Graph) {
    for (const operation of graph.operations) {
      this.producers.set(operation.output, operation);
      for (const input of operation.inputs) this.uses.set(input, (this.uses.get(input) ?? 0) + 1);
    }
  }

  plan(): Plan {
    const { graph } = this;
    const [, height = 0, width = 0, channels = 0] = graph.shape(graph.input);
    this.pictures.push({
      height: height / 2 + 2,
      width: width / 2,
      channels: channels * INPUT_PARTS,
    });
    const outputs = graph.outputs.map((tensor) => this.output(tensor));
    return { pictures: this.pictures, steps: this.steps, outputs, isCentred: this.isCentred };
  }

  private output(tensor: number): Output {
    const made = this.producers.get(tensor);
    if (made?.kind === "RESHAPE") return this.output(inputOf(made, 0));
    const isDeep = made?.kind === "DEPTH_TO_SPACE";
    return { ref: this.make(isDeep ? inputOf(made, 0) : tensor), isDeep };
  }

  private make(tensor: number): Ref {
    const known = this.made.get(tensor);
    if (known !== undefined) return known;
    const ref = this.makeNew(tensor);
    this.made.set(tensor, ref);
    return ref;
  }

  private makeNew(tensor: number): Ref {
    let made = this.producerOf(tensor);
    let slopes: Float32Array | undefined;
    if (made.kind === "PRELU") {
      slopes = this.graph.constant(inputOf(made, 1));
      made = this.producerOf(inputOf(made, 0));
    }
    if (made.kind === "ADD") {
      const [a, b] = [inputOf(made, 0), inputOf(made, 1)];
      if (this.producers.get(b)?.kind === "RESIZE_BILINEAR") return this.addTwice(a, b, tensor);
      return this.sums(this.producerOf(b), slopes, made.isRelu, a, tensor);
    }
    if (made.kind === "CONV_2D") return this.sums(made, slopes, made.isRelu, undefined, tensor);
    // The steps that follow have no slope.
    if (slopes !== undefined || made.isRelu)
      throw new Error(`a model with a slope behind ${made.kind}`);
    if (made.kind === "DEPTHWISE_CONV_2D") return this.depthwise(made, tensor);
    if (made.kind === "MAX_POOL_2D") {
      const from = this.make(inputOf(made, 0));
      const to = this.picture(tensor);
      this.steps.push({ kind: "largest", from, to });
      return to;
    }
    throw new Error(`a model with ${made.kind} in an unknown place`);
  }

  private sums(
    convolution: Operation,
    slopes: Float32Array | undefined,
    isRelu: boolean,
    added: number | undefined,
    tensor: number,
  ): Ref {
    if (convolution.kind !== "CONV_2D") throw new Error(`a model that adds ${convolution.kind}`);
    const [input, kernel, bias] = [0, 1, 2].map((i) => inputOf(convolution, i)) as [
      number,
      number,
      number,
    ];
    const [outs = 0, side = 0, , ins = 0] = this.graph.shape(kernel);
    const weights = this.graph.constant(kernel);
    const biases = this.graph.constant(bias);
    const all = slopes ?? new Float32Array(outs).fill(isRelu ? 0 : 1);
    const { graph } = this;
    if (side === 3 && input !== graph.input && this.producers.get(input)?.kind !== "PAD")
      return this.all(convolution, tensor);
    const { from, terms } = this.termsOf(input, side, ins);
    const to = this.picture(tensor);
    // An addend with fewer channels was padded with zeros.
    const addend = added === undefined ? undefined : this.make(this.unpadded(added));
    const addedChannels =
      addend === undefined ? 0 : Math.min(outs, this.pictures[addend]?.channels ?? 0);
    const rows = times(outs, (o) => weights.subarray(o * terms.length, (o + 1) * terms.length));
    for (const [first, end, isAdded] of [
      [0, addedChannels, true],
      [addedChannels, outs, false],
    ] as const) {
      if (first === end) continue;
      this.steps.push({
        kind: "sums",
        from,
        to,
        first,
        count: end - first,
        added: isAdded ? addend : undefined,
        terms,
        weights: rows.slice(first, end),
        biases: biases.subarray(first, end),
        slopes: all.subarray(first, end),
      });
    }
    return to;
  }

  private termsOf(input: number, side: number, ins: number): { from: Ref; terms: readonly Term[] } {
    if (side === 1)
      return { from: this.make(input), terms: times(ins, (plane) => ({ plane, rows: 0 })) };
    // The first convolution, of the picture itself: a window's rows and columns lie in six parts (`sampler.ts`).
    this.isCentred = this.producers.get(input)?.kind === "PAD";
    const source = this.isCentred ? this.unpadded(input) : input;
    if (source !== this.graph.input)
      throw new Error("a model with a large convolution in an unknown place");
    const terms = times(3, (row) =>
      times(3, (column) =>
        times(ins, (colour) => {
          const { parity, rows } = rowOf(row, this.isCentred);
          return { plane: colour * INPUT_PARTS + parity * 3 + column, rows };
        }),
      ),
    ).flat(2);
    return { from: 0, terms };
  }

  private depthwise(made: Operation, tensor: number): Ref {
    const input = inputOf(made, 0);
    const isPadded = this.producers.get(input)?.kind === "PAD";
    const from = this.make(this.unpadded(input));
    const to = this.picture(tensor);
    const [kernel, biases] = [
      this.graph.constant(inputOf(made, 1)),
      this.graph.constant(inputOf(made, 2)),
    ];
    const weights = new Float32Array(biases.length * 10);
    biases.forEach((bias, channel) => {
      for (let i = 0; i < 9; i++)
        weights[channel * 10 + i] = kernel[i * biases.length + channel] as number;
      weights[channel * 10 + 9] = bias;
    });
    const stride = made.stride === 2 ? 2 : 1;
    this.steps.push({ kind: "depthwise", from, to, stride, isCentred: isPadded, weights });
    return to;
  }

  private addTwice(large: number, small: number, tensor: number): Ref {
    const from = this.make(inputOf(this.producerOf(small), 0));
    const added = this.make(large);
    // Written over: nothing else asks for it.
    if (this.uses.get(large) !== 1) throw new Error("a model that uses what it adds to again");
    this.made.set(tensor, added);
    this.steps.push({ kind: "addTwice", from, to: added });
    return added;
  }

  private all(convolution: Operation, tensor: number): Ref {
    const { graph } = this;
    const from = this.make(inputOf(convolution, 0));
    const kernel = inputOf(convolution, 1);
    const [outs = 0, , , ins = 0] = graph.shape(kernel);
    const weights = graph.constant(kernel);
    const biases = graph.constant(inputOf(convolution, 2));
    const groups = Math.ceil(outs / 4);
    const vectors = ins * 4;
    // The planes of 3 × 3 pixels are four rows' room of four floats, the last ones of no meaning.
    const packed = new Float32Array(groups * 4 * (1 + vectors * 4));
    for (let o = 0; o < outs; o++) {
      const group = (o >> 2) * 4 * (1 + vectors * 4);
      packed[group + (o & 3)] = biases[o] as number;
      for (let i = 0; i < 9; i++)
        for (let channel = 0; channel < ins; channel++) {
          const vector = channel * 4 + Math.floor(i / 3);
          packed[group + 4 + vector * 16 + (o & 3) * 4 + (i % 3)] = weights[
            (o * 9 + i) * ins + channel
          ] as number;
        }
    }
    const to = this.pictures.push({ height: 1, width: groups * 4, channels: 1 }) - 1;
    this.made.set(tensor, to);
    this.steps.push({ kind: "all", from, to, weights: packed });
    return to;
  }

  private picture(tensor: number): Ref {
    const [, height = 0, width = 0, channels = 0] = this.graph.shape(tensor);
    return this.pictures.push({ height, width, channels }) - 1;
  }

  private unpadded(tensor: number): number {
    const made = this.producers.get(tensor);
    return made?.kind === "PAD" ? inputOf(made, 0) : tensor;
  }

  private producerOf(tensor: number): Operation {
    const made = this.producers.get(tensor);
    if (!made) throw new Error(`a model that makes no tensor ${tensor}`);
    return made;
  }
}

/** Where a window's row is: among the even or the odd ones, and how many of them down, behind an empty one. */
function rowOf(row: number, isCentred: boolean): { parity: number; rows: number } {
  const at = isCentred ? row - 1 : row;
  return { parity: at & 1, rows: (at >> 1) + 1 };
}

function inputOf(operation: Operation, i: number): number {
  const input = operation.inputs[i];
  if (input === undefined)
    throw new Error(`a model with ${operation.kind} of ${operation.inputs.length} inputs`);
  return input;
}
