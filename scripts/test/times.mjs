// A reporter of node's test runner: which files took how long, the slowest first (what to look at when the tests have
// become slow), and which are red.
import { relative, resolve } from "node:path";

const SHOWN = 5;

/** @param {AsyncIterable<{ type: string, data: { name: string, file?: string, nesting: number, details?: { duration_ms: number } } }>} events */
export default async function* times(events) {
  const started = new Map();
  const took = [];
  const red = new Set();
  for await (const { type, data } of events) {
    if (type === "test:fail" && data.file?.endsWith(".test.ts")) red.add(data.file);
    // In one process with others (together.mjs) a file is a suite.
    const isSuite = data?.name !== data?.file && data?.name?.endsWith(".test.ts");
    if (type === "test:complete" && data.nesting === 0 && isSuite)
      took.push({ file: resolve(data.name), seconds: data.details.duration_ms / 1000 });
    // A file is a test of its own, named by its path; these two events come when they happen, not in the order of files.
    if (data?.name === undefined || data.name !== data.file) continue;
    if (type === "test:dequeue") started.set(data.file, performance.now());
    if (type === "test:complete" && started.has(data.file))
      took.push({ file: data.file, seconds: (performance.now() - started.get(data.file)) / 1000 });
  }
  took.sort((a, b) => b.seconds - a.seconds);
  const shown = process.env.TEST_TIMES === "all" ? took : took.slice(0, SHOWN);
  for (const { file, seconds } of shown)
    yield `slow ${seconds.toFixed(1).padStart(6)} s ${relative(process.cwd(), file)}\n`;
  for (const file of red) yield `red  ${relative(process.cwd(), file)}\n`;
}
