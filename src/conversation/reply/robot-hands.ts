/**
 * The conversation's robot commands, one after the other, never two turns mixed. Lines of a turn that is over are dropped unless
 * they belong to its exit; a turn of which the robot was told nothing needs no exit either. So whatever happens in the
 * same moment, what waits is bounded: the exit of one turn and the lines of the next.
 */
import { reasonOf } from "../../host/reason.js";

export interface HandLine {
  readonly turnId: string;
  readonly line: string;
  readonly isRestore: boolean;
  /** Asked for by a person: done although a face is followed. */
  readonly isOwners?: boolean;
}

/** refused: the robot said no; lost: no answer. */
export type HandOutcome = "ok" | "refused" | "lost";

export interface RobotPort {
  /** Resolves with the robot's reply, JSON as text; rejects when there is none. */
  send(line: string, by?: "owner"): Promise<string>;
}

/** An exit that got no answer is said this often: a loop must not go on because an answer was lost. */
const RESTORE_TRIES = 2;

export class RobotHands {
  private readonly waiting: HandLine[] = [];
  /** The turns that the robot knows of, newest last; exits of others are not needed. */
  private toldTurnId = "";
  private isBusy = false;

  constructor(
    private readonly robot: RobotPort,
    private readonly onDone: (line: HandLine, outcome: HandOutcome, why: string) => void,
  ) {}

  add(line: HandLine): void {
    if (line.isRestore) {
      this.drop(line.turnId);
      const isOwnWord = line.turnId === "idle" || line.turnId === "listening";
      if (!isOwnWord && line.turnId !== this.toldTurnId) return;
    }
    this.waiting.push(line);
    if (!this.isBusy) void this.work();
  }

  /** Lines of a turn that wait and are no exit are void. */
  private drop(turnId: string): void {
    const kept = this.waiting.filter((line) => line.isRestore || line.turnId !== turnId);
    this.waiting.splice(0, this.waiting.length, ...kept);
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      this.toldTurnId = next.turnId;
      await this.send(next);
    }
    this.isBusy = false;
  }

  private async send(line: HandLine): Promise<void> {
    const tries = line.isRestore ? RESTORE_TRIES : 1;
    let why = "";
    for (let attempt = 1; attempt <= tries; attempt++) {
      try {
        const reply = await this.robot.send(line.line, line.isOwners ? "owner" : undefined);
        const isRefused = /"ok"\s*:\s*false/.test(reply);
        this.onDone(line, isRefused ? "refused" : "ok", isRefused ? reply : "");
        return;
      } catch (error) {
        // Whatever went wrong, the next line must have its turn. A robot that is away ends its loops by itself
        // after 2 s of silence (docs/architecture/firmware.md "Silence").
        why = reasonOf(error);
        if ((error as { code?: unknown } | null)?.code === "ROBOT_AWAY") break;
      }
    }
    this.onDone(line, "lost", why);
  }
}
