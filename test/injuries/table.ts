/** What came of each injury, as Markdown: cases of one file that went alike share a line. */
import type { CaseResult } from "./case.js";

/** What nobody may meet. @returns undefined when all is as promised */
export function faultOf(result: CaseResult): string | undefined {
  const { outcome, said, lost } = result;
  if (outcome === "NEITHER") return "neither started nor ended";
  if (outcome === "refuses" && said.length === 0) return "refused without a word";
  if (lost.length > 0 && said.length === 0) return `lost ${lost.join(", ")} without a word`;
  return undefined;
}

export function tableOf(results: readonly CaseResult[]): string {
  const lines = new Map<string, { injuries: string[]; first: CaseResult; slowest: number }>();
  for (const result of results) {
    const { file, injury, outcome, said, lost, kept, seconds } = result;
    const alike = JSON.stringify([file, outcome, said, lost, kept.length]);
    const line = lines.get(alike);
    if (line === undefined)
      lines.set(alike, { injuries: [injury], first: result, slowest: seconds });
    else {
      line.injuries.push(injury);
      line.slowest = Math.max(line.slowest, seconds);
    }
  }
  const rows = [...lines.values()].map(({ injuries, first, slowest }) => {
    const fault = faultOf(first);
    const cells = [
      `\`${first.file}\``,
      injuries.join(", "),
      fault === undefined ? `${first.outcome}, ${slowest} s` : `**${fault}**`,
      first.said.map(cell).join("<br>"),
      first.lost.join(", "),
      first.kept.map((name) => `\`${name}\``).join(", "),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| file | injury | outcome | what is said | what is lost | kept beside it |",
    "| ---- | ------ | ------- | ------------ | ------------ | -------------- |",
    ...rows,
  ].join("\n");
}

/** Without figures that differ with each run, bytes that are no text, and what Markdown would read as its own. */
function cell(line: string): string {
  return line
    .replace(/[\p{C}\ufffd]+/gu, "…")
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replace(/\d+\.\d+ s/, "… s");
}
