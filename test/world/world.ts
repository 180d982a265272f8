/**
 * A world in one process: robot, gateway, voice with its two renderers and companion, the product's own code on a time, a
 * network, a disk and processes that one seed rules. First things break (safety is judged), then all is healed and
 * progress is demanded (liveness is judged).
 */
import { createHash } from "node:crypto";
import { Breach, Oracle, Stops } from "./oracle.js";
import { Board } from "./board.js";
import { Bounds } from "./bounds.js";
import { Companion, PORTS } from "./companion.js";
import { Demands } from "./demands.js";
import { FAULTS } from "./faults.js";
import { Models } from "./models.js";
import { takeProgram, type Program } from "./platform/child.js";
import { Disk } from "./platform/disk-state.js";
import { takeGlobals } from "./platform/globals.js";
import { Network } from "./platform/network-state.js";
import { usePlatform, type Platform } from "./platform/platform.js";
import { ProcessTable } from "./platform/process-table.js";
import { clockOf, newLife, Time, type Life } from "./platform/time.js";
import { PROGRAM_OF, runPart, type PartName } from "./part-process.js";
import { People } from "./people.js";
import { RENDERER, voiceProgram } from "./voice-part.js";
import type { Persona } from "../../src/conversation/persona.js";
import { nodeCrypto } from "../../src/gateway/node-crypto.js";
import { seededChance, type Chance } from "../../src/time/chance.js";
import { linkCodeName } from "../../src/wire/errors.js";
import type { StandbyRenderer } from "../../src/voice/standby/standby.js";

const LOOK_AT_MS = 1000;
const DEMAND_MS = 250;
/**
 * The longest wait that is left after a healing is for a part whose start stands still: 120 s of patience (`PATIENCE`), then
 * the restart, 30 s at most, and a breaker's 30 s.
 */
export const HEAL_MS_MAX = 180_000;
/** The journal's trim goes to 30.0 degrees; one step is kept for the demand at the end. */
const SETTINGS_MAX = 290;

/** The programs of the parts that the product brings; imported once, under the world's platform. */
export interface Programs {
  readonly gateway: Program;
  readonly renderer: Program;
  readonly persona: Persona;
}

export interface Outcome {
  readonly seed: number;
  readonly hash: string;
  readonly trace: readonly string[];
  /** Simulated, from the healing to the end of all demands. */
  readonly healMs: number;
  readonly simulatedMs: number;
  readonly events: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  /** Why it failed; undefined when all held. */
  readonly breach: string | undefined;
}

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
  private companionLife: Life = newLife("companion");
  private readonly cameraLife = newLife("camera");
  private readonly robotStopped = new Stops();
  private readonly companionStopped = new Stops();
  /** Of faults. */
  private readonly chance: Chance;
  /** Of what people do. */
  private readonly peopleChance: Chance;
  private readonly product: Chance;
  private readonly undo = new Set<() => void>();
  /** Of the voice part that runs, or ran last. */
  standby: StandbyRenderer | undefined;
  /** Since when the robot has had no session. */
  unlinkedSinceMs: number | undefined = 0;
  readonly people: People;
  private readonly bounds: Bounds;
  private demands: Demands | undefined;
  /** The first few numbers mean a sender that has started again (PROTOCOL §3). */
  private seq = 20;
  private setting = 0;
  private isHealing = false;
  private writesLeft: { life: Life; count: number } | undefined;
  private breach: string | undefined;

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
      witness: {
        executed: (line) => this.noteExecuted(line),
        faceSeen: (seq) => this.oracle.faceSeen(seq),
        sessionOpened: (generation) => {
          this.note(`robot: session ${generation} is open`);
          this.unlinkedSinceMs = undefined;
          this.oracle.sessionOpened(generation);
        },
        sessionEnded: (code) => {
          this.note(`robot: session ended, ${linkCodeName(code)}`);
          this.unlinkedSinceMs = this.time.nowMs;
          this.oracle.sessionEnded();
        },
        saved: (generation, setting) => {
          this.note(`robot: saved generation ${generation}, setting ${setting}`);
          this.oracle.saved(generation, setting);
        },
        booted: (generation, setting) => {
          this.note(`robot: starts with generation ${generation}, setting ${setting}`);
          this.oracle.booted(generation, setting);
        },
        wiped: () => (this.oracle.isWiped = true),
        lostPower: () => this.robotOff(500 + this.chance.next() * 2000),
        fault: (where, thrown) => this.oracle.breach(`robot: fault in ${where}: ${String(thrown)}`),
        trace: (text) => this.note(text),
      },
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
      this.planFaults(faultMs);
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
    return this.outcome();
  }

  note(text: string): void {
    this.trace.push(`${(this.time.nowMs / 1000).toFixed(3).padStart(8)} ${text}`);
  }

  // What faults do.

  undoIn(ms: number, undo: () => void): void {
    this.undo.add(undo);
    this.time.after(
      ms,
      () => {
        if (this.undo.delete(undo)) undo();
      },
      null,
    );
  }

  robotOff(ms: number): void {
    this.board.powerOff();
    this.unlinkedSinceMs ??= this.time.nowMs;
    this.oracle.sessionEnded();
    this.undoIn(ms, () => this.robotOn());
  }

  robotStops(ms: number): void {
    this.robotStopped.add(this.time.nowMs, ms);
    this.stopLife(this.board.life, ms);
  }

  stopLife(life: Life, ms: number): void {
    life.stoppedUntilMs = Math.max(life.stoppedUntilMs, this.time.nowMs + ms);
  }

  ownerSets(): void {
    if (this.oracle.isWiped || this.setting >= SETTINGS_MAX) return;
    this.board.set(++this.setting);
  }

  killPart(name: PartName): void {
    for (const process of this.processes.alive(PROGRAM_OF[name])) process.end(null, "SIGKILL");
  }

  killWhileWriting(name: PartName, count: number): void {
    const [process] = this.processes.alive(PROGRAM_OF[name]);
    if (process) this.writesLeft = { life: process.life, count };
  }

  stopPart(name: PartName, ms: number): void {
    for (const { life } of this.processes.alive(PROGRAM_OF[name])) this.stopLife(life, ms);
  }

  restartPart(name: PartName): void {
    this.time.after(0, () => this.companion?.supervisor.restart(name), this.companionLife);
  }

  companionStops(ms: number): void {
    this.companionStopped.add(this.time.nowMs, ms);
    this.stopLife(this.companionLife, ms);
  }

  killCompanion(ms: number): void {
    if (this.companionLife.isDead) return;
    this.processes.endLife(this.companionLife);
    this.companion = undefined;
    this.undoIn(ms, () => this.startCompanion());
  }

  machineSleeps(ms: number): void {
    this.companionStops(ms);
    this.stopLife(this.cameraLife, ms);
    for (const { life } of this.processes.all.values()) this.stopLife(life, ms);
  }

  /** Somebody who is no robot connects and says nothing, or nonsense. */
  stranger(ms: number): void {
    const socket = this.network.dial(`127.0.0.1:${PORTS.link}`, "loopback");
    // Refused, reset or cut: all the same to a stranger.
    socket.on("error", () => undefined);
    socket.resume();
    if (this.chance.next() < 0.5) socket.write(Buffer.alloc(40, 0x55));
    this.time.after(ms, () => socket.destroy(), null);
  }

  // How it begins.

  private prepare(): void {
    const { time, disk, processes } = this;
    const clock = clockOf(time);
    disk.plan = (operation) => this.diskPlan(operation);
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
    this.each(150, this.cameraLife, () => this.takePicture());
    this.each(LOOK_AT_MS, undefined, () => this.bounds.look(this.companion, this.companionLife));
    this.each(DEMAND_MS, undefined, () => this.demand());
  }

  private robotOn(): void {
    this.oracle.forgetFaces();
    this.board.powerOn();
  }

  private startCompanion(): void {
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
        this.peopleAct(life);
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

  private planFaults(faultMs: number): void {
    const { chance } = this;
    const share = 0.1 + chance.next() * 0.5;
    const kinds = Object.keys(FAULTS).filter(() => chance.next() < share);
    if (kinds.length === 0) return;
    const count = 1 + Math.floor(chance.next() * 16);
    for (let i = 0; i < count; i++) {
      const name = kinds[Math.floor(chance.next() * kinds.length)] as string;
      this.time.after(1000 + chance.next() * (faultMs - 1000), () => this.inject(name), null);
    }
  }

  private inject(name: string): void {
    if (this.isHealing) return;
    this.faults[name] = (this.faults[name] ?? 0) + 1;
    this.note(`FAULT ${name}`);
    FAULTS[name]?.(this, this.chance);
  }

  private diskPlan(operation: string): string | undefined {
    const { writesLeft, time, diskFails } = this;
    if (writesLeft !== undefined && writesLeft.life === time.current && writesLeft.count-- <= 0) {
      this.writesLeft = undefined;
      this.killPart("gateway");
      return "EIO";
    }
    return operation === "write" || operation === "open" ? diskFails : undefined;
  }

  // What people, camera and time do.

  private takePicture(): void {
    // Somebody is there in turns: while a face is followed the robot looks nowhere else.
    if (!this.isHealing && Math.floor(this.time.nowMs / 4000) % 2 === 0) return;
    const seq = ++this.seq;
    this.oracle.faceTaken(seq);
    const line = `FACE:120,118,0,0,60,60,90,${seq},5`;
    this.network.sendDatagram(`127.0.0.1:${PORTS.udp}`, Buffer.from(line), this.datagramFaults);
  }

  private peopleAct(life: Life): void {
    const act = (): void => {
      if (!this.isHealing) {
        const what = this.peopleChance.next();
        if (what < 0.55) void this.people.look(life);
        else if (what < 0.7) void this.people.stop(life);
        else if (what < 0.82) this.ownerSets();
        else if (what < 0.9) void this.people.say(life);
        else if (what < 0.94) this.companion?.conversation.stop();
      }
      this.time.after(200 + this.peopleChance.next() * 800, act, life);
    };
    this.time.after(700, act, life);
  }

  private noteExecuted(line: string): void {
    const n = People.commandOf(line);
    if (n !== undefined) this.oracle.executed(n);
    if (line !== "QUERY") this.note(`robot: ${line}`);
  }

  // The healing and its demands.

  private heal(): void {
    this.note("HEAL");
    this.isHealing = true;
    this.writesLeft = undefined;
    this.board.cut = undefined;
    for (const undo of [...this.undo]) undo();
    this.undo.clear();
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

  /** The last thing that the owner sets, to be saved and mirrored. */
  setAtLast(): void {
    this.board.set(++this.setting);
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

  private outcome(): Outcome {
    const { time, trace, oracle } = this;
    const lines = trace.join("\n");
    return {
      seed: this.seed,
      hash: createHash("sha256").update(`${lines}\n${time.events}`).digest("hex").slice(0, 16),
      trace,
      healMs: this.demands?.longestMs ?? 0,
      simulatedMs: time.nowMs,
      events: time.events,
      faults: this.faults,
      counts: {
        commands: oracle.commands.size,
        executed: oracle.executedCount,
        faces: oracle.facesSeen,
        saves: oracle.saves,
        turns: this.people.turns,
        dials: this.board.dials,
      },
      breach: this.breach,
    };
  }

  private randomBytes(count: number): Buffer {
    const bytes = Buffer.alloc(count);
    for (let i = 0; i < count; i++) bytes[i] = Math.floor(this.product.next() * 256);
    return bytes;
  }
}

/** Imports the parts' own programs. The platform's hooks must be in place. */
export async function loadPrograms(persona: Persona): Promise<Programs> {
  await import("../../src/gateway/main.js");
  const gateway = takeProgram();
  await import("../../src/voice/standby/renderer-main.js");
  return { gateway, renderer: takeProgram(), persona };
}
