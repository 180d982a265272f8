/** Runs a part's own body in a process of the world: beats, status, messages and the ways to end, as `runChild` gives them. */
import type { ChildContext } from "../../src/child/child.js";
import { BEAT_PERIOD_MS, type PartMessage } from "../../src/child/messages.js";
import type { Clock } from "../../src/time/clock.js";
import type { Program } from "./platform/child.js";
import type { WorldProcess } from "./platform/process-table.js";

/** The end of a part's command line, by its name. */
export const PROGRAM_OF = { gateway: "gateway/main.js", voice: "voice/main.js" } as const;
export type PartName = keyof typeof PROGRAM_OF;

const RSS_BYTES = 50_000_000;
const STATUS_PERIOD_MS = 1000;

/** @param onFault told what the body threw; its process then ends with status 1, as it would. */
export function runPart(
  program: Program,
  self: WorldProcess,
  clock: Clock,
  onFault: (error: unknown) => void,
): void {
  const abort = new AbortController();
  const cleanUps: (() => void | Promise<void>)[] = [];
  const listeners: ((message: PartMessage) => void)[] = [];
  let status = "{}";
  let isStopping = false;
  const stop = async (code: number): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    abort.abort(new Error("asked to stop"));
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
    self.end(code, null);
  };
  const fail = (error: unknown): void => {
    onFault(error);
    self.end(1, null);
  };
  const context: ChildContext = {
    signal: abort.signal,
    clock,
    stopped: new Promise((resolve) => abort.signal.addEventListener("abort", () => resolve())),
    ready: (doors = {}) => self.send({ ...doors, type: "ready" }),
    setStatus(next) {
      const text = JSON.stringify(next);
      if (text === status) return;
      status = text;
      sendStatus();
    },
    progress: (text) => self.send({ type: "progress", text }),
    log: (level, message) => self.send({ type: "log", level, message }),
    onStop: (cleanUp) => void cleanUps.push(cleanUp),
    peers: () => ({}),
    parent: () => "green",
    onMessage: (listener) => void listeners.push(listener),
    send(message) {
      self.send(message);
      return true;
    },
    end: () => void stop(0),
  };
  self.onMessage = (message) => {
    if (message.type === "stop") return void stop(0);
    if (message.type === "beat" || message.type === "peers") return;
    for (const listener of listeners) listener(message);
  };
  const sendStatus = (): void => self.send({ type: "status", status: JSON.parse(status) });
  const beat = (): void => self.send({ type: "beat", rssBytes: RSS_BYTES });
  clock.every(BEAT_PERIOD_MS, beat);
  clock.every(STATUS_PERIOD_MS, sendStatus);
  beat();
  const options = program.schema.parse(JSON.parse(self.options)) as never;
  void (async () => program.body(options, context))().catch((error: unknown) => {
    if (!isStopping) fail(error);
  });
}
