/** Places with what happens to whoever has to go: for pages, viewers and clients that stay. The rules are those of `places.ts`. */
import type { Clock } from "../time/clock.js";
import { Places, type PlacesRules } from "./places.js";

export interface Seat {
  /** Its holder has asked for something: it is no longer among the first to go. */
  use(): void;
  leave(): void;
}

export class Seats {
  private readonly places: Places<object>;
  private readonly evictions = new Map<object, () => void>();

  constructor(
    private readonly clock: Clock,
    rules: PlacesRules,
  ) {
    this.places = new Places(rules);
  }

  get size(): number {
    return this.places.size;
  }

  /**
   * @param evict called when the holder has to go, before the newcomer has its seat
   * @returns undefined when every seat is in use
   */
  take(address: string, evict: () => void): Seat | undefined {
    const key = {};
    const entry = this.places.enter(key, address, this.clock.nowMs());
    if (!entry.isIn) return undefined;
    const evictVictim = entry.victim && this.evictions.get(entry.victim);
    if (entry.victim) this.evictions.delete(entry.victim);
    this.evictions.set(key, evict);
    evictVictim?.();
    return {
      use: () => this.places.serve(key, this.clock.nowMs()),
      leave: () => {
        this.evictions.delete(key);
        this.places.leave(key);
      },
    };
  }
}
