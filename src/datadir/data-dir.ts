/**
 * The data directory belongs to one running Buddy at a time: two would share a robot's key and memory, and the second
 * would take the first one's `runtime.json` with it when it ends. Looked at once, before anything is written there.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { systemReasonOf } from "../host/reason.js";
import { bareHost } from "../host/loopback.js";
import { lockFile } from "../store/database.js";
import { DatabaseError } from "../store/database-error.js";
import { type ClosedFiles, closeOpenFiles } from "./open-files.js";
import { findRunning, type Running } from "./running.js";

const CONNECT_MS_MAX = 1000;

export class DataDirError extends Error {
  readonly code = "CLI_DATA";
}

/** Makes the directory if it is not there. @throws DataDirError when it cannot be used, with what to do. */
export async function claimDataDir(dir: string): Promise<void> {
  try {
    makeDir(dir);
    if (!statSync(dir).isDirectory()) throw new Error("it is not a directory");
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataDirError(
      `the data directory ${dir} cannot be used (${systemReasonOf(error)}); choose another with --data`,
      { cause: error },
    );
  }
  const running = runningIn(dir);
  if (running.kind === "none" || running.runtime.pid === process.pid) return;
  // After a crash another program may have got that process id by now; it has not got that door, too.
  if (!(await answers(running.origin))) return;
  throw new DataDirError(
    `another Buddy (process ${running.runtime.pid}, its page is ${running.origin}/) uses the data directory ${dir}; ` +
      `stop it, or choose another directory with --data`,
  );
}

/** Whether a Buddy has run here before: each leaves its breakers' memory when it stops. */
export function hasPast(dir: string): boolean {
  return existsSync(join(dir, "breakers.json"));
}

/**
 * Closes what other users could get at. @returns sentences for people
 * @throws DataDirError that names what stands in place of a file, so that nobody waits for it
 */
export function closeDataDir(dir: string): readonly string[] {
  let closed: ClosedFiles;
  try {
    closed = closeOpenFiles(dir);
  } catch (error) {
    throw unreadable(dir, error);
  }
  const [fault] = closed.faults;
  if (fault === undefined) return closed.told;
  throw new DataDirError(`${fault}; move it away, or choose another directory with --data`);
}

/** Names no part's file; backups leave it out. */
const LOCK_FILE = "buddy.lock";

/**
 * Keeps every other Buddy out of the directory from the first moment on: `runtime.json` is there only once all is ready,
 * which without a robot is never. @returns how to let go @throws DataDirError while another has it
 */
export function holdDataDir(dir: string): () => void {
  const release = tryHold(dir);
  if (release !== undefined) return release;
  throw new DataDirError(
    `another Buddy, which is starting or stopping, uses the data directory ${dir}; stop it, or choose another directory with --data`,
  );
}

/** Whether a Buddy, ready or not, has the directory now. */
export function isHeld(dir: string): boolean {
  if (!existsSync(join(dir, LOCK_FILE))) return false;
  const release = tryHold(dir);
  release?.();
  return release === undefined;
}

function tryHold(dir: string): (() => void) | undefined {
  try {
    return lockFile(join(dir, LOCK_FILE));
  } catch (error) {
    // A disk that is full or knows no locks must not keep Buddy from starting; `runtime.json` still tells of another.
    if (error instanceof DatabaseError) return () => undefined;
    throw error;
  }
}

/** @throws DataDirError when another user's file there hides who runs. */
function runningIn(dir: string): Running {
  try {
    return findRunning(dir);
  } catch (error) {
    throw unreadable(dir, error);
  }
}

function unreadable(dir: string, error: unknown): DataDirError {
  return new DataDirError(
    `the data directory ${dir} holds what this user may not read (${systemReasonOf(error)}); ` +
      `take it over with \`chown -R $(id -un) ${dir}\`, or choose another with --data`,
    { cause: error },
  );
}

/** As `mkdir -p`. Node's own, asked for a place like /proc where nothing can be made, never comes back. */
function makeDir(dir: string): void {
  if (existsSync(dir)) return;
  const parent = dirname(dir);
  if (parent !== dir) makeDir(parent);
  mkdirSync(dir, { mode: 0o700 });
}

function answers(origin: string): Promise<boolean> {
  const url = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect({ host: bareHost(url), port: Number(url.port) });
    const settle = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(CONNECT_MS_MAX, () => settle(false));
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
