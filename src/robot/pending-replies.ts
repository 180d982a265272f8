/**
 * Requests that wait for their answer, by id. One ledger, one way out for all of them: an answer, the
 * deadline, or `settleAll` when the connection is gone. An answer nobody waits for is counted, not thrown.
 */
import type { CancelTimer, Clock } from "../time/clock.js";
import { RobotError } from "./robot-error.js";

interface Pending {
  line: string;
  openedAtMs: number;
  resolve: (reply: string) => void;
  reject: (error: RobotError) => void;
  cancel: CancelTimer;
}

/** Whoever comes last is answered by then, at the pace that the robot has shown: well below the deadline of a command. */
const WAIT_MS_MAX = 400;
/** So many may wait for a robot of any pace. */
const COUNT_MIN = 8;
/** Share of the newest in the mean: the answers of one slice come together. */
const NEWEST = 0.1;

export class PendingReplies {
  /** Answers that came after their deadline or that nobody asked for. */
  unclaimedCount = 0;
  private readonly byId = new Map<number, Pending>();
  private lastId = 0;
  /** Mean time that an answer takes the robot, ms: since its request or since the answer before, whichever was later. */
  private answerMs = 0;
  private answeredAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly countMax: number,
  ) {}

  get count(): number {
    return this.byId.size;
  }

  /**
   * Opens a request and passes its id to `send`.
   * @param isVital taken however many wait
   * @throws RobotError ROBOT_BUSY when `countMax` requests wait, or more than the robot's pace allows, ROBOT_TIMEOUT after `deadlineMs`.
   */
  open(
    line: string,
    deadlineMs: number,
    send: (id: number) => void,
    isVital = false,
  ): Promise<string> {
    const max = this.maxNow();
    if (this.byId.size >= max && !isVital) {
      return Promise.reject(
        new RobotError("ROBOT_BUSY", `at most ${max} commands may wait for the robot`),
      );
    }
    const id = (this.lastId = (this.lastId % 999_999_999) + 1);
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(deadlineMs, () => {
        this.byId.delete(id);
        reject(
          new RobotError("ROBOT_TIMEOUT", `no answer to "${brief(line)}" within ${deadlineMs} ms`),
        );
      });
      this.byId.set(id, { line, openedAtMs: this.clock.nowMs(), resolve, reject, cancel });
      send(id);
    });
  }

  settle(id: number, reply: string): void {
    const pending = this.byId.get(id);
    if (!pending) {
      this.unclaimedCount++;
      return;
    }
    this.byId.delete(id);
    this.noteAnswer(pending);
    pending.cancel();
    pending.resolve(reply);
  }

  /** How many may wait: as many as a robot of this pace answers in time. More would only be timeouts, which look like its failure. */
  private maxNow(): number {
    return Math.min(this.countMax, Math.max(COUNT_MIN, Math.floor(WAIT_MS_MAX / this.answerMs)));
  }

  private noteAnswer({ openedAtMs }: Pending): void {
    const nowMs = this.clock.nowMs();
    const tookMs = nowMs - Math.max(openedAtMs, this.answeredAtMs);
    this.answerMs += NEWEST * (tookMs - this.answerMs);
    this.answeredAtMs = nowMs;
  }

  /** Ends every wait: the outcome of these commands is unknown, and they are not sent again. */
  settleAll(reason: string): void {
    for (const pending of this.byId.values()) {
      pending.cancel();
      pending.reject(
        new RobotError(
          "ROBOT_OUTCOME_UNKNOWN",
          `${reason} before the answer to "${brief(pending.line)}"; it may have been carried out`,
        ),
      );
    }
    this.byId.clear();
  }
}

/** At most 40 characters of a line, for messages. */
function brief(line: string): string {
  return line.length <= 40 ? line : `${line.slice(0, 40)}…`;
}
