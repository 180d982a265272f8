/** A scenario's figures for people. */
import type { ScenarioReport, Spread } from "./report.js";

export function figure(value: number): string {
  return value.toLocaleString("en-US");
}

export function scenarioText(name: string, what: string, report: ScenarioReport): string {
  const { longestSlice: longest } = report;
  const inside = longest.inside.map(({ name: part, steps }) => `${figure(steps)} ${part}`);
  return [
    "",
    `${name}: ${what}`,
    `  steps a second        ${spread(report.stepsPerS)}`,
    `  longest slice         ${figure(longest.steps)} steps, went on in ${longest.in} (fiber ${longest.fiber})`,
    ...inside.map((part) => `                          ${part}`),
    `  fibers woken a second ${spread(report.wakesPerS)}`,
    `  allocated a second    ${spread(report.allocatedBytesPerS)} bytes, ${spread(report.allocationsPerS)} blocks`,
    `  collections a second  ${spread(report.collectionsPerS)}`,
    `  sent a second         ${spread(report.socketBytesPerS)} bytes by socket, ${spread(report.busBytesPerS)} on the bus`,
    "  steps a second, share, bytes allocated a second, function",
    ...report.functions.map(
      ({ name: part, stepsPerS, allocatedPerS }) =>
        `  ${cell(stepsPerS, 9)} ${share(stepsPerS, report.stepsPerS.median)} ${cell(allocatedPerS, 9)}  ${part}`,
    ),
    "  slices a second, mean steps, longest, where the slice began (fiber)",
    ...report.slices.map(
      (slice) =>
        `  ${cell(slice.perS, 9)} ${cell(slice.meanSteps, 8)} ${cell(slice.longestSteps, 8)}  ${slice.in} (${slice.fiber})`,
    ),
  ].join("\n");
}

function spread({ median, min, max }: Spread): string {
  return `${figure(median)} (${figure(min)} to ${figure(max)})`;
}

function cell(value: number, width: number): string {
  return figure(value).padStart(width);
}

function share(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`.padStart(7);
}
