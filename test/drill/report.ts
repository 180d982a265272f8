/** docs/DRILL-MUTATIONS.md: what came of the mutations, and read back, so that some can be tried without losing the rest. Pure. */
import type { Mutation } from "./mutations.js";

export interface Verdict extends Pick<Mutation, "drill" | "name" | "file"> {
  readonly isRed: boolean;
  /** Why the drill failed, its first line. */
  readonly says: string;
  /** Date, commit, machine. */
  readonly stamp: string;
}

const HEAD = ["drill", "what is broken", "file", "", "the drill says", "tried"];

export function mutationPage(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ drill, name, file, isRed, says, stamp }) =>
    [`\`${drill}\``, name, `\`${file}\``, isRed ? "red" : "**NOT RED**", says, stamp].map(plain),
  );
  return `# Mutations of the drills

Written by \`npm run drill:mutations -- --write\`: one line of the product is broken at a time, in a copy of the tree, and the drill that is for it must
turn red, or it proves nothing. The lines and what is put in their place: \`test/drill/mutations.ts\`; \`npm test\` holds that each drill
has one and that each line still stands there.

${table([HEAD, ...rows])}
`;
}

/** @param page docs/DRILL-MUTATIONS.md as `mutationPage` wrote it. */
export function readVerdicts(page: string): Verdict[] {
  const lines = page.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => {
    const cells = line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    const [drill = "", name = "", file = "", red = "", says = "", stamp = ""] = cells;
    const bare = (cell: string): string => cell.replaceAll("`", "");
    return {
      drill: bare(drill),
      name,
      file: bare(file),
      isRed: red === "red",
      says: says.replaceAll("\\|", "|"),
      stamp,
    };
  });
}

/** New ones in the place of the old; what is no mutation any more is dropped. */
export function mergeVerdicts(
  before: readonly Verdict[],
  now: readonly Verdict[],
  mutations: readonly Mutation[],
): Verdict[] {
  return mutations.flatMap(({ drill, name }) => {
    const isIt = (one: Verdict): boolean => one.drill === drill && one.name === name;
    const verdict = now.find(isIt) ?? before.find(isIt);
    return verdict === undefined ? [] : [verdict];
  });
}

/** A cell without what would end it. */
function plain(cell: string): string {
  return cell.replaceAll("\\", "").replaceAll("|", "\\|");
}

/** As prettier writes it. */
function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number =>
    Math.max(3, ...rows.map((row) => [...(row[column] ?? "")].length));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell + " ".repeat(width(i) - [...cell].length)).join(" | ")} |`;
  const [head = [], ...body] = rows.map(line);
  const rule = line((rows[0] ?? []).map((_, i) => "-".repeat(width(i))));
  return [head, rule, ...body].join("\n");
}
