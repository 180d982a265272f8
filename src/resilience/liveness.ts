/**
 * The one place that knows who is alive. Every pair (observer, observed) has one sight, fed by whoever sees it:
 * a local detector (`beat`), or the report of a process that watches for us (`report`). Nobody else keeps a
 * second opinion; health, page and metrics read this table.
 */
import type { CancelTimer, Clock } from "../time/clock.js";
import {
  DETECTOR,
  heard,
  newDetector,
  scan,
  silentMs,
  type Colour,
  type Detector,
  type DetectorOptions,
} from "./failure-detector.js";

/** `red` is hung: it is there and silent. `dead` is gone. `unknown` was never heard, or nobody can see it now. */
export type Sight = "unknown" | Colour | "dead";

export interface PairView {
  readonly observer: string;
  readonly observed: string;
  readonly sight: Sight;
  /** Unix ms since when it is so. */
  readonly sinceWallMs: number;
  readonly why: string;
}

export interface SightChange extends PairView {
  readonly from: Sight;
}

interface Pair {
  observer: string;
  observed: string;
  sight: Sight;
  sinceWallMs: number;
  why: string;
  detector: Detector | undefined;
}

/** Pairs kept; a machine has about ten parts. More is a bug and throws. */
const PAIRS_MAX = 400;

export class Liveness {
  private readonly pairs = new Map<string, Pair>();
  private readonly listeners = new Set<(change: SightChange) => void>();
  private cancel: CancelTimer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly options: DetectorOptions = DETECTOR,
  ) {}

  /** Begins to look at the silences of pairs that `beat`. */
  start(): void {
    this.cancel ??= this.clock.every(this.options.scanPeriodMs, () => this.scanAll());
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  /** A heartbeat of `observed` reached `observer`, here. */
  beat(observer: string, observed: string): void {
    const pair = this.pair(observer, observed);
    const nowMs = this.clock.nowMs();
    pair.detector = heard(pair.detector ?? newDetector(nowMs), nowMs);
    this.set(pair, "green", pair.sight === "green" ? pair.why : "it beats");
  }

  /** What another detector found. It replaces what local beats said until the next beat. */
  report(observer: string, observed: string, sight: Sight, why: string): void {
    const pair = this.pair(observer, observed);
    pair.detector = undefined;
    this.set(pair, sight, why);
  }

  /** Calls back on every change of a sight; the returned function ends that. */
  onChange(listener: (change: SightChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Who is alive, by the worst that any observer sees: death is a fact, silence may be the observer's. */
  of(observed: string): Sight {
    const order: readonly Sight[] = ["dead", "red", "yellow", "green"];
    const seen = new Set<Sight>();
    for (const pair of this.pairs.values()) if (pair.observed === observed) seen.add(pair.sight);
    return order.find((sight) => seen.has(sight)) ?? "unknown";
  }

  view(): PairView[] {
    return [...this.pairs.values()].map(({ observer, observed, sight, sinceWallMs, why }) => ({
      observer,
      observed,
      sight,
      sinceWallMs,
      why,
    }));
  }

  private scanAll(): void {
    const nowMs = this.clock.nowMs();
    for (const pair of this.pairs.values()) {
      if (pair.detector === undefined) continue;
      pair.detector = scan(pair.detector, nowMs, this.options);
      if (pair.detector.kind !== "heard" || pair.detector.colour === pair.sight) continue;
      const silence = Math.round(silentMs(pair.detector, nowMs));
      this.set(pair, pair.detector.colour, `no beat for ${silence} ms`);
    }
  }

  private pair(observer: string, observed: string): Pair {
    const key = `${observer}\n${observed}`;
    const known = this.pairs.get(key);
    if (known !== undefined) return known;
    if (this.pairs.size >= PAIRS_MAX) throw new RangeError(`more than ${PAIRS_MAX} pairs of parts`);
    const pair: Pair = {
      observer,
      observed,
      sight: "unknown",
      sinceWallMs: this.clock.wallMs(),
      why: "not heard yet",
      detector: undefined,
    };
    this.pairs.set(key, pair);
    return pair;
  }

  private set(pair: Pair, sight: Sight, why: string): void {
    const from = pair.sight;
    pair.why = why;
    if (from === sight) return;
    pair.sight = sight;
    pair.sinceWallMs = this.clock.wallMs();
    const { observer, observed, sinceWallMs } = pair;
    for (const listener of this.listeners) {
      listener({ observer, observed, sight, sinceWallMs, why, from });
    }
  }
}
