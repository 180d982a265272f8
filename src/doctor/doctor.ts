/** `buddy doctor`: what is there, what is missing, and the command that mends it. It looks and changes nothing. */
import type { StartOptions } from "../companion/options.js";
import { packageRoot } from "../host/package-root.js";
import { Redactor } from "../datadir/redact.js";
import { isHeld } from "../datadir/data-dir.js";
import { readSecret } from "../datadir/running.js";
import { systemClock } from "../time/clock.js";
import { checkData } from "./data.js";
import { checkLock, checkNode, checkPieces } from "./install.js";
import { guarded, type Line, lineText } from "./line.js";
import { checkBuddyDb } from "./database.js";
import { checkPorts } from "./ports.js";
import { checkRunning } from "./running.js";
import { checkModels, checkTools } from "./tools.js";

/** Half of what a start makes: a damaged one is no secret any more, and the redactor would take no shorter one. */
const TOKEN_CHARS_MIN = 16;

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the exit code: 0 nothing to mend, 1 something is. */
export async function doctor(
  options: StartOptions,
  environment: Environment,
  asJson: boolean,
): Promise<number> {
  const lines = await examine(options, environment);
  const isFine = lines.every(({ state }) => state !== "mend");
  if (asJson) process.stdout.write(`${JSON.stringify({ ok: isFine, lines })}\n`);
  else process.stdout.write(`${lines.map(lineText).join("\n")}\n${verdict(lines)}\n`);
  return isFine ? 0 : 1;
}

async function examine(options: StartOptions, environment: Environment): Promise<Line[]> {
  const root = packageRoot();
  const { host, port } = options;
  const door = port === 0 ? undefined : `${host}:${port}`;
  const { running, hasAnswered, lines } = await checkRunning(options.data, door);
  const runtime = running.kind === "running" ? running.runtime : undefined;
  const isAtWork = running.kind === "running" || isHeld(options.data);
  const all = [
    checkNode(process.versions.node),
    ...checkPieces(root),
    checkLock(root),
    ...(await checkData(options.data, systemClock.wallMs(), !hasAnswered)),
    ...(running.kind === "running"
      ? []
      : [await guarded("memory", "Memory", () => checkBuddyDb(options.data))]),
    ...lines,
    ...(await checkPorts(options, runtime, isAtWork)),
    ...checkTools(environment["PATH"]),
    checkModels(environment),
  ];
  // What others say of themselves may hold what must not be shown.
  const redactor = new Redactor(secretsOf(options.data));
  return all.map((one) => ({
    ...one,
    text: redactor.text(one.text),
    next: redactor.text(one.next),
  }));
}

/** Those that can be read, and that are long enough to be one. */
function secretsOf(dataDir: string): string[] {
  return (["token", "mcp.token"] as const).flatMap((name) => {
    try {
      const secret = readSecret(dataDir, name) ?? "";
      return secret.length < TOKEN_CHARS_MIN ? [] : [secret];
    } catch {
      return []; // The line of the keys says so.
    }
  });
}

function verdict(lines: readonly Line[]): string {
  const count = lines.filter(({ state }) => state === "mend").length;
  if (count === 0) return "\nNothing to mend.";
  return `\n${count} ${count === 1 ? "thing" : "things"} to mend.`;
}
