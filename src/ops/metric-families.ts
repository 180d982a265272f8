/** Families of `/metrics` whose samples are read from facts at each scrape. */
import { Counter, Gauge, type Registry } from "prom-client";

export type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];

/** @param labels names of the labels that `read` gives. */
type Family<Facts> = readonly [
  name: string,
  help: string,
  labels: readonly string[],
  read: (facts: Facts) => readonly Sample[],
];

/** A registry whose families read `facts`; others may register their own beside them. */
export class Families<Facts> {
  constructor(
    readonly registry: Registry,
    readonly facts: () => Facts,
  ) {}

  gauge(...family: Family<Facts>): void {
    const { samples, ...told } = this.toldOf(family);
    new Gauge({
      ...told,
      collect() {
        this.reset();
        for (const [of, value] of samples()) this.set(of, value);
      },
    });
  }

  /** What it counts, its owner counts: it is taken over as it stands. */
  counter(...family: Family<Facts>): void {
    const { samples, ...told } = this.toldOf(family);
    new Counter({
      ...told,
      collect() {
        this.reset();
        for (const [of, value] of samples()) this.inc(of, value);
      },
    });
  }

  private toldOf([name, help, labelNames, read]: Family<Facts>) {
    const samples = (): readonly Sample[] => read(this.facts());
    return { name, help, labelNames, registers: [this.registry], samples };
  }
}
