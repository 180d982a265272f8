/**
 * Networks that look at pictures: models of TensorFlow Lite, run by WebAssembly that is made for them when they are loaded
 * (`sums.ts`, `windows.ts`). One thread, no network, one picture at a time. Why not a library: docs/BENCH.md, "The eyes".
 */
import { setFlagsFromString } from "node:v8";
import { moduleOf, type Kernel } from "./assembler.js";
import { fused, planeBytes, separate, strideOf, type Picture } from "./lanes.js";
import { sumsOfAll } from "./sums.js";
import { makePlan, type Plan } from "./plan.js";
import { Program } from "./program.js";
import { ShownPicture, type Pixels } from "./picture.js";
import {
  sampler,
  sampleNumbers,
  SAMPLE_BYTES,
  type InputLayout,
  type Range,
  type Square,
} from "./sampler.js";
import { readGraph } from "./tflite.js";

/** With fused multiplication and addition ("relaxed") or, on an engine or CPU without it, plain SIMD. */
export type Simd = "relaxed" | "plain";

function bestSimd(): Simd {
  // Node 20 has the instructions behind this flag, later ones have them always and complain of it. They save a quarter of
  // the time.
  if (process.versions.node.startsWith("20."))
    setFlagsFromString("--experimental-wasm-relaxed-simd");
  // Each function is compiled once, well, when it is first called: two compilers in turn would leave the first one's work behind.
  setFlagsFromString("--no-liftoff");
  return WebAssembly.validate(moduleOf([sumsOfAll("probe", fused)])) ? "relaxed" : "plain";
}

/** An output's numbers, in the model's order. */
export type Numbers = (i: number) => number;

type Compute = (...numbers: number[]) => void;

const PAGE = 65_536;

/** Some networks, and the one picture that they look at. */
export class Networks {
  readonly nets: readonly Net[];
  private readonly memory: WebAssembly.Memory;
  private readonly picture: ShownPicture;

  private constructor(
    files: readonly Uint8Array[],
    readonly simd: Simd,
  ) {
    const madd = simd === "relaxed" ? fused : separate;
    const kernels = new Map<string, Kernel>();
    const programs: { plan: Plan; program: Program; sampler: string }[] = [];
    let end = SAMPLE_BYTES;
    for (const file of files) {
      const plan = makePlan(readGraph(file));
      const program = new Program(plan, end, kernels, madd);
      const name = `sampler ${programs.length}`;
      kernels.set(name, sampler(name, layoutOf(plan), madd));
      programs.push({ plan, program, sampler: name });
      end = program.end;
    }
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
    this.picture = new ShownPicture(this.memory, end);
    const module = new WebAssembly.Module(moduleOf([...kernels.values()]));
    const instance = new WebAssembly.Instance(module, { host: { memory: this.memory } });
    const computes = instance.exports as unknown as Record<string, Compute>;
    this.nets = programs.map(({ plan, program, sampler }) => {
      for (const { at, numbers } of program.contents)
        new Float32Array(this.memory.buffer, at).set(numbers);
      const { memory, picture } = this;
      return new Net({ memory, picture, plan, program, computes, sampler });
    });
  }

  /**
   * @param wanted by default the best that there is.
   * @throws when a file is no model that it can run.
   */
  static load(files: readonly Uint8Array[], wanted?: Simd): Networks {
    const best = bestSimd();
    return new Networks(files, wanted ?? best);
  }

  /** The picture that is looked at from now on. */
  show(pixels: Pixels): void {
    this.picture.show(pixels);
  }
}

function layoutOf({ pictures, isCentred }: Plan): InputLayout {
  const [input] = pictures as [Picture];
  return { size: input.width * 2, plane: planeBytes(input), isCentred };
}

interface NetParts {
  readonly memory: WebAssembly.Memory;
  readonly picture: ShownPicture;
  readonly plan: Plan;
  readonly program: Program;
  /** All kernels of the module, by name. */
  readonly computes: Readonly<Record<string, Compute>>;
  /** Name of the one that cuts this network's input. */
  readonly sampler: string;
}

export class Net {
  private readonly layout: InputLayout;
  private readonly calls: readonly (() => void)[];
  private readonly orders: readonly Int32Array[];

  private readonly sample: Compute;

  constructor(private readonly parts: NetParts) {
    const { plan, program, computes, sampler } = parts;
    this.sample = computes[sampler] as Compute;
    this.layout = layoutOf(plan);
    this.orders = plan.outputs.map(({ ref, isDeep }) =>
      orderOf(plan.pictures[ref] as Picture, isDeep),
    );
    this.calls = program.calls.map(({ kernel, numbers }) => {
      const compute = computes[kernel] as Compute;
      return () => compute(...numbers);
    });
  }

  /** Takes a square of the picture that is shown as its input. */
  look(square: Square, range: Range): void {
    const { size } = this.layout;
    const { memory, picture, program } = this.parts;
    const numbers = sampleNumbers(square, range, this.layout, picture);
    new Float32Array(memory.buffer, 0, numbers.length).set(numbers);
    // Behind an empty row.
    const to = (program.places[0] as number) + (size / 2) * 4;
    this.sample(0, picture.at, picture.stride, to);
  }

  /** The outputs for what was looked at; good until the next run. */
  run(): readonly Numbers[] {
    for (const call of this.calls) call();
    const { memory, plan, program } = this.parts;
    return plan.outputs.map(({ ref }, i) => {
      const order = this.orders[i] as Int32Array;
      const numbers = new Float32Array(memory.buffer, program.places[ref]);
      return (number) => numbers[order[number] as number] as number;
    });
  }
}

/** Where an output's numbers lie among its planes, in the model's order. */
function orderOf(picture: Picture, isDeep: boolean): Int32Array {
  const plane = planeBytes(picture) / 4;
  const stride = strideOf(picture.width);
  const fold = isDeep ? 2 : 1;
  const channels = picture.channels / (fold * fold);
  const width = picture.width * fold;
  return Int32Array.from({ length: picture.height * picture.width * picture.channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const part = (y % fold) * fold + (x % fold);
    const channel = part * channels + (i % channels);
    return channel * plane + Math.floor(y / fold) * stride + Math.floor(x / fold);
  });
}
