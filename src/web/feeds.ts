/** Ready-made sources for `ports.ts`: a bounded history, a bounded log, and a feed of a newest value. */
import type { Feed, History, LogLine, LogSource, Sample } from "./ports.js";

/** Keeps the newest `itemsMax`; the oldest fall out. */
class Ring<T> {
  private readonly items: T[] = [];
  private readonly listeners = new Set<(item: T) => void>();

  /** @param itemsMax how many are kept, e.g. 1200 samples for 2 minutes at 10 a second. */
  constructor(private readonly itemsMax: number) {}

  add(item: T): void {
    this.items.push(item);
    if (this.items.length > this.itemsMax) this.items.shift();
    for (const listener of this.listeners) listener(item);
  }

  recent(): readonly T[] {
    return [...this.items];
  }

  subscribe(listener: (item: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Samples of the plots. */
export class RingHistory extends Ring<Sample> implements History {}

/** The newest log lines, for the page. */
export class RingLog extends Ring<LogLine> implements LogSource {}

/** A `Feed` that somebody else feeds: keeps the newest value and tells the listeners. */
export class ValueFeed<T> implements Feed<T> {
  private newest: T | undefined;
  private readonly listeners = new Set<(value: T) => void>();

  latest(): T | undefined {
    return this.newest;
  }

  push(value: T): void {
    this.newest = value;
    for (const listener of this.listeners) listener(value);
  }

  /** Forgets the newest value, for example when its source is gone. */
  clear(): void {
    this.newest = undefined;
  }

  subscribe(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
