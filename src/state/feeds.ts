/**
 * What flows: pictures, poses, faces, log lines and samples of the plots. Each has a newest value or a bounded history;
 * whoever shows it subscribes. Times named `atMs` are the companion's monotonic clock.
 */
import type { Pose } from "../robot/pose.js";
import type { FaceSight } from "./buddy-state.js";

/** One camera picture. The bytes are shared by all viewers and must not be changed. */
export interface Frame {
  readonly jpeg: Uint8Array;
  readonly seq: number;
  /** When it was taken, companion's monotonic clock. */
  readonly capturedMs: number;
}

/**
 * The newest picture, reduced to so many pixels across; one that is narrower stays as it is. Resolves with undefined when there
 * is none of now, or it was not made in time; never rejects.
 */
export type SmallerPicture = (
  widthPx: number,
) => Promise<Pick<Frame, "jpeg" | "capturedMs"> | undefined>;

export interface LogLine {
  /** Unix time in ms, for people. */
  readonly wallMs: number;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly part: string;
  readonly message: string;
}

/** One point of the page's plots. Either figure may be missing at that moment. */
export interface Sample {
  readonly atMs: number;
  /** Picture taken → servo commanded. */
  readonly latencyMs?: number;
  /** Angle between where the head points and where the face is. */
  readonly errorDeg?: number;
}

/** Something that has a newest value. Listeners are called at once and must not block. */
export interface Feed<T> {
  latest(): T | undefined;
  /** @returns the function that ends the subscription. */
  subscribe(listener: (value: T) => void): () => void;
}

export type FrameSource = Feed<Frame>;
export type PoseSource = Feed<Pose>;
/** `undefined` is not sent: a face that is gone shows by the next state and by its age. */
export type FaceSource = Feed<FaceSight>;

export interface LogSource {
  /** Oldest first, bounded by the implementation. */
  recent(): readonly LogLine[];
  subscribe(listener: (line: LogLine) => void): () => void;
}

export interface History {
  /** Oldest first, bounded by the implementation. */
  recent(): readonly Sample[];
  subscribe(listener: (sample: Sample) => void): () => void;
}

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

  get listenerCount(): number {
    return this.listeners.size;
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
