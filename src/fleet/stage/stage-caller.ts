/** Calls of one caller at one stage: says them, reads the answer, and keeps whether the stage answers at all. */
import type { Clock } from "../../time/clock.js";
import type { FleetConnection } from "../redis/connection.js";
import {
  readStage,
  stageArguments,
  stageKeys,
  type Caller,
  type StageCommand,
  type StageReading,
} from "./stage-calls.js";

export interface StageCallerDeps {
  readonly stage: string;
  readonly id: string;
  /** "" for who is no member. */
  name(): string;
  readonly clock: Clock;
}

export class StageCaller {
  readonly stage: string;
  readonly id: string;
  readonly channel: string;
  readonly eventKeys: readonly [string, string];
  private readonly keys: ReturnType<typeof stageKeys>;

  constructor(
    private readonly deps: StageCallerDeps,
    private readonly connection: () => FleetConnection,
  ) {
    this.stage = deps.stage;
    this.id = deps.id;
    this.keys = stageKeys(deps.stage);
    this.channel = this.keys.channel;
    this.eventKeys = this.keys.events;
  }

  /** @throws FleetError or ResilienceError */
  call(command: StageCommand): Promise<StageReading> {
    return this.on(this.keys.stage, command, { id: this.id, name: this.deps.name() });
  }

  /** The same on the lease of the directors. */
  asDirector(command: StageCommand): Promise<StageReading> {
    return this.on(this.keys.director, command, { id: this.id, name: "" });
  }

  private async on(
    keys: readonly string[],
    command: StageCommand,
    caller: Caller,
  ): Promise<StageReading> {
    const args = stageArguments(command, caller, this.channel);
    return readStage(await this.connection().stage(keys, args));
  }
}
