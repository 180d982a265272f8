/**
 * The one owner of restarts. It holds every part's state, lets `part-core.ts` decide, carries out the effects
 * and tells everybody who asks. Parts start when what they need is ready, stop in the reverse order, and one
 * that is given up leaves the others running. Nothing else in the companion starts, stops or kills a process.
 */
import { reasonOf } from "../host/reason.js";
import { Liveness } from "../resilience/liveness.js";
import { NO_EFFORT } from "../resilience/patience.js";
import { systemClock, type CancelTimer, type Clock } from "../time/clock.js";
import {
  BEAT_PERIOD_MS,
  type Doors,
  type PartMessage,
  type PartStatus,
  type Peers,
} from "../child/messages.js";
import { PartProcess } from "./part.js";
import { step } from "./part-core.js";
import {
  hasProcess,
  isAtRest,
  isAwaited,
  isReady,
  newPart,
  PART_POLICY,
  type Effect,
  type Part,
  type PartEvent,
  type PartPolicy,
} from "./part-types.js";
import {
  checkNeeds,
  sightOf,
  viewOf,
  type PartChange,
  type PartSpec,
  type PartView,
  type StopReport,
  type SupervisorListener,
  type SupervisorOptions,
} from "./supervisor-types.js";

/** The name under which the companion's own process stands in the liveness table. */
export const COMPANION = "companion";
/** One part may use its whole 15 s, then the rest is killed. */
const STOP_MS_MAX = 20_000;
const CHANGES_MAX = 200;
const PROGRESS_PERIOD_MS = 1000;

function sightWhy(colour: string, silentMs: number): string {
  return colour === "green" ? "it beats" : `silent for ${Math.round(silentMs)} ms`;
}

interface Member {
  readonly spec: PartSpec;
  readonly policy: PartPolicy;
  readonly process: PartProcess;
  part: Part;
  status: PartStatus;
  sinceWallMs: number;
}

export class Supervisor {
  readonly liveness: Liveness;
  private readonly clock: Clock;
  private readonly members = new Map<string, Member>();
  private readonly listeners = new Set<SupervisorListener>();
  private readonly changesKept: PartChange[] = [];
  private readonly cancels: CancelTimer[] = [];
  private stopping: { why: string } | undefined;
  private peersText = "";
  private progressText = "";
  private startedMs = 0;

  /** @throws RangeError for a name twice, an unknown need or needs in a circle. */
  constructor(private readonly options: SupervisorOptions) {
    this.clock = options.clock ?? systemClock;
    this.liveness = options.liveness ?? new Liveness(this.clock);
    for (const spec of options.parts) {
      if (this.members.has(spec.name)) throw new RangeError(`two parts named ${spec.name}`);
      this.members.set(spec.name, this.member(spec));
    }
    checkNeeds(options.parts, new Set(Object.keys(options.conditions ?? {})));
  }

  /** Wants every part up. Returns at once; see `waitUntilReady` and the listeners. */
  start(): void {
    if (this.cancels.length > 0) return;
    this.stopping = undefined;
    this.startedMs = this.clock.nowMs();
    this.liveness.start();
    this.cancels.push(
      this.clock.every(PART_POLICY.tickMs, () => this.tick()),
      this.clock.every(BEAT_PERIOD_MS, () => this.beat()),
      this.clock.every(PROGRESS_PERIOD_MS, () => this.progress()),
    );
    for (const member of this.members.values()) this.step(member, { type: "start" });
    this.tick();
  }

  /** One more part, which starts with the others or, when they run already, at once. @throws RangeError as at the start. */
  add(spec: PartSpec): void {
    if (this.members.has(spec.name)) throw new RangeError(`two parts named ${spec.name}`);
    const specs = [...this.members.values()].map((member) => member.spec);
    checkNeeds([...specs, spec], new Set(Object.keys(this.options.conditions ?? {})));
    const member = this.member(spec);
    this.members.set(spec.name, member);
    if (this.cancels.length === 0 || this.stopping !== undefined) return;
    this.step(member, { type: "start" });
    this.tick();
  }

  /**
   * Stops every part, those that nobody needs first. Never rejects. After `msMax` every group that is left is
   * killed.
   */
  async stop(why = "the companion is stopping", msMax = STOP_MS_MAX): Promise<StopReport> {
    this.stopping = { why };
    this.advanceStop();
    const inTime = await this.until(() => this.allAtRest(), msMax);
    const killed = inTime ? [] : this.killRest(why);
    await this.until(() => this.allAtRest(), PART_POLICY.killMsMax);
    for (const cancel of this.cancels.splice(0)) cancel();
    this.liveness.stop();
    const left = [...this.members.values()].flatMap((member) => member.process.pid ?? []);
    return { killed, left };
  }

  /** A person asks for it: stops and starts the part, at once and with a whole restart budget. */
  restart(name: string, why = "a person asked for a restart"): void {
    this.step(this.get(name), { type: "restart", why });
  }

  /** A person asks for it: the part stays stopped until `restart`. */
  stopPart(name: string, why = "a person asked it to stop"): void {
    this.step(this.get(name), { type: "stop", why });
  }

  /** Sends a part a message of its own; false when it is not there or does not read. */
  send(name: string, message: PartMessage): boolean {
    return this.get(name).process.send(message);
  }

  listen(listener: SupervisorListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  view(): PartView[] {
    return [...this.members.values()].map((member) =>
      viewOf(member, member.process.pid, this.clock.nowMs()),
    );
  }

  /** The last changes, oldest first. */
  changes(): readonly PartChange[] {
    return this.changesKept;
  }

  doorsOf(name: string): Doors | undefined {
    const part = this.get(name).part;
    return isReady(part) ? part.doors : undefined;
  }

  /** True once all named parts (default: all) are ready; false after `msMax`. */
  async waitUntilReady(
    msMax: number,
    names: readonly string[] = [...this.members.keys()],
  ): Promise<boolean> {
    return this.until(() => names.every((name) => isReady(this.get(name).part)), msMax);
  }

  private member(spec: PartSpec): Member {
    const name = spec.name;
    const process = new PartProcess(this.clock, {
      event: (event) =>
        this.step(
          this.get(name),
          event.type === "exit" ? { ...event, isLoaded: this.isLoaded() } : event,
        ),
      status: (status) => this.onStatus(name, status),
      log: (level, line) => this.tell((listener) => listener.log?.(name, level, line)),
      message: (message) => this.tell((listener) => listener.message?.(name, message)),
      sight: (colour, silentMs) =>
        this.liveness.report(name, COMPANION, colour, sightWhy(colour, silentMs)),
    });
    const part = newPart(this.clock.nowMs());
    const policy = { ...PART_POLICY, ...spec.policy };
    return { spec, policy, process, part, status: {}, sinceWallMs: this.clock.wallMs() };
  }

  private get(name: string): Member {
    const member = this.members.get(name);
    if (member === undefined) throw new RangeError(`no part named ${name}`);
    return member;
  }

  private step(member: Member, event: PartEvent): void {
    const before = member.part;
    const { part, effects } = step(before, event, this.clock.nowMs(), member.policy);
    member.part = part;
    for (const effect of effects) this.carryOut(member, effect);
    this.noteLiveness(member);
    // What others wait for may just have happened.
    if (before.phase.kind !== part.phase.kind) {
      this.tellPeers();
      if (this.stopping !== undefined) this.advanceStop();
      else if (event.type !== "tick" && event.type !== "start") this.tick();
    }
  }

  private carryOut(member: Member, effect: Effect): void {
    switch (effect.type) {
      case "spawn":
        return this.spawn(member, effect.generation);
      case "askToStop":
        return member.process.askToStop();
      case "kill":
        return member.process.kill();
      case "changed":
        return this.changed(member, effect.from, effect.to);
      case "alert": {
        const { why, next } = member.part;
        const alert = { wallMs: this.clock.wallMs(), part: member.spec.name, why, next };
        return this.tell((listener) => listener.alert?.(alert));
      }
    }
  }

  private spawn(member: Member, generation: number): void {
    member.status = {};
    let options: unknown;
    try {
      options = member.spec.options({
        doorsOf: (name) => this.doorsOf(name),
        previousDoors: member.part.doors,
        generation,
      });
    } catch (error) {
      const missing = this.missingOf(member);
      const exit =
        missing.length > 0
          ? ({ kind: "unready", why: missing.join(", ") } as const)
          : ({ kind: "unspawned", why: reasonOf(error) } as const);
      const isLoaded = this.isLoaded();
      queueMicrotask(() => this.step(member, { type: "exit", generation, exit, isLoaded }));
      return;
    }
    member.process.start(generation, member.spec.command, options);
  }

  private changed(member: Member, from: string, to: string): void {
    const wallMs = this.clock.wallMs();
    member.sinceWallMs = wallMs;
    const { why, next } = member.part;
    const part = member.spec.name;
    const text = `${part}: ${from} -> ${to}, because: ${why}; next: ${next}`;
    const change = { wallMs, part, from, to, why, next, text };
    this.changesKept.push(change);
    if (this.changesKept.length > CHANGES_MAX) this.changesKept.shift();
    this.tell((listener) => listener.change?.(change));
  }

  private onStatus(name: string, status: PartStatus): void {
    this.get(name).status = status;
    this.tell((listener) => listener.status?.(name, status));
  }

  private tick(): void {
    for (const member of this.members.values()) {
      const missing = this.missingOf(member);
      this.step(member, {
        type: "tick",
        needsReady: missing.length === 0,
        missing: missing.join(", "),
        effort: isAwaited(member.part) ? member.process.effort() : NO_EFFORT,
        isCalm: this.options.load?.isCalm ?? false,
      });
    }
    this.tellPeers();
  }

  private isLoaded(): boolean {
    return this.options.load?.isLoaded ?? false;
  }

  private missingOf(member: Member): string[] {
    return (member.spec.needs ?? []).filter((need) => !this.isThere(need));
  }

  private isThere(need: string): boolean {
    const member = this.members.get(need);
    if (member !== undefined) return isReady(member.part);
    return this.options.conditions?.[need]?.() ?? false;
  }

  private beat(): void {
    for (const member of this.members.values()) member.process.send({ type: "beat" });
  }

  private noteLiveness(member: Member): void {
    const part = member.part;
    this.liveness.report(COMPANION, member.spec.name, sightOf(part), part.why);
    if (!hasProcess(part)) {
      this.liveness.report(member.spec.name, COMPANION, "unknown", "it does not run");
    }
  }

  /** Parts learn of each other from here, on change, and a part that has just become ready at once. */
  private tellPeers(): void {
    const peers: Peers = {};
    const generations: string[] = [];
    for (const [name, member] of this.members) {
      peers[name] = sightOf(member.part);
      if (isReady(member.part)) generations.push(`${name} ${member.part.generation}`);
    }
    const text = JSON.stringify([peers, generations]);
    if (text === this.peersText) return;
    this.peersText = text;
    for (const member of this.members.values()) member.process.send({ type: "peers", peers });
  }

  private progress(): void {
    const line = this.progressLine();
    if (line === this.progressText) return;
    this.progressText = line;
    this.tell((listener) => listener.progress?.(line));
  }

  private progressLine(): string {
    const awaited = [...this.members.values()].filter(({ part }) => {
      const kind = part.phase.kind;
      return kind === "waiting" || kind === "starting" || kind === "backoff";
    });
    if (awaited.length === 0) return "";
    const parts = awaited.map(({ spec, part }) => `${spec.name} (${part.phase.kind})`);
    const seconds = Math.round((this.clock.nowMs() - this.startedMs) / 1000);
    return `waiting for ${parts.join(", ")}, ${seconds} s`;
  }

  /** Stops each part that no running part needs any more. */
  private advanceStop(): void {
    const why = this.stopping?.why ?? "";
    for (const member of this.members.values()) {
      // One without a process serves nobody, so nobody's need may keep it from being stopped.
      const needed =
        hasProcess(member.part) &&
        [...this.members.values()].some(
          (other) => other.spec.needs?.includes(member.spec.name) && !isAtRest(other.part),
        );
      if (!needed) this.step(member, { type: "stop", why });
    }
  }

  private killRest(why: string): string[] {
    const names: string[] = [];
    for (const member of this.members.values()) {
      if (isAtRest(member.part)) continue;
      names.push(member.spec.name);
      this.step(member, { type: "stop", why: `${why}, and the whole stop took too long` });
      member.process.kill();
    }
    return names;
  }

  private allAtRest(): boolean {
    return [...this.members.values()].every((member) => isAtRest(member.part));
  }

  /** Waits for a condition that only this object's own steps can make true. */
  private until(isTrue: () => boolean, msMax: number): Promise<boolean> {
    if (isTrue()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        cancel();
        unlisten();
        resolve(result);
      };
      const cancel = this.clock.after(msMax, () => finish(false));
      const unlisten = this.listen({ change: () => isTrue() && finish(true) });
    });
  }

  private tell(call: (listener: SupervisorListener) => void): void {
    for (const listener of this.listeners) call(listener);
  }
}
