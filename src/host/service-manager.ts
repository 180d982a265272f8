/**
 * What a service manager that asked for it (systemd, `Type=notify`) is told: that the page serves, that this process still
 * turns its loop, and that it stops. Without NOTIFY_SOCKET nothing happens. `systemd-notify` sends it, since Node has
 * no datagram sockets of that family; a message that is not sent costs a restart by the watchdog at worst.
 */
import { execFile } from "node:child_process";
import type { CancelTimer, Clock } from "../time/clock.js";

type Environment = Readonly<Record<string, string | undefined>>;

const SEND_MS_MAX = 5000;
/** Beats within one watchdog period: two may be late. */
const BEATS = 3;
/** Never more often, whatever the period: each is a process. */
const BEAT_MS_MIN = 1000;

export class ServiceManager {
  private cancelBeats: CancelTimer | undefined;
  private isSending = false;

  /** @param send runs `systemd-notify` with these arguments; resolves when it has ended. */
  constructor(
    private readonly environment: Environment,
    private readonly clock: Clock,
    private readonly send: (args: readonly string[]) => Promise<void> = systemdNotify,
  ) {}

  /** The page serves: the start is over. Beats begin when they were asked for. */
  ready(status: string): void {
    if (!this.isAsked) return;
    void this.tell(["READY=1", `STATUS=${status}`]);
    const periodMs = Number(this.environment["WATCHDOG_USEC"] ?? "0") / 1000;
    if (!(periodMs > 0)) return;
    const beatMs = Math.max(BEAT_MS_MIN, periodMs / BEATS);
    this.cancelBeats = this.clock.every(beatMs, () => void this.tell(["WATCHDOG=1"]));
  }

  stopping(): void {
    this.cancelBeats?.();
    this.cancelBeats = undefined;
    if (this.isAsked) void this.tell(["STOPPING=1"]);
  }

  private get isAsked(): boolean {
    return (this.environment["NOTIFY_SOCKET"] ?? "") !== "";
  }

  /** One at a time for beats: a machine on which they pile up must not be given more. */
  private async tell(args: readonly string[]): Promise<void> {
    const isBeat = args[0] === "WATCHDOG=1";
    if (isBeat && this.isSending) return;
    this.isSending = true;
    try {
      await this.send(args);
    } finally {
      this.isSending = false;
    }
  }
}

/** Never rejects: a service manager that does not hear is its own finding. */
function systemdNotify(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile("systemd-notify", [...args], { timeout: SEND_MS_MAX, killSignal: "SIGKILL" }, () =>
      resolve(),
    );
  });
}
