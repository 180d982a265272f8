/** A server that is not ours (Redis, LiveKit), as a process that can be stopped, killed and started again on its port. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { until } from "../time/until.js";

const START_MS_MAX = 60_000;

export class ServerProcess {
  private child: ChildProcess | undefined;
  /** Also where this process ends without a word. */
  private readonly last = (): void => void this.child?.kill("SIGKILL");

  constructor(
    private readonly file: string,
    private readonly args: readonly string[],
    readonly port: number,
  ) {}

  /** Resolves when it takes connections. @throws Error when it does not in time */
  async start(): Promise<void> {
    this.child = spawn(this.file, this.args, { stdio: "ignore" });
    process.once("exit", this.last);
    await until(`${this.file} on port ${this.port}`, START_MS_MAX, () => isOpen(this.port));
  }

  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.child?.kill(name);
  }

  /** At once, and nothing of it is left. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    process.off("exit", this.last);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

/** Whether something takes connections on a port of this machine. */
export async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Not yet; whoever waits says what for.
    return false;
  } finally {
    socket.destroy();
  }
}
