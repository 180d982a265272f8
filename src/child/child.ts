/**
 * The child's side of supervision: `runChild` turns a module into a part that can be supervised or started
 * by hand (`node dist/src/vision/main.js '{"port":0}'`). It owns the process's life: options, readiness, beats,
 * status, log, and every way to end. The part's own code only sees a `ChildContext`.
 *
 * No orphans: a part ends on `stop`, SIGTERM, SIGINT, SIGHUP and with the channel to its parent, which may have been killed.
 */
import { inspect } from "node:util";
import { z } from "zod";
import {
  DETECTOR,
  heard,
  newDetector,
  scan,
  silentMs,
  type Colour,
  type Detector,
} from "../resilience/failure-detector.js";
import { offerToOutOfMemoryKiller } from "../host/out-of-memory.js";
import type { Sight } from "../resilience/liveness.js";
import { systemClock, type Clock } from "../time/clock.js";
import {
  BEAT_PERIOD_MS,
  cutLine,
  OPTIONS_ENV,
  parseFromParent,
  type ChildMessage,
  type Doors,
  type LogLevel,
  type PartMessage,
  type PartStatus,
  type Peers,
} from "./messages.js";
import { takeEnv, readOptions } from "./part-options.js";
import { sweepOwnGroup } from "./own-group.js";

/**
 * Longest clean-up after a stop. Below 5 s because a part must be gone 5 s after its parent was killed
 * (reliability L6), and noticing that takes a moment too.
 */
export const CLEANUP_MS_MAX = 4000;
/** Status at most this often, however often it changes; the newest one is sent. */
const STATUS_PERIOD_MS_MIN = 100;
/** Status at least this often, changed or not. */
const STATUS_PERIOD_MS_MAX = 1000;
/** Messages the channel may hold for a parent that does not read; beyond it beats, status and logs are dropped. */
const UNSENT_MAX = 64;

export type CleanUp = () => void | Promise<void>;

/** What a part's body may do with the process it runs in. */
export interface ChildContext {
  /** Aborted when the part must end. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Resolves when the part must end, for bodies that are one long loop. */
  readonly stopped: Promise<void>;
  /** The part serves: the doors it opened, each as `host:port`. Once, after set-up. */
  ready(doors?: Doors): void;
  /** How far the start has come, a phrase for people, at most 200 characters; it keeps a slow start from being taken for stuck. */
  progress(text: string): void;
  /** Keeps the newest status; it goes to the parent on change (at most 10/s) and at least each second. */
  setStatus(status: PartStatus): void;
  log(level: LogLevel, message: string): void;
  /** Runs at the end, last registered first. All together have `CLEANUP_MS_MAX`. */
  onStop(cleanUp: CleanUp): void;
  /** How the parent sees every other part; all `unknown` while the parent itself is silent. */
  peers(): Peers;
  /** How this part sees its parent's beats; `unknown` before the first and when started by hand. */
  parent(): Sight;
  /** Messages of the parent that are this part's own. */
  onMessage(listener: (message: PartMessage) => void): void;
  /** A message of this part's own to the parent; false when there is no parent or it does not read. */
  send(message: PartMessage): boolean;
  /** Ends the part cleanly (exit 0) from inside: it will not be restarted. */
  end(reason: string): void;
}

/**
 * Runs `body` as a supervised part. Its options are one JSON object, `argv[2]` or else the environment's `BUDDY_PART_OPTIONS` (how the
 * supervisor hands it over: other users can read a command line, and options hold keys). `schema` checks them; wrong ones end with a
 * readable text on stderr and exit status 2. The body sets the part up, calls `ctx.ready` and may return: the process lives until it
 * is stopped. An error out of the body, an unhandled rejection or an uncaught exception is printed and ends the process with 1:
 * crash only, the supervisor decides what follows.
 */
export function runChild<S extends z.ZodType>(
  schema: S,
  body: (options: z.output<S>, ctx: ChildContext) => void | Promise<void>,
): void {
  const options = readOptions(schema, process.argv[2] ?? takeEnv(OPTIONS_ENV));
  if (options.kind === "bad") {
    process.stderr.write(`bad options: ${options.why}\n`);
    process.exit(2);
  }
  // What a part writes may hold keys, as a robot's flash does: it is its owner's alone, whoever makes the file.
  process.umask(0o077);
  offerToOutOfMemoryKiller();
  new Child().run((ctx) => body(options.value, ctx));
}

type Life =
  { kind: "running" } | { kind: "stopping"; reason: string } | { kind: "crashed"; reason: string };

class Child {
  private readonly clock = systemClock;
  private readonly abort = new AbortController();
  private readonly cleanUps: CleanUp[] = [];
  private readonly listeners: ((message: PartMessage) => void)[] = [];
  private life: Life = { kind: "running" };
  private bodyDone: Promise<void> = Promise.resolve();
  private resolveStopped: () => void = () => undefined;
  private unsent = 0;
  private status: PartStatus = {};
  private statusText = "";
  private statusSentMs = Number.NEGATIVE_INFINITY;
  private statusPending = false;
  private parentBeats = newDetector(systemClock.nowMs());
  private peers: Peers = {};

  run(body: (ctx: ChildContext) => void | Promise<void>): void {
    this.listen();
    // The timer also keeps the process alive when there is no channel.
    this.clock.every(BEAT_PERIOD_MS, () => this.beat());
    this.clock.every(DETECTOR.scanPeriodMs, () => this.watchParent());
    this.beat();
    const ctx = this.context();
    this.bodyDone = (async () => body(ctx))().catch((error: unknown) => {
      // A body that is cancelled by the stop may reject with the abort: that is the stop working.
      if (this.life.kind === "running") this.crash("the part failed", error);
    });
  }

  private context(): ChildContext {
    const stopped = new Promise<void>((resolve) => (this.resolveStopped = resolve));
    return {
      signal: this.abort.signal,
      clock: this.clock,
      stopped,
      ready: (doors = {}) => this.ready(doors),
      progress: (text) => void this.post({ type: "progress", text }),
      setStatus: (status) => this.setStatus(status),
      log: (level, message) => this.log(level, message),
      onStop: (cleanUp) => void this.cleanUps.push(cleanUp),
      peers: () => this.seenPeers(),
      parent: () => this.parentSight(),
      onMessage: (listener) => void this.listeners.push(listener),
      send: (message) => this.post(message),
      end: (reason) => this.stop(reason),
    };
  }

  private listen(): void {
    process.on("uncaughtException", (error) => this.crash("uncaught exception", error));
    process.on("unhandledRejection", (error) => this.crash("unhandled rejection", error));
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.on(signal, () => this.stop(signal));
    }
    // A reader of stdout or stderr that has gone away is not this part's failure.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
    if (process.send === undefined) return;
    process.on("disconnect", () => this.stop("the parent is gone"));
    // It may have gone while this part's modules were still loading.
    if (!process.connected) this.stop("the parent is gone");
    process.on("message", (raw) => this.receive(raw));
  }

  private receive(raw: unknown): void {
    const parsed = parseFromParent(raw);
    switch (parsed.kind) {
      case "stop":
        return this.stop("asked to stop");
      case "part":
        for (const listener of this.listeners) listener(parsed.message);
        return;
      case "bad":
        return this.log("warn", `ignored a message of the parent: ${parsed.why}`);
      case "beat":
        return this.sawParent(heard(this.parentBeats, this.clock.nowMs()));
      case "peers":
        this.peers = parsed.peers;
        return;
    }
  }

  private watchParent(): void {
    this.sawParent(scan(this.parentBeats, this.clock.nowMs()));
  }

  /** A parent that hangs is reported to itself (it reads that when it is back) and told in this part's own log. */
  private sawParent(next: Detector): void {
    const before = this.parentSight();
    const silent = Math.round(silentMs(this.parentBeats, this.clock.nowMs()));
    this.parentBeats = next;
    const now = this.parentSight();
    if (now === before || now === "unknown") return;
    this.post({ type: "sight", colour: now, silentMs: silent });
    if (now === "red") process.stderr.write(`the parent is silent: hung\n`);
    if (before === "red") process.stderr.write(`the parent beats again after ${silent} ms\n`);
  }

  private parentSight(): "unknown" | Colour {
    return this.parentBeats.kind === "heard" ? this.parentBeats.colour : "unknown";
  }

  private seenPeers(): Peers {
    if (this.parentSight() !== "red") return this.peers;
    return Object.fromEntries(Object.keys(this.peers).map((name) => [name, "unknown"]));
  }

  private ready(doors: Doors): void {
    if (this.life.kind !== "running") return;
    if (!this.post({ ...doors, type: "ready" })) {
      process.stdout.write(`ready ${JSON.stringify(doors)}\n`);
    }
  }

  private beat(): void {
    this.post({ type: "beat", rssBytes: process.memoryUsage.rss() });
    if (this.clock.nowMs() - this.statusSentMs >= STATUS_PERIOD_MS_MAX - BEAT_PERIOD_MS / 2) {
      this.sendStatus();
    }
  }

  private setStatus(status: PartStatus): void {
    this.status = status;
    if (this.statusPending || this.life.kind !== "running") return;
    const text = JSON.stringify(status);
    if (text === this.statusText) return;
    const waitMs = this.statusSentMs + STATUS_PERIOD_MS_MIN - this.clock.nowMs();
    if (waitMs <= 0) return this.sendStatus();
    this.statusPending = true;
    this.clock.after(waitMs, () => this.sendStatus());
  }

  private sendStatus(): void {
    this.statusPending = false;
    this.statusSentMs = this.clock.nowMs();
    this.statusText = JSON.stringify(this.status);
    this.post({ type: "status", status: this.status });
  }

  private log(level: LogLevel, message: string): void {
    const line = cutLine(message);
    if (!this.post({ type: "log", level, message: line })) {
      process.stderr.write(`${level} ${line}\n`);
    }
  }

  /** Hands a message to the channel. False: no channel, or a parent that has stopped reading it. */
  private post(message: ChildMessage | PartMessage): boolean {
    if (process.send === undefined || !process.connected) return false;
    if (this.unsent >= UNSENT_MAX) return false;
    this.unsent += 1;
    process.send(message, undefined, undefined, () => {
      // An error here means the channel closed; "disconnect" tells the same and ends the part.
      this.unsent -= 1;
    });
    return true;
  }

  private stop(reason: string): void {
    if (this.life.kind !== "running") return;
    this.life = { kind: "stopping", reason };
    this.clock.after(CLEANUP_MS_MAX, () => {
      process.stderr.write(`clean-up took more than ${CLEANUP_MS_MAX} ms (${reason}): leaving\n`);
      this.exit();
    });
    this.abort.abort(new Error(`the part is stopping: ${reason}`));
    this.resolveStopped();
    void this.leave();
  }

  private async leave(): Promise<void> {
    await this.bodyDone;
    // Taken from the end one by one, so that one registered meanwhile is run too.
    for (let next = this.cleanUps.pop(); next; next = this.cleanUps.pop()) {
      try {
        await next();
      } catch (error) {
        // One failed clean-up must not keep the others from running.
        this.log("warn", `clean-up failed: ${inspect(error)}`);
      }
    }
    this.exit();
  }

  private exit(): void {
    // With the parent gone nobody else sweeps what this part leaves; the signal takes the part itself too.
    if (process.send !== undefined && !process.connected) sweepOwnGroup();
    process.exit(0);
  }

  private crash(what: string, error: unknown): void {
    // Straight to stderr: it is written before the exit, the channel may not be.
    const during = this.life.kind === "stopping" ? " while stopping" : "";
    this.life = { kind: "crashed", reason: what };
    process.stderr.write(`${what}${during}: ${cutLine(inspect(error))}\n`);
    process.exit(1);
  }
}
