/**
 * What is asked how it is: robot, link, camera and every supervised process. Each answers in plain words with the next
 * step; how its calls fared (its breaker) outweighs what it says of itself. Pure but for the reading.
 */
import { z } from "zod";
import type { Finding, HealthLevel, HealthSource } from "../state/health.js";
import { breakerFinding, grownFinding, processFinding } from "./health-words.js";
import type { BreakerView } from "../resilience/breaker.js";
import { isComing } from "./on-its-way.js";
import type { PartLoad } from "./part-loads.js";
import type { PartView } from "../supervisor/supervisor-types.js";
import { CHIP_NOTE, CHIPS, type ChipName } from "../simulator/vm/chips.js";
import { chipState, type LinkState, type VisionState } from "../state/buddy-state.js";
import { givenUpAt } from "../robot/lateness.js";
import type { Lateness } from "../robot/self.js";
import { debuggerWords } from "../state/debugged.js";

/** What the simulated robot's status says that people see. */
const simulatorStatus = z.object({
  wifi: z.boolean(),
  chip: chipState.optional(),
  vm: z.enum(["stopped", "starting", "running", "ending", "waiting"]).optional(),
  unstable: z.boolean().optional(),
  lastFault: z.string().optional(),
});

/** A chip that is busier does not get to everything in time. */
const CHIP_BUSY_MAX = 0.9;

export interface HealthFacts {
  readonly views: () => readonly PartView[];
  readonly link: () => LinkState;
  readonly vision: () => VisionState;
  readonly isRobotLinked: () => boolean;
  /** What the robot last said of its own lateness; undefined before it did. */
  readonly late: () => Lateness | undefined;
  /** The chip that the simulated robot plays. */
  readonly chip?: ChipName | undefined;
  /** The robot may still be on its way: nothing is wrong yet. */
  readonly isStarting: () => boolean;
  /** Until the first picture of this life the camera stands between us and "ready". */
  readonly isPictureAwaited: () => boolean;
  /** How a part's memory has grown; undefined while it has not, or where the system does not tell. */
  readonly grown?: (part: string) => PartLoad["grown"];
  /** The breaker of a backend; undefined before its first policy. */
  readonly breaker: (backend: string) => BreakerView | undefined;
}

const TITLES: Readonly<Record<string, string>> = {
  gateway: "Gateway",
  vision: "Face detector",
  camera: "Demo camera",
  robot: "Simulated robot",
  voice: "Voice",
  brain: "Language model",
  mind: "Mind",
};

/** Name of a supervised part for people. */
export function partTitle(name: string): string {
  return TITLES[name] ?? name;
}

/** Besides how its process is: what a part's own words decide. */
const TOLD_BY: Readonly<Record<string, readonly string[]>> = {
  gateway: ["link", "robot"],
  vision: ["camera"],
  robot: ["wifi"],
  voice: ["speech"],
  brain: ["mind"],
};

/** Ids of the sources to ask again when a supervised part changed or said something. */
export function sourcesOfPart(name: string): readonly string[] {
  return [`process-${name}`, ...(TOLD_BY[name] ?? [])];
}

/** Everything that the companion itself can see, in the order of the page. */
export function healthSources(facts: HealthFacts): HealthSource[] {
  const sources: HealthSource[] = [
    {
      id: "robot",
      title: "Robot",
      isNeeded: true,
      check: () => {
        // What a program does not answer while it is held says nothing about it.
        const words = debuggerWords(facts.link());
        if (words !== undefined) return { level: "busy", ...words };
        return worse(
          robotFinding(facts),
          facts.breaker("robot"),
          "If it lasts, look at its log and switch it off and on.",
        );
      },
    },
    { id: "link", title: "Link", check: () => linkFinding(facts) },
    {
      id: "camera",
      title: "Camera",
      isNeeded: facts.isPictureAwaited,
      check: () => cameraFinding(facts.vision(), facts.isPictureAwaited()),
    },
  ];
  for (const { name } of facts.views()) {
    const view = (): PartView | undefined => facts.views().find((part) => part.name === name);
    sources.push({
      id: `process-${name}`,
      title: partTitle(name),
      isNeeded: name === "gateway",
      check: () => {
        const now = view();
        if (now === undefined) return GONE;
        const own = vmFinding(now) ?? detectorFinding(now, facts.vision);
        const grown = now.phase === "running" ? facts.grown?.(name) : undefined;
        return worst(worst(processFinding(now), own), grown && grownFinding(grown));
      },
    });
    if (name === "robot") {
      const title = "Robot's WiFi";
      sources.push({ id: "wifi", title, check: () => wifiFinding(view()) });
      const { chip } = facts;
      if (chip !== undefined) {
        const check = (): Finding => chipFinding(chip, view());
        sources.push({ id: "chip", title: "Robot's chip", check });
      }
    }
  }
  return sources;
}

const GONE: Finding = { level: "off", text: "It is not part of this run.", next: "" };

function robotFinding(facts: HealthFacts): Finding {
  if (facts.isRobotLinked()) return answeringFinding(facts.late());
  const link = facts.link();
  if (facts.isStarting()) {
    return { level: "busy", text: "It was not reached yet.", next: "It dials by itself." };
  }
  const next =
    link.state === "up"
      ? "Its command server should answer within a second."
      : "It dials by itself; look at its WiFi and its log if this lasts.";
  const lastError = link.lastReason ?? "it has not dialled yet";
  return { level: "bad", text: "It cannot be reached.", next, lastError };
}

function answeringFinding(late: Lateness | undefined): Finding {
  const givenUp = givenUpAt(late?.level ?? 0);
  if (late === undefined || givenUp.length === 0) {
    return { level: "ok", text: "It answers commands.", next: "" };
  }
  return {
    level: "warn",
    text: `Its program is ${late.ms} ms late and has given up ${listOf(givenUp)}.`,
    next: "It takes them back by itself; if this lasts, ask it less often, or send it fewer faces.",
  };
}

function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** The VM of a simulated robot may be down while the process that keeps it looks well. */
function vmFinding(view: PartView): Finding | undefined {
  if (view.name !== "robot" || view.phase !== "running") return undefined;
  const status = simulatorStatus.safeParse(view.status).data;
  if (status === undefined) return undefined;
  const { vm, unstable, lastFault = "it ended" } = status;
  const next = "It boots again by itself, as a board would; its log says more.";
  if (vm === "ending" || vm === "waiting") {
    return { level: "bad", text: `Its VM is down: ${lastFault}.`, next, lastError: lastFault };
  }
  if (vm === "starting") return { level: "busy", text: "Its VM is starting.", next: "" };
  if (unstable !== true) return undefined;
  const text = `Its VM was lost more than five times in the last minute: ${lastFault}.`;
  return { level: "warn", text, next, lastError: lastFault };
}

const DETECTOR_LEVEL: Record<VisionState["detector"]["state"], HealthLevel> = {
  off: "ok",
  starting: "busy",
  works: "ok",
  slow: "warn",
  silent: "bad",
};

/** A detector that gives nothing is no eye, however well its process runs. */
function detectorFinding(view: PartView, vision: HealthFacts["vision"]): Finding | undefined {
  if (view.name !== "vision" || view.phase !== "running") return undefined;
  const { state, text } = vision().detector;
  const level = DETECTOR_LEVEL[state];
  if (level === "ok" || level === "busy") return { level, text, next: "" };
  const next = "It is replaced by itself when it hangs; on a busy machine it is only slow.";
  return { level, text, next, lastError: text };
}

function linkFinding(facts: HealthFacts): Finding {
  const link = facts.link();
  const words = debuggerWords(link);
  if (words !== undefined) return { level: "busy", ...words };
  const gateway = facts.views().find(({ name }) => name === "gateway");
  if (link.state === "down" && isComing(gateway)) {
    return { level: "busy", text: "The gateway is starting.", next: "" };
  }
  if (link.state !== "up" && facts.isStarting()) {
    return { level: "busy", text: link.text, next: "The robot dials by itself." };
  }
  if (link.road === "usb") {
    // Without the seconds of the link's own text: it would be another each time it is asked.
    const text = "The robot is on the USB cable, where there is room for commands and faces only.";
    return { level: "warn", text, next: "It goes back by itself once its network is steady." };
  }
  const level: HealthLevel = link.state === "up" ? "ok" : link.state === "away" ? "warn" : "bad";
  const why = link.state === "up" || !link.lastReason ? "" : ` Last end: ${link.lastReason}.`;
  const next = link.state === "up" ? "" : "The robot tries again by itself, at most 10 s apart.";
  const lastError = link.state === "up" ? undefined : (link.lastReason ?? link.text);
  return { level, text: `${link.text}${why}`, next, ...(lastError !== undefined && { lastError }) };
}

const CAMERA_LEVEL: Record<VisionState["camera"]["state"], HealthLevel> = {
  off: "off",
  connecting: "busy",
  live: "ok",
  slow: "warn",
  stale: "warn",
  down: "bad",
};

function cameraFinding({ camera }: VisionState, isPictureAwaited: boolean): Finding {
  if (isPictureAwaited && camera.state !== "down") {
    return { level: "busy", text: "No picture was seen yet.", next: "It should come by itself." };
  }
  const level = CAMERA_LEVEL[camera.state];
  if (camera.state !== "down" && camera.state !== "stale") {
    return { level, text: camera.text, next: "" };
  }
  const next = "It is tried again by itself; check the camera's power and address if this lasts.";
  return { level, text: camera.text, next, lastError: camera.text };
}

function wifiFinding(view: PartView | undefined): Finding {
  const status = simulatorStatus.safeParse(view?.status).data;
  if (!status) return { level: "busy", text: "It is not known yet.", next: "" };
  if (status.wifi) return { level: "ok", text: "It is on the network.", next: "" };
  const next = "The robot lives on by itself and comes back when the network does.";
  return { level: "bad", text: "It is off.", next };
}

function chipFinding(name: ChipName, view: PartView | undefined): Finding {
  const played = `The simulator plays an ${CHIPS[name].title} (${CHIP_NOTE})`;
  const chip = simulatorStatus.safeParse(view?.status).data?.chip;
  if (!chip)
    return { level: "busy", text: `${played}; how busy it is is not known yet.`, next: "" };
  const busy = `${Math.round(chip.busy * 100)} % busy`;
  const slice = `longest time lately in which nothing else ran: ${Math.round(chip.longestSliceMs)} ms`;
  if (chip.busy < CHIP_BUSY_MAX) {
    return { level: "ok", text: `${played}: ${busy}; ${slice}.`, next: "" };
  }
  const next =
    "Its answers come late. `npm run profile` tells what its program spends the time on.";
  return { level: "warn", text: `${played}: ${busy}, it does not keep up; ${slice}.`, next };
}

const RANK: readonly HealthLevel[] = ["bad", "warn", "busy", "ok", "off"];

/** The worse of two findings; the first when they are alike. */
function worst(finding: Finding, other: Finding | undefined): Finding {
  if (other === undefined) return finding;
  return RANK.indexOf(other.level) < RANK.indexOf(finding.level) ? other : finding;
}

/** A finding, or what its breaker says when that is worse. */
function worse(finding: Finding, breaker: BreakerView | undefined, remedy: string): Finding {
  if (breaker === undefined) return finding;
  const other = breakerFinding(breaker, remedy);
  // Switched off by a person: nothing else matters then.
  if (breaker.state === "isolated") return other;
  return worst(finding, other);
}
