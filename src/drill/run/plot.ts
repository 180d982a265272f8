/** The picture of docs/DRILLS.md: a row for each drill, a dot for each repeat, time on a logarithmic axis. Pure. */
import type { DrillFacts } from "./drill.js";
import type { DrillRecord } from "./results.js";

const WIDTH = 960;
const LEFT = 210;
const RIGHT = 20;
const TOP = 50;
const ROW = 24;
/** Shorter is drawn here: a look takes about as long. */
const MS_MIN = 10;
const MS_MAX = 100_000;
const TICKS_MS = [10, 100, 1000, 10_000, 100_000];
const INK = "#444";
const NOTICE = "#d97706";
const RECOVER = "#2563eb";

/** @returns an SVG of the records of one column; bounds are the short upright lines. */
export function drillPlot(
  drills: readonly DrillFacts[],
  records: readonly DrillRecord[],
  column: string,
): string {
  const rows = drills.flatMap((drill) => {
    const record = records.find((one) => one.drill === drill.name && one.column === column);
    return record === undefined ? [] : [{ drill, record }];
  });
  const height = TOP + rows.length * ROW + 16;
  const ticks = TICKS_MS.map((ms) => {
    const at = x(ms);
    return `${line(at, TOP - 8, at, height - 10, "#ddd", 1)}${text(at, TOP - 14, `${ms / 1000} s`, "middle")}`;
  });
  const body = rows.map(({ drill, record }, index) => {
    const y = TOP + index * ROW + ROW / 2;
    const dots = record.runs.flatMap(({ noticeMs, recoverMs }) => [
      ...(noticeMs === undefined ? [] : [dot(x(noticeMs), y - 4, NOTICE)]),
      ...(recoverMs === undefined ? [] : [dot(x(recoverMs), y + 4, RECOVER)]),
    ]);
    const bounds =
      line(x(drill.noticeMsMax), y - 8, x(drill.noticeMsMax), y, NOTICE, 2) +
      line(x(drill.recoverMsMax), y, x(drill.recoverMsMax), y + 8, RECOVER, 2);
    return `${text(LEFT - 10, y + 4, drill.name, "end")}${bounds}${dots.join("")}`;
  });
  const legend = [
    dot(LEFT, 16, NOTICE),
    text(LEFT + 10, 20, "noticed", "start"),
    dot(LEFT + 90, 16, RECOVER),
    text(LEFT + 100, 20, "recovered", "start"),
    line(LEFT + 190, 10, LEFT + 190, 22, INK, 2),
    text(LEFT + 200, 20, "bound", "start"),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<g font-family="sans-serif" font-size="12" fill="${INK}">`,
    ...legend,
    ...ticks,
    ...body,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function x(ms: number): number {
  const share =
    Math.log(Math.min(Math.max(ms, MS_MIN), MS_MAX) / MS_MIN) / Math.log(MS_MAX / MS_MIN);
  return LEFT + share * (WIDTH - LEFT - RIGHT);
}

function dot(cx: number, cy: number, fill: string): string {
  return `<circle cx="${cx.toFixed(1)}" cy="${cy}" r="3" fill="${fill}" fill-opacity="0.6"/>`;
}

function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  width: number,
): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1}" x2="${x2.toFixed(1)}" y2="${y2}" stroke="${stroke}" stroke-width="${width}"/>`;
}

function text(atX: number, atY: number, words: string, anchor: string): string {
  return `<text x="${atX.toFixed(1)}" y="${atY}" text-anchor="${anchor}">${words}</text>`;
}
