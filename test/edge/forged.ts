/** Many pushes that must not be taken, of every kind, and what they cost the Worker's process. */
import { readFileSync } from "node:fs";
import { startEdge } from "../../edge/runtime.js";
import { PUSH_BYTES_MAX } from "../../src/edge/push.js";
import { keepRun, stampOf } from "../support/home-runs.js";
import { EDGE_KEY, pushOf, signed, type SignedRequest } from "../support/edge.js";

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const LANES = 4;
const CPU_MS_MAX = 10;

export async function forged(count: number): Promise<boolean> {
  const stamp = stampOf();
  const edge = await startEdge({ key: EDGE_KEY, port: 0 });
  const url = new URL("push", edge.url);
  // So long a period that another home has no turn in all of the run.
  const truth = JSON.stringify(pushOf({ state: { mood: "TRUE" }, periodS: 3600 }));
  const first = await signed(truth, Date.now());
  const accepted = (await fetch(url, first)).status;
  if (accepted !== 204) throw new Error(`the true push was refused: ${accepted}`);
  const statuses = new Map<string, number>();
  const beganMs = cpuMs(edge.pid);
  let index = 0;
  const lane = async (): Promise<void> => {
    while (index < count) {
      const kind = KINDS[index++ % KINDS.length];
      if (kind === undefined) throw new Error("no kinds");
      const word = `${kind.name}: ${await answerTo(url, await kind.make(index, first))}`;
      statuses.set(word, (statuses.get(word) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const perPushMs = (cpuMs(edge.pid) - beganMs) / count;
  const answer = await (await fetch(new URL("api/public", edge.url))).text();
  await edge.stop();
  const taken = [...statuses].filter(([word]) => word.endsWith(": 204"));
  for (const [word, times] of [...statuses].sort())
    console.log(`${String(times).padStart(6)}  ${word}`);
  const isTrue = answer.includes('"TRUE"') && !answer.includes("LIE");
  const isOk = taken.length === 0 && isTrue && perPushMs <= CPU_MS_MAX;
  keepRun(`edge: ${count} forged, replayed and malformed pushes`, stamp, isOk, {
    kinds: KINDS.length,
    kindsTaken: taken.length,
    isTruthShown: isTrue,
    runtimeCpuMsPerPush: Number(perPushMs.toFixed(2)),
  });
  return isOk;
}

/** What is refused by its head alone is not read further, and the connection ends: a sender may see that before the answer. */
async function answerTo(url: URL, request: SignedRequest): Promise<string> {
  try {
    const response = await fetch(url, request);
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    const { code } = (error as Error).cause as NodeJS.ErrnoException;
    if (code !== "ECONNRESET" && code !== "EPIPE" && code !== "UND_ERR_SOCKET") throw error;
    return "connection ended";
  }
}

const LIE = JSON.stringify(pushOf({ state: { mood: "LIE" } }));

interface Kind {
  readonly name: string;
  make(index: number, first: SignedRequest): SignedRequest | Promise<SignedRequest>;
}

const KINDS: readonly Kind[] = [
  { name: "no signature", make: () => ({ method: "POST", headers: {}, body: LIE }) },
  {
    name: "signed by another key",
    make: (index) => signed(LIE, Date.now() + index, { key: "y".repeat(32) }),
  },
  { name: "replayed", make: (_, first) => first },
  { name: "replayed with another body", make: (_, first) => ({ ...first, body: LIE }) },
  {
    name: "replayed with a new time",
    make: (_, first) => ({
      ...first,
      headers: { ...first.headers, "x-buddy-time": `${Date.now()}` },
    }),
  },
  { name: "signed a minute too early", make: () => signed(LIE, Date.now() - 61_000) },
  { name: "signed for later", make: () => signed(LIE, Date.now() + 120_000) },
  { name: "signed, no JSON", make: () => signed("{".repeat(1000), Date.now() + 10_000) },
  {
    name: "signed, deep JSON",
    make: () => signed(`${"[".repeat(50_000)}${"]".repeat(50_000)}`, Date.now() + 10_000),
  },
  {
    name: "signed, not a push",
    make: () => signed(JSON.stringify({ ...pushOf(), mood: "LIE" }), Date.now() + 10_000),
  },
  {
    name: "signed, of another home",
    make: () => signed(JSON.stringify(pushOf({ home: "f".repeat(16) })), Date.now() + 10_000),
  },
  {
    name: "forged, as long as may be",
    make: (_, first) => ({ ...first, body: "x".repeat(PUSH_BYTES_MAX) }),
  },
  { name: "too long", make: (_, first) => ({ ...first, body: "x".repeat(PUSH_BYTES_MAX + 1) }) },
];

/** User and system time of a process, ms. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
