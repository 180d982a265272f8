/**
 * Random programs for the relinker: valid ones that end, of functions, classes that share the names of their methods,
 * interfaces, closures, exceptions, buffers and texts. The same seed gives the same program. Many of them fit into one image.
 */
import { Program } from "./program.js";

/** What all programs use: numbered output, a trail of what was evaluated in which order, and limits. */
const PRELUDE = `
import * as ds from "@devicescript/core";
interface Pair { a: number; b: string }
let program = 0;
let said = 0;
let trail = "";
let spent = 0;
function begin(number: number): void { program = number; said = 0; trail = ""; spent = 0; }
function say(value: unknown): void {
  said = said + 1;
  if (said <= 30) console.log(program + "." + said + " " + value + " " + trail);
  trail = "";
}
function sayError(error: unknown): void {
  // The VM's own words name what a register holds; that something of the kind was thrown is what counts.
  const own = error instanceof TypeError ? "type" : error instanceof RangeError ? "range" : "";
  say("caught " + own + ((error as Error).message.charAt(0) === "!" ? (error as Error).message : ""));
}
function mark<T>(name: string, value: T): T { if (trail.length < 40) trail = trail + name; return value; }
function spend(): void { spent = spent + 1; if (spent > 200) throw new Error("!spent"); }
function limited(text: string): string { return "!" + text.slice(0, 12); }
function few(list: number[]): number[] { return list.length > 6 ? [1, 2] : list; }
function filled(a: number, b: number): Buffer { const made = Buffer.alloc(4); made[0] = a; made[3] = b; return made; }
function makePair(a: number): Pair { return { a, b: "p" }; }
function twice(n: number): number { return n + n; }
class Holder<T> {
  private content: T;
  put(content: T): void { this.content = content; }
  take(): T { return this.content; }
}
`;

/** One image's source: the programs of `seeds`, one after another. */
export function generateBatch(seeds: readonly number[]): string {
  const programs = seeds.map((seed) => new Program(seed).write());
  const runs = seeds.map(
    (seed) => `begin(${seed});
try { await run${seed}(); } catch (error) { sayError(error); }
said = 0;
probe${seed}();
say("end");
await ds.sleep(20);`,
  );
  return `${PRELUDE}${programs.join("\n")}\n${runs.join("\n")}\nds.restart();\n`;
}
