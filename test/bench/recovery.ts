/**
 * How long the robot is out of reach after the cause of an outage is gone, measured from outside: from the companion's
 * line that says the cause is gone to the first answer of a plain WebSocket client. Used by the bench (n >= 20)
 * and, in its short form, by the end-to-end test.
 */
import { once } from "node:events";
import WebSocket from "ws";
import { PlainRobot, type BuddyProcess } from "../support/buddy-process.js";
import { until } from "../../src/time/until.js";
import { processOf } from "../support/processes.js";

export type Outage = "gateway" | "wifi" | "power";

interface LogLine {
  wallMs: number;
  part: string;
  message: string;
}

/** The line that says that the cause is gone. */
const CAUSE_GONE: Record<Outage, (line: LogLine) => boolean> = {
  gateway: (line) => line.part === "gateway" && line.message.includes("starting -> running"),
  wifi: (line) => line.message.includes("has joined its WiFi"),
  power: (line) => line.message.startsWith("the robot is up"),
};

/** Follows the companion's log over `/live`. */
export class LogTail {
  readonly lines: LogLine[] = [];
  private constructor(private readonly socket: WebSocket) {
    socket.on("message", (data, isBinary) => {
      if (isBinary) return;
      const message = JSON.parse(String(data)) as { type: string; line?: LogLine };
      if (message.type === "log" && message.line) this.lines.push(message.line);
    });
  }

  static async open(page: string): Promise<LogTail> {
    const socket = new WebSocket(`ws://${page}/live`, { origin: `http://${page}` });
    const tail = new LogTail(socket);
    await once(socket, "open");
    return tail;
  }

  close(): void {
    this.socket.terminate();
  }
}

export async function simulatorFault(page: string, body: Record<string, unknown>): Promise<void> {
  const response = await fetch(`http://${page}/api/simulator`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status !== 200) throw new Error(`fault refused: ${await response.text()}`);
}

/** True when a new plain client is greeted and answered. */
export async function answers(door: string): Promise<boolean> {
  const robot = new PlainRobot(door);
  try {
    await once(robot.socket, "open", { signal: AbortSignal.timeout(500) });
    await robot.next(500);
    const state = await robot.ask("!QUERY", 500);
    return typeof state["servoBase"] === "number";
  } catch {
    return false; // Away: that is what is being measured.
  } finally {
    robot.close();
  }
}

/** Makes one outage and heals it. @returns ms from the cause being gone to the first answer. */
export async function recoveryMs(
  buddy: BuddyProcess,
  outage: Outage,
  offMs: number,
): Promise<number> {
  const { page, robotWs } = buddy.runtime;
  const log = await LogTail.open(page);
  try {
    if (outage === "gateway") {
      process.kill(processOf(buddy.child.pid as number, "gateway/main.js"), "SIGKILL");
    } else if (outage === "power") {
      await simulatorFault(page, { fault: "power" });
    } else {
      await simulatorFault(page, { fault: "wifi", on: false });
      await new Promise((resolve) => setTimeout(resolve, offMs));
      if (await answers(robotWs)) throw new Error("WiFi is off, and the robot still answers");
      await simulatorFault(page, { fault: "wifi", on: true });
    }
    const isGone = CAUSE_GONE[outage];
    const goneMs = await until(
      "the cause to be gone",
      60_000,
      () => log.lines.find(isGone)?.wallMs ?? 0,
      5,
    );
    await until("the robot to answer", 60_000, () => answers(robotWs), 5);
    return Date.now() - goneMs;
  } finally {
    log.close();
  }
}
