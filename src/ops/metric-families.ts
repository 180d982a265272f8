/** Families of `/metrics` whose samples are read from facts at each scrape. */
import { Counter, Gauge, type Registry } from "prom-client";

export type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];

/** A registry whose families read `facts`; others may register their own beside them. */
export class Families<Facts> {
  constructor(
    readonly registry: Registry,
    readonly facts: () => Facts,
  ) {}

  /** @param labels names of the labels that `read` gives. */
  gauge(
    name: string,
    help: string,
    labels: readonly string[],
    read: (facts: Facts) => readonly Sample[],
  ): void {
    const { registry, facts } = this;
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset();
        for (const [of, value] of read(facts())) this.set(of, value);
      },
    });
  }

  /** What it counts, its owner counts: it is taken over as it stands. */
  counter(
    name: string,
    help: string,
    labels: readonly string[],
    read: (facts: Facts) => readonly Sample[],
  ): void {
    const { registry, facts } = this;
    new Counter({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset();
        for (const [of, value] of read(facts())) this.inc(of, value);
      },
    });
  }
}
