/**
 * What a long run says of the growth of its memory. Pure. Garbage comes and goes, so what is held at a mark is the median of
 * the second half of the time before it.
 */
import { percentile } from "../time/meter.js";
import { atMost, told, type Figure } from "./figures.js";

const MARKS = 6;
const MARK_SHARE = 1 / 2;
/** Of an hour. A shorter run shows how memory goes and says nothing of an hour: it has no bar. */
const BAR = { minutes: 60, percent: 2 };

/** All processes at one moment. */
export interface MemorySample {
  /** Since the run began. */
  readonly minute: number;
  readonly processes: readonly {
    readonly name: string;
    readonly pid: number;
    readonly mb: number;
  }[];
}

/**
 * What all held at six marks, and how much more at the last than at the first; then each process. Those of one name are one row.
 * @throws when a mark has no samples.
 */
export function growthFigures(samples: readonly MemorySample[], minutes: number): Figure[] {
  const stepMinutes = minutes / MARKS;
  const marks = Array.from({ length: MARKS }, (_, i) => (i + 1) * stepMinutes);
  const row = (what: string, mbOf: (sample: MemorySample) => number): [Figure, number] => {
    const held = marks.map((to) => {
      const from = to - stepMinutes * MARK_SHARE;
      const near = samples.filter(({ minute }) => minute > from && minute <= to);
      if (near.length === 0) throw new Error(`no sample between minutes ${from} and ${to}`);
      return percentile(near.map(mbOf), 0.5);
    });
    const percent = ((held.at(-1) as number) / (held[0] as number) - 1) * 100;
    const mbs = held.map((mb) => mb.toFixed(1)).join(", ");
    const change = `${percent < 0 ? "" : "+"}${percent.toFixed(1)} %`;
    return [told(what, `${mbs} MB: ${change}`, samples.length), percent];
  };
  const at = marks.map((minute) => Number(minute.toFixed(1))).join(", ");
  const [all, percent] = row(`memory (Pss), all, at minutes ${at}`, (sample) => sum(sample));
  const isLong = minutes >= BAR.minutes;
  return [
    isLong ? { ...all, bar: `< ${BAR.percent} %`, isMet: percent < BAR.percent } : all,
    ...lasting(samples).map((name) => row(`memory: ${name}`, (sample) => sum(sample, name))[0]),
    atMost("started anew", startedAnew(samples), 0, "processes", samples.length),
  ];
}

function sum({ processes }: MemorySample, only?: string): number {
  const counted = processes.filter(({ name }) => only === undefined || name === only);
  return counted.reduce((all, { mb }) => all + mb, 0);
}

/** Names that the first sample has; a synthesiser that runs for a sentence is counted in all. */
function lasting(samples: readonly MemorySample[]): string[] {
  return [...new Set(samples[0]?.processes.map(({ name }) => name))];
}

/** A process that was started anew hides what the one before it had grown by. */
function startedAnew(samples: readonly MemorySample[]): number {
  const names = lasting(samples);
  const pids = samples.flatMap(({ processes }) =>
    processes.filter(({ name }) => names.includes(name)).map(({ pid }) => pid),
  );
  return new Set(pids).size - (samples[0]?.processes.length ?? 0);
}
