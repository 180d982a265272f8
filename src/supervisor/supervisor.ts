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
} from "../child/messages.js";
import { Announcer } from "./announcer.js";
import { COMPANION, isNeeded, reportSight, type Member } from "./member.js";
import { PartProcess } from "./part.js";
import { step } from "./part-core.js";
import {
  isAtRest,
  isAwaited,
  isReady,
  newPart,
  PART_POLICY,
  type Effect,
  type PartEvent,
} from "./part-types.js";
import {
  checkNeeds,
  sightWhy,
  viewOf,
  type PartChange,
  type PartSpec,
  type PartView,
  type StopReport,
  type SupervisorListener,
  type SupervisorOptions,
} from "./supervisor-types.js";

/** One part may use its whole 15 s, then the rest is killed. */
const STOP_MS_MAX = 20_000;
const PROGRESS_PERIOD_MS = 1000;

export class Supervisor {
  readonly liveness: Liveness;
  private readonly clock: Clock;
  private readonly members = new Map<string, Member>();
  private readonly announcer: Announcer;
  private readonly cancels: CancelTimer[] = [];
  private stopping: { why: string } | undefined;
  private startedMs = 0;

  /** @throws RangeError for a name twice, an unknown need or needs in a circle. */
  constructor(private readonly options: SupervisorOptions) {
    this.clock = options.clock ?? systemClock;
    this.liveness = options.liveness ?? new Liveness(this.clock);
    this.announcer = new Announcer(this.clock);
    for (const spec of options.parts) this.enrol(spec);
    this.checkNeeds(options.parts);
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
      this.clock.every(PROGRESS_PERIOD_MS, () =>
        this.announcer.progress(this.members, this.startedMs),
      ),
    );
    for (const member of this.members.values()) this.step(member, { type: "start" });
    this.tick();
  }

  /** One more part, which starts with the others or, when they run already, at once. @throws RangeError as at the start. */
  add(spec: PartSpec): void {
    this.checkNeeds([...this.all().map((member) => member.spec), spec]);
    const member = this.enrol(spec);
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
    const inTime = await this.announcer.until(() => this.allAtRest(), msMax);
    const killed = inTime ? [] : this.killRest(why);
    await this.announcer.until(() => this.allAtRest(), PART_POLICY.killMsMax);
    for (const cancel of this.cancels.splice(0)) cancel();
    this.liveness.stop();
    const left = this.all().flatMap((member) => member.process.pid ?? []);
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
    return this.announcer.listen(listener);
  }

  view(): PartView[] {
    const nowMs = this.clock.nowMs();
    return this.all().map((member) => viewOf(member, member.process.pid, nowMs));
  }

  /** The last changes, oldest first. */
  changes(): readonly PartChange[] {
    return this.announcer.changes;
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
    return this.announcer.until(() => names.every((name) => isReady(this.get(name).part)), msMax);
  }

  private checkNeeds(specs: readonly PartSpec[]): void {
    checkNeeds(specs, new Set(Object.keys(this.options.conditions ?? {})));
  }

  private enrol(spec: PartSpec): Member {
    const { name } = spec;
    if (this.members.has(name)) throw new RangeError(`two parts named ${name}`);
    const process = new PartProcess(this.clock, {
      event: (event) =>
        this.step(
          this.get(name),
          event.type === "exit" ? { ...event, isLoaded: this.isLoaded() } : event,
        ),
      status: (status) => this.onStatus(name, status),
      log: (level, line) => this.announcer.tell((listener) => listener.log?.(name, level, line)),
      message: (message) => this.announcer.tell((listener) => listener.message?.(name, message)),
      sight: (colour, silentMs) =>
        this.liveness.report(name, COMPANION, colour, sightWhy(colour, silentMs)),
    });
    const part = newPart(this.clock.nowMs());
    const policy = { ...PART_POLICY, ...spec.policy };
    const member = { spec, policy, process, part, status: {}, sinceWallMs: this.clock.wallMs() };
    this.members.set(name, member);
    return member;
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
    reportSight(this.liveness, member);
    // What others wait for may just have happened.
    if (before.phase.kind !== part.phase.kind) {
      this.announcer.tellPeers(this.members);
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
        return this.announcer.changed(member, effect.from, effect.to);
      case "alert": {
        const { why, next } = member.part;
        const alert = { wallMs: this.clock.wallMs(), part: member.spec.name, why, next };
        return this.announcer.tell((listener) => listener.alert?.(alert));
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
      const kind = missing.length > 0 ? ("unready" as const) : ("unspawned" as const);
      const exit = { kind, why: missing.length > 0 ? missing.join(", ") : reasonOf(error) };
      const isLoaded = this.isLoaded();
      queueMicrotask(() => this.step(member, { type: "exit", generation, exit, isLoaded }));
      return;
    }
    member.process.start(generation, member.spec.command, options);
  }

  private onStatus(name: string, status: PartStatus): void {
    this.get(name).status = status;
    this.announcer.tell((listener) => listener.status?.(name, status));
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
    this.announcer.tellPeers(this.members);
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

  /** Stops each part that no running part needs any more. */
  private advanceStop(): void {
    const why = this.stopping?.why ?? "";
    const all = this.all();
    for (const member of all) {
      if (!isNeeded(member, all)) this.step(member, { type: "stop", why });
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
    return this.all().every((member) => isAtRest(member.part));
  }

  private all(): Member[] {
    return [...this.members.values()];
  }
}
