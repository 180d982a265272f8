/**
 * Who may hold a place at a door that has only so many: one policy for connections, pages and viewers of every door.
 * The newest comes in. Who makes room for it:
 *
 * 1. whoever holds a place for nothing: asked nothing since it came or since its last answer;
 * 2. else the larger crowd gives one up: those who have come this moment and had no time to ask (so that a flood of
 *    silent ones costs nobody who is being served), or those who are being served (so that slow requests keep nobody out).
 *
 * Among these the address that holds the most places gives one up, its oldest. Pure: time comes as an argument.
 */

/** Time to send a first request: above the round trip of a slow WiFi. */
export const GRACE_MS = 250;

export interface PlacesRules {
  readonly max: number;
  /** Even who is being served makes room, the longest first. Else only for an address that holds clearly fewer places. */
  readonly newestWins: boolean;
}

/** `victim`: who has to go for it; its place is taken already. */
export type Entry<T> = { readonly isIn: true; readonly victim?: T } | { readonly isIn: false };

interface Held {
  readonly address: string;
  readonly enteredMs: number;
  doing: "silent" | "resting" | "busy";
  /** Since when it does that. */
  sinceMs: number;
}

export class Places<T> {
  private readonly held = new Map<T, Held>();

  constructor(private readonly rules: PlacesRules) {}

  get size(): number {
    return this.held.size;
  }

  /** Everybody who holds a place, in the order in which they came. */
  all(): T[] {
    return [...this.held.keys()];
  }

  enter(who: T, address: string, nowMs: number): Entry<T> {
    let victim: T | undefined;
    if (this.held.size >= this.rules.max) {
      victim = this.victimFor(address, nowMs);
      if (victim === undefined) return { isIn: false };
      this.held.delete(victim);
    }
    this.held.set(who, { address, enteredMs: nowMs, doing: "silent", sinceMs: nowMs });
    return victim === undefined ? { isIn: true } : { isIn: true, victim };
  }

  /** A request begins to arrive: from now on it has its time to become whole. */
  begin(who: T, nowMs: number): void {
    this.set(who, "silent", nowMs);
  }

  /** It has asked for something, and is served from now on. */
  serve(who: T, nowMs: number): void {
    this.set(who, "busy", nowMs);
  }

  /** It has its answer, and may ask again. */
  rest(who: T, nowMs: number): void {
    this.set(who, "resting", nowMs);
  }

  leave(who: T): void {
    this.held.delete(who);
  }

  /** Who has asked nothing for so long since it came, or since its last answer. */
  idleFor(ms: number, nowMs: number): T[] {
    return [...this.held]
      .filter(([, { doing, sinceMs }]) => doing !== "busy" && nowMs - sinceMs >= ms)
      .map(([who]) => who);
  }

  private set(who: T, doing: Held["doing"], nowMs: number): void {
    const held = this.held.get(who);
    if (!held) return;
    held.doing = doing;
    held.sinceMs = nowMs;
  }

  private victimFor(newcomer: string, nowMs: number): T | undefined {
    const counts = new Map<string, number>();
    const crowd: Record<Standing, number> = { idle: 0, young: 0, served: 0 };
    for (const held of this.held.values()) {
      counts.set(held.address, (counts.get(held.address) ?? 0) + 1);
      crowd[standingOf(held, nowMs)]++;
    }
    const places = (address: string): number => counts.get(address) ?? 0;
    const order: readonly Standing[] =
      crowd.young > crowd.served ? ["idle", "young", "served"] : ["idle", "served", "young"];
    let best: [T, Held] | undefined;
    for (const one of this.held) {
      const [, held] = one;
      const isKept = held.doing === "busy" && !this.rules.newestWins;
      if (isKept && places(held.address) <= places(newcomer) + 1) continue;
      const rank = (other: Held): number => order.indexOf(standingOf(other, nowMs));
      if (best === undefined || goesBefore(held, best[1], rank, places)) best = one;
    }
    return best?.[0];
  }
}

type Standing = "idle" | "young" | "served";

function standingOf({ doing, enteredMs }: Held, nowMs: number): Standing {
  if (doing === "busy") return "served";
  return doing === "silent" && nowMs - enteredMs < GRACE_MS ? "young" : "idle";
}

function goesBefore(
  a: Held,
  b: Held,
  rank: (held: Held) => number,
  places: (address: string) => number,
): boolean {
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank < 0;
  const byPlaces = places(b.address) - places(a.address);
  return byPlaces !== 0 ? byPlaces < 0 : a.sinceMs < b.sinceMs;
}
