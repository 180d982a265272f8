/** What a result is worth nothing without: date, commit, machine. */
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { packageRoot } from "../../host/package-root.js";
import { systemClock } from "../../time/clock.js";
import type { DrillRecord } from "./results.js";

/** When, on what and of which commit a result is. */
export function stampOf(): Pick<DrillRecord, "date" | "commit" | "machine"> {
  const commit = commitOf();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date(systemClock.wallMs()).toISOString().slice(0, 16).replace("T", " "),
    commit,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${memoryGb} GB, Node ${process.version}`,
  };
}

/** What drills, mutations, injuries and long runs write: a run that goes on after another is of the same commit all the same. */
const WRITTEN = [
  "README.md",
  "docs/DRILLS.md",
  "docs/DRILL-MUTATIONS.md",
  "docs/DATADIR.md",
  "docs/drills.json",
  "docs/drills.svg",
  "docs/brain-runs.json",
  "docs/ears-runs.json",
  "docs/flash-runs.json",
  "docs/home-runs.json",
  "docs/home-assistant-session.txt",
];

/** The commit, "-dirty" when something that is run differs from it. A package without its history has none. */
function commitOf(): string {
  const git = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync("git", args, { cwd: packageRoot(), encoding: "utf8" });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git("describe", "--always");
  if (commit === undefined) return "no commit";
  const changed = git("status", "--porcelain", "--", ".", ...WRITTEN.map((f) => `:(exclude)${f}`));
  return changed === "" ? commit : `${commit}-dirty`;
}
