/** The server of a world of the floor: the core on a wall clock, with what happens to servers. */
import type { StageView } from "../../src/fleet/director/director-core.js";
import {
  EMPTY_FLOOR,
  stepFloor,
  type Floor,
  type FloorAnswer,
  type FloorCommand,
} from "../../src/fleet/floor/floor-core.js";
import type { FloorWorld } from "./floor-world.js";

export class Server {
  private floor: Floor = EMPTY_FLOOR;
  private readonly copies: { atMs: number; floor: Floor }[] = [];
  private run = 1;
  private wallOffsetMs = 1e9;
  private isUp = true;
  private isPaused = false;
  private waiting: (() => void)[] = [];
  private readonly rate: number;

  constructor(private readonly world: FloorWorld) {
    this.rate = 1 + (world.chance.next() - 0.5) * 0.04;
  }

  ask(command: FloorCommand, reply: (answer: FloorAnswer) => void): void {
    this.serve(() => {
      const { mutation } = this.world;
      const isBlind = mutation === "a new server trusts its state";
      const floor = isBlind ? { ...this.floor, lastMs: this.wallMs() - 1 } : this.floor;
      const run = isBlind ? floor.run : String(this.run);
      const step = stepFloor(floor, command, this.wallMs(), run);
      const isHasty = mutation === "the next one need not wait for the beats to be old";
      this.floor = isHasty ? { ...step.floor, freeMs: 0 } : step.floor;
      this.copies.push({ atMs: this.world.time.nowMs, floor: this.floor });
      if (this.copies.length > 200) this.copies.shift();
      this.world.carry(() => reply(step.answer));
    });
  }

  join(reply: (token: number) => void): void {
    this.serve(() => {
      const { token } = this.floor;
      this.world.carry(() => reply(token));
    });
  }

  look(reply: (stage: StageView) => void): void {
    this.serve(() => {
      const { holder, waiters } = this.floor;
      const nowMs = this.wallMs();
      const rest = { members: [], mode: "running", lead: undefined, script: [] } as const;
      const stage: StageView = { nowMs, holder, waiters, spokeMs: nowMs, ...rest };
      this.world.carry(() => reply(stage));
    });
  }

  restart(kind: "kept" | "lost" | "older", downMs: number): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.waiting = [];
    this.world.time.after(downMs, () => {
      if (kind === "lost") this.floor = EMPTY_FLOOR;
      if (kind === "older") this.floor = this.older();
      this.run += 1;
      this.isUp = true;
    });
  }

  pause(ms: number): void {
    this.isPaused = true;
    this.world.time.after(ms, () => this.resume());
  }

  /** By more than the server could take for a pause, forward or back. */
  setClock(): void {
    const isBack = this.world.chance.next() < 0.5;
    const byMs = 3000 + this.world.chance.next() * 3_600_000;
    this.wallOffsetMs += isBack ? -byMs : byMs;
  }

  heal(): void {
    this.isUp = true;
    this.resume();
  }

  private older(): Floor {
    const sinceMs = this.world.time.nowMs - this.world.chance.next() * 6000;
    return this.copies.findLast(({ atMs }) => atMs <= sinceMs)?.floor ?? EMPTY_FLOOR;
  }

  private resume(): void {
    this.isPaused = false;
    for (const act of this.waiting.splice(0)) act();
  }

  private serve(act: () => void): void {
    if (!this.isUp) return;
    if (this.isPaused) this.waiting.push(act);
    else act();
  }

  private wallMs(): number {
    return Math.round(this.wallOffsetMs + this.world.time.nowMs * this.rate);
  }
}
