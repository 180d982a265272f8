/** What faults do to a world, when they come, and how all of it is undone. */
import { PORTS } from "./companion.js";
import { FAULTS } from "./faults.js";
import { PROGRAM_OF, type PartName } from "./part-process.js";
import type { Life } from "./platform/time.js";
import type { World } from "./world.js";
import type { Chance } from "../../src/time/chance.js";

export class Harm {
  private readonly undo = new Set<() => void>();
  private writesLeft: { life: Life; count: number } | undefined;
  private isOver = false;

  constructor(
    private readonly world: World,
    private readonly chance: Chance,
  ) {}

  /** All that was done is undone, and nothing more comes. */
  heal(): void {
    this.isOver = true;
    this.writesLeft = undefined;
    this.world.board.memory.cut = undefined;
    for (const undo of [...this.undo]) undo();
    this.undo.clear();
  }

  plan(faultMs: number): void {
    const { chance } = this;
    const share = 0.1 + chance.next() * 0.5;
    const kinds = Object.keys(FAULTS).filter(() => chance.next() < share);
    if (kinds.length === 0) return;
    const count = 1 + Math.floor(chance.next() * 16);
    for (let i = 0; i < count; i++) {
      const name = kinds[Math.floor(chance.next() * kinds.length)] as string;
      this.world.time.after(1000 + chance.next() * (faultMs - 1000), () => this.inject(name), null);
    }
  }

  private inject(name: string): void {
    if (this.isOver) return;
    this.world.faults[name] = (this.world.faults[name] ?? 0) + 1;
    this.world.note(`FAULT ${name}`);
    FAULTS[name]?.(this.world, this.chance);
  }

  diskPlan(operation: string): string | undefined {
    const { writesLeft } = this;
    const { time, diskFails } = this.world;
    if (writesLeft !== undefined && writesLeft.life === time.current && writesLeft.count-- <= 0) {
      this.writesLeft = undefined;
      this.killPart("gateway");
      return "EIO";
    }
    return operation === "write" || operation === "open" ? diskFails : undefined;
  }

  undoIn(ms: number, undo: () => void): void {
    this.undo.add(undo);
    this.world.time.after(
      ms,
      () => {
        if (this.undo.delete(undo)) undo();
      },
      null,
    );
  }

  robotLosesPower(): void {
    this.robotOff(500 + this.chance.next() * 2000);
  }

  robotOff(ms: number): void {
    this.world.board.powerOff();
    this.world.unlinkedSinceMs ??= this.world.time.nowMs;
    this.world.oracle.sessionEnded();
    this.undoIn(ms, () => this.world.robotOn());
  }

  robotStops(ms: number): void {
    this.world.robotStopped.add(this.world.time.nowMs, ms);
    this.stopLife(this.world.board.life, ms);
  }

  stopLife(life: Life, ms: number): void {
    life.stoppedUntilMs = Math.max(life.stoppedUntilMs, this.world.time.nowMs + ms);
  }

  killPart(name: PartName): void {
    for (const process of this.world.processes.alive(PROGRAM_OF[name]))
      process.end(null, "SIGKILL");
  }

  killWhileWriting(name: PartName, count: number): void {
    const [process] = this.world.processes.alive(PROGRAM_OF[name]);
    if (process) this.writesLeft = { life: process.life, count };
  }

  stopPart(name: PartName, ms: number): void {
    for (const { life } of this.world.processes.alive(PROGRAM_OF[name])) this.stopLife(life, ms);
  }

  restartPart(name: PartName): void {
    this.world.time.after(
      0,
      () => this.world.companion?.supervisor.restart(name),
      this.world.companionLife,
    );
  }

  companionStops(ms: number): void {
    this.world.companionStopped.add(this.world.time.nowMs, ms);
    this.stopLife(this.world.companionLife, ms);
  }

  killCompanion(ms: number): void {
    if (this.world.companionLife.isDead) return;
    this.world.processes.endLife(this.world.companionLife);
    this.world.companion = undefined;
    this.undoIn(ms, () => this.world.startCompanion());
  }

  machineSleeps(ms: number): void {
    this.companionStops(ms);
    this.stopLife(this.world.cameraLife, ms);
    for (const { life } of this.world.processes.all.values()) this.stopLife(life, ms);
  }

  /** Somebody who is no robot connects and says nothing, or nonsense. */
  stranger(ms: number): void {
    const socket = this.world.network.dial(`127.0.0.1:${PORTS.link}`, "loopback");
    // Refused, reset or cut: all the same to a stranger.
    socket.on("error", () => undefined);
    socket.resume();
    if (this.chance.next() < 0.5) socket.write(Buffer.alloc(40, 0x55));
    this.world.time.after(ms, () => socket.destroy(), null);
  }
}
