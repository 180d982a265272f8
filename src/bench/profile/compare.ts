/** How a scenario's figures stand to saved ones: pure text. */
import { figure } from "./profile-text.js";
import type { ScenarioReport, Spread } from "./report.js";

const FUNCTIONS_MAX = 15;

const FIGURES = {
  "steps a second": (report) => report.stepsPerS,
  "fibers woken a second": (report) => report.wakesPerS,
  "bytes allocated a second": (report) => report.allocatedBytesPerS,
  "collections a second": (report) => report.collectionsPerS,
  "bytes by socket a second": (report) => report.socketBytesPerS,
  "bytes on the bus a second": (report) => report.busBytesPerS,
} satisfies Record<string, (report: ScenarioReport) => Spread>;

/** Medians, the longest slice, and the functions whose steps a second have changed most. */
export function differences(before: ScenarioReport, after: ScenarioReport): string {
  const lines = Object.entries(FIGURES).map(([what, of]) =>
    change(what, of(before).median, of(after).median),
  );
  lines.push(change("longest slice", before.longestSlice.steps, after.longestSlice.steps));
  const functions = functionChanges(before, after).map(({ name, from, to }) => {
    return `    ${signed(to - from).padStart(10)}  ${figure(from)} -> ${figure(to)}  ${name}`;
  });
  return [
    "  compared with the saved figures",
    ...lines,
    "    steps a second, by function",
    ...functions,
  ].join("\n");
}

/** What one of the two does not list is below the least that it lists; 0 stands for it. */
function functionChanges(
  before: ScenarioReport,
  after: ScenarioReport,
): { name: string; from: number; to: number }[] {
  const costs = (report: ScenarioReport): Map<string, number> =>
    new Map(report.functions.map(({ name, stepsPerS }) => [name, stepsPerS]));
  const [old, now] = [costs(before), costs(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((name) => ({ name, from: old.get(name) ?? 0, to: now.get(name) ?? 0 }))
    .sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from))
    .slice(0, FUNCTIONS_MAX);
}

function change(what: string, from: number, to: number): string {
  const percent = from === 0 ? "" : ` (${signed(Math.round((100 * (to - from)) / from))} %)`;
  return `    ${what.padEnd(26)} ${figure(from)} -> ${figure(to)}${percent}`;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${figure(value)}`;
}
