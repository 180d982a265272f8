/** Sections of docs/PAGE.md that a command writes anew, each with what it was measured with. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { systemClock } from "../../src/time/clock.js";
import { root } from "./tree.js";

/** "2026-12-01 00:40 UTC, commit abc1234, 2 × Intel Xeon, Node v20, load 13." */
function measuredWith(): string {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root });
  const date = new Date(systemClock.wallMs()).toISOString().slice(0, 16).replace("T", " ");
  const [{ model } = { model: "unknown" }] = cpus();
  const machine = `${cpus().length} × ${model.trim()}, Node ${process.version}`;
  const load = Math.round(loadavg()[0] ?? 0);
  return `${date} UTC, commit ${commit.toString().trim()}, ${machine}, load ${load}.`;
}

/**
 * Replaces the section, or adds it at the end.
 * @param how which command, and what was counted.
 * @param rows of a table, the first its head.
 */
export async function writeSection(
  title: string,
  how: string,
  rows: readonly (readonly (string | number)[])[],
): Promise<void> {
  const [head = [], ...body] = rows;
  const table = [head, head.map(() => "-"), ...body].map((row) => `| ${row.join(" | ")} |`);
  const text = [`## ${title}`, "", how, measuredWith(), "", ...table, "", ""].join("\n");
  const path = join(root, "docs/PAGE.md");
  const parts = readFileSync(path, "utf8").split(/^(?=## )/m);
  const at = parts.findIndex((part) => part.startsWith(`## ${title}\n`));
  if (at < 0) parts.push(`\n${text}`);
  else parts[at] = text;
  const options = { ...(await resolveConfig(path)), parser: "markdown" };
  writeFileSync(path, await format(parts.join(""), options));
}
