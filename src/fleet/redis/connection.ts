/**
 * The connection of a robot or a director to its Redis: `ioredis` keeps it and comes back by itself; here is what a fleet
 * needs of it. Nothing waits in a queue while it is away: a floor that was asked for a minute ago is worse than an error. A
 * call that timed out may still be executed later, which every script of ours allows for.
 */
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { Backend, Policies } from "../../resilience/policies.js";
import type { Policy } from "../../resilience/policy.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import type { FleetAddress } from "./address.js";
import { asFleetError, FleetError, versionOf } from "./fleet-error.js";
import { PUBLISH_SCRIPT, stageScript } from "./stage-script.js";

/** Longest single call. */
const CALL_MS = 500;
const CONNECT_MS = 1000;
/** A connection on which an answer is due this long is given up. */
const SOCKET_MS = 1500;
/** Back within this of Redis's return. */
const RETRY_MS_MAX = 500;
/** A refusal that only a person ends is looked at again this often. */
const REFUSED_MS = 10_000;

const FLEET: Backend = {
  id: "fleet",
  title: "Fleet (Redis)",
  remedy: "It is tried again by itself; until then this robot keeps to itself.",
  watchedBy: "fleet",
};

export interface ConnectionDeps {
  readonly address: FleetAddress;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly clock: Clock;
  readonly policies: Policies;
  /** It answers (again): everything is to be read anew. */
  onUp(): void;
  onDown(why: FleetError): void;
  /** A message of the channel that was subscribed to. */
  onMessage(text: string): void;
}

/**
 * Which form the library gives its replies, its own default. Named where a client is made: to infer it, TypeScript compares
 * all of its commands with themselves, a fifth of the time that it needs for this tree.
 */
type Replies = "legacy";
type Client = Redis<Replies> | Cluster<Replies>;
type Script = (...args: (string | number)[]) => Promise<unknown>;

export class FleetConnection {
  /** What Redis says it is; "" before it said so. */
  version = "";
  private readonly client: Client;
  private readonly listener: Client;
  private readonly once: Policy;
  private readonly again: Policy;
  private isUp = false;
  /** Until the first dial has come to something, or its deadline is over: nothing is known yet. */
  isDialing = true;
  private isClosed = false;
  private cancelLook: CancelTimer = () => undefined;

  /** Connections until now: each may be to a server that knows less than the one before. */
  made = 0;

  constructor(
    private readonly deps: ConnectionDeps,
    private readonly channel: string,
  ) {
    this.client = clientOf(deps);
    this.listener = clientOf(deps);
    const { policies } = deps;
    const base = { backend: FLEET, attemptMs: CALL_MS };
    // The floor asks again by itself, with what it wants then.
    this.once = policies.policy("fleet floor", { ...base, retry: "never" });
    this.again = policies.policy("fleet events", { ...base, retry: "fetch" });
  }

  start(): void {
    const onLoss = (client: Client, lost: (why: FleetError) => void): void => {
      client.on("error", (error: unknown) => lost(asFleetError(error)));
      client.on("close", () =>
        lost(new FleetError("FLEET_AWAY", "transient", "the connection to Redis is closed")),
      );
    };
    onLoss(this.client, (why) => this.down(why));
    // It only wakes: calls go on without it, and nothing but the other one's return would say that they do.
    onLoss(this.listener, (why) => this.unwoken(why));
    this.client.on("ready", () => void this.check());
    this.listener.on("ready", () => void this.subscribe());
    this.listener.on("message", (_channel: string, text: string) => this.deps.onMessage(text));
    // A first failure is told by the events above, and tried again by itself.
    this.client.connect().catch(() => undefined);
    this.listener.connect().catch(() => undefined);
  }

  get isThere(): boolean {
    return this.isUp;
  }

  /** One call of the stage. @throws FleetError, or ResilienceError when it was not made. */
  async stage(keys: readonly string[], args: readonly (string | number)[]): Promise<string> {
    const answer = await this.run(this.once, "buddyStage", keys, args);
    if (typeof answer === "string") return answer;
    throw new FleetError("FLEET_ANSWER", "permanent", `expected JSON, got ${typeof answer}`);
  }

  /** @returns the last number that the server has of this robot. @throws as `stage` */
  async publish(keys: readonly string[], args: readonly (string | number)[]): Promise<number> {
    return Number(await this.run(this.again, "buddyPublish", keys, args));
  }

  /** Any command of the library. @throws as `stage` */
  command<T>(call: (client: Client) => Promise<T>): Promise<T> {
    return this.again.run(() => this.guarded(() => call(this.client)));
  }

  /** Tells whoever listens to the channel; nobody does so late. */
  async wake(text: string): Promise<void> {
    await this.once.run(() => this.guarded(() => this.client.publish(this.channel, text)));
  }

  close(): void {
    this.isClosed = true;
    this.cancelLook();
    this.client.disconnect();
    this.listener.disconnect();
  }

  private run(
    policy: Policy,
    name: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    const call = (this.client as unknown as Record<string, Script>)[name];
    if (call === undefined) throw new TypeError(`no script ${name}`);
    return policy.run(() => this.guarded(() => call.call(this.client, ...keys, ...args)));
  }

  private async guarded<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw asFleetError(error);
    }
  }

  /** Before anything else of a new connection. */
  private async check(): Promise<void> {
    try {
      const info = await this.client.info("server");
      this.version = versionOf(info);
      if (this.isClosed) return;
      this.deps.policies.recovered(FLEET.id, "Redis is connected");
      this.made += 1;
      this.isUp = true;
      this.isDialing = false;
      this.deps.onUp();
    } catch (error) {
      const why = asFleetError(error);
      this.down(why);
      // The connection stands and nothing would look again.
      this.cancelLook();
      const waitMs = why.kind === "permanent" ? REFUSED_MS : RETRY_MS_MAX;
      this.cancelLook = this.deps.clock.after(waitMs, () => void this.check());
    }
  }

  private async subscribe(): Promise<void> {
    try {
      await this.listener.subscribe(this.channel);
      this.deps.onMessage("event");
    } catch (error) {
      this.unwoken(asFleetError(error));
    }
  }

  private unwoken(why: FleetError): void {
    if (!this.isClosed) this.deps.onDown(why);
  }

  private down(why: FleetError): void {
    if (this.isClosed) return;
    this.isUp = false;
    this.isDialing = false;
    this.deps.onDown(why);
  }
}

const SCRIPTS = {
  buddyStage: { lua: stageScript(), numberOfKeys: 3 },
  buddyPublish: { lua: PUBLISH_SCRIPT, numberOfKeys: 2 },
};

function clientOf({ address, user, password }: ConnectionDeps): Client {
  const options: Omit<RedisOptions, "replyMapping" | "scripts" | "enableOfflineQueue"> = {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: CALL_MS,
    socketTimeout: SOCKET_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), RETRY_MS_MAX),
    // After a failover the old master is a replica: the next connection finds the new one.
    reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
    connectionName: "buddy",
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
  };
  const one = { ...options, enableOfflineQueue: false, scripts: SCRIPTS };
  switch (address.kind) {
    case "server": {
      const { host, port, db, isTls } = address;
      return new Redis<Replies>({ ...one, host, port, db, ...(isTls && { tls: {} }) });
    }
    case "sentinel": {
      const sentinels = address.nodes.map(({ host, port }) => ({ host, port }));
      return new Redis<Replies>({ ...one, sentinels, name: address.master });
    }
    case "cluster": {
      const nodes = address.nodes.map(({ host, port }) => ({ host, port }));
      return new Cluster<Replies>(nodes, {
        redisOptions: options,
        scripts: SCRIPTS,
        lazyConnect: true,
        enableOfflineQueue: false,
        clusterRetryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), RETRY_MS_MAX),
      });
    }
  }
}
