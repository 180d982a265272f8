/**
 * Buddy on an MQTT broker, for Home Assistant. The `mqtt` library keeps the connection; nothing is queued while it is away:
 * what is published on its return is the state of then. Commands go the way of all others (`robot/ask.ts`, the conversation).
 */
import { connect, type IPublishPacket, type MqttClient } from "mqtt";
import type { ConversationApi } from "../conversation/conversation-api.js";
import { reasonOf } from "../host/reason.js";
import type { Asked } from "../robot/ask.js";
import type { StateSource } from "../state/buddy-state.js";
import type { FrameSource } from "../state/feeds.js";
import type { Finding, HealthSource } from "../state/health.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { TokenBucket } from "../time/token-bucket.js";
import { CommandRunner } from "./command-runner.js";
import { commandOf, type Command, type Refusal } from "./commands.js";
import { discoveryOf, EXPIRE_S } from "./discovery.js";
import { Spaced } from "./spaced.js";
import { stateMessage } from "./state-message.js";
import { BIRTH_TOPIC, topicsOf, type Topics } from "./topics.js";

/** Back within 5 s of a broker's return. */
const RETRY_MS = 2000;
const CONNECT_MS_MAX = 5000;
/** A silent broker is noticed after one and a half times this. */
const KEEPALIVE_S = 15;
/** A connection that ends sooner was probably taken by another client of the same name; mosquitto 2.0.11 does not say so. */
const SHORT_MS = 10_000;
/** Then the two must not throw each other out all day. */
const RETRY_MS_MAX = 60_000;
/** State goes out on a change, no more often than this. */
const STATE_MS = 1000;
/** And without one so often: two may be lost before Home Assistant no longer believes the last. */
const REPEAT_MS = (EXPIRE_S * 1000) / 3;
const SNAPSHOT_MS = 10_000;
/** An older picture is not shown as if it were now. */
const SNAPSHOT_AGE_MS_MAX = 10_000;
const STOP_MS_MAX = 1000;
/** Of what comes; a command is far shorter. */
const PACKET_BYTES_MAX = 16_384;

const LINES = { burst: 5, perMinute: 6 };
/** What anybody who may write to the broker can make Buddy say. */
const REPAIRS = { burst: 3, perMinute: 6 };
const BIRTHS = { burst: 3, perMinute: 6 };

export interface MqttDoorDeps extends Asked {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** PEM of the authority of a broker that has a certificate of its own. */
  readonly ca?: Buffer | undefined;
  /** Of this Buddy, the same after a restart. */
  readonly id: string;
  readonly version: string;
  readonly clock: Clock;
  readonly state: StateSource;
  readonly frames: FrameSource;
  readonly mind: ConversationApi;
  log(level: "info" | "warn", message: string): void;
  /** How it is has changed. */
  onChange(): void;
}

export class MqttDoor {
  readonly health: HealthSource = {
    id: "mqtt",
    title: "Home Assistant",
    check: () => this.finding(),
  };
  private readonly topics: Topics;
  private readonly client: MqttClient;
  private readonly commands: CommandRunner;
  private readonly logs = new TokenBucket(LINES);
  private readonly repair: Spaced;
  private readonly birth: Spaced;
  private readonly cancels: CancelTimer[] = [];
  private cancelState: CancelTimer | undefined;
  private connectedMs: number | undefined;
  private published = "";
  private snapshotSeq = -1;
  private shortLives = 0;
  private retryMs = RETRY_MS;
  private trouble = "";
  private isStopping = false;

  constructor(private readonly deps: MqttDoorDeps) {
    const { id, url, user, password, ca } = deps;
    this.commands = new CommandRunner(deps, () => this.publishState());
    this.repair = new Spaced(deps.clock, REPAIRS, () =>
      this.send(this.topics.availability, "online"),
    );
    this.birth = new Spaced(deps.clock, BIRTHS, () => this.introduce());
    this.topics = topicsOf(id);
    this.client = connect(url, {
      // The same name again: a broker that has not noticed the end of an earlier life ends it now, with its last will.
      clientId: `buddy-${id}`,
      ...(user !== undefined && { username: user }),
      ...(password !== undefined && { password }),
      ...(ca !== undefined && { ca }),
      protocolVersion: 5,
      // A broker keeps longer messages to itself.
      properties: { maximumPacketSize: PACKET_BYTES_MAX },
      clean: true,
      resubscribe: false,
      queueQoSZero: false,
      manualConnect: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_MS_MAX,
      reconnectPeriod: RETRY_MS,
      will: {
        topic: this.topics.availability,
        payload: Buffer.from("offline"),
        qos: 1,
        retain: true,
      },
    });
    this.client.on("connect", () => this.connected());
    // Before the library's own listener, which waits for as long as is set then.
    this.client.prependListener("close", () => this.closed());
    this.client.on("error", (error) => this.failed(reasonOf(error)));
    this.client.on("message", (topic, payload, packet) => this.take(topic, payload, packet));
  }

  start(): void {
    const { clock, state } = this.deps;
    this.client.connect();
    this.cancels.push(
      state.onChange(() => this.changed()),
      clock.every(SNAPSHOT_MS, () => this.snapshot()),
      clock.every(REPEAT_MS, () => this.repeat()),
    );
  }

  /** Says that it goes, and goes; a broker that does not answer is not waited for. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const cancel of this.cancels.splice(0)) cancel();
    this.cancelState?.();
    this.repair.cancel();
    this.birth.cancel();
    const goodbye = this.client.connected
      ? this.client.publishAsync(this.topics.availability, "offline", { qos: 1, retain: true })
      : Promise.resolve();
    let cancel: CancelTimer = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.deps.clock.after(STOP_MS_MAX, resolve);
    });
    await Promise.race([goodbye.catch((error: unknown) => this.failed(reasonOf(error))), late]);
    cancel();
    await this.client.endAsync(true);
  }

  private connected(): void {
    const { clock, log, url } = this.deps;
    this.connectedMs = clock.nowMs();
    this.trouble = "";
    log("info", `connected to the broker ${url}`);
    this.client.subscribe(
      [this.topics.commands, this.topics.availability, BIRTH_TOPIC],
      {
        qos: 1,
      },
      (error) => {
        if (error) this.failed(`the broker gives no commands: ${reasonOf(error)}`);
      },
    );
    this.introduce();
    this.deps.onChange();
  }

  /** All that a Home Assistant that has just started needs. */
  private introduce(): void {
    const { id, version } = this.deps;
    this.send(this.topics.discovery, JSON.stringify(discoveryOf(id, version, this.topics)));
    this.repeat();
    this.send(this.topics.availability, "online");
    this.snapshotSeq = -1;
    this.snapshot();
  }

  private closed(): void {
    const { clock, log } = this.deps;
    if (this.connectedMs === undefined || this.isStopping) return;
    // The other one waits about as long as this one did before it comes again.
    const isShort = clock.nowMs() - this.connectedMs < Math.max(SHORT_MS, 2 * this.retryMs);
    this.connectedMs = undefined;
    this.shortLives = isShort ? this.shortLives + 1 : 0;
    this.retryMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.max(0, this.shortLives - 1));
    this.client.options.reconnectPeriod = this.retryMs;
    const why =
      this.shortLives > 1 ? "; does another Buddy run with a copy of this data directory?" : "";
    log("warn", `the connection to the broker ended; next try in ${this.retryMs / 1000} s${why}`);
    this.deps.onChange();
  }

  /** The same failure again is no new line. */
  private failed(why: string): void {
    if (why === this.trouble) return;
    this.trouble = why;
    this.deps.log("warn", `the broker: ${why}`);
    this.deps.onChange();
  }

  private finding(): Finding {
    if (this.connectedMs !== undefined) {
      return { level: "ok", text: "It is connected to the MQTT broker.", next: "" };
    }
    return {
      level: "warn",
      text: "The MQTT broker cannot be reached.",
      next: "It is tried again by itself; see whether the broker runs, and its address and password.",
      ...(this.trouble !== "" && { lastError: this.trouble }),
    };
  }

  private changed(): void {
    if (this.cancelState !== undefined) return;
    this.publishState();
    this.cancelState = this.deps.clock.after(STATE_MS, () => {
      this.cancelState = undefined;
      this.publishState();
    });
  }

  private repeat(): void {
    this.published = "";
    this.publishState();
  }

  private publishState(): void {
    const { state, mind } = this.deps;
    const text = JSON.stringify(stateMessage(state.snapshot(), mind.settings()));
    if (text === this.published || !this.client.connected) return;
    this.published = text;
    this.send(this.topics.state, text);
  }

  private snapshot(): void {
    const frame = this.deps.frames.latest();
    if (frame === undefined || frame.seq === this.snapshotSeq || !this.client.connected) return;
    if (this.deps.clock.nowMs() - frame.capturedMs > SNAPSHOT_AGE_MS_MAX) return;
    this.snapshotSeq = frame.seq;
    this.send(this.topics.snapshot, Buffer.from(frame.jpeg), { qos: 0, retain: false });
  }

  private send(
    topic: string,
    payload: string | Buffer,
    options: { qos: 0 | 1; retain: boolean } = { qos: 1, retain: true },
  ): void {
    // Nothing waits for a broker: the next connection begins with all of it.
    if (!this.client.connected) return;
    this.client.publish(topic, payload, options, (error) => {
      // Of a connection that has ended; the next one begins with all of it.
      if (error && this.client.connected) this.failed(reasonOf(error));
    });
  }

  private take(topic: string, payload: Buffer, { retain }: IPublishPacket): void {
    if (topic === BIRTH_TOPIC) {
      if (payload.toString() === "online") this.birth.ask();
    } else if (topic === this.topics.availability) {
      this.defend(payload);
    } else {
      const command = commandOf({ topic, payload, isRetained: retain === true }, this.topics);
      void this.obey(command);
    }
  }

  /** The will of an earlier life may come late, and anybody may write there: while we are here, we are. */
  private defend(payload: Buffer): void {
    if (payload.toString() !== "online" && !this.isStopping) this.repair.ask();
  }

  private async obey(command: Command | Refusal): Promise<void> {
    const refusal = command.kind === "refused" ? command : await this.commands.run(command);
    if (refusal === undefined) return;
    const { code, message } = refusal;
    if (this.logs.take(this.deps.clock.nowMs()) > 0) return;
    this.deps.log("warn", `a command of the broker was refused: ${code}: ${message}`);
    this.send(this.topics.refused, JSON.stringify({ code, message }), { qos: 0, retain: false });
  }
}
