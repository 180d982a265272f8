/**
 * `npm run ears:long`: a microphone in Chromium, real voices and a real Whisper, for as long as `npm test` has no time for. Three parts,
 * each by its name or all: `ways` (push to talk, hands-free, by name, over Buddy's voice), `television` (`--minutes N` of speech that
 * is for nobody) and `talk` (five questions to a Buddy with a real model, and a neighbour's voice). With `--write` the results are
 * kept in docs/ears-runs.json with date, commit and machine; status 1 when a word was cut, a call was heard that nobody made, or a
 * question was not answered.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeDurably } from "../../src/datadir/durable-file.js";
import { stampOf } from "../../src/drill/run/stamp.js";
import { noBrowser } from "../support/browser.js";
import { realEars } from "../support/real-ears.js";
import { root } from "../support/tree.js";
import { Room } from "./room.js";
import { runTalk } from "./talk.js";
import { runTelevision } from "./television.js";
import { noSpeakers } from "./voices.js";
import { runWays } from "./ways.js";

const RESULTS = join(root, "docs/ears-runs.json");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "10" },
    write: { type: "boolean", default: false },
  },
});
const wanted = positionals.length > 0 ? positionals : ["ways", "television", "talk"];
const missing = noBrowser ?? noSpeakers();
if (missing !== undefined) {
  console.log(`NOT RUN ears:long: ${missing}`);
  process.exit(1);
}
const real = await realEars("ears:long");
if (real === undefined) process.exit(1);
const results: Record<string, unknown> = existsSync(RESULTS)
  ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Record<string, unknown>)
  : {};
const faults: string[] = [];
try {
  if (wanted.includes("ways") || wanted.includes("television")) {
    const room = await Room.open();
    try {
      if (wanted.includes("ways")) {
        const outcomes = await runWays(room, real);
        for (const { way, speaker, cut } of outcomes)
          if (cut.length > 0) faults.push(`${way}, ${speaker}: cut ${cut.join(" ")}`);
        results["ways"] = { ...stampOf(), outcomes };
      }
      if (wanted.includes("television")) {
        const outcome = await runTelevision(room, real, Number(values.minutes));
        for (const text of outcome.falseWakes) faults.push(`nobody called: ${text}`);
        results["television"] = { ...stampOf(), ...outcome };
      }
    } finally {
      await room.stop();
    }
  }
  if (wanted.includes("talk")) {
    const outcome = await runTalk(real);
    faults.push(...outcome.faults);
    results["talk"] = { ...stampOf(), ...outcome };
  }
} finally {
  real.stop();
}
for (const fault of faults) console.log(`FAULT ${fault}`);
if (values.write) await writeDurably(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
process.exit(faults.length === 0 ? 0 : 1);
