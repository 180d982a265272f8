/**
 * The Silero speech detector (v6, 16 kHz), computed here: a spectrum, four convolutions, an LSTM and a sigmoid, a
 * million multiplications for each 32 ms. So a page needs neither WebAssembly nor 14 MB of runtime for it. Where the
 * weights come from: scripts/vad-weights.mjs; their licence: LICENSE beside them.
 */

export const RATE_HZ = 16_000;
/** Samples that are judged at a time: 32 ms. */
export const WINDOW_SAMPLES = 512;

/** The end of the window before is seen again with each window. */
const CONTEXT = 64;
const TAPS = 256;
const HOP = 128;
const BINS = TAPS / 2 + 1;
const FRAMES = (WINDOW_SAMPLES + 2 * CONTEXT - TAPS) / HOP + 1;
const HIDDEN = 128;

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}
const LAYERS: readonly Layer[] = [
  { inputs: BINS, outputs: 128, stride: 1 },
  { inputs: 128, outputs: 64, stride: 2 },
  { inputs: 64, outputs: 64, stride: 2 },
  { inputs: 64, outputs: HIDDEN, stride: 1 },
];
const KERNEL = 3;

interface Convolution extends Layer {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

export class Silero {
  private readonly basis: Float32Array;
  private readonly layers: readonly Convolution[];
  private readonly fromInput: Float32Array;
  private readonly fromHidden: Float32Array;
  private readonly gateBias: Float32Array;
  private readonly outWeight: Float32Array;
  private readonly outBias: number;
  private readonly input = new Float32Array(CONTEXT + WINDOW_SAMPLES + CONTEXT);
  private hidden = new Float32Array(HIDDEN);
  private cell = new Float32Array(HIDDEN);

  /** @throws RangeError when these are not the weights of this model. */
  constructor(bytes: ArrayBuffer) {
    const take = cutter(bytes);
    this.basis = take(2 * BINS * TAPS);
    this.layers = LAYERS.map((layer) => ({
      ...layer,
      weight: take(layer.outputs * layer.inputs * KERNEL),
      bias: take(layer.outputs),
    }));
    this.fromInput = take(4 * HIDDEN * HIDDEN);
    this.fromHidden = take(4 * HIDDEN * HIDDEN);
    const inputBias = take(4 * HIDDEN);
    const hiddenBias = take(4 * HIDDEN);
    this.gateBias = inputBias.map((value, at) => value + (hiddenBias[at] ?? 0));
    this.outWeight = take(HIDDEN);
    this.outBias = take(1)[0] ?? 0;
    take(0, true);
  }

  /** Forgets what was heard before. */
  reset(): void {
    this.input.fill(0);
    this.hidden.fill(0);
    this.cell.fill(0);
  }

  /** How likely the next `WINDOW_SAMPLES` samples (-1..1) hold speech, 0..1. */
  probability(window: Float32Array): number {
    const { input } = this;
    input.copyWithin(0, WINDOW_SAMPLES, WINDOW_SAMPLES + CONTEXT);
    input.set(window.subarray(0, WINDOW_SAMPLES), CONTEXT);
    // Past the end the sound is mirrored, without its last sample.
    const end = CONTEXT + WINDOW_SAMPLES;
    for (let i = 0; i < CONTEXT; i++) input[end + i] = input[end - 2 - i] ?? 0;
    let values = this.spectrum();
    let frames = FRAMES;
    for (const layer of this.layers) {
      values = convolve(layer, values, frames);
      frames = Math.ceil(frames / layer.stride);
    }
    this.remember(values);
    let sum = this.outBias;
    for (let i = 0; i < HIDDEN; i++) {
      sum += Math.max(0, this.hidden[i] ?? 0) * (this.outWeight[i] ?? 0);
    }
    return sigmoid(sum);
  }

  /** Magnitudes by [bin][frame]. */
  private spectrum(): Float32Array {
    const { basis, input } = this;
    const found = new Float32Array(BINS * FRAMES);
    for (let bin = 0; bin < BINS; bin++) {
      const cos = bin * TAPS;
      const sin = (BINS + bin) * TAPS;
      for (let frame = 0; frame < FRAMES; frame++) {
        let re = 0;
        let im = 0;
        for (let i = 0; i < TAPS; i++) {
          const sample = input[frame * HOP + i] as number;
          re += sample * (basis[cos + i] as number);
          im += sample * (basis[sin + i] as number);
        }
        found[bin * FRAMES + frame] = Math.sqrt(re * re + im * im);
      }
    }
    return found;
  }

  /** One step of the LSTM; gates in the order input, forget, cell, output. */
  private remember(input: Float32Array): void {
    const { fromInput, fromHidden, gateBias, hidden, cell } = this;
    const gates = new Float32Array(4 * HIDDEN);
    for (let gate = 0; gate < 4 * HIDDEN; gate++) {
      let sum = gateBias[gate] as number;
      const row = gate * HIDDEN;
      for (let i = 0; i < HIDDEN; i++) {
        sum += (fromInput[row + i] as number) * (input[i] as number);
        sum += (fromHidden[row + i] as number) * (hidden[i] as number);
      }
      gates[gate] = sum;
    }
    const gate = (at: number, i: number): number => gates[at * HIDDEN + i] as number;
    for (let i = 0; i < HIDDEN; i++) {
      const kept = sigmoid(gate(1, i)) * (cell[i] as number);
      const cellNow = kept + sigmoid(gate(0, i)) * Math.tanh(gate(2, i));
      cell[i] = cellNow;
      hidden[i] = sigmoid(gate(3, i)) * Math.tanh(cellNow);
    }
  }
}

/** Hands out the numbers in their order. */
function cutter(bytes: ArrayBuffer): (count: number, isEnd?: boolean) => Float32Array {
  let at = 0;
  return (count, isEnd = false) => {
    const fits = at + count * 4 <= bytes.byteLength;
    if (!fits || (isEnd && at !== bytes.byteLength)) {
      throw new RangeError(`${bytes.byteLength} bytes are not the weights of the speech detector`);
    }
    const part = new Float32Array(bytes, at, count);
    at += count * 4;
    return part;
  };
}

/** A convolution over three frames with zeros at both ends, then what is below zero is zero. */
function convolve(layer: Convolution, input: Float32Array, frames: number): Float32Array {
  const { inputs, outputs, stride, weight, bias } = layer;
  const framesOut = Math.ceil(frames / stride);
  const found = new Float32Array(outputs * framesOut);
  for (let out = 0; out < outputs; out++) {
    for (let frame = 0; frame < framesOut; frame++) {
      let sum = bias[out] as number;
      const from = frame * stride - 1;
      for (let k = Math.max(0, -from); k < Math.min(KERNEL, frames - from); k++) {
        const row = out * inputs * KERNEL + k;
        for (let i = 0; i < inputs; i++) {
          sum += (weight[row + i * KERNEL] as number) * (input[i * frames + from + k] as number);
        }
      }
      found[out * framesOut + frame] = Math.max(0, sum);
    }
  }
  return found;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
