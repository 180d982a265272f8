/**
 * Brings a stream of samples to another rate, piece by piece: a windowed sinc whose values are worked out once for each
 * place between two samples that can occur (one at 48,000 → 16,000 Hz, 160 at 44,100).
 */

/** Zero crossings of the sinc on each side: nothing of what the lower rate cannot hold is left to fold back. */
const CROSSINGS = 12;

export class Resampler {
  private readonly step: number;
  private readonly phases: number;
  private readonly reach: number;
  private readonly filters: readonly Float32Array[];
  private kept: Float32Array;
  /** Place of the next sample that comes out, in steps of 1 / `phases` of a sample of `kept`. */
  private at: number;

  constructor(fromHz: number, toHz: number) {
    const divisor = gcd(fromHz, toHz);
    this.step = fromHz / divisor;
    this.phases = toHz / divisor;
    const cutoff = Math.min(1, toHz / fromHz);
    this.reach = Math.ceil(CROSSINGS / cutoff);
    this.filters = Array.from({ length: this.phases }, (_, phase) =>
      filterAt(phase / this.phases, this.reach, cutoff),
    );
    this.kept = new Float32Array(this.reach);
    this.at = this.reach * this.phases;
  }

  /** @returns what can be known now; it is behind by `CROSSINGS` samples of the slower rate. */
  push(samples: Float32Array): Float32Array {
    const { reach, phases, step } = this;
    const line = new Float32Array(this.kept.length + samples.length);
    line.set(this.kept);
    line.set(samples, this.kept.length);
    const endAt = (line.length - reach) * phases;
    const found = new Float32Array(Math.max(0, Math.ceil((endAt - this.at) / step)));
    for (let n = 0; n < found.length; n++, this.at += step) {
      const filter = this.filters[this.at % phases] as Float32Array;
      const from = Math.floor(this.at / phases) - reach + 1;
      let sum = 0;
      for (let i = 0; i < filter.length; i++) {
        sum += (filter[i] as number) * (line[from + i] as number);
      }
      found[n] = sum;
    }
    const used = Math.max(0, Math.floor(this.at / phases) - reach + 1);
    this.kept = line.slice(used);
    this.at -= used * phases;
    return found;
  }
}

/** Weights of the samples `-reach + 1` … `reach` round a place between sample 0 and 1. */
function filterAt(fraction: number, reach: number, cutoff: number): Float32Array {
  const filter = new Float32Array(2 * reach);
  let sum = 0;
  for (let i = 0; i < filter.length; i++) {
    const x = i - reach + 1 - fraction;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / (reach + 1));
    const angle = Math.PI * x * cutoff;
    const value = window * (angle === 0 ? 1 : Math.sin(angle) / angle);
    filter[i] = value;
    sum += value;
  }
  return filter.map((value) => value / sum);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
