/** The standby's real processes with a listener that keeps what it hears, and means to injure them. */
import { join } from "node:path";
import { systemClock } from "../../src/time/clock.js";
import { RATE_HZ } from "../../src/voice/speech/pcm.js";
import { StandbyRenderer } from "../../src/voice/standby/standby.js";
import { until } from "../../src/time/until.js";
import { root } from "./buddy-process.js";

const WAIT_MS = 40_000;

interface Utterance {
  readonly id: number;
  readonly pieces: Buffer[];
  samples: number;
  end: "finished" | "failed" | undefined;
  why: string;
}

export class TestStandby {
  readonly standby: StandbyRenderer;
  readonly lines: string[] = [];
  lastSamples = 0;
  private current: Utterance | undefined;
  private id = 0;
  private lost: { pid: number; atMs: number } | undefined;
  private pidsNow: (number | undefined)[] = [];

  constructor(scratch: string, startDelayMs: readonly [number, number] = [0, 0]) {
    this.standby = new StandbyRenderer({
      clock: systemClock,
      command: {
        file: process.execPath,
        args: [join(root, "dist/src/voice/standby/renderer-main.js")],
      },
      scratch,
      startDelayMs,
      events: {
        pcm: (utterance, first, bytes) => this.take(utterance, first, bytes),
        finished: (utterance, samples) => this.end(utterance, "finished", samples, ""),
        failed: (utterance, why) => this.end(utterance, "failed", 0, why),
        line: (text) => this.lines.push(text),
        effect: (effect) => {
          if (effect.type !== "lost") return;
          this.lost = { pid: this.pidsNow[effect.slot] ?? 0, atMs: performance.now() };
        },
        change: () => undefined,
      },
    });
  }

  /** Speaks, and resolves with every sample in order. */
  async say(text: string): Promise<Buffer> {
    const utterance: Utterance = { id: ++this.id, pieces: [], samples: 0, end: undefined, why: "" };
    this.current = utterance;
    this.standby.speak(utterance.id, { engine: "hum", text, language: "en" });
    await until(
      `the end of "${text}"`,
      WAIT_MS,
      () => utterance.end !== undefined || this.current !== utterance,
    );
    if (utterance.end === "failed") throw new Error(utterance.why);
    this.lastSamples = utterance.samples;
    return Buffer.concat(utterance.pieces);
  }

  /** Waits for the phase, hurts the active renderer and waits until that was noticed. */
  async injure(
    how: "SIGKILL" | "SIGSTOP",
    phaseMs: number,
  ): Promise<{ how: typeof how; phaseMs: number; detectedMs: number }> {
    await this.sleep(phaseMs);
    const [active] = this.roles();
    this.pidsNow = this.standby.view().slots.map((slot) => slot.pid);
    this.lost = undefined;
    const atMs = performance.now();
    process.kill(active, how);
    await until(`${how} of ${active} is noticed`, WAIT_MS, () => this.lost?.pid === active);
    return { how, phaseMs, detectedMs: this.lostMs() - atMs };
  }

  private lostMs(): number {
    return this.lost?.atMs ?? NaN;
  }

  /** Process ids of the active renderer and of the standby. */
  roles(): [number, number] {
    const { active, slots } = this.standby.view();
    const pids = slots.map((slot) => slot.pid ?? 0);
    return active === "A" ? [pids[0] ?? 0, pids[1] ?? 0] : [pids[1] ?? 0, pids[0] ?? 0];
  }

  pids(): number[] {
    return this.standby.view().slots.flatMap((slot) => slot.pid ?? []);
  }

  lastRebuildMs(): number {
    return this.standby.view().lastRebuildMs ?? NaN;
  }

  heardBytes(): number {
    return this.current?.pieces.reduce((sum, piece) => sum + piece.length, 0) ?? 0;
  }

  lengthMs(pcm: Buffer): number {
    return (pcm.length / 2 / RATE_HZ) * 1000;
  }

  async untilBothReady(): Promise<void> {
    await until("both renderers are ready", WAIT_MS, () =>
      this.standby.view().slots.every((slot) => slot.phase === "ready"),
    );
  }

  sleep(ms: number): Promise<void> {
    return systemClock.sleep(ms);
  }

  private take(utterance: number, first: number, bytes: Buffer): boolean {
    const { current } = this;
    if (current?.id !== utterance) return true;
    const have = this.heardBytes() / 2;
    if (have !== first) throw new Error(`sample ${first} came where ${have} was due`);
    current.pieces.push(bytes);
    return true;
  }

  private end(utterance: number, end: "finished" | "failed", samples: number, why: string): void {
    if (this.current?.id !== utterance) return;
    Object.assign(this.current, { end, samples, why });
  }
}
