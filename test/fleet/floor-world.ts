/**
 * The floor in one process on simulated time: the server's core, robots with the holder's core, a page for each, a director, and
 * what happens to them: crashes, pauses, lost, late and repeated messages, clocks that run unequally, a server that restarts
 * with its state, without it, or as its own older copy, and whose clock is set.
 *
 * Judged from outside: two pages never sound at the same time; and once all is healed everybody who wants to speak does.
 */
import { direct, type StageView } from "../../src/fleet/director/director-core.js";
import {
  BEAT_STOPPED_MS,
  EMPTY_FLOOR,
  stepFloor,
  type Floor,
  type FloorAnswer,
  type FloorCommand,
  type Urgency,
} from "../../src/fleet/floor/floor-core.js";
import {
  holderDueMs,
  newHolder,
  stepHolder,
  type HolderEffect,
  type HolderInput,
  type HolderState,
} from "../../src/fleet/floor/holder-core.js";
import { seededChance, type Chance } from "../../src/time/chance.js";
import { audibleMs, PageTimes, type Fence } from "../../src/voice/fence.js";

/** A line of the product broken on purpose: the judge must see it. */
export type Mutation =
  | "the page plays beyond its fence"
  | "the next one need not wait for the beats to be old"
  | "a new server trusts its state"
  | "a lapsed holder goes on"
  | "it gives the floor back before its page is silent"
  | "a robot takes again what it gave back";

export const MUTATIONS: readonly Mutation[] = [
  "the page plays beyond its fence",
  "the next one need not wait for the beats to be old",
  "a new server trusts its state",
  "a lapsed holder goes on",
  "it gives the floor back before its page is silent",
  "a robot takes again what it gave back",
];

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
const CALL_MS = 500;
const CHUNK_MS = 100;
/** Sound is sent this far ahead of the listener. */
const AHEAD_CHUNKS = 4;
const LOOK_MS = 300;

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly fn: () => void;
}

/** True time and what is due in it. */
class Time {
  nowMs = 0;
  private order = 0;
  private readonly heap: Event[] = [];

  after(ms: number, fn: () => void): void {
    const event = { atMs: this.nowMs + Math.max(0, ms), order: this.order++, fn };
    let at = this.heap.push(event) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isSooner(event, this.heap[up] as Event)) break;
      this.heap[at] = this.heap[up] as Event;
      at = up;
    }
    this.heap[at] = event;
  }

  runUntil(endMs: number, isDone: () => boolean): void {
    for (let next = this.heap[0]; next !== undefined && next.atMs <= endMs; next = this.heap[0]) {
      this.pop();
      this.nowMs = next.atMs;
      next.fn();
      if (isDone()) return;
    }
    this.nowMs = endMs;
  }

  private pop(): void {
    const last = this.heap.pop() as Event;
    if (this.heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.heap.length) break;
      const right = child + 1;
      if (
        right < this.heap.length &&
        isSooner(this.heap[right] as Event, this.heap[child] as Event)
      )
        child = right;
      if (!isSooner(this.heap[child] as Event, last)) break;
      this.heap[at] = this.heap[child] as Event;
      at = child;
    }
    this.heap[at] = last;
  }
}

function isSooner(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** A clock that runs at its own rate from its own zero. */
class OwnClock {
  constructor(
    private readonly time: Time,
    private readonly rate: number,
    private readonly zeroMs: number,
  ) {}

  nowMs(): number {
    return this.zeroMs + this.time.nowMs * this.rate;
  }

  /** Own ms as ms of true time. */
  truly(ms: number): number {
    return ms / this.rate;
  }
}

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

class Server {
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

class Robot {
  spokeSinceHeal = false;
  private readonly clock: OwnClock;
  private page: Page;
  private state: HolderState = newHolder(0);
  private hasJoined = false;
  private life = 0;
  private isUp = true;
  private isPaused = false;
  private isCut = false;
  private inbox: (() => void)[] = [];
  private inFlight = 0;
  private speakUntilMs = 0;
  private sentMs = 0;
  private times = new PageTimes();
  private closeSeq = 0;

  constructor(
    private readonly world: FloorWorld,
    readonly id: string,
  ) {
    this.clock = world.clock();
    this.page = new Page(world, id, (pageMs, seq) => this.act(() => this.pageSaid(pageMs, seq)));
    this.begin();
  }

  pause(ms: number): void {
    this.isPaused = true;
    this.world.time.after(ms, () => this.resume());
  }

  crash(downMs: number): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.world.time.after(downMs, () => this.boot());
  }

  /** Its network is gone; it lives. */
  cut(ms: number): void {
    this.isCut = true;
    this.world.time.after(ms, () => (this.isCut = false));
  }

  heal(): void {
    this.isCut = false;
    if (!this.isUp) this.boot();
    this.resume();
  }

  private boot(): void {
    if (this.isUp) return;
    this.isUp = true;
    this.life += 1;
    this.state = newHolder(0);
    this.hasJoined = false;
    this.inbox = [];
    this.times = new PageTimes();
    this.inFlight = 0;
    this.begin();
  }

  private resume(): void {
    this.isPaused = false;
    for (const act of this.inbox.splice(0)) act();
  }

  /** Something happens to the process of this life; a stopped one sees it when it goes on. */
  private act(fn: () => void): void {
    const { life } = this;
    const run = (): void => {
      if (this.life === life && this.isUp) fn();
    };
    if (this.isPaused) this.inbox.push(run);
    else run();
  }

  private begin(): void {
    const { chance, time } = this.world;
    const { life } = this;
    const next = (): void => {
      if (this.life !== life) return;
      this.act(() => {
        if (!this.hasJoined) return this.join();
        const { isHealed } = this.world;
        if (this.state.kind !== "idle" && !(isHealed && this.state.kind === "asking")) return;
        this.tellPage();
        // Who is more urgent may keep others waiting for ever: progress is demanded among equals.
        const urgency = isHealed ? 1 : (Math.floor(chance.next() * 3) as Urgency);
        this.feed({ type: "want", urgency });
      });
      time.after(500 + chance.next() * (this.world.isHealed ? 1000 : 6000), next);
    };
    // A new life does not know what its page still plays of the one before: the edge lets it ask after this.
    time.after(this.clock.truly(BEAT_STOPPED_MS) + chance.next() * 3000, next);
    this.beat();
    this.pump(life);
  }

  private join(): void {
    if (this.isCut) return;
    this.world.carry(() =>
      this.world.server.join((token) =>
        this.act(() => {
          if (this.hasJoined || this.isCut) return;
          this.hasJoined = true;
          this.state = newHolder(token);
        }),
      ),
    );
  }

  /** What the edge does with its one timer. */
  private beat(): void {
    const { life } = this;
    this.world.time.after(20, () => {
      if (this.life !== life) return;
      this.act(() => {
        const dueMs = holderDueMs(this.state);
        if (dueMs !== undefined && this.clock.nowMs() >= dueMs) this.feed({ type: "tick" });
      });
      this.beat();
    });
  }

  /** Its sound on the way to the page: the gate is looked at right before each piece. */
  private pump(life: number): void {
    if (this.life !== life) return;
    this.act(() => {
      const nowMs = this.clock.nowMs();
      if (this.state.kind !== "holding") return;
      const { token, mayUntilMs } = this.state;
      if (nowMs >= this.speakUntilMs) return this.feed({ type: "done" });
      const ahead = AHEAD_CHUNKS * CHUNK_MS;
      while (nowMs < mayUntilMs && this.sentMs < nowMs + ahead && this.sentMs < this.speakUntilMs) {
        this.sentMs += CHUNK_MS;
        this.page.sound(token);
      }
    });
    this.world.time.after(CHUNK_MS / 2, () => this.pump(life));
  }

  private feed(input: HolderInput): void {
    const isStubborn = this.world.mutation === "a lapsed holder goes on";
    if (isStubborn && "mayUntilMs" in this.state && input.type !== "answer") {
      this.state = { ...this.state, mayUntilMs: this.clock.nowMs() + 1000 };
    }
    const { state, effects } = stepHolder(this.state, input, this.clock.nowMs());
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
  }

  private carryOut(effect: HolderEffect): void {
    switch (effect.type) {
      case "take": {
        const isForgetful = this.world.mutation === "a robot takes again what it gave back";
        const { urgency, seen } = effect;
        return this.call({ op: "take", robot: this.id, urgency, seen: isForgetful ? 0 : seen });
      }
      case "beat":
        this.tellPage();
        return this.call({ op: "beat", robot: this.id, token: effect.token, isSounding: true });
      case "leave":
        return this.call({ op: "leave", robot: this.id, token: effect.token });
      case "open":
        return this.tellPage();
      case "close": {
        this.page.fence(undefined, ++this.closeSeq);
        if (this.world.mutation === "it gives the floor back before its page is silent")
          this.world.time.after(0, () => this.act(() => this.feed({ type: "silent" })));
        return;
      }
      case "granted":
        this.world.grants += 1;
        this.sentMs = this.clock.nowMs();
        this.speakUntilMs = this.sentMs + 500 + this.world.chance.next() * 6000;
        return;
      case "lost":
      case "full":
        return;
    }
  }

  private tellPage(): void {
    const nowMs = this.clock.nowMs();
    const { state } = this;
    const untilMs =
      state.kind === "holding" ? this.times.toPage(state.mayUntilMs, nowMs) : undefined;
    const token = "token" in state ? state.token : 0;
    this.page.fence({ token, untilMs: untilMs ?? Number.NEGATIVE_INFINITY }, 0);
  }

  private pageSaid(pageMs: number, seq: number): void {
    this.times.note(pageMs, this.clock.nowMs());
    if (seq > 0 && seq === this.closeSeq) this.feed({ type: "silent" });
  }

  private call(command: FloorCommand): void {
    if (this.inFlight > 0 && command.op !== "leave") return;
    const { life } = this;
    const sentMs = this.clock.nowMs();
    let isOver = false;
    if (command.op !== "leave") this.inFlight += 1;
    const end = (input: HolderInput): void => {
      if (isOver || this.life !== life) return;
      isOver = true;
      if (command.op !== "leave") this.inFlight -= 1;
      this.feed(input);
    };
    this.world.time.after(this.clock.truly(CALL_MS), () => this.act(() => end({ type: "failed" })));
    if (this.isCut) return;
    this.world.carry(() => {
      if (this.isCut) return;
      this.world.server.ask(command, (answer) => {
        if (this.isCut) return;
        this.act(() => {
          end({ type: "answer", sentMs, answer });
        });
      });
    });
  }

  /** For the judge of progress. */
  heardByPage(): void {
    this.spokeSinceHeal ||= this.world.isHealed;
  }
}

/** Plays what comes, in order, on a clock of its own; lives on when its robot does not. */
class Page {
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
