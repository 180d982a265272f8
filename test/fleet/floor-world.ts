/**
 * The floor in one process on simulated time: the server's core, robots with the holder's core, a page for each, a director, and
 * what happens to them: crashes, pauses, lost, late and repeated messages, clocks that run unequally, a server that restarts
 * with its state, without it, or as its own older copy, and whose clock is set.
 *
 * Judged from outside: two pages never sound at the same time; and once all is healed everybody who wants to speak does.
 */
import { direct, type StageView } from "../../src/fleet/director/director-core.js";
import { seededChance, type Chance } from "../../src/time/chance.js";
import type { Mutation } from "./mutations.js";
import { Robot } from "./world-robot.js";
import { Server } from "./world-server.js";
import { OwnClock, Time } from "./world-time.js";

export interface Outcome {
  readonly seed: number;
  /** What was demanded and did not hold. */
  readonly breach: string | undefined;
  readonly grants: number;
  readonly soundMs: number;
  readonly faults: number;
  /** From the healing until everybody had spoken. */
  readonly progressMs: number;
}

const FAULTY_MS = 90_000;
const HEAL_MS_MAX = 60_000;
const LOOK_MS = 300;

export class FloorWorld {
  readonly time = new Time();
  readonly chance: Chance;
  readonly sounds: { robot: string; from: number; to: number }[] = [];
  grants = 0;
  faults = 0;
  isHealed = false;
  readonly loss: number;
  readonly late: number;
  readonly server: Server;
  readonly robots: Robot[];

  constructor(
    readonly seed: number,
    readonly mutation?: Mutation,
  ) {
    this.chance = seededChance(seed);
    // Each world has its own mixture; many have none of a kind.
    this.loss = this.some(0.5, 0.3);
    this.late = this.some(0.5, 0.2);
    this.server = new Server(this);
    const count = 2 + Math.floor(this.chance.next() * 3);
    this.robots = Array.from({ length: count }, (_, i) => new Robot(this, `r${i}`));
    const directors = Math.floor(this.chance.next() * 3);
    for (let i = 0; i <= directors; i++) new Director(this);
    this.scheduleFaults();
  }

  run(): Outcome {
    const { time, robots } = this;
    time.runUntil(FAULTY_MS, () => false);
    this.heal();
    const healedMs = time.nowMs;
    for (const robot of robots) robot.spokeSinceHeal = false;
    time.runUntil(healedMs + HEAL_MS_MAX, () => robots.every((robot) => robot.spokeSinceHeal));
    const waiting = robots.filter((robot) => !robot.spokeSinceHeal).map(({ id }) => id);
    const overlap = this.overlap();
    return {
      seed: this.seed,
      breach:
        overlap ??
        (waiting.length > 0
          ? `${waiting.join(", ")} did not speak within ${HEAL_MS_MAX} ms of the healing`
          : undefined),
      grants: this.grants,
      soundMs: this.sounds.reduce((sum, { from, to }) => sum + to - from, 0),
      faults: this.faults,
      progressMs: time.nowMs - healedMs,
    };
  }

  clock(): OwnClock {
    const rate = 1 + (this.chance.next() - 0.5) * 0.04;
    return new OwnClock(this.time, rate, this.chance.next() * 1e7);
  }

  /** A value up to `max`, or 0 with the other probability. */
  some(probability: number, max: number): number {
    return this.chance.next() < probability ? this.chance.next() * max : 0;
  }

  /** A message over the network, or none, or two. */
  carry(fn: () => void): void {
    const { chance } = this;
    if (!this.isHealed && chance.next() < this.loss) return;
    const delay = (): number => {
      const isLate = !this.isHealed && chance.next() < this.late;
      return isLate ? chance.next() * 6000 : 1 + chance.next() * 20;
    };
    this.time.after(delay(), fn);
    if (!this.isHealed && chance.next() < this.late / 4) this.time.after(delay(), fn);
  }

  private scheduleFaults(): void {
    const kinds = [
      () => this.anyone().pause(500 + this.chance.next() * 22_000),
      () => this.anyone().crash(500 + this.chance.next() * 5000),
      () => this.anyone().cut(500 + this.chance.next() * 15_000),
      () => this.server.restart("kept", this.chance.next() * 8000),
      () => this.server.restart("lost", this.chance.next() * 8000),
      () => this.server.restart("older", this.chance.next() * 2000),
      () => this.server.pause(this.chance.next() * 6000),
      () => this.server.setClock(),
    ];
    const wanted = kinds.filter(() => this.chance.next() < 0.5);
    const everyMs = 2000 + this.chance.next() * 20_000;
    const next = (): void => {
      const kind = wanted[Math.floor(this.chance.next() * wanted.length)];
      if (this.isHealed || kind === undefined) return;
      this.faults += 1;
      kind();
      this.time.after(this.chance.next() * 2 * everyMs, next);
    };
    this.time.after(this.chance.next() * everyMs, next);
  }

  private anyone(): Robot {
    return this.robots[Math.floor(this.chance.next() * this.robots.length)] as Robot;
  }

  private heal(): void {
    this.isHealed = true;
    this.server.heal();
    for (const robot of this.robots) robot.heal();
  }

  private overlap(): string | undefined {
    const sounds = this.sounds.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
    const last = new Map<string, number>();
    for (const { robot, from, to } of sounds) {
      for (const [other, untilMs] of last) {
        if (other === robot || untilMs <= from + 1e-6) continue;
        return `at ${from.toFixed(0)} ms ${robot} began while ${other} sounded for another ${(untilMs - from).toFixed(0)} ms`;
      }
      last.set(robot, Math.max(to, last.get(robot) ?? 0));
    }
    return undefined;
  }
}

/** Looks and resets; whether it is the only one does not matter. It too may be stopped for a while. */
class Director {
  constructor(private readonly world: FloorWorld) {
    this.look();
  }

  private look(): void {
    const { time, chance } = this.world;
    const isStopped = !this.world.isHealed && chance.next() < 0.02;
    time.after(isStopped ? chance.next() * 20_000 : LOOK_MS, () => {
      this.world.carry(() => this.world.server.look((stage) => this.act(stage)));
      this.look();
    });
  }

  private act(stage: StageView): void {
    for (const act of direct(stage).acts) {
      if (act.type !== "reset") continue;
      const { token, reason } = act;
      this.world.carry(() =>
        this.world.server.ask({ op: "reset", token, reason }, () => undefined),
      );
    }
  }
}
