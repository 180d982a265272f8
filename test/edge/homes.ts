/** Visitors poll an edge whose home is slow, lies, has a wrong clock, or shares its key with another home. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { startEdge } from "../../edge/runtime.js";
import { PERIOD_S } from "../../src/edge/pusher.js";
import { until } from "../../src/time/until.js";
import { EDGE_KEY } from "../support/edge.js";
import { keepRun, stampOf, type Stamp } from "../support/home-runs.js";
import { startPushProxy, taken } from "./push-proxy.js";
import { faultsOf, visits } from "./visits.js";

const WAIT_MS = 120_000;
/** Pushes of the pusher may take 10 s each. */
const SLOW_MS = 8000;
const SECONDS = 60;
const OTHER_HOME = "ffffffffffffffff";

interface Case {
  readonly name: string;
  /** Of each home: its options. The first is killed after half of the time. */
  readonly homes: readonly (readonly string[])[];
  readonly delayMs?: number;
  /** What the homes claim. */
  readonly periodS?: number;
  readonly seconds?: number;
}

const CASES: readonly Case[] = [
  { name: `slow: each push is ${SLOW_MS / 1000} s on its way`, homes: [[]], delayMs: SLOW_MS },
  {
    name: "lying: signs for 50 s later and claims to push each second",
    homes: [["--skew=50000", "--period=1"]],
    periodS: 1,
  },
  {
    name: "lying: claims to push once an hour, and is gone",
    homes: [["--period=3600"]],
    periodS: 3600,
  },
  { name: "clock an hour ahead", homes: [["--skew=3600000"]] },
  { name: "clock an hour behind", homes: [["--skew=-3600000"]] },
  {
    name: "two homes with one key",
    homes: [[], [`--home=${OTHER_HOME}`]],
    // The other has its turn after two periods of silence, at its next push; and as long again before.
    seconds: 8 * PERIOD_S,
  },
];

export async function homes(): Promise<boolean> {
  const stamp = stampOf();
  let isOk = true;
  for (const one of CASES) isOk = (await run(one, stamp)) && isOk;
  return isOk;
}

async function run(one: Case, stamp: Stamp): Promise<boolean> {
  const { seconds = SECONDS } = one;
  const edge = await startEdge({ key: EDGE_KEY, port: 0 });
  const proxy = await startPushProxy(edge.url, one.delayMs);
  const children: ChildProcess[] = [];
  try {
    for (const [index, options] of one.homes.entries()) {
      children.push(fork(new URL("home.ts", import.meta.url), [proxy.url, ...options]));
      // One after the other, so that it is the first that has the edge.
      await until(`home ${index}'s push`, WAIT_MS, () => proxy.seen.length > index);
    }
    await until("a push that was taken", WAIT_MS, () => taken(proxy.seen).length > 0);
    const seen = await visits(edge.url, seconds / 2);
    if (children[0]) await kill(children[0]);
    const killedMs = Date.now();
    seen.push(...(await visits(edge.url, seconds / 2)));
    const pushes = taken(proxy.seen);
    const faults = faultsOf(seen, pushes, one.periodS);
    const late = pushes.find(({ endedMs }) => endedMs > killedMs);
    const isOk = faults.size === 0 && pushes.length > 0 && (late !== undefined) === isShared(one);
    keepRun(`edge: ${one.name}`, stamp, isOk, {
      answers: seen.length,
      faults: Object.fromEntries(faults),
      pushesTaken: pushes.length,
      pushesRefused: proxy.seen.length - pushes.length,
      toldSinceWhen: seen.filter(({ saysAway }) => saysAway).length,
      ...(late && { otherTookOverAfterS: Math.round((late.endedMs - killedMs) / 1000) }),
    });
    return isOk;
  } finally {
    for (const child of children) await kill(child);
    await proxy.close();
    await edge.stop();
  }
}

function isShared({ homes: all }: Case): boolean {
  return all.length > 1;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
