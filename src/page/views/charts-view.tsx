/** The last minute of face-to-servo latency and of tracking error. */
import { pieces } from "../language/fill.js";
import { fill, number, t } from "../language/language.js";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Sample } from "../../state/feeds.js";
import type { Connection } from "../live/connection.js";
import { useTick } from "../ui/hooks.js";

const SPAN_S = 60;
const REDRAW_MS = 250;
const HEIGHT = 132;

interface Plot {
  /** What it is called is `t.charts[id]`. */
  readonly id: "latency" | "error";
  readonly unit: string;
  /** The bar of docs/BENCH.md, drawn as a line. */
  readonly bar: number;
  /** The axis shows at least this much, so that noise does not look like trouble. */
  readonly topMin: number;
  readonly digits: number;
  read(sample: Sample): number | undefined;
}

const PLOTS: readonly Plot[] = [
  {
    id: "latency",
    unit: "ms",
    bar: 30,
    topMin: 40,
    digits: 0,
    read: (sample) => sample.latencyMs,
  },
  {
    id: "error",
    unit: "°",
    bar: 1,
    topMin: 3,
    digits: 1,
    read: (sample) => sample.errorDeg,
  },
];

export function ChartsView({ connection }: { connection: Connection }): JSX.Element {
  return (
    <section class="card charts" aria-labelledby="charts-title">
      <h2 id="charts-title">{t.charts.title}</h2>
      <div class="chart-columns">
        {PLOTS.map((plot) => (
          <Chart key={plot.id} plot={plot} connection={connection} />
        ))}
      </div>
    </section>
  );
}

/** Points of the last minute: seconds ago (negative), value or gap. */
function points(plot: Plot, connection: Connection): [number[], Array<number | null>] {
  const nowMs = connection.serverNowMs;
  const xs: number[] = [];
  const ys: Array<number | null> = [];
  for (const sample of connection.samples) {
    const x = (sample.atMs - nowMs) / 1000;
    const y = plot.read(sample);
    if (x < -SPAN_S || y === undefined) continue;
    const previous = xs[xs.length - 1];
    // No line across a time without samples.
    if (previous !== undefined && x - previous > 2) {
      xs.push((x + previous) / 2);
      ys.push(null);
    }
    xs.push(x);
    ys.push(y);
  }
  return [xs, ys];
}

function Chart({ plot, connection }: { plot: Plot; connection: Connection }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useTick(1000);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    let chart = makeChart(element, plot);
    const remake = (): void => {
      chart.destroy();
      chart = makeChart(element, plot);
    };
    dark.addEventListener("change", remake);
    const resize = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resize.observe(element);
    const timer = setInterval(() => {
      if (!document.hidden) chart.setData(points(plot, connection));
    }, REDRAW_MS);
    return () => {
      clearInterval(timer);
      resize.disconnect();
      dark.removeEventListener("change", remake);
      chart.destroy();
    };
  }, [plot, connection]);

  const values = points(plot, connection)[1].filter((y) => y !== null);
  const newest = values[values.length - 1];
  const sorted = [...values].sort((a, b) => a - b);
  const show = (value: number | undefined): string =>
    value === undefined
      ? "–"
      : `${number(value, plot.digits)}${plot.unit === "°" ? "°" : ` ${plot.unit}`}`;
  const at = (share: number): string => show(sorted[Math.floor(share * (sorted.length - 1))]);
  return (
    <figure class="chart" data-testid={`chart-${plot.id}`}>
      <figcaption>
        <strong>{t.charts[plot.id]}</strong>
        <span class="goal">{t.charts[`${plot.id}Goal`]}</span>
        <span class="figures">
          {pieces(t.charts.now, { value: <b>{show(newest)}</b> })} ·{" "}
          {fill(t.charts.half, { value: at(0.5) })} · {fill(t.charts.most, { value: at(0.99) })}
        </span>
      </figcaption>
      <div ref={place} class="plot">
        {values.length === 0 && <p class="placeholder">{t.charts.nothing}</p>}
      </div>
    </figure>
  );
}

function makeChart(element: HTMLElement, plot: Plot): uPlot {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color("--dim"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "11px system-ui, sans-serif",
  };
  const paintBar = (chart: uPlot): void => {
    const y = chart.valToPos(plot.bar, "y", true);
    const { left, width } = chart.bbox;
    const { ctx } = chart;
    ctx.save();
    ctx.strokeStyle = color("--warn");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([5, 5]);
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(left + width, y);
    ctx.stroke();
    ctx.restore();
  };
  return new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [-SPAN_S, 0] },
        y: { range: (_chart, _min, max) => [0, Math.max(plot.topMin, (max ?? 0) * 1.15)] },
      },
      axes: [
        {
          ...axis,
          size: 26,
          values: (_chart, splits) =>
            splits.map((s) => (s === 0 ? t.charts.nowMark : fill(t.time.s, { n: -s }))),
        },
        {
          ...axis,
          size: 58,
          values: (_chart, splits) =>
            splits.map((s) => `${s}${plot.unit === "°" ? "" : " "}${plot.unit}`),
        },
      ],
      series: [
        {},
        {
          stroke: color("--accent"),
          width: 1.5,
          points: { show: false },
          fill: color("--accent-soft"),
        },
      ],
      hooks: { draw: [paintBar] },
    },
    [[], []],
    element,
  );
}
