/**
 * `buddy bench`: runs the measurements of design §5 against the real processes, prints each figure beside its
 * bar, and with `--write` puts the table into docs/BENCH.md with date, machine and commit.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../host/package-root.js";
import { systemClock } from "../time/clock.js";
import { closedLoop, detection } from "./camera-figures.js";
import type { Figure } from "./figures.js";
import { recoveries, silentPeers } from "./recovery-figures.js";
import { Rig } from "./rig.js";
import { commandRoundTrip, faceLatency, heap, servoRates } from "./robot-figures.js";
import { startTimes } from "./start-figures.js";
import { turnFigures } from "./turn-figures.js";

/** A measurement of a running robot. */
interface RigBench {
  readonly camera: "demo" | "none";
  /** Without idle motion: each movement is then the answer to what was sent. */
  readonly isStill?: boolean;
  run(rig: Rig): Promise<Figure[]>;
}

/** A measurement that needs no robot, or starts its own. */
interface OwnBench {
  run(): Promise<Figure[]>;
}

type Bench = RigBench | OwnBench;

const BENCHES: Readonly<Record<string, Bench>> = {
  start: { run: () => startTimes(5) },
  heap: { camera: "none", run: (rig) => heap(rig) },
  latency: { camera: "none", isStill: true, run: (rig) => faceLatency(rig, 50) },
  command: { camera: "none", run: (rig) => commandRoundTrip(rig, 500) },
  servo: { camera: "none", isStill: true, run: (rig) => servoRates(rig, 15) },
  detection: { camera: "demo", run: (rig) => detection(rig, 15) },
  loop: { camera: "demo", isStill: true, run: (rig) => closedLoop(rig, 12) },
  turn: { camera: "none", run: (rig) => turnFigures(rig, 20) },
  silence: { camera: "none", run: (rig) => silentPeers(rig, 10) },
  recovery: { camera: "none", run: (rig) => recoveries(rig, 20) },
  policies: {
    run: async () => (await import("./policy-figures.js")).policyCosts(15, 5000),
  },
};

export const BENCH_NAMES: readonly string[] = Object.keys(BENCHES);

/** Runs the named benches, all for none. @returns the exit code: 1 when a bar is not met. */
export async function bench(
  names: readonly string[],
  options: { readonly json: boolean; readonly write: boolean },
): Promise<number> {
  const chosen = names.length > 0 ? names : BENCH_NAMES;
  const sections: { name: string; load: number; figures: Figure[] }[] = [];
  for (const name of chosen) {
    const load = loadavg()[0] ?? 0;
    process.stderr.write(`bench ${name} …\n`);
    const figures = await measure(BENCHES[name] as Bench);
    sections.push({ name, load, figures });
    if (!options.json) for (const figure of figures) process.stdout.write(`${line(figure)}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ ...machine(), sections })}\n`);
  if (options.write) writeFileSync(join(packageRoot(), "docs/BENCH.md"), page(sections));
  return sections.every(({ figures }) => figures.every((figure) => figure.isMet)) ? 0 : 1;
}

async function measure(bench: Bench): Promise<Figure[]> {
  if (!("camera" in bench)) return bench.run();
  const rig = await Rig.start(bench.camera);
  try {
    if (bench.isStill === true) await rig.command("IDLE_MOTION:off");
    return await bench.run(rig);
  } finally {
    await rig.stop();
  }
}

function line({ what, value, bar, isMet, count }: Figure): string {
  const verdict = bar === "" ? "    " : isMet ? "met " : "MISS";
  return `${verdict}  ${what.padEnd(58)} ${value.padStart(26)}  ${bar.padEnd(16)} n=${count}`;
}

function machine(): { date: string; commit: string; cpu: string; cores: number; node: string } {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], {
    cwd: packageRoot(),
    encoding: "utf8",
  }).trim();
  return {
    date: new Date(systemClock.wallMs()).toISOString().slice(0, 16).replace("T", " "),
    commit,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
  };
}

function page(sections: readonly { name: string; load: number; figures: Figure[] }[]): string {
  const { date, commit, cpu, cores, node } = machine();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const rows = sections.flatMap(({ figures }) =>
    figures.map(
      ({ what, value, bar, isMet, count }) =>
        `| ${what} | ${value} | ${bar} | ${bar === "" ? "" : isMet ? "met" : "**not met**"} | ${count} |`,
    ),
  );
  const loads = sections.map(({ name, load }) => `${name} ${load.toFixed(1)}`).join(", ");
  return `# Measured figures

Written by \`npm run bench -- --write\`. Everything runs as in \`npm start\`: gateway, firmware in the stock VM, demo camera
and detector in processes of their own. No real board was measured.

${date} UTC, commit ${commit}, ${cores} × ${cpu}, ${memoryGb} GB, Node ${node}. Load of the machine before each part: ${loads}.

| what | measured | bar | verdict | n |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

What the names mean: "face datagram → servo command" starts when the datagram is sent (30 a second, from a head at rest) and
ends when the servo command is on the simulated bus. "Robot back" starts when the cause is gone (the gateway serves
again, WiFi has joined, the VM has booted) and ends with the robot's own answer to a plain client. A "silent" peer is stopped, not
ended (SIGSTOP). "Hung model" takes the request and never answers: its first word is waited for 8 s, the whole turn may take 15 s. Heap is the VM's own
count after a garbage collection; byte counts of the VM and of ESP32 boards are equal. Latency, servo and loop are measured with
\`IDLE_MOTION:off\`, so that each movement is an answer; all others with the robot living as it does.
`;
}
