/**
 * How long the robot is out of reach after the cause of an outage is gone: from the line that says so to the
 * first answer that a plain HTTP client of the robot gets. Three causes: gateway killed, WiFi off, power cut. And how
 * long a peer that has fallen silent goes unnoticed.
 */
import { LinkCode, linkCodeName } from "../wire/errors.js";
import { GOOD_SESSION_MS } from "../wire/limits.js";
import { atMost, told, type Figure } from "./figures.js";
import { percentile } from "../time/meter.js";
import type { Rig } from "./rig.js";
import { until } from "../time/until.js";

const LINK_SILENT_NAME = linkCodeName(LinkCode.LINK_SILENT);

type Outage = "gateway" | "wifi" | "power";

/** Longer than the silence limit of the link, so that both ends have noticed. */
const WIFI_OFF_MS = 2500;
const OUTAGES: readonly Outage[] = ["gateway", "wifi", "power"];

const JOINED = "the robot has joined its WiFi";
const CAUSE_GONE: Record<Outage, string> = {
  gateway: "gateway: starting -> running",
  wifi: JOINED,
  power: "the robot is up",
};

export async function recoveries(rig: Rig, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const outage of OUTAGES) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await recoveryMs(rig, outage));
    const p95 = percentile(times, 0.95);
    figures.push(atMost(`robot back after ${outage} outage, p95`, p95 / 1000, 2, "s", rounds));
    const p50 = percentile(times, 0.5);
    figures.push(
      told(`robot back after ${outage} outage, median`, `${Math.round(p50)} ms`, rounds),
    );
  }
  return figures;
}

async function recoveryMs(rig: Rig, outage: Outage): Promise<number> {
  await until("the robot to answer before the outage", 30_000, () => answers(rig), 5);
  // A gateway that is killed within seconds, twenty times, is a link that flaps: the robot dials that six times a minute.
  if (outage === "gateway") await rig.clock.sleep(GOOD_SESSION_MS + 500);
  const from = rig.events.length;
  if (outage === "gateway") process.kill(rig.pid("gateway"), "SIGKILL");
  else if (outage === "power") rig.supervisor.send("robot", { type: "kill" });
  else {
    rig.supervisor.send("robot", { type: "wifi", on: false, mode: "silent" });
    await rig.clock.sleep(WIFI_OFF_MS);
    rig.supervisor.send("robot", { type: "wifi", on: true });
  }
  // A chip has its power back and no network yet: it begins with a scan.
  const sign = outage === "power" && rig.chip !== undefined ? JOINED : CAUSE_GONE[outage];
  const goneMs = await until(
    "the cause to be gone",
    60_000,
    () => {
      const line = rig.events.slice(from).find((event) => event.text.includes(sign));
      return line?.wallMs ?? 0;
    },
    5,
  );
  await until("the robot to answer", 60_000, () => answers(rig), 5);
  return Math.max(0, rig.clock.wallMs() - goneMs);
}

/** True when the robot itself answers `GET /health`. */
async function answers(rig: Rig): Promise<boolean> {
  const door = rig.supervisor.doorsOf("gateway")?.["ws"];
  if (door === undefined) return false;
  try {
    const response = await fetch(`http://${door}/health`, { signal: AbortSignal.timeout(500) });
    const text = await response.text();
    return response.status === 200 && text.startsWith("OK\n");
  } catch {
    return false; // Away: that is what is being measured.
  }
}

/** How long a peer that is there and says nothing goes unnoticed, by either side of the link. */
export async function silentPeers(rig: Rig, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const side of ["robot", "gateway"] as const) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await silenceMs(rig, side));
    const worst = Math.max(...times) / 1000;
    figures.push(atMost(`silent ${side} noticed by its peer, worst`, worst, 1.5, "s", rounds));
  }
  return figures;
}

async function silenceMs(rig: Rig, side: "robot" | "gateway"): Promise<number> {
  await until("the robot to answer before the silence", 30_000, () => answers(rig), 5);
  const from = rig.events.length;
  const pid = side === "gateway" ? rig.pid("gateway") : Number(rig.status("robot")["pid"]);
  const observer = side === "gateway" ? "robot" : "gateway";
  const startMs = rig.clock.wallMs();
  process.kill(pid, "SIGSTOP");
  try {
    return await until(
      `the ${side}'s silence to be noticed`,
      10_000,
      () => {
        const line = rig.events
          .slice(from)
          .find(({ part, text }) => part === observer && text.includes(LINK_SILENT_NAME));
        return line === undefined ? 0 : line.wallMs - startMs;
      },
      5,
    );
  } finally {
    process.kill(pid, "SIGCONT");
  }
}
