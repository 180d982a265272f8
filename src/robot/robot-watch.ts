/**
 * What the companion knows of the robot: its QUERY fields, polled while it is linked, its head's pose, and
 * how old all of that is. After the link is lost the last fields stay, marked with their age; none of them is used to decide.
 */
import { reasonOf } from "../host/reason.js";
import { isResilienceError } from "../resilience/errors.js";
import type { Backend, Policies } from "../resilience/policies.js";
import type { Policy } from "../resilience/policy.js";
import { RobotClient } from "./robot-client.js";
import { RobotError } from "./robot-error.js";
import { ownerLine } from "./owner-line.js";
import { isStopLine } from "./stop-lines.js";
import type { Chance } from "../time/chance.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { queryFields, type QueryFields } from "./query.js";
import type { Pose } from "./pose.js";
import type { RobotCommands } from "./commands.js";

/** Twice what the old host asks; the head's pose comes by push and needs no poll. */
const QUERY_PERIOD_MS = 1000;

/** Above the client's own deadline (1 s), which has the better words. */
const ATTEMPT_MS_MAX = 1500;

/**
 * Only a robot that was asked and did not answer speaks against it: one that is away is known to be away by its link, and
 * is back with its link (`recovered`), not 30 s later.
 */
const ROBOT: Backend = {
  id: "robot",
  title: "Robot's commands",
  remedy: "If it lasts, look at the robot's log and switch it off and on.",
  watchedBy: "robot",
  countsAsFailure: (error) =>
    isResilienceError(error, "RESILIENCE_DEADLINE") ||
    (error instanceof RobotError &&
      (error.code === "ROBOT_TIMEOUT" || error.code === "ROBOT_OUTCOME_UNKNOWN")),
};

export interface RobotWatchDeps {
  /** `host:port` of the forwarded WebSocket; undefined while it is not open. */
  readonly door: () => string | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly policies: Policies;
  /** Takes what the head does; forgets it when the robot is lost. */
  readonly poses: { push(pose: Pose): void; clear(): void };
  /** Told that the robot itself was heard, or cannot be heard any more. */
  readonly sights: { robotHeard(): void; robotLost(why: string): void };
  /** Called when something that people see has changed. */
  readonly onChange: () => void;
  readonly log: (level: "info" | "warn", message: string) => void;
  /** What the door asks for, if it does. */
  readonly token: string | undefined;
}

export class RobotWatch implements RobotCommands {
  /** Round trip of the newest QUERY, ms. */
  rttMs: number | undefined;
  private fields: QueryFields = queryFields.parse({});
  private queriedMs: number | undefined;
  private isAsking = false;
  private cancelPoll: CancelTimer = () => undefined;
  private readonly client: RobotClient;
  private readonly commands: Policy;
  private readonly stops: Policy;
  private readonly queries: Policy;

  constructor(private readonly deps: RobotWatchDeps) {
    const { door, clock, chance, policies, poses, token } = deps;
    // Nothing is tried twice: what the robot has perhaps done already must not be done again.
    const spec = { backend: ROBOT, attemptMs: ATTEMPT_MS_MAX, retry: "never" } as const;
    this.commands = policies.policy("robot command", spec);
    this.stops = policies.policy("robot stop", { ...spec, isVital: true });
    this.queries = policies.policy("robot query", spec);
    this.client = new RobotClient(
      door,
      {
        onOpen: () => {
          policies.recovered(ROBOT.id, "the robot's link is open again");
          deps.log("info", "the robot answers");
          void this.query();
          deps.onChange();
        },
        onLost: (reason) => {
          poses.clear();
          deps.sights.robotLost(reason);
          deps.log("warn", `the robot is out of reach: ${reason}`);
          deps.onChange();
        },
        onPose: (pose) => {
          deps.sights.robotHeard();
          poses.push(pose);
        },
      },
      clock,
      chance,
      token,
    );
  }

  start(): void {
    this.client.start();
    this.cancelPoll = this.deps.clock.every(QUERY_PERIOD_MS, () => void this.query());
  }

  stop(): void {
    this.cancelPoll();
    this.client.stop();
  }

  /** The link to the robot has just opened. */
  kick(): void {
    this.client.kick();
  }

  get isLinked(): boolean {
    return this.client.isLinked;
  }

  get lastFields(): QueryFields {
    return this.fields;
  }

  /** Age of the fields; undefined when the robot was never asked. */
  get queryAgeMs(): number | undefined {
    return this.queriedMs === undefined ? undefined : this.deps.clock.nowMs() - this.queriedMs;
  }

  /** @throws RobotError when the robot gave no answer, ResilienceError when it was not asked. */
  send(line: string, by?: "owner"): Promise<string> {
    const policy = isStopLine(line) ? this.stops : this.commands;
    const sent = by === "owner" ? ownerLine(line) : line;
    return policy.run(() => this.client.command(sent));
  }

  private async query(): Promise<void> {
    if (this.isAsking || !this.client.isLinked) return;
    this.isAsking = true;
    const startMs = this.deps.clock.nowMs();
    try {
      const reply = await this.queries.run(() => this.client.command("QUERY"));
      this.deps.sights.robotHeard();
      const parsed = queryFields.safeParse(JSON.parse(reply));
      if (!parsed.success) {
        this.deps.log(
          "warn",
          `the robot's state is not understood: ${parsed.error.issues[0]?.message}`,
        );
        return;
      }
      this.fields = parsed.data;
      this.queriedMs = this.deps.clock.nowMs();
      this.rttMs = Math.round((this.queriedMs - startMs) * 10) / 10;
      this.deps.onChange();
    } catch (error) {
      // A robot that goes away in the middle is reported by `onLost`; anything else is worth a line.
      // One that is not asked for now (its breaker is open) has had its line.
      const isKnown = !this.client.isLinked || isResilienceError(error, "RESILIENCE_OPEN");
      if (!isKnown) this.deps.log("warn", `QUERY failed: ${reasonOf(error)}`);
    } finally {
      this.isAsking = false;
    }
  }
}
