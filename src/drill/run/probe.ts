/** What a drill sees of a running Buddy and does to it: its public doors, and signals to its processes. */
import { once } from "node:events";
import WebSocket from "ws";
import { z } from "zod";
import { buddyState, type BuddyState } from "../../state/buddy-state.js";
import { type BuddyProcess } from "./buddy-process.js";
import { until } from "../../time/until.js";
import { descendants } from "./processes.js";

/** A door that takes longer than this does not answer. */
const ASK_MS_MAX = 1500;
/** Longer than any gesture. */
const STILL_MS_MAX = 5000;
const PROGRESS_MS_MAX = 15_000;
const SELF_MS_MAX = 3000;
const SELF_EVERY_MS = 250;

/** A picture that is older is not of now. */
const FRESH_MS_MAX = 500;

/** Sees a face in a picture of now. */
export function isFresh({ camera, face, faces }: BuddyState["vision"]): boolean {
  const pictureMs = camera.frameAgeMs ?? Number.POSITIVE_INFINITY;
  const faceMs = face?.ageMs ?? Number.POSITIVE_INFINITY;
  return faces > 0 && camera.state === "live" && Math.max(pictureMs, faceMs) < FRESH_MS_MAX;
}

/** What the robot says of itself (PROTOCOL §2.3), as far as drills look at it. */
const selfReply = z.object({
  idleMotion: z.boolean(),
  wifi: z.object({ losses: z.number(), phase: z.string() }),
  boot: z.object({ count: z.number() }),
  saved: z.object({ generation: z.number(), origin: z.string() }),
});
export type SelfReply = z.infer<typeof selfReply>;

const turnReport = z.object({
  outcome: z.string(),
  reply: z.string(),
  safeMode: z.boolean(),
  model: z.string(),
});
const turnList = z.object({
  turns: z.array(z.object({ id: z.string(), outcome: z.string().optional() })),
});
type TurnReport = z.infer<typeof turnReport>;

/** A turn takes up to its budget, which drills set to 5 s, and a little. */
const TURN_MS_MAX = 20_000;

const processes = z.object({
  processes: z.array(z.object({ name: z.string(), pid: z.number().optional(), phase: z.string() })),
});

const healthReply = z.object({
  wallMs: z.number(),
  alerts: z.array(z.object({ key: z.string() })),
});

export class Probe {
  /** @param buddy the one that runs now; a drill that starts it anew puts the new one here. */
  constructor(public buddy: BuddyProcess) {}

  /** `GET /api/state`. */
  async state(): Promise<BuddyState> {
    return buddyState.parse(await (await this.get("/api/state")).json());
  }

  /** State of one line of the health list; undefined when there is none of that id. */
  async level(id: string): Promise<BuddyState["health"]["parts"][number]["level"] | undefined> {
    return (await this.state()).health.parts.find((part) => part.id === id)?.level;
  }

  /** Process id of a supervised part. @throws when it has no process now. */
  async pid(part: string): Promise<number> {
    const pid = await this.pidIfThere(part);
    if (pid === undefined) throw new Error(`${part} has no process now`);
    return pid;
  }

  /** The same, undefined while it has none. */
  async pidIfThere(part: string): Promise<number | undefined> {
    const body = processes.parse(await (await this.get("/api/health")).json());
    return body.processes.find(({ name }) => name === part)?.pid;
  }

  /** Names and process ids of all parts, and the VM's. */
  async pids(): Promise<string[]> {
    const { processes: all } = processes.parse(await (await this.get("/api/health")).json());
    return [...all.map(({ name, pid }) => `${name} ${pid}`), `vm ${await this.vmPid()}`];
  }

  /** What is alarming now, by its keys. */
  async alerts(): Promise<string[]> {
    const { alerts } = healthReply.parse(await (await this.get("/api/health")).json());
    return alerts.map(({ key }) => key);
  }

  /** The companion's wall clock. */
  async wallMs(): Promise<number> {
    return healthReply.parse(await (await this.get("/api/health")).json()).wallMs;
  }

  /** The part's process is ready, be it the first or a later one. */
  async isUp(part: string): Promise<boolean> {
    const level = await this.level(`process-${part}`);
    return level === "ok" || level === "warn";
  }

  /** The VM in which the simulated robot's firmware runs. */
  async vmPid(): Promise<number> {
    const [vm] = descendants(await this.pid("robot"));
    if (vm === undefined) throw new Error("the simulated robot has no VM now");
    return vm;
  }

  /** A robot command by the page's door; the robot's reply, or undefined when there was none. */
  async command(line: string): Promise<Record<string, unknown> | undefined> {
    const answer = await this.post("/api/command", { line });
    return answer.status === 200 ? ((await answer.json()) as Record<string, unknown>) : undefined;
  }

  /** SELF of the robot, asked again while it is refused. @throws when it does not answer */
  async self(): Promise<SelfReply> {
    return until("an answer to SELF", SELF_MS_MAX, () => this.selfIfAnswered(), SELF_EVERY_MS);
  }

  /** The same, asked once; undefined when it was refused: a page asks, too, and both share the robot's rate. */
  async selfIfAnswered(): Promise<SelfReply | undefined> {
    const reply = await this.command("SELF");
    return reply && selfReply.parse(reply);
  }

  /** Waits for the end of what the head plays: a gesture of an answer ends by itself, thinking would go on. @throws when it does */
  async untilStill(): Promise<void> {
    await until("the robot not to go on thinking", STILL_MS_MAX, async () => {
      return (await this.command("QUERY"))?.["animating"] === false;
    });
  }

  /** How long the robot says that it runs, s. */
  async uptimeS(): Promise<number> {
    return z.object({ uptime: z.number() }).parse(await this.command("QUERY")).uptime;
  }

  /** What the robot says of itself at its own door, `/health` (PROTOCOL §2), by name. @throws when it does not answer */
  async robotHealth(): Promise<Record<string, string>> {
    const answer = await fetch(`http://${this.buddy.runtime.robotWs}/health`, {
      signal: AbortSignal.timeout(ASK_MS_MAX),
    });
    const lines = (await answer.text()).split("\n").slice(1);
    return Object.fromEntries(lines.map((line) => line.split(":", 2) as [string, string]));
  }

  /** True when the robot itself answers a plain client on its forwarded door. */
  async robotAnswers(): Promise<boolean> {
    try {
      const answer = await fetch(`http://${this.buddy.runtime.robotWs}/health`, {
        signal: AbortSignal.timeout(500),
      });
      return (await answer.text()).startsWith("OK\n");
    } catch {
      return false; // Away: that is what is being asked.
    }
  }

  /** Whether the robot plays anything, asked at its own door, which needs no companion. @throws when it does not answer */
  async isPlaying(): Promise<boolean> {
    const signal = AbortSignal.timeout(ASK_MS_MAX);
    const socket = new WebSocket(`ws://${this.buddy.runtime.robotWs}/v2`, {
      perMessageDeflate: false,
    });
    try {
      await once(socket, "open", { signal });
      socket.send("1 QUERY");
      for (;;) {
        const [message] = (await once(socket, "message", { signal })) as [Buffer];
        const reply = /^1 (\{.*\})$/.exec(message.toString())?.[1];
        if (reply === undefined) continue;
        return z.object({ animating: z.boolean() }).parse(JSON.parse(reply)).animating;
      }
    } finally {
      socket.terminate();
    }
  }

  /** Says something and waits for the end of the turn. @throws when the companion does not take it */
  async say(text: string): Promise<TurnReport> {
    const answer = await this.post("/api/say", { text }, TURN_MS_MAX);
    return turnReport.parse(await answer.json());
  }

  /** Ids of the turns that were interrupted, as far as they are remembered. */
  async interruptedTurns(): Promise<string[]> {
    const { turns } = turnList.parse(await (await this.get("/api/turns")).json());
    return turns.filter(({ outcome }) => outcome === "interrupted").map(({ id }) => id);
  }

  /** A setting of the mind; resolves with the status: 200 is kept for good. */
  async set(settings: object): Promise<number> {
    const answer = await fetch(`http://${this.buddy.runtime.page}/api/mind/settings`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(settings),
      signal: AbortSignal.timeout(ASK_MS_MAX),
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  /** How often it may speak up by itself, the setting that drills change. */
  async perHourMax(): Promise<number> {
    const answer = await (await this.get("/api/mind/settings")).json();
    return z.object({ perHourMax: z.number() }).parse(answer).perHourMax;
  }

  get(path: string): Promise<Response> {
    return fetch(`http://${this.buddy.runtime.page}${path}`, {
      signal: AbortSignal.timeout(ASK_MS_MAX),
    });
  }

  post(path: string, body: unknown, limitMs = ASK_MS_MAX): Promise<Response> {
    return fetch(`http://${this.buddy.runtime.page}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(limitMs),
    });
  }

  /** All is well: `/readyz` says so, the robot is linked and answers. */
  async isSteady(): Promise<boolean> {
    const ready = await this.get("/readyz");
    await ready.text();
    return ready.status === 200 && (await this.state()).robot.linked && (await this.robotAnswers());
  }

  /** Waits until the head follows a face: the steady state of drills with a camera. @throws when it does not come */
  async untilTracking(): Promise<void> {
    await until("a face that is followed", PROGRESS_MS_MAX, async () => {
      const { robot, vision } = await this.state();
      return robot.tracking && vision.faces > 0;
    });
  }

  /**
   * Demands work, not words: a command that moves the head is done, and where there is a camera, new pictures come.
   * @throws when it does not
   */
  async demandProgress(): Promise<void> {
    await until("a command that is obeyed", PROGRESS_MS_MAX, async () => {
      const reply = await this.command("EXPRESS:curious");
      return reply?.["ok"] === true;
    });
    if ((await this.state()).vision.camera.state === "off") return;
    await until("new pictures and the detector at work", PROGRESS_MS_MAX, async () => {
      const { vision } = await this.state();
      return vision.camera.state === "live" && vision.detector.framesPerS > 0;
    });
  }
}
