/**
 * `npm run brain:long`: a real small model in a running Buddy, for as long as `npm test` has no time for. Three parts, each by
 * its name or all: `beside`, what it costs the demo, `turns`, a conversation of 60, and `faults`, each injury of the model's
 * process or file five times (`--times N`).
 * Results are kept in docs/brain-runs.json with date, commit and machine; status 1 when a property does not hold.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stampOf } from "../../src/drill/run/stamp.js";
import { writeDurably } from "../../src/datadir/durable-file.js";
import { startBuddy } from "../support/buddy-process.js";
import { preparedData, realBrain } from "../support/real-brain.js";
import { root } from "../support/tree.js";
import { runBeside } from "./beside.js";
import { runFaults } from "./faults.js";
import { runTurns } from "./turns.js";

const RESULTS = join(root, "docs/brain-runs.json");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: "string", default: "5" },
    turns: { type: "string", default: "60" },
    write: { type: "boolean", default: false },
  },
});
const brain = realBrain("brain:long");
if (brain === undefined) process.exit(1);
const wanted = positionals.length > 0 ? positionals : ["beside", "turns", "faults"];
const results: Record<string, unknown> = existsSync(RESULTS)
  ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Record<string, unknown>)
  : {};
let isWell = true;
const { dataDir, file } = preparedData(brain);
const start = (more: string[]) =>
  startBuddy(["--brain", file, ...more], {
    dataDir,
    readyMsMax: 300_000,
    env: { OLLAMA_HOST: "127.0.0.1:9", BUDDY_MODELS: "" },
  });
if (wanted.includes("beside")) {
  const outcome = await runBeside(() => start([]), { dataDir, file });
  isWell &&= outcome.faults.length === 0;
  results["beside"] = { ...stampOf(), ...outcome };
}
const buddy = await start(["--camera", "none"]);
try {
  const page = buddy.page() as string;
  if (wanted.includes("turns")) {
    const outcome = await runTurns(page, Number(values.turns));
    isWell &&= outcome.faults.length === 0;
    results["turns"] = { ...stampOf(), ...outcome };
  }
  if (wanted.includes("faults")) {
    const pid = buddy.child.pid as number;
    const outcome = await runFaults(
      { page, pid, file, original: brain.file },
      Number(values.times),
    );
    isWell &&= outcome.faults.length === 0;
    results["faults"] = { ...stampOf(), ...outcome };
  }
} finally {
  await buddy.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
if (values.write) await writeDurably(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
process.exit(isWell ? 0 : 1);
