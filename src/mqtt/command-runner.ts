/** Does what a command of the broker asks, at most so often, or says why not. */
import type { ConversationApi } from "../conversation/conversation-api.js";
import { reasonOf } from "../host/reason.js";
import { askRobot, type Asked } from "../robot/ask.js";
import { stopRobot } from "../robot/stop.js";
import type { Clock } from "../time/clock.js";
import { TokenBucket } from "../time/token-bucket.js";
import { refused, type Command, type Refusal } from "./commands.js";

const MOVES = { burst: 5, perMinute: 30 };
const SAYS = { burst: 3, perMinute: 10 };
const SWITCHES = { burst: 5, perMinute: 30 };

export interface CommandRunnerDeps extends Asked {
  readonly clock: Clock;
  readonly mind: ConversationApi;
}

export class CommandRunner {
  private readonly buckets = {
    line: new TokenBucket(MOVES),
    say: new TokenBucket(SAYS),
    quiet: new TokenBucket(SWITCHES),
    volume: new TokenBucket(SWITCHES),
  };

  /** @param onSetting a setting was changed, or not: the broker is to be told how it is */
  constructor(
    private readonly deps: CommandRunnerDeps,
    private readonly onSetting: () => void,
  ) {}

  /** @returns why it was not done. */
  async run(command: Command): Promise<Refusal | undefined> {
    const { mind, clock } = this.deps;
    if (command.kind === "stop") {
      mind.stop();
      const answer = await stopRobot(this.deps);
      return answer.ok ? undefined : refused("MQTT_FAILED", `${answer.code}: ${answer.message}`);
    }
    const waitMs = this.buckets[command.kind].take(clock.nowMs());
    if (waitMs > 0)
      return refused("MQTT_RATE", `too often; try again in ${Math.ceil(waitMs / 1000)} s`);
    if (command.kind === "line") {
      const answer = await askRobot(this.deps, command.line);
      if (!answer.ok) return refused("MQTT_FAILED", `${answer.code}: ${answer.message}`);
      return answer.reply["ok"] === true
        ? undefined
        : refused("MQTT_FAILED", `the robot says ${JSON.stringify(answer.reply).slice(0, 200)}`);
    }
    if (command.kind === "say") {
      const { code, why, outcome } = await mind.say(command.text, { source: "api" });
      return code === undefined ? undefined : refused("MQTT_FAILED", `${code}: ${why ?? outcome}`);
    }
    const change =
      command.kind === "quiet" ? { speaksUp: !command.isQuiet } : { volume: command.volume };
    try {
      const why = await mind.change(change);
      return why === undefined ? undefined : refused("MQTT_FAILED", why);
    } catch (error) {
      return refused("MQTT_FAILED", reasonOf(error));
    } finally {
      this.onSetting();
    }
  }
}
