/**
 * What lies in a data directory is its owner's alone: keys, what was said, the robot's memory with the link's key in it. What
 * other users could read or write is closed at the start, and what stands in place of a file without being one is named
 * before anybody waits for it. Only names of Buddy's own: a wrong `--data` must not close somebody's home.
 */
import { chmodSync, lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { systemReasonOf } from "../host/reason.js";
import { fileFault, waitFault } from "../host/file-fault.js";

const FILES = [
  "link.key",
  "mcp.token",
  "token",
  "runtime.json",
  "breakers.json",
  "mind.json",
  "brain.json",
  "link-generation.json",
  "buddy.db",
  "buddy.lock",
  "alerts.log",
];
const FILES_OF_THE_ROBOT = [
  join("robot", "provisioned"),
  join("robot", ".devicescript", "flash", "sim.bin"),
];
const FOLDERS = ["logs", "backups", "cache", "personas", "tls", "robot", "voice"];
/** Beside each also what is made of it: `buddy.db-wal`, `mind.json.damaged`, `link.key.new`. */
const OURS = new RegExp(
  `^(?:${[...FILES, ...FOLDERS].map((name) => name.replaceAll(".", "\\.")).join("|")})(?:[.-]|$)`,
);
/** Others may do nothing. */
const OTHERS = 0o077;
/** A directory where everybody may make files, such as /tmp: not ours to close. */
const STICKY = 0o1000;
const ENTRIES_MAX = 20_000;
/** Named in one line. */
const NAMED_MAX = 6;

export interface ClosedFiles {
  /** Sentences for people: what was open, and what of it could not be closed. */
  readonly told: readonly string[];
  /** "PATH is a FIFO, not a file": nothing may be opened while it is there. */
  readonly faults: readonly string[];
}

/** Looks at the directory and all of Buddy's in it. @throws the file system's error when it cannot be listed */
export function closeOpenFiles(dir: string): ClosedFiles {
  const walk = new Walk(dir);
  walk.close("", lstatSync(dir));
  for (const name of readdirSync(dir)) if (OURS.test(name)) walk.visit(name);
  return walk.result();
}

class Walk {
  private readonly closed: string[] = [];
  private readonly left: string[] = [];
  private readonly faults: string[] = [];
  private entries = 0;

  constructor(private readonly dir: string) {}

  visit(name: string): void {
    if (++this.entries > ENTRIES_MAX) return;
    const path = join(this.dir, name);
    let stat: Stats;
    try {
      stat = lstatSync(path);
    } catch (error) {
      // Gone since it was listed: others may be clearing up.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    const isFile = FILES.includes(name) || FILES_OF_THE_ROBOT.includes(name);
    const notFile = isFile ? fileFault(path) : undefined;
    if (notFile !== undefined) {
      this.faults.push(`${path} ${notFile}`);
      return;
    }
    if (FOLDERS.includes(name) && stat.isFile()) {
      this.faults.push(`${path} is a file, not a folder`);
      return;
    }
    if (stat.isDirectory()) {
      this.close(name, stat);
      for (const inside of readdirSync(path)) this.visit(join(name, inside));
      return;
    }
    // What a link leads to is the owner's choice, but it is waited for like a file.
    const fault = waitFault(path);
    if (fault !== undefined) this.faults.push(`${path} ${fault}`);
    else if (stat.isFile()) this.close(name, stat);
  }

  /** @param name relative to the directory; "" for itself */
  close(name: string, { mode }: Stats): void {
    if ((mode & OTHERS) === 0 || process.platform === "win32") return;
    const shown = name === "" ? "the directory itself" : name;
    if ((mode & STICKY) !== 0) {
      this.left.push(`${shown} (everybody's)`);
      return;
    }
    try {
      chmodSync(join(this.dir, name), mode & 0o700);
      this.closed.push(shown);
    } catch (error) {
      this.left.push(`${shown} (${systemReasonOf(error)})`);
    }
  }

  result(): ClosedFiles {
    const told: string[] = [];
    if (this.closed.length > 0) {
      told.push(`other users could get at ${listed(this.closed)} in ${this.dir}: closed to them`);
    }
    if (this.left.length > 0) {
      const next = "choose a directory of your own with --data";
      told.push(`other users can get at ${listed(this.left)} in ${this.dir}: ${next}`);
    }
    return { told, faults: this.faults };
  }
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  const shown = names.slice(0, NAMED_MAX).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}
