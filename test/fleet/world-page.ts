/** The page of a robot in a world of the floor. */
import { audibleMs, type Fence } from "../../src/voice/fence.js";
import type { FloorWorld } from "./floor-world.js";
import type { OwnClock } from "./world-time.js";

export const CHUNK_MS = 100;

/** Plays what comes, in order, on a clock of its own; lives on when its robot does not. */
export class Page {
  private readonly clock: OwnClock;
  private fenceNow: Fence | undefined = { token: 0, untilMs: Number.NEGATIVE_INFINITY };
  private nextMs = 0;
  private scheduled: { from: number; to: number; robot: string }[] = [];
  /** TCP keeps order: nothing overtakes. */
  private arrivedMs = 0;

  constructor(
    private readonly world: FloorWorld,
    private readonly robot: string,
    private readonly answer: (pageMs: number, seq: number) => void,
  ) {
    this.clock = world.clock();
  }

  sound(token: number): void {
    this.come(() => this.play(token));
  }

  /** @param fence undefined: silence now. @param seq what it confirms. */
  fence(fence: Fence | undefined, seq: number): void {
    this.come(() => {
      this.fenceNow = fence ?? { token: 0, untilMs: Number.NEGATIVE_INFINITY };
      if (fence === undefined) this.silence();
      const pageMs = this.clock.nowMs();
      this.world.time.after(this.delayMs(), () => this.answer(pageMs, seq));
    });
  }

  private come(fn: () => void): void {
    const { time } = this.world;
    this.arrivedMs = Math.max(this.arrivedMs, time.nowMs + this.delayMs());
    time.after(this.arrivedMs - time.nowMs, fn);
  }

  private delayMs(): number {
    const { chance, late, isHealed } = this.world;
    return !isHealed && chance.next() < late / 10 ? chance.next() * 4000 : 1 + chance.next() * 30;
  }

  private play(token: number): void {
    const { time, sounds, mutation, robots } = this.world;
    const startMs = Math.max(this.nextMs, this.clock.nowMs());
    const isDeaf = mutation === "the page plays beyond its fence";
    const fence = isDeaf ? { token, untilMs: Number.POSITIVE_INFINITY } : this.fenceNow;
    const lengthMs = audibleMs(fence, token, startMs, CHUNK_MS);
    if (lengthMs <= 0) return;
    this.nextMs = startMs + lengthMs;
    const from = time.nowMs + this.clock.truly(startMs - this.clock.nowMs());
    const sound = { robot: this.robot, from, to: from + this.clock.truly(lengthMs) };
    this.scheduled = [...this.scheduled.filter(({ to }) => to > time.nowMs), sound];
    sounds.push(sound);
    robots.find(({ id }) => id === this.robot)?.heardByPage();
  }

  private silence(): void {
    const { nowMs } = this.world.time;
    for (const sound of this.scheduled) sound.to = Math.min(sound.to, Math.max(sound.from, nowMs));
    this.scheduled = [];
    this.nextMs = 0;
  }
}
