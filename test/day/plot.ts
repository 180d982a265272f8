/** The day of a robot as a picture: strips and curves over 24 hours, and shares of behaviours in four worlds. */
import { BEHAVIOURS } from "../../devs/character/names.js";
import { DAYS } from "./days.js";
import type { Life, Minute } from "./world.js";

const WIDTH = 1240;
const LEFT = 130;
const RIGHT = 30;
const PLOT = WIDTH - LEFT - RIGHT;
const INK = "#1f2430";
const FAINT = "#d9dde5";
/** Okabe and Ito's palette, which people who see colours differently can tell apart. */
const COLOURS = [
  "#b8bec9",
  "#0072b2",
  "#56b4e9",
  "#e69f00",
  "#d55e00",
  "#3d4a63",
  "#cc79a7",
  "#009e73",
];

function text(x: number, y: number, words: string, extra = ""): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${extra}>${words}</text>`;
}

function rect(x: number, y: number, w: number, h: number, fill: string, title = ""): string {
  const inside = title === "" ? "/>" : `><title>${title}</title></rect>`;
  return `<rect x="${x.toFixed(2)}" y="${y.toFixed(1)}" width="${w.toFixed(2)}" height="${h}" fill="${fill}"${inside}`;
}

function hourX(hour: number): number {
  return LEFT + (PLOT * hour) / 24;
}

/** Runs of equal values as rectangles. */
function strip(minutes: Minute[], y: number, h: number, fill: (m: Minute) => string): string[] {
  const out: string[] = [];
  let from = 0;
  for (let i = 1; i <= minutes.length; i++) {
    const before = fill(minutes[i - 1]!);
    if (i < minutes.length && fill(minutes[i]!) === before) continue;
    if (before !== "none")
      out.push(rect(hourX(from / 60), y, hourX(i / 60) - hourX(from / 60), h, before));
    from = i;
  }
  return out;
}

interface Curve {
  name: string;
  colour: string;
  of: (m: Minute) => number;
}

function chart(minutes: Minute[], y: number, h: number, min: number, curves: Curve[]): string[] {
  const toY = (value: number) => y + h - (h * (value - min)) / (1 - min);
  const out = [rect(LEFT, y, PLOT, h, "#fbfcfd")];
  for (const value of min < 0 ? [-1, 0, 1] : [0, 0.5, 1]) {
    out.push(`<path d="M${LEFT} ${toY(value)}H${LEFT + PLOT}" stroke="${FAINT}"/>`);
    out.push(text(LEFT - 8, toY(value) + 4, String(value), 'text-anchor="end"'));
  }
  for (const { colour, of } of curves) {
    // Every other minute: finer than the eye, and half the file.
    const points = minutes
      .map((m, i) => `${hourX(i / 60).toFixed(1)} ${toY(of(m)).toFixed(0)}`)
      .filter((_, i) => i % 2 === 0);
    out.push(`<path d="M${points.join("L")}" fill="none" stroke="${colour}" stroke-width="1.4"/>`);
  }
  return out;
}

function legend(
  x: number,
  y: number,
  names: readonly string[],
  colours: readonly string[],
): string[] {
  const out: string[] = [];
  let at = x;
  for (const [i, name] of names.entries()) {
    out.push(rect(at, y - 10, 12, 12, colours[i]!));
    out.push(text(at + 17, y, name));
    at += 30 + name.length * 7.2;
  }
  return out;
}

function hours(y: number, h: number): string[] {
  const out: string[] = [];
  for (let hour = 0; hour <= 24; hour += 2) {
    out.push(`<path d="M${hourX(hour)} ${y}v${h}" stroke="${FAINT}"/>`);
    out.push(text(hourX(hour), y + h + 16, `${hour} h`, 'text-anchor="middle"'));
  }
  return out;
}

/** Shares of the time per behaviour, one bar a world. */
function shares(lives: [string, Life][], y: number): string[] {
  const out = [text(LEFT, y - 14, "Time in each behaviour, four worlds of 24 h", 'class="title"')];
  for (const [row, [name, life]] of lives.entries()) {
    const top = y + row * 30;
    const total = life.behaviourMs.reduce((sum, ms) => sum + ms, 0);
    out.push(text(LEFT - 8, top + 15, name, 'text-anchor="end"'));
    let at = LEFT;
    for (const [act, ms] of life.behaviourMs.entries()) {
      const w = (PLOT * ms) / total;
      const percent = ((100 * ms) / total).toFixed(1);
      const label = `${BEHAVIOURS[act]} ${percent} %, chosen ${life.chosen[act]} times`;
      out.push(rect(at, top, w, 20, COLOURS[act]!, label));
      if (w > 34) {
        const light = act === 0 || act === 2 || act === 3 ? INK : "#ffffff";
        out.push(
          text(at + w / 2, top + 14, `${percent} %`, `text-anchor="middle" style="fill:${light}"`),
        );
      }
      at += w;
    }
  }
  return out;
}

/** The whole picture as SVG. `day` is the life plotted over time, `lives` the bars. */
export function daySvg(day: Life, lives: [string, Life][]): string {
  const m = day.minutes;
  const needs: Curve[] = [
    { name: "social (hunger)", colour: "#d55e00", of: (x) => x.social },
    { name: "stimulation (hunger)", colour: "#0072b2", of: (x) => x.stimulation },
    { name: "novelty (hunger)", colour: "#cc79a7", of: (x) => x.novelty },
    { name: "energy", colour: "#009e73", of: (x) => x.energy },
    { name: "safety", colour: "#3d4a63", of: (x) => x.safety },
  ];
  const moods: Curve[] = [
    { name: "arousal", colour: "#d55e00", of: (x) => x.arousal },
    { name: "valence", colour: "#0072b2", of: (x) => x.valence },
    { name: "dominance", colour: "#009e73", of: (x) => x.dominance },
    { name: "speech urge", colour: "#cc79a7", of: (x) => x.urge },
  ];
  const parts: string[] = [];
  parts.push(text(LEFT, 34, "A simulated day of the behaviour engine", 'class="head"'));
  const from = DAYS.day!;
  for (const [i, period] of from.entries()) {
    const end = from[i + 1]?.fromH ?? 24;
    const x = hourX(period.fromH);
    parts.push(rect(x, 52, hourX(end) - x - 2, 22, period.companion ? "#eef1f6" : "#cfd5df"));
    parts.push(text((x + hourX(end)) / 2, 67, period.name, 'text-anchor="middle"'));
  }
  parts.push(text(LEFT - 8, 94, "somebody there", 'text-anchor="end"'));
  parts.push(...strip(m, 82, 16, (x) => (x.hasFace ? "#e69f00" : "none")));
  parts.push(text(LEFT - 8, 124, "behaviour", 'text-anchor="end"'));
  parts.push(...strip(m, 106, 28, (x) => COLOURS[x.behaviour]!));
  parts.push(...legend(LEFT, 156, BEHAVIOURS, COLOURS));
  parts.push(...hours(176, 420));
  parts.push(...chart(m, 176, 200, 0, needs));
  parts.push(
    ...legend(
      LEFT,
      394,
      needs.map((c) => c.name),
      needs.map((c) => c.colour),
    ),
  );
  parts.push(...chart(m, 408, 170, -1, moods));
  parts.push(
    ...legend(
      LEFT,
      640,
      moods.map((c) => c.name),
      moods.map((c) => c.colour),
    ),
  );
  parts.push(...shares(lives, 694));
  const height = 694 + lives.length * 30 + 14;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    "<title>24 simulated hours of Buddy's needs, moods and behaviours</title>",
    `<style>text{font:12px system-ui,sans-serif;fill:${INK}}.head{font-size:20px;font-weight:600}.title{font-weight:600;font-size:14px}</style>`,
    rect(0, 0, WIDTH, height, "#ffffff"),
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}
