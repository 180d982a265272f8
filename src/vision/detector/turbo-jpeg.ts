/**
 * libjpeg-turbo as WebAssembly (`@cwasm/jpeg-turbo`), by its own calls: decodes in this thread, half as large or less where that
 * is wanted, and costs half of what `sharp` does, whose threads hand each picture over. Only for usual pictures: what is broken,
 * very large or of four colours is left to `sharp`.
 */
import { shrinkOf, jpegSize } from "./jpeg-size.js";
import { readModel, type ModelFile } from "./models.js";
import type { Pixels } from "../nets/picture.js";

const PROGRAM: ModelFile = {
  name: "JPEG decoder",
  package: "@cwasm/jpeg-turbo",
  file: "jpeg-turbo.wasm",
  from: 0,
  to: 139_151,
  sha256: "80ed55eef2d0ff276f837ef521fad8181ccdfa6f298f652f6e45aed7fbbbc871",
};

/** Its memory never shrinks: larger pictures are not for it. */
const PIXELS_MAX = 1920 * 1080;
const BYTES_MAX = 4 * 1024 * 1024;

/** `turbojpeg.h`: three bytes a pixel; colours by repeating theirs, not by blending them; a warning is an error. */
const RGB = 0;
const FAST_UPSAMPLE = 256;
const STOP_ON_WARNING = 8192;
/** Colour spaces up to this one become RGB; those with black do not. */
const GREY = 2;

/** Pixels, and by how much they were shrunk: the picture's own size is `scale` times theirs. */
export interface Decoded extends Pixels {
  readonly scale: number;
}

interface Turbo {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(at: number): void;
  tjInitDecompress(): number;
  tjDecompressHeader3(handle: number, from: number, bytes: number, ...results: number[]): number;
  tjDecompress2(handle: number, from: number, bytes: number, ...to: number[]): number;
}

export class TurboJpeg {
  private running: Running | undefined;

  private constructor(private readonly module: WebAssembly.Module) {}

  /** @throws `ModelFault` when the program is missing or another one. */
  static async load(): Promise<TurboJpeg> {
    return new TurboJpeg(new WebAssembly.Module(await readModel(PROGRAM)));
  }

  /** The picture, good until the next one is decoded; undefined: it is none that this can decode. */
  decode(jpeg: Uint8Array): Decoded | undefined {
    const size = jpegSize(jpeg);
    if (!size || size.width * size.height > PIXELS_MAX || jpeg.length > BYTES_MAX) return undefined;
    const { width, height, scale } = shrinkOf(jpeg) ?? { ...size, scale: 1 };
    this.running ??= new Running(this.module);
    try {
      const rgb = this.running.decode(jpeg, width, height);
      return rgb && { rgb, width, height, scale };
    } catch (error) {
      // It was left in the middle of its work: the next picture has a new one. What is wrong with this one `sharp` will say.
      this.running = undefined;
      if (error instanceof Abandoned) return undefined;
      throw error;
    }
  }
}

/** The decoder cannot go on: what C's `longjmp` is here, or no memory. */
class Abandoned extends Error {}

class Running {
  private readonly turbo: Turbo;
  private readonly handle: number;
  private readonly results: number;
  private from = { at: 0, bytes: 0 };
  private to = { at: 0, bytes: 0 };

  constructor(module: WebAssembly.Module) {
    const abandon = (): never => {
      throw new Abandoned();
    };
    const env = { setjmp: () => 0, longjmp: abandon };
    const wasi = {
      environ_sizes_get: () => 0,
      environ_get: () => 0,
      proc_exit: abandon,
      fd_close: () => 0,
      fd_seek: () => 0,
      // Its complaints; what is wrong is in its results.
      fd_write: () => 0,
    };
    const imports = { env, wasi_snapshot_preview1: wasi };
    this.turbo = new WebAssembly.Instance(module, imports).exports as unknown as Turbo;
    this.handle = this.turbo.tjInitDecompress();
    this.results = this.turbo.malloc(16);
  }

  decode(jpeg: Uint8Array, width: number, height: number): Uint8Array | undefined {
    const { turbo, handle, results } = this;
    this.from = this.room(this.from, jpeg.length);
    this.to = this.room(this.to, width * height * 3);
    new Uint8Array(turbo.memory.buffer, this.from.at, jpeg.length).set(jpeg);
    const places = [0, 4, 8, 12].map((offset) => results + offset);
    if (turbo.tjDecompressHeader3(handle, this.from.at, jpeg.length, ...places) !== 0)
      return undefined;
    const colours = new Int32Array(turbo.memory.buffer, results, 4)[3] ?? Infinity;
    if (colours > GREY) return undefined;
    const target = [this.to.at, width, width * 3, height, RGB, FAST_UPSAMPLE | STOP_ON_WARNING];
    if (turbo.tjDecompress2(handle, this.from.at, jpeg.length, ...target) !== 0) return undefined;
    return new Uint8Array(turbo.memory.buffer, this.to.at, width * height * 3);
  }

  private room(old: { at: number; bytes: number }, bytes: number): { at: number; bytes: number } {
    if (bytes <= old.bytes) return old;
    this.turbo.free(old.at);
    const at = this.turbo.malloc(bytes);
    // Address 0 is memory like any other here: writing there would damage the decoder.
    if (at === 0) throw new Abandoned();
    return { at, bytes };
  }
}
