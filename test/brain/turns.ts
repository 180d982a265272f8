/** A conversation of many turns with a real small model: every turn ends, little is read anew, the memory is flat (G10, G4). */
import { brainOf, say, serving, turnsOf } from "./ask.js";

const READ_TOKENS_MAX = 120;
const SENTENCES_MAX = 4;
/** Until here caches and heaps may still grow, and the context is filled for the first time. */
const WARM_TURNS = 30;
const GROWTH_MAX = 0.03;

const SAID = [
  "Hello there!",
  "What are you doing today?",
  "I like sailing.",
  "Do you like music?",
  "Tell me something about the sea.",
  "What is your favourite colour?",
  "I had a long day.",
  "Are you happy?",
  "What should I cook tonight?",
  "Good, thank you.",
];

export interface TurnsOutcome {
  readonly turns: number;
  readonly firstWordMsP50: number;
  readonly readTokensMax: number;
  readonly readTokensP50: number;
  readonly memoryGrowth: number;
  readonly memoryBytes: number;
  readonly faults: string[];
}

export async function runTurns(page: string, count: number): Promise<TurnsOutcome> {
  const faults: string[] = [];
  await serving(page);
  const firstMs: number[] = [];
  const read: number[] = [];
  let last = "";
  let warmBytes = 0;
  for (let i = 0; i < count; i++) {
    const { outcome, reply, safeMode, turn } = await say(page, SAID[i % SAID.length] as string);
    const trace = (await turnsOf(page)).find(({ id }) => id === turn);
    const sentences = reply.split(/(?<=[.!?…])\s+/).filter((one) => one.trim() !== "");
    if (outcome !== "done") faults.push(`turn ${i}: ${outcome}`);
    if (safeMode) faults.push(`turn ${i}: safe mode answered: ${trace?.why}`);
    if (sentences.length > SENTENCES_MAX) faults.push(`turn ${i}: ${sentences.length} sentences`);
    const twice = sentences.find((one, at) => at > 0 && one === sentences[at - 1]);
    if (twice !== undefined) faults.push(`turn ${i}: twice "${twice}"`);
    if (reply === last && reply.split(" ").length > 3) faults.push(`turn ${i}: the reply before`);
    last = reply;
    const tokens = (trace?.promptTokens ?? 0) - (trace?.cachedTokens ?? 0);
    if (i > 0) {
      read.push(tokens);
      firstMs.push(trace?.firstTokenMs ?? 0);
      if (tokens > READ_TOKENS_MAX) faults.push(`turn ${i}: ${tokens} tokens read anew`);
    }
    const bytes = (await brainOf(page))?.rssBytes ?? 0;
    if (i === Math.min(WARM_TURNS, count - 1)) warmBytes = bytes;
    const megabytes = Math.round(bytes / 1e6);
    console.log(`${i + 1}/${count}: ${tokens} tokens, ${megabytes} MB: ${reply.slice(0, 90)}`);
    if (trace?.why !== undefined) console.log(`  ${trace.why}`);
  }
  const memoryBytes = (await brainOf(page))?.rssBytes ?? 0;
  const memoryGrowth = Math.round((memoryBytes / warmBytes - 1) * 1000) / 1000;
  if (Math.abs(memoryGrowth) > GROWTH_MAX)
    faults.push(`the memory grew by ${memoryGrowth * 100} %`);
  return {
    turns: count,
    firstWordMsP50: Math.round(middle(firstMs)),
    readTokensP50: middle(read),
    readTokensMax: Math.max(...read),
    memoryGrowth,
    memoryBytes,
    faults,
  };
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
