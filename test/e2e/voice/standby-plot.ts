/** What 100 injuries of the active renderer did, as a picture: detection and rebuilding, each a dot. */

export interface Injury {
  readonly how: "SIGKILL" | "SIGSTOP";
  /** When in the utterance it came. */
  readonly phaseMs: number;
  /** From the signal to "lost". */
  readonly detectedMs: number;
  /** From "lost" to a new standby that is ready. */
  readonly rebuiltMs: number;
}

const WIDTH = 900;
const LEFT = 70;
const PLOT = WIDTH - LEFT - 30;
const HEIGHT = 190;
const COLOUR = { SIGKILL: "#0072b2", SIGSTOP: "#d55e00" } as const;
const NAME = { SIGKILL: "killed (SIGKILL)", SIGSTOP: "hung (SIGSTOP)" } as const;

export function standbySvg(injuries: readonly Injury[]): string {
  const spanMs = Math.max(...injuries.map((injury) => injury.phaseMs)) * 1.03;
  const out: string[] = [];
  const chart = (
    top: number,
    title: string,
    msMax: number,
    limits: readonly [number, string][],
    of: (i: Injury) => number,
  ): void => {
    const y = (ms: number): number => top + HEIGHT - (HEIGHT * Math.min(ms, msMax)) / msMax;
    out.push(`<text x="${LEFT}" y="${top - 12}" class="title">${title}</text>`);
    out.push(`<rect x="${LEFT}" y="${top}" width="${PLOT}" height="${HEIGHT}" fill="#fbfcfd"/>`);
    for (let i = 0; i <= 4; i++) {
      const ms = (msMax * i) / 4;
      out.push(`<path d="M${LEFT} ${y(ms)}h${PLOT}" stroke="#d9dde5"/>`);
      out.push(`<text x="${LEFT - 8}" y="${y(ms) + 4}" text-anchor="end">${ms} ms</text>`);
    }
    for (const [ms, words] of limits) {
      out.push(`<path d="M${LEFT} ${y(ms)}h${PLOT}" stroke="#be123c" stroke-dasharray="5 4"/>`);
      out.push(`<text x="${LEFT + PLOT - 6}" y="${y(ms) - 5}" text-anchor="end">${words}</text>`);
    }
    for (const injury of injuries) {
      const x = LEFT + (PLOT * injury.phaseMs) / spanMs;
      out.push(
        `<circle cx="${x.toFixed(1)}" cy="${y(of(injury)).toFixed(1)}" r="4" fill="${COLOUR[injury.how]}" fill-opacity="0.75"/>`,
      );
    }
  };
  chart(
    110,
    "From the injury to its detection",
    60,
    [
      [10, "limit for a death, p95"],
      [50, "limit for a hang, p95"],
    ],
    (i) => i.detectedMs,
  );
  chart(
    360,
    "From there to a new standby that has shown a good buffer",
    1200,
    [[1000, "limit, p95"]],
    (i) => i.rebuiltMs,
  );
  const seconds = Math.floor(spanMs / 1000);
  for (let s = 0; s <= seconds * 2; s++) {
    const x = LEFT + (PLOT * s * 500) / spanMs;
    out.push(`<text x="${x.toFixed(1)}" y="570" text-anchor="middle">${s / 2} s</text>`);
  }
  out.push(
    `<text x="${LEFT + PLOT / 2}" y="590" text-anchor="middle">moment of the injury in the utterance</text>`,
  );
  const head = `${injuries.length} injuries of the active renderer: output identical, sample for sample`;
  const legend = (["SIGKILL", "SIGSTOP"] as const).map((how, i) => {
    const x = LEFT + 6 + i * 170;
    return `<circle cx="${x}" cy="64" r="5" fill="${COLOUR[how]}"/><text x="${x + 12}" y="68">${NAME[how]}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} 610" width="${WIDTH}" height="610">`,
    `<title>${head}</title>`,
    "<style>text{font:12px system-ui,sans-serif;fill:#1f2430}.head{font-size:18px;font-weight:600}.title{font-weight:600;font-size:13px}</style>",
    `<rect width="${WIDTH}" height="610" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="38" class="head">${head}</text>`,
    ...legend,
    ...out,
    "</svg>",
    "",
  ].join("\n");
}
