/**
 * Makes a compiled image smaller without changing what it does: takes it apart, runs the passes, puts it together.
 * Why: the VM addresses code with 16 bits from the image's start, and the compiler spends bytes freely.
 */
import { noteFinds } from "./annotate.js";
import { parseDebugInfo, relinkDebugInfo, sourceFinder, type DebugInfo } from "./debug-info.js";
import { buildImage, codeEndOf, parseImage, type Image } from "./image.js";
import type { Resolver } from "./lookups.js";
import { dropArguments } from "./passes/arguments.js";
import { storeBeforeChoices } from "./passes/choices.js";
import { makePlainObjects } from "./passes/constructors.js";
import { useRetVal } from "./passes/copies.js";
import { settleGlobals } from "./passes/globals.js";
import { inlineCalls } from "./passes/inline.js";
import { turnConditions } from "./passes/layout.js";
import { makeGlobals } from "./passes/sole-fields.js";
import { tabulateLiterals } from "./passes/literals.js";
import { callDirectly, methodsLeft } from "./passes/methods.js";
import { askForUndefined, useOperations } from "./passes/natives.js";
import { joinTables } from "./passes/one-table.js";
import { orderByUse } from "./passes/order.js";
import { keepInRetVal } from "./passes/registers.js";
import { simplify } from "./passes/simplify.js";
import { packLocals } from "./passes/slots.js";
import { spreadStrings } from "./passes/strings.js";
import { packTables } from "./passes/tables.js";
import { mergeTails } from "./passes/tails.js";
import { mergeTwins } from "./passes/twins.js";
import { separateValues } from "./passes/webs.js";

/** Header, function table and code must end below this (check 1051 of the VM's verifier). */
export const CODE_BYTES_MAX = 0xffff;

export interface Pass {
  name: string;
  run(image: Image): void;
}

/** In this order; each leaves an image that does the same. */
export const PASSES: readonly Pass[] = [
  { name: "globals for sole fields", run: makeGlobals },
  { name: "each value apart", run: separateValues },
  { name: "operations for calls", run: useOperations },
  { name: "simpler statements", run: simplify },
  { name: "direct calls", run: callDirectly },
  { name: "plain objects", run: makePlainObjects },
  { name: "locals packed", run: packLocals },
  { name: "globals settled", run: settleGlobals },
  { name: "simpler then", run: simplify },
  { name: "arguments left out", run: dropArguments },
  { name: "functions in place", run: inlineCalls },
  { name: "each value apart", run: separateValues },
  { name: "simpler once more", run: simplify },
  { name: "globals settled", run: settleGlobals },
  { name: "arguments left out", run: dropArguments },
  { name: "simpler then", run: simplify },
  { name: "tables as texts", run: packTables },
  { name: "results at hand", run: useRetVal },
  { name: "one table of tables", run: joinTables },
  { name: "locals packed", run: packLocals },
  { name: "choices without jumps", run: storeBeforeChoices },
  { name: "tails once", run: mergeTails },
  { name: "conditions turned", run: turnConditions },
  { name: "simpler at last", run: simplify },
  { name: "undefined asked for", run: askForUndefined },
  { name: "functions once", run: mergeTwins },
  { name: "numbers in a table", run: tabulateLiterals },
  { name: "strings in two tables", run: (image) => spreadStrings(image) },
  { name: "numbers by use", run: orderByUse },
  { name: "loads at hand", run: keepInRetVal },
];

export interface Relinked {
  bytes: Uint8Array;
  debug: DebugInfo;
  /** Header, function table and code, in bytes, as compiled and after each step. */
  steps: { name: string; codeBytes: number }[];
  codeBytes: number;
  /** Methods that are still looked up by name, as `Class.method`: more than one may be meant somewhere. */
  lookedUp: string[];
}

export interface Options {
  passes?: readonly Pass[];
  /** Who knows the types: without it a method is called directly only where its name is the only one of its kind. */
  resolver?: Resolver;
}

/**
 * `debugText` is the compiler's `bytecode-dbg.json`. Throws when the image, taken apart and put together unchanged, is not
 * the same byte for byte: then nothing that follows could be trusted.
 */
export function relink(
  compiled: Uint8Array,
  debugText: string,
  { passes = PASSES, resolver }: Options = {},
): Relinked {
  const debug = parseDebugInfo(debugText);
  const image = parseImage(compiled, sourceFinder(debug));
  const rebuilt = buildImage(image, "as compiled");
  if (Buffer.compare(compiled, rebuilt.bytes) !== 0) {
    throw new Error("the image has something in it that this relinker does not know");
  }
  if (resolver !== undefined) noteFinds(image, debug, resolver);
  const steps = [{ name: "as compiled", codeBytes: rebuilt.codeEnd }];
  const measure = (name: string): void => {
    steps.push({ name, codeBytes: codeEndOf(image) });
  };
  measure("short jumps");
  for (const pass of passes) {
    pass.run(image);
    measure(pass.name);
  }
  const layout = buildImage(image);
  return {
    bytes: layout.bytes,
    debug: relinkDebugInfo(debug, image, layout),
    steps,
    codeBytes: layout.codeEnd,
    lookedUp: methodsLeft(image).map(
      ({ owner, name }) => `${debug.functions[owner.origin]?.name}.${name}`,
    ),
  };
}
