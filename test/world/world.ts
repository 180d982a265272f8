/**
 * A world in one process: robot, gateway, voice with its two renderers and companion, the product's own code on a time, a
 * network, a disk and processes that one seed rules. First things break (safety is judged), then all is healed and
 * progress is demanded (liveness is judged).
 */
import { Breach, Oracle, Stops } from "./oracle.js";
import { Board } from "./board.js";
import { Bounds } from "./bounds.js";
import { Companion, PORTS } from "./companion.js";
import { Demands } from "./demands.js";
import { Harm } from "./harm.js";
import { Models } from "./models.js";
import type { Program } from "./platform/child.js";
import { Disk } from "./platform/disk-state.js";
import { takeGlobals } from "./platform/globals.js";
import { Network } from "./platform/network-state.js";
import { usePlatform, type Platform } from "./platform/platform.js";
import { ProcessTable } from "./platform/process-table.js";
import { clockOf, newLife, Time, type Life } from "./platform/time.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import { PROGRAM_OF, runPart } from "./part-process.js";
import { People } from "./people.js";
import type { Programs } from "./programs.js";
import { Surroundings } from "./surroundings.js";
import { RENDERER, voiceProgram } from "./voice-part.js";
import { witnessOf } from "./witness.js";
import { nodeCrypto } from "../../src/gateway/node-crypto.js";
import { seededChance, type Chance } from "../../src/time/chance.js";
import type { StandbyRenderer } from "../../src/voice/standby/standby.js";

const LOOK_AT_MS = 1000;
const DEMAND_MS = 250;
/**
 * The longest wait that is left after a healing is for a part whose start stands still: 120 s of patience (`PATIENCE`), then
 * the restart, 30 s at most, and a breaker's 30 s.
 */
export const HEAL_MS_MAX = 180_000;

export class World {
  readonly time = new Time();
  readonly network: Network;
  readonly disk = new Disk();
  readonly processes: ProcessTable;
  readonly models: Models;
  readonly board: Board;
  readonly oracle: Oracle;
  readonly trace: string[] = [];
  readonly faults: Record<string, number> = {};
  datagramFaults = 0;
  diskFails: string | undefined;
  /** How long a part takes to start. */
  startMs: [number, number] = [50, 400];
  startFails = false;
  companion: Companion | undefined;
  companionLife: Life = newLife("companion");
  readonly cameraLife = newLife("camera");
  readonly robotStopped = new Stops();
  readonly companionStopped = new Stops();
  /** Of faults. */
  private readonly chance: Chance;
  /** Of what people do. */
  private readonly peopleChance: Chance;
  private readonly product: Chance;
  /** Of the voice part that runs, or ran last. */
  standby: StandbyRenderer | undefined;
  /** Since when the robot has had no session. */
  unlinkedSinceMs: number | undefined = 0;
  readonly people: People;
  readonly harm: Harm;
  readonly surroundings: Surroundings;
  private readonly bounds: Bounds;
  demands: Demands | undefined;
  isHealing = false;
  breach: string | undefined;

  constructor(
    readonly seed: number,
    private readonly programs: Programs,
  ) {
    const of = (n: number): Chance => seededChance((seed * 4 + n) * 2_654_435_761);
    this.chance = of(0);
    this.peopleChance = of(1);
    this.product = of(2);
    const { time } = this;
    this.network = new Network(time, of(3));
    this.processes = new ProcessTable(time, this.network, this.chance);
    this.models = new Models(time);
    this.bounds = new Bounds(this);
    this.harm = new Harm(this, this.chance);
    this.surroundings = new Surroundings(this, this.peopleChance);
    this.oracle = new Oracle(
      () => time.nowMs,
      (breach) => this.fail(breach),
      this.robotStopped,
      this.companionStopped,
    );
    this.people = new People({
      oracle: this.oracle,
      chance: this.peopleChance,
      companion: () => this.companion,
      note: (text) => this.note(text),
    });
    this.board = new Board({
      time,
      network: this.network,
      address: `127.0.0.1:${PORTS.link}`,
      key: Buffer.alloc(32, 7),
      crypto: nodeCrypto,
      chance: this.product,
      sliceMs: 100 + Math.floor(this.chance.next() * 150),
      witness: witnessOf(this),
    });
  }

  /** Lives `faultMs` with faults, then heals and demands progress. */
  async run(): Promise<Outcome> {
    const { time } = this;
    const platform: Platform = {
      time,
      chance: this.chance,
      network: this.network,
      disk: this.disk,
      processes: this.processes,
      databases: new Map(),
      random: (count) => this.randomBytes(count),
    };
    usePlatform(platform);
    const giveGlobalsBack = takeGlobals(this.models.fetch);
    const onRejection = (error: unknown): void => this.fail(error);
    process.on("unhandledRejection", onRejection);
    process.on("uncaughtException", onRejection);
    try {
      this.prepare();
      const isOver = (): boolean => this.breach !== undefined;
      const faultMs = 4000 + this.chance.next() * 10_000;
      this.harm.plan(faultMs);
      await time.runUntil(faultMs, isOver);
      if (!isOver()) await time.as(undefined, () => this.heal());
      const endMs = time.nowMs + HEAL_MS_MAX;
      const missingNow = (): string[] => this.demands?.missing ?? [];
      await time.runUntil(endMs, () => isOver() || missingNow().length === 0);
      const missing = missingNow();
      if (!isOver() && missing.length > 0) {
        this.breach = `not within ${HEAL_MS_MAX / 1000} s of the healing: ${missing.join("; ")}`;
      }
    } catch (error) {
      this.fail(error);
    } finally {
      giveGlobalsBack();
      process.off("unhandledRejection", onRejection);
      process.off("uncaughtException", onRejection);
      usePlatform(undefined);
    }
    return outcomeOf(this);
  }

  note(text: string): void {
    this.trace.push(`${(this.time.nowMs / 1000).toFixed(3).padStart(8)} ${text}`);
  }

  // How it begins.

  private prepare(): void {
    const { time, disk, processes } = this;
    const clock = clockOf(time);
    disk.plan = (operation) => this.harm.diskPlan(operation);
    time.onCrash = (life, error) => this.crashed(life, error);
    const start = (program: Program): Parameters<typeof processes.programs.set>[1] => {
      return (self) => {
        const [minMs, maxMs] = this.startMs;
        time.after(minMs + this.chance.next() * (maxMs - minMs), () => {
          if (this.startFails) return self.end(1, null);
          runPart(program, self, clock, (error) => this.partFailed(self.name, error));
        });
      };
    };
    processes.programs.set(PROGRAM_OF.gateway, start(this.programs.gateway));
    processes.programs.set(RENDERER, start(this.programs.renderer));
    processes.programs.set(
      PROGRAM_OF.voice,
      start(
        voiceProgram({
          wrong: (text) => this.oracle.breach(`voice: ${text}`),
          trace: (text) => this.note(text),
          started: (standby) => (this.standby = standby),
        }),
      ),
    );
    this.startCompanion();
    this.robotOn();
    this.each(150, this.cameraLife, () => this.surroundings.takePicture());
    this.each(LOOK_AT_MS, undefined, () => this.bounds.look(this.companion, this.companionLife));
    this.each(DEMAND_MS, undefined, () => this.demand());
  }

  robotOn(): void {
    this.oracle.forgetFaces();
    this.board.powerOn();
  }

  startCompanion(): void {
    const life = newLife("companion");
    this.companionLife = life;
    const { time } = this;
    time.after(
      0,
      () => {
        this.companion = new Companion({
          clock: clockOf(time),
          chance: this.product,
          linkKey: Buffer.alloc(32, 7).toString("hex"),
          persona: this.programs.persona,
          trace: (text) => this.note(text),
        });
        void this.companion.start();
        this.surroundings.act(life);
      },
      life,
    );
  }

  private each(ms: number, life: Life | undefined, fn: () => void): void {
    const again = (): void => {
      this.time.after(ms, again, life);
      fn();
    };
    this.time.after(ms, again, life);
  }

  // The healing and its demands.

  private heal(): void {
    this.note("HEAL");
    this.isHealing = true;
    this.harm.heal();
    this.demands = new Demands(this, this.companion);
    // A person looks after what was given up, and mostly does not wait for what would come by itself.
    const isPatient = this.peopleChance.next() < 0.05;
    this.time.after(
      1000,
      () => {
        const { supervisor } = this.companion as Companion;
        for (const { name, phase } of supervisor.view()) {
          const isOver = phase === "givenUp" || phase === "ended";
          if (isOver || (phase === "backoff" && !isPatient)) supervisor.restart(name);
        }
      },
      this.companionLife,
    );
  }

  private demand(): void {
    const { companion, demands } = this;
    if (companion !== undefined) demands?.look(companion, this.companionLife);
  }

  // How it ends.

  private partFailed(name: string, error: unknown): void {
    const { code } = error as { code?: string };
    this.note(`${name} fails: ${String(error)}`);
    if (this.diskFails === undefined && code !== "EIO") this.fail(error);
  }

  private crashed(life: Life | undefined, error: unknown): void {
    if (error instanceof Breach) return this.fail(error);
    const process = [...this.processes.all.values()].find((one) => one.life === life);
    if (process !== undefined) {
      this.partFailed(process.name, error);
      process.end(1, null);
    } else if (life?.isDead !== true) this.fail(error);
  }

  private fail(error: unknown): void {
    if (this.breach !== undefined) return;
    const text =
      error instanceof Breach ? error.message : ((error as Error).stack ?? String(error));
    this.breach = text;
    this.note(`BREACH ${text}`);
  }

  private randomBytes(count: number): Buffer {
    const bytes = Buffer.alloc(count);
    for (let i = 0; i < count; i++) bytes[i] = Math.floor(this.product.next() * 256);
    return bytes;
  }
}
