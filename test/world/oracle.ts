/**
 * What must hold whatever breaks, judged from outside: by what the robot really did, what the companion was told, and what
 * everybody holds. A breach ends the run.
 */

/** How a command ended for whoever sent it. */
export type Answer = "waiting" | "ok" | "refused" | "notSent" | "unknown";

interface Sent {
  readonly sentMs: number;
  readonly order: number;
  answer: Answer;
  executed: number;
}

interface Wait {
  readonly what: string;
  readonly startMs: number;
  readonly msMax: number;
  readonly life: { readonly isDead: boolean };
}

/** When somebody was stopped: that time is nobody's lateness. */
export class Stops {
  private readonly spans: { fromMs: number; untilMs: number }[] = [];

  add(fromMs: number, ms: number): void {
    const last = this.spans.at(-1);
    const untilMs = fromMs + ms;
    if (last !== undefined && last.untilMs >= fromMs) {
      last.untilMs = Math.max(last.untilMs, untilMs);
    } else this.spans.push({ fromMs, untilMs });
  }

  /** How much of that time was such a stop, ms. */
  within(fromMs: number, untilMs: number): number {
    let ms = 0;
    for (const span of this.spans) {
      ms += Math.max(0, Math.min(span.untilMs, untilMs) - Math.max(span.fromMs, fromMs));
    }
    return ms;
  }
}

/** A command that is carried out later than this after it was said is worse than none: silence is known before. */
const COMMAND_AGE_MS_MAX = 3500;
/** As a command, and the picture's own age. */
const FACE_AGE_MS_MAX = 3500;

const FACE_ORDER_MS = 1000;

export class Breach extends Error {}

export class Oracle {
  readonly commands = new Map<number, Sent>();
  executedCount = 0;
  facesSeen = 0;
  lastFaceMs = Number.NEGATIVE_INFINITY;
  saves = 0;
  acked = { generation: 0, setting: 0 };
  private order = 0;
  private lastExecuted = 0;
  private stopOrder = 0;
  private lastFace = 0;
  private lastGeneration = 0;
  private hasSession = false;
  private readonly settings = new Map<number, number>();
  private readonly faces = new Map<number, number>();
  private readonly waits = new Set<Wait>();
  /** The flash was wiped as a whole: what it held is the mirror's to give back. */
  isWiped = false;

  constructor(
    private readonly nowMs: () => number,
    /** Told of a breach before anybody can catch it. */
    private readonly onBreach: (breach: Breach) => void,
    private readonly robot: Stops,
    private readonly companion: Stops,
  ) {}

  breach(text: string): never {
    const breach = new Breach(text);
    this.onBreach(breach);
    throw breach;
  }

  // Commands.

  sent(n: number): Sent {
    const sent: Sent = {
      sentMs: this.nowMs(),
      order: ++this.order,
      answer: "waiting",
      executed: 0,
    };
    this.commands.set(n, sent);
    return sent;
  }

  answered(n: number, answer: Answer): void {
    const sent = this.commands.get(n) as Sent;
    sent.answer = answer;
    if (answer === "ok" && sent.executed !== 1) {
      this.breach(`command ${n} was answered ok and executed ${sent.executed} times`);
    }
    if (answer === "notSent" && sent.executed > 0) {
      this.breach(`command ${n} was refused before it was sent, and executed`);
    }
  }

  /** A stop begins; call the result with whether it was answered ok. */
  stop(): (isOk: boolean) => void {
    const order = ++this.order;
    return (isOk) => {
      if (isOk) this.stopOrder = Math.max(this.stopOrder, order);
    };
  }

  executed(n: number): void {
    this.executedCount++;
    const sent = this.commands.get(n);
    if (sent === undefined) return this.breach(`command ${n} was executed and never sent`);
    if (++sent.executed > 1) this.breach(`command ${n} was executed twice`);
    if (sent.answer === "notSent") this.breach(`command ${n} was executed after it was refused`);
    if (n < this.lastExecuted) this.breach(`command ${n} came after ${this.lastExecuted}`);
    this.lastExecuted = n;
    if (sent.order < this.stopOrder) this.breach(`command ${n} was executed after a later stop`);
    const ageMs = this.ageAtRobot(sent.sentMs);
    if (ageMs > COMMAND_AGE_MS_MAX) {
      this.breach(`command ${n} was executed ${Math.round(ageMs)} ms after it was said`);
    }
  }

  // Faces.

  faceTaken(seq: number): void {
    this.faces.set(seq, this.nowMs());
  }

  faceSeen(seq: number): void {
    this.facesSeen++;
    const takenMs = this.faces.get(seq);
    if (takenMs === undefined) return this.breach(`face ${seq} was never taken`);
    // A number is old for a second after the last one (PROTOCOL §3).
    const isSoon = this.nowMs() - this.lastFaceMs < FACE_ORDER_MS;
    if (isSoon && seq <= this.lastFace)
      this.breach(`face ${seq} was acted on after ${this.lastFace}`);
    this.lastFace = seq;
    this.lastFaceMs = this.nowMs();
    const ageMs = this.ageAtRobot(takenMs);
    if (ageMs > FACE_AGE_MS_MAX) {
      this.breach(`face ${seq} was ${Math.round(ageMs)} ms old`);
    }
  }

  /** The robot starts anew and knows of no face. */
  forgetFaces(): void {
    this.lastFace = 0;
  }

  // Sessions.

  sessionOpened(generation: number): void {
    if (this.hasSession) this.breach("two sessions of the robot are open at once");
    this.hasSession = true;
    if (generation <= this.lastGeneration) {
      this.breach(`session ${generation} was opened after ${this.lastGeneration}`);
    }
    this.lastGeneration = generation;
  }

  sessionEnded(): void {
    this.hasSession = false;
  }

  // The journal.

  saved(generation: number, setting: number): void {
    this.saves++;
    if (generation <= this.acked.generation && !this.isWiped) {
      this.breach(`generation ${generation} was saved after ${this.acked.generation}`);
    }
    this.acked = { generation, setting };
    this.settings.set(generation, setting);
  }

  booted(generation: number, setting: number): void {
    const { acked } = this;
    if (this.isWiped) {
      this.acked = { generation, setting };
      return;
    }
    if (generation < acked.generation) {
      this.breach(`generation ${acked.generation} was acknowledged, ${generation} was read`);
    }
    const known = this.settings.get(generation);
    if (known !== undefined && known !== setting) {
      this.breach(`generation ${generation} held setting ${known}, ${setting} was read`);
    }
  }

  // Waits.

  /** Somebody waits from now on; call the result when it is over. */
  wait(what: string, msMax: number, life: Wait["life"]): () => void {
    const wait = { what, startMs: this.nowMs(), msMax, life };
    this.waits.add(wait);
    return () => void this.waits.delete(wait);
  }

  lookAtWaits(): void {
    for (const wait of this.waits) {
      const waitedMs = this.nowMs() - wait.startMs;
      const ownMs = waitedMs - this.companion.within(wait.startMs, this.nowMs());
      if (wait.life.isDead) this.waits.delete(wait);
      else if (ownMs > wait.msMax) this.breach(`${wait.what} has no end`);
    }
  }

  /** Without the time in which the robot was stopped. */
  private ageAtRobot(sinceMs: number): number {
    const nowMs = this.nowMs();
    return nowMs - sinceMs - this.robot.within(sinceMs, nowMs);
  }

  bounded(what: string, value: number, max: number): void {
    if (value > max) this.breach(`${what}: ${value}, allowed ${max}`);
  }
}
