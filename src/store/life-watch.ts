/**
 * Puts the robot's inner life together for `/api/state`: what it says of itself, what the mirror keeps of it, and what has
 * happened to it. Runs with any of them missing.
 */
import { TRAITS } from "../wire/trait-names.js";
import { addLife, lifeOf } from "./life-tables.js";
import type { MirrorView } from "./mirror.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { RobotCommands } from "../robot/commands.js";
import { lifeEvent, type LifeEvent, type RobotLife } from "../state/robot-life.js";
import { sayFarewell } from "../robot/farewell.js";
import { NO_LIFE, stepLife, stepLink, type LifeMemory } from "./life-core.js";
import type { RobotMemory } from "./robot-memory.js";
import { SelfWatch } from "../robot/self-watch.js";
import type { Lateness, Self } from "../robot/self.js";

/** Events shown. */
const EVENTS_MAX = 40;

export interface LifeDeps {
  readonly robot: RobotCommands & { readonly isLinked: boolean };
  readonly memory: RobotMemory;
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly log: (level: "info" | "warn", message: string) => void;
}

export class LifeWatch {
  private readonly watch: SelfWatch;
  private known: LifeMemory = NO_LIFE;
  /** Id of the robot that is linked, or was. */
  private device = "";
  private events: LifeEvent[] | undefined;
  private readonly endOpen: CancelTimer;

  constructor(private readonly deps: LifeDeps) {
    const { robot, clock, onChange, log } = deps;
    this.watch = new SelfWatch({ robot, clock, onChange, log, onSelf: (self) => this.take(self) });
    this.endOpen = deps.memory.store.onOpen(() => (this.events = undefined));
  }

  start(): void {
    this.watch.start();
  }

  stop(): void {
    this.endOpen();
    this.watch.stop();
  }

  /** Before a robot's power is switched off. */
  farewell(): Promise<void> {
    const { robot, clock, memory, log } = this.deps;
    const mirrored = (): number => memory.mirror.view(this.device)?.generation ?? 0;
    return sayFarewell({ robot, clock, mirrored, log: (message) => log("info", message) });
  }

  /** What the gateway says: who is linked. */
  noteLink(isLinked: boolean, deviceId: string): void {
    if (isLinked && deviceId !== "" && deviceId !== this.device) {
      this.device = deviceId;
      this.events = undefined;
    }
    const step = stepLink(this.known, isLinked, this.deps.clock.wallMs());
    this.known = step.memory;
    this.add(step.events);
  }

  /** What the robot last said of its lateness; undefined before it did. */
  get late(): Lateness | undefined {
    return this.watch.latest?.self.late;
  }

  view(): RobotLife {
    const { memory, clock } = this.deps;
    const device = this.deviceId();
    const latest = this.watch.latest;
    const self = latest?.self;
    const mirror = device === undefined ? undefined : memory.mirror.view(device);
    const refused = device === undefined ? "" : memory.mirror.refusal(device);
    const saved = savedOf(self, latest?.ageMs ?? 0, mirror, refused, clock.wallMs());
    const { causes } = this.watch;
    const traits = mirror?.state?.traits;
    return {
      ...(saved && { saved }),
      ...bootsOf(self, mirror),
      ...(self?.companion && { stage: self.companion.stage }),
      ...(self && { idleMotion: self.idleMotion }),
      ...(self?.late && { late: self.late }),
      ...(self?.duties && { failing: self.duties.failing }),
      ...(self?.wifi && { wifi: self.wifi }),
      ...(causes && { causes }),
      ...(traits && {
        traits: Object.fromEntries(TRAITS.map((name, i) => [name, traits[i] ?? 0])),
      }),
      life: this.lifeNow(),
      ...(latest && { selfAgeMs: Math.round(latest.ageMs) }),
    };
  }

  private deviceId(): string | undefined {
    if (this.device === "") this.device = this.deps.memory.mirror.lastDevice() ?? "";
    return this.device === "" ? undefined : this.device;
  }

  private take(self: Self): void {
    if (self.saved) this.deps.memory.mirror.noteResult(this.device, self.saved.offer);
    const { boot, wifi } = self;
    if (boot === undefined || wifi === undefined) return;
    const input = {
      boots: boot.count,
      bootReason: boot.reasons[0] ?? "",
      wifiLosses: wifi.losses,
      outageMs: wifi.outageMs,
      wifiSinceS: wifi.sinceS,
    };
    const step = stepLife(this.known, this.device, input, this.deps.clock.wallMs());
    this.known = step.memory;
    this.add(step.events);
  }

  private add(events: readonly LifeEvent[]): void {
    if (events.length === 0) return;
    this.events = [...this.lifeNow(), ...events].slice(-EVENTS_MAX);
    if (this.device === "") return;
    this.deps.memory.store.attempt((db) => addLife(db, this.device, events));
  }

  private lifeNow(): LifeEvent[] {
    if (this.events !== undefined) return this.events;
    const device = this.deviceId();
    if (device === undefined) return [];
    const rows = this.deps.memory.store.attempt((db) => lifeOf(db, device, EVENTS_MAX));
    if (rows === undefined) return [];
    this.events = rows.flatMap((row) => lifeEvent.safeParse(row).data ?? []);
    return this.events;
  }
}

function savedOf(
  self: Self | undefined,
  ageMs: number,
  mirror: MirrorView | undefined,
  refused: string,
  wallMs: number,
): RobotLife["saved"] {
  const kept = mirror && mirrorOf(mirror, refused, wallMs);
  const own = self?.saved;
  if (own === undefined) {
    if (kept === undefined || kept.generation === 0) return undefined;
    const { generation, ageS, offered } = kept;
    const base = { generation, place: "mirror", took: offered?.result ?? "", error: "" };
    return { ...base, ...(ageS !== undefined && { ageS }), mirror: kept };
  }
  return {
    generation: own.generation,
    ...(own.ageS >= 0 && { ageS: own.ageS + Math.round(ageMs / 1000) }),
    place: own.place,
    ...(own.origin && { origin: own.origin }),
    took: own.offer,
    error: own.error,
    ...(kept && { mirror: kept }),
  };
}

function mirrorOf(
  view: MirrorView,
  refused: string,
  wallMs: number,
): NonNullable<NonNullable<RobotLife["saved"]>["mirror"]> {
  const agoS = (fromMs: number): number => Math.max(0, Math.round((wallMs - fromMs) / 1000));
  const { generation, images, offer } = view;
  return {
    generation,
    images,
    ...(generation > 0 && { ageS: agoS(view.keptWallMs) }),
    ...(offer && {
      offered: {
        generation: offer.generation,
        agoS: agoS(offer.offeredMs),
        result: offer.result,
      },
    }),
    ...(refused !== "" && { refused }),
  };
}

/** From the robot itself, or from what is kept of it. */
function bootsOf(self: Self | undefined, mirror: MirrorView | undefined): Partial<RobotLife> {
  if (self?.boot) {
    const { count, reasons, panics, uptimeTotalS, safe } = self.boot;
    return { boots: count, bootReasons: reasons, panics, uptimeTotalS, safeMode: safe };
  }
  if (!mirror?.state) return {};
  const { boots, panics, uptimeTotalS } = mirror.state;
  return { boots, panics, uptimeTotalS };
}
