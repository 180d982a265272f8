/**
 * A world in one process: robot, gateway, voice with its two renderers and companion, the product's own code on a time, a
 * network, a disk and processes that one seed rules. First things break (safety is judged), then all is healed and
 * progress is demanded (liveness is judged).
 */
import { createHash } from "node:crypto";
import { Breach, Oracle, Stops } from "./oracle.js";
import { Board, DEVICE_ID, LINK_HELD_BYTES_MAX } from "./board.js";
import { Companion, PORTS } from "./companion.js";
import { FAULTS } from "./faults.js";
import { Models } from "./models.js";
import { takeProgram, type Program } from "./platform/child.js";
import { Disk } from "./platform/disk-state.js";
import { takeGlobals } from "./platform/globals.js";
import { Network } from "./platform/network-state.js";
import { usePlatform, type Platform } from "./platform/platform.js";
import { ProcessTable } from "./platform/process-table.js";
import { clockOf, newLife, Time, type Life } from "./platform/time.js";
import { runPart } from "./part-process.js";
import { RENDERER, voiceProgram } from "./voice-part.js";
import type { Persona } from "../../src/conversation/persona.js";
import { nodeCrypto } from "../../src/gateway/node-crypto.js";
import { ResilienceError } from "../../src/resilience/errors.js";
import { RobotError } from "../../src/robot/robot-error.js";
import { seededChance, type Chance } from "../../src/time/chance.js";
import { linkCodeName } from "../../src/wire/errors.js";
import { BASE_DEG_MIN, NOD_DEG_MIN } from "../../src/wire/limits.js";
import { CLIENTS_MAX } from "../../src/gateway/tcp-door.js";
import type { StandbyRenderer } from "../../src/voice/standby/standby.js";

/** `LOOK` has so many bases and nods: each command of a run is another. */
const BASES = 160;
const COMMANDS_MAX = 160 * 70;
/** Two attempts of a policy's deadline, and the queue before it. */
const COMMAND_MS_MAX = 4000;
/** The turn's budget, its longest speech, and its exit with a robot that does not answer. */
const TURN_MS_MAX = 100_000;
const LOOK_AT_MS = 1000;
/** A start that hangs is the supervisor's longest wait; none does here, so its back-off is: 30 s, and a stop before that. */
export const HEAL_MS_MAX = 120_000;
/** Timers of one process that may wait. */
const TIMERS_MAX = 200;
const SOCKET_HELD_BYTES_MAX = 256 * 1024;
const TRACES_KEPT = 51;
const SETTINGS_MAX = 290;
/** The silence rule, the looks at it, and the ways of the news. */
const GONE_MS_MAX = 5000;

const GATEWAY = "gateway/main.js";
const VOICE = "voice/main.js";
const PROGRAM_OF: Readonly<Record<string, string>> = { gateway: GATEWAY, voice: VOICE };
const SAID = ["How are you?", "What do you see?", "Tell me something.", "Are you well?"];

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
  private readonly people: Chance;
  private readonly product: Chance;
  private readonly undo = new Set<() => void>();
  private standby: StandbyRenderer | undefined;
  private command = 0;
  /** The first few numbers mean a sender that has started again (PROTOCOL §3). */
  private seq = 20;
  private unlinkedSinceMs: number | undefined;
  private setting = 0;
  private isHealing = false;
  private writesLeft: { life: Life; count: number } | undefined;
  private healedAtMs = 0;
  private turns = 0;
  private playedAtHeal = 0;
  private readonly met = new Map<string, number>();
  private breach: string | undefined;
  private isSaying = false;
  private isCommanding = false;
  private deaths: Record<string, number> = {};

  constructor(
    readonly seed: number,
    private readonly programs: Programs,
  ) {
    const of = (n: number): Chance => seededChance((seed * 4 + n) * 2_654_435_761);
    this.chance = of(0);
    this.people = of(1);
    this.product = of(2);
    const { time } = this;
    this.network = new Network(time, of(3));
    this.processes = new ProcessTable(time, this.network, this.chance);
    this.models = new Models(time);
    this.oracle = new Oracle(
      () => time.nowMs,
      (breach) => this.fail(breach),
      this.robotStopped,
      this.companionStopped,
    );
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
          this.oracle.sessionOpened(generation);
        },
        sessionEnded: (code) => {
          this.note(`robot: session ended, ${linkCodeName(code)}`);
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
      await time.runUntil(endMs, () => isOver() || this.met.size === DEMANDS.length);
      if (!isOver() && this.met.size < DEMANDS.length) {
        const missing = DEMANDS.filter(({ name }) => !this.met.has(name)).map(({ name }) => name);
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
      undefined,
    );
  }

  robotOff(ms: number): void {
    this.board.powerOff();
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

  killPart(name: string): void {
    for (const process of this.processes.alive(PROGRAM_OF[name] ?? ""))
      process.end(null, "SIGKILL");
  }

  killWhileWriting(name: string, count: number): void {
    const [process] = this.processes.alive(PROGRAM_OF[name] ?? "");
    if (process) this.writesLeft = { life: process.life, count };
  }

  stopPart(name: string, ms: number): void {
    for (const { life } of this.processes.alive(PROGRAM_OF[name] ?? "")) this.stopLife(life, ms);
  }

  restartPart(name: string): void {
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
    this.time.after(ms, () => socket.destroy(), undefined);
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
    processes.programs.set(GATEWAY, start(this.programs.gateway));
    processes.programs.set(RENDERER, start(this.programs.renderer));
    processes.programs.set(
      VOICE,
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
    this.each(LOOK_AT_MS, undefined, () => this.lookAtBounds());
    this.each(250, undefined, () => this.demand());
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
      this.time.after(1000 + chance.next() * (faultMs - 1000), () => this.inject(name), undefined);
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
        const what = this.people.next();
        if (what < 0.55) void this.look(life);
        else if (what < 0.7) void this.stop(life);
        else if (what < 0.82) this.ownerSets();
        else if (what < 0.9) void this.say(life);
        else if (what < 0.94) this.companion?.conversation.stop();
      }
      this.time.after(200 + this.people.next() * 800, act, life);
    };
    this.time.after(700, act, life);
  }

  /** One command, which nobody has sent before. @returns whether the robot said yes. */
  private async look(life: Life): Promise<boolean> {
    const { companion, oracle } = this;
    if (companion === undefined || this.command >= COMMANDS_MAX) return false;
    const n = ++this.command;
    oracle.sent(n);
    const over = oracle.wait(`command ${n}`, COMMAND_MS_MAX, life);
    const line = `LOOK:${BASE_DEG_MIN + (n % BASES)},${NOD_DEG_MIN + Math.floor(n / BASES)}`;
    try {
      const reply = await companion.robot.send(line);
      const isYes = reply.includes('"ok":true');
      this.note(`command ${n}: ${reply}`);
      oracle.answered(n, "ok");
      return isYes;
    } catch (error) {
      const { answer, code } = answerOf(error);
      this.note(`command ${n}: ${code}`);
      oracle.answered(n, answer);
      return false;
    } finally {
      over();
    }
  }

  private async stop(life: Life): Promise<void> {
    const { companion, oracle } = this;
    if (companion === undefined) return;
    const ended = oracle.stop();
    const over = oracle.wait("a stop", COMMAND_MS_MAX, life);
    try {
      const reply = await companion.robot.send("IDLE");
      this.note(`stop: ${reply}`);
      ended(reply.includes('"ok":true'));
    } catch (error) {
      this.note(`stop: ${answerOf(error).code}`);
      ended(false);
    } finally {
      over();
    }
  }

  private async say(life: Life): Promise<boolean> {
    const { companion, oracle, people } = this;
    if (companion === undefined) return false;
    const turn = ++this.turns;
    const over = oracle.wait(`turn ${turn}`, TURN_MS_MAX, life);
    const text = SAID[Math.floor(people.next() * SAID.length)] as string;
    this.note(`turn ${turn}: somebody says "${text}"`);
    const report = await companion.conversation.say(text, { source: "api" });
    over();
    const { outcome, model, safeMode, reply, code } = report;
    this.note(`turn ${turn}: ${outcome} ${code ?? ""} by ${model}: "${reply}"`);
    return outcome === "done" && !safeMode && model.startsWith("openai/") && reply !== "";
  }

  private noteExecuted(line: string): void {
    const look = /^LOOK:(\d+),(\d+)$/.exec(line);
    if (look) {
      const low = Number(look[1]) - BASE_DEG_MIN;
      this.oracle.executed((Number(look[2]) - NOD_DEG_MIN) * BASES + low);
    }
    if (line !== "QUERY") this.note(`robot: ${line}`);
  }

  private lookAtBounds(): void {
    const { oracle, board, companion } = this;
    oracle.lookAtWaits();
    oracle.bounded("bytes in the robot's link", board.heldBytesMax, LINK_HELD_BYTES_MAX);
    for (const socket of this.network.sockets) {
      oracle.bounded("bytes in a socket", socket.heldBytes(), SOCKET_HELD_BYTES_MAX);
    }
    for (const { life, name } of this.processes.all.values()) {
      oracle.bounded(`timers of ${name}`, life.timers, TIMERS_MAX);
    }
    for (const [name, end] of Object.entries(PROGRAM_OF)) {
      const mine = this.processes.alive(end).filter(({ parent }) => parent === this.companionLife);
      oracle.bounded(`processes of ${name}`, mine.length, 1);
    }
    if (companion === undefined || this.companionLife.isDead) return;
    oracle.bounded("timers of the companion", this.companionLife.timers, TIMERS_MAX);
    oracle.bounded("turns kept", companion.conversation.turns.length, TRACES_KEPT);
    oracle.bounded("changes kept", companion.supervisor.changes().length, 200);
    for (const { backend, state, retryInMs } of companion.resilience.view().breakers) {
      if (state === "open")
        oracle.bounded(`wait of breaker ${backend}`, retryInMs ?? Infinity, 30_000);
      if (state === "isolated")
        oracle.breach(`breaker ${backend} is isolated, and nobody did that`);
    }
    this.lookAtGateway(companion);
  }

  private lookAtGateway(companion: Companion): void {
    const { oracle } = this;
    const gateway = companion.supervisor.view().find(({ name }) => name === "gateway");
    const status = gateway?.status as
      | {
          linked?: boolean;
          sessions?: number;
          streams?: number;
          unproven?: number;
          tcp?: { clients: number };
        }
      | undefined;
    const { nowMs } = this.time;
    const [process] = this.processes.alive(GATEWAY);
    const stoppedMs = Math.max(
      this.companionLife.stoppedUntilMs,
      process?.life.stoppedUntilMs ?? nowMs,
    );
    if (this.board.isLinked()) this.unlinkedSinceMs = undefined;
    else this.unlinkedSinceMs ??= nowMs;
    // Everybody must have had the time to notice.
    const sinceMs = Math.max(this.unlinkedSinceMs ?? nowMs, stoppedMs);
    const isSaid = status?.linked === true && gateway?.phase === "running";
    if (isSaid)
      oracle.bounded(
        "ms for which a robot that is gone counts as linked",
        nowMs - sinceMs,
        GONE_MS_MAX,
      );
    oracle.bounded("sessions of one robot", status?.sessions ?? 0, 1);
    oracle.bounded("streams of the robot", status?.streams ?? 0, 16);
    oracle.bounded("unproven connections", status?.unproven ?? 0, 16);
    oracle.bounded("clients of the robot's door", status?.tcp?.clients ?? 0, CLIENTS_MAX);
  }

  // The healing and its demands.

  private heal(): void {
    this.note("HEAL");
    this.isHealing = true;
    this.healedAtMs = this.time.nowMs;
    this.writesLeft = undefined;
    this.board.cut = undefined;
    for (const undo of [...this.undo]) undo();
    this.undo.clear();
    this.playedAtHeal = this.companion?.voice.played ?? 0;
    // A person looks after what was given up, and mostly does not wait for what would come by itself.
    const isPatient = this.people.next() < 0.05;
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

  /** Asks each demand that is not met yet. */
  private demand(): void {
    const { companion } = this;
    if (!this.isHealing || companion === undefined) return;
    for (const { name, isMet } of DEMANDS) {
      if (this.met.has(name) || !isMet(this, companion)) continue;
      const ms = this.time.nowMs - this.healedAtMs;
      this.met.set(name, ms);
      this.note(`MET ${name}, ${(ms / 1000).toFixed(1)} s after the healing`);
    }
    if (!this.met.has(COMMANDED) && !this.isCommanding) {
      this.isCommanding = true;
      const { companionLife: life } = this;
      this.time.after(0, () => void this.look(life).then((isYes) => this.commanded(isYes)), life);
    }
    const isTalkDue = !this.met.has(TURNED) || !this.met.has(HEARD);
    if (isTalkDue && !this.isSaying && companion.conversation.phase === "idle") {
      this.isSaying = true;
      const { companionLife: life } = this;
      this.time.after(0, () => void this.say(life).then((isGood) => this.turned(isGood)), life);
    }
    if (this.setting < SETTINGS_MAX + 1 && !this.isSettingDue && this.board.keeper !== undefined) {
      this.isSettingDue = true;
      this.board.set(++this.setting);
    }
  }

  wasCommanded = false;
  wasTurned = false;
  isSettingDue = false;

  private commanded(isYes: boolean): void {
    this.isCommanding = false;
    this.wasCommanded ||= isYes || this.wasTrackingRefusal();
  }

  /** While a face is followed the robot refuses to look elsewhere, and says so: that is an answer too. */
  private wasTrackingRefusal(): boolean {
    return this.trace.at(-1)?.includes("tracking_active") === true;
  }

  private turned(isGood: boolean): void {
    this.isSaying = false;
    this.wasTurned ||= isGood;
  }

  get isSpoken(): boolean {
    return (this.companion?.voice.played ?? 0) > this.playedAtHeal;
  }

  get isStandbyWhole(): boolean {
    return this.standby?.view().slots.every(({ phase }) => phase === "ready") === true;
  }

  // How it ends.

  private partFailed(name: string, error: unknown): void {
    const { code } = error as { code?: string };
    this.note(`${name} fails: ${String(error)}`);
    this.deaths[name] = (this.deaths[name] ?? 0) + 1;
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
      healMs: Math.max(0, ...this.met.values()),
      simulatedMs: time.nowMs,
      events: time.events,
      faults: this.faults,
      counts: {
        commands: oracle.commands.size,
        executed: oracle.executedCount,
        faces: oracle.facesSeen,
        saves: oracle.saves,
        turns: this.turns,
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

const COMMANDED = "a command is answered";
const HEARD = "a sentence is heard to its end";
const TURNED = "a turn is answered by the first model";

interface Demand {
  readonly name: string;
  isMet(world: World, companion: Companion): boolean;
}

const DEMANDS: readonly Demand[] = [
  {
    name: "the link is up",
    isMet: ({ board }, { robot }) => board.isLinked() && robot.isLinked,
  },
  { name: COMMANDED, isMet: ({ wasCommanded }) => wasCommanded },
  { name: TURNED, isMet: ({ wasTurned }) => wasTurned },
  { name: HEARD, isMet: ({ isSpoken }) => isSpoken },
  {
    name: "a face is followed",
    isMet: ({ oracle, time }) => time.nowMs - oracle.lastFaceMs < 500,
  },
  {
    name: "what the owner set is saved, and mirrored",
    isMet: ({ board, isSettingDue, oracle }, { memory }) => {
      const { keeper } = board;
      if (!isSettingDue || keeper === undefined || board.setting !== oracle.acked.setting)
        return false;
      const { generation } = keeper.journal;
      return generation > 0 && memory.mirror.view(DEVICE_ID)?.generation === generation;
    },
  },
  {
    name: "all parts run",
    isMet: (_world, { supervisor }) => supervisor.view().every(({ ready }) => ready),
  },
  { name: "both renderers are ready", isMet: ({ isStandbyWhole }) => isStandbyWhole },
  {
    name: "every breaker is closed",
    isMet: (_world, { resilience }) =>
      resilience.view().breakers.every(({ state, backend }) => {
        // The second model is asked only when the first one fails.
        return state === "closed" || (backend.includes("second") && state !== "isolated");
      }),
  },
  { name: "no request to a model is left open", isMet: ({ models }) => models.open === 0 },
];

function answerOf(error: unknown): { answer: "notSent" | "unknown"; code: string } {
  if (error instanceof ResilienceError) {
    const isSent = error.code === "RESILIENCE_DEADLINE";
    return { answer: isSent ? "unknown" : "notSent", code: error.code };
  }
  if (!(error instanceof RobotError)) throw error;
  const isSent = error.code === "ROBOT_TIMEOUT" || error.code === "ROBOT_OUTCOME_UNKNOWN";
  return { answer: isSent ? "unknown" : "notSent", code: error.code };
}

/** Imports the parts' own programs. The platform's hooks must be in place. */
export async function loadPrograms(persona: Persona): Promise<Programs> {
  await import("../../src/gateway/main.js");
  const gateway = takeProgram();
  await import("../../src/voice/standby/renderer-main.js");
  return { gateway, renderer: takeProgram(), persona };
}
