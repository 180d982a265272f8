/**
 * Kills the simulator's VM at moments of saving, and judges what the robot lives with afterwards by the books that were kept of what it
 * had saved.
 */
import assert from "node:assert/strict";
import { rmSync, watch } from "node:fs";
import { join } from "node:path";
import type { Chance } from "../../src/time/chance.js";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import type { Self, World } from "./endure-world.js";

/** A save is done this long after it was asked for: the memory is looked at every 200 ms. */
const SAVING_MS = 260;
/** From the first sign of a write to its end and a little more. */
const WRITING_MS = 4;
const BOOT_MS_MAX = 30_000;

/** What a generation holds that tells it from its neighbours. */
interface Saved {
  readonly generation: number;
  readonly boots: number;
  readonly idleMotion: boolean;
}

function savedOf(self: Self): Saved {
  return {
    generation: self.saved.generation,
    boots: self.boot.count,
    idleMotion: self.idleMotion,
  };
}

/** At a command that saves at once, at the write of it, at a boot's save; or at a command, and the store is wiped. */
type Kind = "command" | "write" | "boot" | "wiped";

/** What became of all kills. */
export class Books {
  readonly outcomes = { own: 0, mirror: 0, fresh: 0 };
  readonly kinds = { command: 0, write: 0, boot: 0, wiped: 0 };
  /** Of all kills: the state was the one in flight. */
  inFlight = 0;
  readonly backMs: number[] = [];
  panics = 0;
}

/** Kills one robot's VM at moments of saving. */
export class Killer {
  constructor(
    private readonly world: World,
    private readonly chance: Chance,
    private readonly books: Books,
  ) {}

  /** One kill from a settled robot on; leaves it settled. */
  async round(self: Self): Promise<Self> {
    const dice = this.chance.next();
    const before = savedOf(self);
    if (dice < 0.25) {
      // The boot's own save: the cut before it was no moment of saving.
      const next = { ...before, generation: before.generation + 1, boots: before.boots + 1 };
      await this.kill("boot", async () => {
        await this.cut(false);
        await this.line(/^boot \d+, reason/);
        await systemClock.sleep(this.chance.next() * SAVING_MS);
      });
      return this.judge(before, next, "boot");
    }
    const isWiped = dice > 0.85;
    const next = { ...before, generation: before.generation + 1, idleMotion: !before.idleMotion };
    const isAtWrite = dice > 0.55 && !isWiped;
    const kind = isWiped ? "wiped" : isAtWrite ? "write" : "command";
    await this.kill(kind, () =>
      this.world.with(async (robot) => {
        await robot.ask(`IDLE_MOTION:${next.idleMotion ? "on" : "off"}`);
        const written = isAtWrite ? this.firstWrite() : undefined;
        // Saves at once. The reply may never come.
        robot.socket.send("SHUTDOWN");
        if (written) await written;
        await systemClock.sleep(this.chance.next() * (isAtWrite ? WRITING_MS : SAVING_MS));
      }),
    );
    return this.judge(before, next, kind);
  }

  private async kill(kind: Kind, toMoment: () => Promise<void>): Promise<void> {
    this.books.kinds[kind] += 1;
    await toMoment();
    await this.cut(kind === "wiped");
  }

  private async cut(isWiped: boolean): Promise<void> {
    const { robot, said, robotDir } = this.world;
    const lost = new Promise((resolve) => robot.once("lost", resolve));
    robot.kill();
    await lost;
    said.length = 0;
    // What a torn write does to the stock settings store (`jd_fstor.c`): nothing of it is left, program and WiFi included.
    if (isWiped) rmSync(join(robotDir, ".devicescript", "flash"), { recursive: true });
  }

  /**
   * What it woke up with is `before` or `next`, and nothing older than the mirror had at the kill: what the mirror has was saved. From
   * the robot itself after a kill, from the mirror after a wipe.
   */
  private async judge(before: Saved, next: Saved, kind: Kind): Promise<Self> {
    const least = Math.max(before.generation, await this.world.mirrored());
    const startMs = systemClock.nowMs();
    const after = await this.world.settled();
    this.books.backMs.push(systemClock.nowMs() - startMs);
    const { origin } = after.saved;
    if (origin === "own" || origin === "mirror") this.books.outcomes[origin] += 1;
    else this.books.outcomes.fresh += 1;
    const words = `${JSON.stringify({ kind, before, next, least, after })}\n${this.world.said.join("\n")}`;
    assert.ok(origin === "own" || origin === "mirror", `state lost: ${words}`);
    assert.equal(origin, kind === "wiped" ? "mirror" : "own", words);
    const loaded = this.loadedGeneration(origin);
    assert.ok(loaded >= least, `older than the last completed save: ${words}`);
    const expected = [before, next].find(({ generation }) => generation === loaded);
    assert.ok(expected, `neither the last acknowledged nor the one in flight: ${words}`);
    assert.equal(after.idleMotion, expected.idleMotion, `what its owner had set: ${words}`);
    assert.equal(after.boot.count, expected.boots + 1, `its boots: ${words}`);
    if (expected === next) this.books.inFlight += 1;
    return after;
  }

  private loadedGeneration(origin: string): number {
    if (origin === "mirror") {
      // It took the image and committed it as a generation one above it.
      const line = this.find(/^mirror offered a state: taken, generation (\d+)/);
      return Number(line?.[1]) - 1;
    }
    return Number(this.find(/^state of generation (\d+) from/)?.[1]);
  }

  private find(pattern: RegExp): RegExpExecArray | undefined {
    for (const text of this.world.said) {
      const found = pattern.exec(text);
      if (found) return found;
    }
    return undefined;
  }

  private line(pattern: RegExp): Promise<RegExpExecArray> {
    return until(`a line ${pattern}`, BOOT_MS_MAX, () => this.find(pattern), 2);
  }

  /** Resolves with the first sign of a write to the flash. */
  private firstWrite(): Promise<void> {
    return new Promise((resolve) => {
      const watcher = watch(join(this.world.robotDir, ".devicescript", "flash"), () => {
        watcher.close();
        resolve();
      });
    });
  }
}
