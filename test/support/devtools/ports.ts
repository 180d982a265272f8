/**
 * DeviceScript's developer tools use three fixed ports of this machine. Tests that start them take turns, also across checkouts,
 * and say so when another program holds the ports.
 */
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The extension's side protocol and the dashboard, the bus, the debugger. */
export const DEVTOOLS_PORTS = { side: 8081, bus: 8082, dap: 8083 } as const;

const LOCK_CHECK_MS = 200;

interface Turn {
  lock?: string;
  ports?: readonly number[];
  /** A test before this one may take minutes. */
  waitMsMax?: number;
}

/** Waits for its turn. @returns how to give the ports back @throws Error when another program has one of them */
export async function takeDevtoolsPorts({
  lock = join(tmpdir(), "buddy-devtools.lock"),
  ports = Object.values(DEVTOOLS_PORTS),
  waitMsMax = 600_000,
}: Turn = {}): Promise<() => void> {
  const endMs = performance.now() + waitMsMax;
  while (!tryLock(lock)) {
    if (performance.now() > endMs) {
      throw new Error(
        `process ${holderOf(lock)} has had the developer tools' ports for ${waitMsMax} ms (${lock})`,
      );
    }
    await sleep(LOCK_CHECK_MS);
  }
  const release = (): void => rmSync(lock, { force: true });
  try {
    for (const port of ports) await requireFree(port);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    // Whoever was killed did not give it back. Of two that find this out one gets it, at its next try.
    if (!isAlive(holderOf(lock))) rmSync(lock, { force: true });
    return false;
  }
}

/** NaN when it was given back meanwhile, or is just being taken. */
function holderOf(lock: string): number {
  try {
    return Number.parseInt(readFileSync(lock, "utf8"), 10);
  } catch {
    return Number.NaN;
  }
}

function isAlive(pid: number): boolean {
  if (Number.isNaN(pid)) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function requireFree(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `port ${port} is taken (${code}): these tests need ${Object.values(DEVTOOLS_PORTS).join(", ")}, as DeviceScript's developer tools do; end those, or VS Code, and try again`,
      { cause: error },
    );
  }
  server.close();
  await once(server, "close");
}
