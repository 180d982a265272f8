/** A robot of a world of the floor: the holder's core with what happens to processes and networks. */
import {
  BEAT_STOPPED_MS,
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
import { PageTimes } from "../../src/voice/fence.js";
import type { FloorWorld } from "./floor-world.js";
import { CHUNK_MS, Page } from "./world-page.js";
import type { OwnClock } from "./world-time.js";

const CALL_MS = 500;
/** Sound is sent this far ahead of the listener. */
const AHEAD_CHUNKS = 4;

export class Robot {
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
