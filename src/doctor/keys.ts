/** Keys and settings in the data directory: can only their owner read them, and do they hold what a start expects. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../conversation/settings-file.js";
import { hasPast } from "../datadir/data-dir.js";
import { assertNoWait } from "../host/file-fault.js";
import { readSecretFile, SecretFileError } from "../datadir/secret-file.js";
import { line, type Line } from "./line.js";

interface Kept {
  readonly name: string;
  /** Throws when a start could not use it. Its words hold nothing of the content. */
  check(path: string): unknown;
  readonly next: string;
}

const secret =
  (bytes: number) =>
  (path: string): string =>
    readSecretFile(path, bytes);

const SETTINGS = "mind.json";

/** Settings hold the keys of model services. */
const KEPT: readonly Kept[] = [
  {
    name: "link.key",
    check: secret(32),
    next: "bring it back with `buddy restore`, or delete it and provision the robot again",
  },
  { name: "token", check: secret(16), next: "delete it: the next start makes a new one" },
  { name: "mcp.token", check: secret(16), next: "delete it: the next start makes a new one" },
  {
    name: SETTINGS,
    check: (path) => {
      assertNoWait(path);
      const read = readSettings(readFileSync(path, "utf8"));
      if (read.kind === "bad") throw new SecretFileError(`${path}: ${read.why}`);
    },
    next: "correct it, or delete it and make the settings on the page again",
  },
];

export function checkKeys(dataDir: string): Line {
  const texts: string[] = [];
  const nexts: string[] = [];
  const there = KEPT.map((kept) => ({ ...kept, path: join(dataDir, kept.name) })).filter(
    ({ path }) => existsSync(path),
  );
  const open = there.filter(({ path }) => (statSync(path).mode & 0o077) !== 0);
  if (open.length > 0 && process.platform !== "win32") {
    texts.push(`Others on this machine can read ${open.map(({ name }) => name).join(", ")}.`);
    nexts.push(`\`chmod 600 ${open.map(({ path }) => path).join(" ")}\``);
  }
  for (const { name, path, check, next } of there) {
    try {
      check(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const isOurs = error instanceof SecretFileError;
      texts.push(isOurs ? `${name} is damaged: ${message}.` : `${name} cannot be read (${code}).`);
      nexts.push(isOurs ? `${name}: ${next}` : `\`chown $(id -un) ${path}\``);
    }
  }
  // Each start leaves one, so one that is gone was lost.
  if (!existsSync(join(dataDir, SETTINGS)) && hasPast(dataDir)) {
    texts.push(
      `${SETTINGS} is not there: the mind's settings and the keys of model services are lost.`,
    );
    nexts.push("bring it back with `buddy restore`, or make the settings on the page again");
  }
  if (texts.length === 0) return line("keys", "Keys", "ok", "Whole, and only you can read them.");
  return line("keys", "Keys", "mend", texts.join(" "), nexts.join("; "));
}
