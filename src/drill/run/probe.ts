/** What a drill sees of a running Buddy and does to it: its public doors, and signals to its processes. */
import { execFileSync } from "node:child_process";
import { z } from "zod";
import { buddyState, type BuddyState } from "../../state/buddy-state.js";
import { type BuddyProcess } from "./buddy-process.js";
import { until } from "../../time/until.js";

/** A door that takes longer than this does not answer. */
const ASK_MS_MAX = 1500;
const PROGRESS_MS_MAX = 15_000;

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
  wifi: z.object({ losses: z.number() }),
  boot: z.object({ count: z.number() }),
  saved: z.object({ generation: z.number(), origin: z.string() }),
});
type SelfReply = z.infer<typeof selfReply>;

const processes = z.object({
  processes: z.array(z.object({ name: z.string(), pid: z.number().optional(), phase: z.string() })),
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

  /** The part's process is ready, be it the first or a later one. */
  async isUp(part: string): Promise<boolean> {
    const level = await this.level(`process-${part}`);
    return level === "ok" || level === "warn";
  }

  /** Process ids of what that process has started itself. */
  childrenOf(pid: number): number[] {
    const rows = execFileSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" }).split("\n");
    const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
    return pairs.filter(([, parent]) => parent === pid).map(([child]) => child as number);
  }

  /** The VM in which the simulated robot's firmware runs. */
  async vmPid(): Promise<number> {
    const [vm] = this.childrenOf(await this.pid("robot"));
    if (vm === undefined) throw new Error("the simulated robot has no VM now");
    return vm;
  }

  /** A robot command by the page's door; the robot's reply, or undefined when there was none. */
  async command(line: string): Promise<Record<string, unknown> | undefined> {
    const answer = await this.post("/api/command", { line });
    return answer.status === 200 ? ((await answer.json()) as Record<string, unknown>) : undefined;
  }

  /** SELF of the robot. @throws when it does not answer */
  async self(): Promise<SelfReply> {
    return selfReply.parse(await this.command("SELF"));
  }

  /** How long the robot says that it runs, s. */
  async uptimeS(): Promise<number> {
    return z.object({ uptime: z.number() }).parse(await this.command("QUERY")).uptime;
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

  get(path: string): Promise<Response> {
    return fetch(`http://${this.buddy.runtime.page}${path}`, {
      signal: AbortSignal.timeout(ASK_MS_MAX),
    });
  }

  post(path: string, body: unknown): Promise<Response> {
    return fetch(`http://${this.buddy.runtime.page}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ASK_MS_MAX),
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

  /** A signal to a process that may have gone meanwhile. */
  signalIfThere(pid: number, signal: NodeJS.Signals): void {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
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
