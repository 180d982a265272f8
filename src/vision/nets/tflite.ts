/**
 * Reads a TensorFlow Lite model: its operations in their order, with the numbers that they carry. Only what the eyes' models
 * hold: another model is refused by name. The format is a FlatBuffer of the schema `tflite/schema.fbs`, whose field numbers
 * stand below. Pure.
 */

export type Kind =
  | "ADD"
  | "CONV_2D"
  | "DEPTHWISE_CONV_2D"
  | "DEPTH_TO_SPACE"
  | "MAX_POOL_2D"
  | "RESHAPE"
  | "RESIZE_BILINEAR"
  | "PAD"
  | "PRELU";

export interface Operation {
  readonly kind: Kind;
  /** Tensors, by number. */
  readonly inputs: readonly number[];
  readonly output: number;
  readonly stride: number;
  readonly isRelu: boolean;
}

export interface Graph {
  readonly operations: readonly Operation[];
  readonly input: number;
  readonly outputs: readonly number[];
  shape(tensor: number): readonly number[];
  /** The numbers of a tensor that no operation makes. */
  constant(tensor: number): Float32Array;
}

const KINDS: Readonly<Record<number, Kind | "DEQUANTIZE" | "DENSIFY">> = {
  0: "ADD",
  3: "CONV_2D",
  4: "DEPTHWISE_CONV_2D",
  5: "DEPTH_TO_SPACE",
  6: "DEQUANTIZE",
  17: "MAX_POOL_2D",
  22: "RESHAPE",
  23: "RESIZE_BILINEAR",
  34: "PAD",
  54: "PRELU",
  124: "DENSIFY",
};

/** Which field of their options has the activation: 0 none, 1 negative numbers become zero. */
const ACTIVATION_FIELDS: Partial<Record<Kind, number>> = {
  ADD: 0,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
};

const FLOAT32 = 0;
const FLOAT16 = 1;

export function readGraph(bytes: Uint8Array): Graph {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const model = new Table(view, view.getUint32(0, true));
  const graph = model.tables(2)[0];
  if (!graph) throw new Error("a model without a graph");
  const tensors = graph.tables(0);
  const buffers = model.tables(4);
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.int(3)));
  const operations: Operation[] = [];
  /** Constants that are other constants in another form. */
  const sources = new Map<number, number>();
  for (const operation of graph.tables(3)) {
    const code = codes[operation.int(0)] ?? -1;
    const kind = KINDS[code];
    const [inputs, outputs] = [operation.ints(1), operation.ints(2)];
    const [first = -1, output = -1] = [inputs[0], outputs[0]];
    if (kind === undefined) throw new Error(`a model with an operation ${code}`);
    if (kind === "DEQUANTIZE" || kind === "DENSIFY") sources.set(output, first);
    else operations.push({ kind, inputs, output, ...optionsOf(kind, operation.table(4)) });
  }
  const tensorOf = (number: number): Table => {
    const tensor = tensors[number];
    if (!tensor) throw new Error(`a model without its tensor ${number}`);
    return tensor;
  };
  return {
    operations,
    input: graph.ints(1)[0] ?? -1,
    outputs: graph.ints(2),
    shape: (number) => tensorOf(number).ints(0),
    constant(number) {
      let from = number;
      for (let next = sources.get(from); next !== undefined; next = sources.get(from)) from = next;
      const tensor = tensorOf(from);
      const data = buffers[tensor.int(2)]?.bytes(0) ?? new Uint8Array();
      const numbers = numbersOf(data, tensor.byte(1));
      const sparsity = tensor.table(6);
      return sparsity ? densify(numbers, sparsity, tensor.ints(0)) : numbers;
    },
  };
}

function optionsOf(kind: Kind, options: Table | undefined): Pick<Operation, "stride" | "isRelu"> {
  const field = ACTIVATION_FIELDS[kind];
  if (!options || field === undefined) return { stride: 1, isRelu: false };
  const activation = options.byte(field);
  if (activation > 1) throw new Error(`a model with an activation ${activation}`);
  return { stride: kind === "ADD" ? 1 : options.int(1), isRelu: activation === 1 };
}

function numbersOf(data: Uint8Array, type: number): Float32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  if (type === FLOAT32)
    return Float32Array.from({ length: data.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
  if (type === FLOAT16)
    return Float32Array.from({ length: data.length / 2 }, (_, i) =>
      half(view.getUint16(i * 2, true)),
    );
  throw new Error(`a model with numbers of type ${type}`);
}

/** A float of 16 bits (IEEE 754 binary16). */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The rows of a matrix of which only the numbers that are not zero are kept: how many each row has, and in which columns. */
function densify(values: Float32Array, sparsity: Table, shape: readonly number[]): Float32Array {
  const columns = sparsity.tables(2).at(-1);
  const starts = columns?.table(3)?.numbers(0, columns.byte(2));
  const indices = columns?.table(5)?.numbers(0, columns.byte(4));
  const width = shape.at(-1) ?? 0;
  if (!starts || !indices) throw new Error("a model with sparse numbers of another kind");
  const dense = new Float32Array(shape.reduce((product, side) => product * side, 1));
  for (let row = 0; row + 1 < starts.length; row++)
    for (let i = starts[row] as number; i < (starts[row + 1] as number); i++)
      dense[row * width + (indices[i] as number)] = values[i] as number;
  return dense;
}

/** A FlatBuffer's table: fields by their number, each of which may be left out. */
class Table {
  constructor(
    private readonly view: DataView,
    private readonly at: number,
  ) {}

  byte(field: number): number {
    const at = this.where(field);
    return at === undefined ? 0 : this.view.getUint8(at);
  }

  int(field: number): number {
    const at = this.where(field);
    return at === undefined ? 0 : this.view.getInt32(at, true);
  }

  table(field: number): Table | undefined {
    const at = this.where(field);
    return at === undefined ? undefined : new Table(this.view, this.follow(at));
  }

  tables(field: number): Table[] {
    const { at, length } = this.vector(field);
    return Array.from({ length }, (_, i) => new Table(this.view, this.follow(at + i * 4)));
  }

  ints(field: number): number[] {
    const { at, length } = this.vector(field);
    return Array.from({ length }, (_, i) => this.view.getInt32(at + i * 4, true));
  }

  bytes(field: number): Uint8Array {
    const { at, length } = this.vector(field);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + at, length);
  }

  /** @param type 1: of 32 bits, 2: of 16, 3: of 8 (`SparseIndexVector`). */
  numbers(field: number, type: number): number[] {
    const { at, length } = this.vector(field);
    return Array.from({ length }, (_, i) => {
      if (type === 1) return this.view.getInt32(at + i * 4, true);
      return type === 2 ? this.view.getUint16(at + i * 2, true) : this.view.getUint8(at + i);
    });
  }

  private vector(field: number): { at: number; length: number } {
    const where = this.where(field);
    if (where === undefined) return { at: 0, length: 0 };
    const at = this.follow(where);
    return { at: at + 4, length: this.view.getUint32(at, true) };
  }

  private where(field: number): number | undefined {
    const table = this.at - this.view.getInt32(this.at, true);
    const slot = 4 + field * 2;
    if (slot >= this.view.getUint16(table, true)) return undefined;
    const offset = this.view.getUint16(table + slot, true);
    return offset === 0 ? undefined : this.at + offset;
  }

  private follow(at: number): number {
    return at + this.view.getUint32(at, true);
  }
}
