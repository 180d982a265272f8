/** A Buddy that drills are done to: its data directory, its doors, and the same ones again after it was killed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchBuddy, startBuddy, type BuddyProcess } from "./buddy-process.js";
import { Probe } from "./probe.js";

export interface StageOptions {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export class Stage {
  readonly probe: Probe;

  private constructor(
    private readonly options: StageOptions,
    private readonly dataDir: string,
    buddy: BuddyProcess,
  ) {
    this.probe = new Probe(buddy);
  }

  /** @throws Error when it does not come up */
  static async start(options: StageOptions): Promise<Stage> {
    const dataDir = mkdtempSync(join(tmpdir(), "buddy-drill-"));
    try {
      const buddy = await startBuddy(options.flags, { dataDir, env: { ...options.env } });
      return new Stage(options, dataDir, buddy);
    } catch (error) {
      rmSync(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Starts it again after its process has ended, on the same data directory and doors. It may not be ready yet. */
  startAgain(): void {
    const { runtime } = this.probe.buddy;
    const port = (door: string): string => door.slice(door.lastIndexOf(":") + 1);
    const doors = [
      ["--port", runtime.page],
      ["--vision-port", runtime.visionApi],
      ["--ws-port", runtime.robotWs],
      ["--udp-port", runtime.robotUdp],
      ["--link-port", runtime.link],
    ].flatMap(([name = "", door = ""]) => [name, port(door)]);
    const launched = launchBuddy([...this.options.flags, ...doors], {
      dataDir: this.dataDir,
      env: { ...this.options.env },
    });
    this.probe.buddy = { ...launched, runtime, readyMs: Number.NaN };
  }

  /** Ends it, also one that was killed or never came up. */
  async stop(): Promise<void> {
    try {
      await this.probe.buddy.stop();
    } finally {
      rmSync(this.dataDir, { recursive: true, force: true });
    }
  }
}
