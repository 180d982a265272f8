/**
 * The one truth about the running system: `BuddyState`, put together from what each part reports; how each is comes from
 * `operations.ts`. Nothing is stored here but times of change.
 */
import { z } from "zod";
import type { PartView } from "../supervisor/supervisor-types.js";
import type { Clock } from "../time/clock.js";
import {
  chipState,
  type BuddyState,
  type LinkState,
  type RobotState,
  type StateSource,
  type VisionState,
} from "./buddy-state.js";
import { debuggerWords } from "./debugged.js";
import type { FleetState } from "./fleet-state.js";
import type { RobotLife } from "./robot-life.js";
import { textsThrough } from "./texts.js";
import type { RobotWatch } from "../robot/robot-watch.js";

/** What the gateway's status says that people see; unknown fields stay with the gateway. */
const gatewayStatus = z.object({
  linked: z.boolean(),
  generation: z.number().int(),
  rttMs: z.number().nullish(),
  sessions: z.number().int().default(0),
  deviceId: z.string().optional(),
  road: z.enum(["network", "usb"]).nullish(),
  roadSinceMs: z.number().optional(),
  cable: z
    .object({ state: z.enum(["looking", "blocked", "open"]), port: z.string(), text: z.string() })
    .nullish(),
  lastEnd: z.object({ name: z.string(), words: z.string() }).nullish(),
});

type GatewayStatus = z.infer<typeof gatewayStatus>;

const simulatorStatus = z.object({
  heapFreeBytes: z.number().optional(),
  chip: chipState.optional(),
});
const debuggedStatus = z.object({ debug: z.enum(["off", "waiting", "up", "held"]) });

export interface BoardDeps {
  readonly clock: Clock;
  readonly version: string;
  readonly robot: Pick<RobotWatch, "isLinked" | "lastFields" | "rttMs" | "queryAgeMs">;
  /** Parts as the supervisor sees them. */
  views(): readonly PartView[];
  vision(): VisionState;
  mind(): BuddyState["mind"];
  voice(): BuddyState["voice"];
  /** The one health truth. */
  health(): BuddyState["health"];
  /** The stage that it shares with other robots; absent where there is none. */
  fleet?(): FleetState;
  /** What the robot says of itself and what is kept of it. */
  life(): RobotLife;
  /** Takes out of a text what must not be shown. */
  redact(text: string): string;
}

export class Board implements StateSource {
  private readonly listeners = new Set<() => void>();
  private readonly startMs: number;
  private linkKind: LinkState["state"] = "down";
  private linkSinceMs: number;

  constructor(private readonly deps: BoardDeps) {
    this.startMs = deps.clock.nowMs();
    this.linkSinceMs = this.startMs;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells the listeners that something changed; the server spaces what it sends. */
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  snapshot(): BuddyState {
    const views = this.deps.views();
    const redact = (text: string): string => this.deps.redact(text);
    return {
      robot: this.robotState(views),
      // They tell of services by their addresses and in the services' own words; a page and a model read it.
      vision: textsThrough(this.deps.vision(), redact),
      mind: textsThrough(this.deps.mind(), redact),
      voice: textsThrough(this.deps.voice(), redact),
      link: textsThrough(this.link(), redact),
      health: this.deps.health(),
      ...(this.deps.fleet && { fleet: textsThrough(this.deps.fleet(), redact) }),
      uptimeS: Math.round((this.deps.clock.nowMs() - this.startMs) / 1000),
      version: this.deps.version,
    };
  }

  private robotState(views: readonly PartView[]): RobotState {
    const { robot } = this.deps;
    const gateway = statusOf(views, "gateway", gatewayStatus);
    const { heapFreeBytes, chip } = statusOf(views, "robot", simulatorStatus) ?? {};
    const ageMs = robot.queryAgeMs;
    return {
      ...robot.lastFields,
      ...this.deps.life(),
      // Both must say so: they tell at different times, and a link is not shown without its generation.
      linked: robot.isLinked && gateway?.linked === true,
      generation: gateway?.generation ?? 0,
      ...(robot.rttMs !== undefined && { rttMs: robot.rttMs }),
      ...(ageMs !== undefined && { queryAgeMs: Math.round(ageMs) }),
      ...(heapFreeBytes !== undefined && { heapFreeBytes }),
      ...(chip && { chip }),
    };
  }

  /** The link as the gateway tells it. */
  link(): LinkState {
    const views = this.deps.views();
    const gateway = statusOf(views, "gateway", gatewayStatus);
    const isUp = views.some((view) => view.name === "gateway" && view.ready);
    const kind = !isUp || !gateway ? "down" : gateway.linked ? "up" : "away";
    const nowMs = this.deps.clock.nowMs();
    if (kind !== this.linkKind) {
      this.linkKind = kind;
      this.linkSinceMs = nowMs;
    }
    const debug = statusOf(views, "robot", debuggedStatus)?.debug;
    const link: LinkState = {
      state: kind,
      text: this.linkText(kind, gateway),
      ...(gateway?.lastEnd && {
        lastReason: gateway.lastEnd.words,
        lastCode: gateway.lastEnd.name,
      }),
      sinceS: Math.round((nowMs - this.linkSinceMs) / 1000),
      sessions: gateway?.sessions ?? 0,
      ...(gateway?.deviceId && { deviceId: gateway.deviceId }),
      ...(gateway?.road && { road: gateway.road }),
      ...(gateway?.cable && { cable: gateway.cable }),
      ...(debug !== undefined && { debugger: debug }),
    };
    return { ...link, text: debuggerWords(link)?.text ?? link.text };
  }

  private linkText(kind: LinkState["state"], gateway: GatewayStatus | undefined): string {
    if (kind !== "up" || gateway?.road !== "usb")
      return LINK_TEXT[kind] + cableWords(gateway?.cable);
    const sinceMs = this.deps.clock.wallMs() - (gateway.roadSinceMs ?? 0);
    const seconds = Math.max(0, Math.round(sinceMs / 1000));
    return `The robot is on the USB cable since ${seconds} s; its network is tried again.`;
  }
}

/** What stands on the page of a cable that cannot be used. */
function cableWords(cable: GatewayStatus["cable"]): string {
  return cable?.state === "blocked" ? ` USB: ${cable.text}.` : "";
}

const LINK_TEXT: Record<LinkState["state"], string> = {
  down: "The gateway is not running.",
  away: "The gateway waits for the robot to dial.",
  up: "The robot is linked; the link is authenticated and encrypted.",
};

function statusOf<T extends z.ZodType>(
  views: readonly PartView[],
  name: string,
  schema: T,
): z.infer<T> | undefined {
  const status = views.find((view) => view.name === name)?.status;
  return status && schema.safeParse(status).data;
}
