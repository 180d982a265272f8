/**
 * `tsx scripts/relink/main.ts ENTRY.ts IN.devs IN-dbg.json OUT.devs OUT-dbg.json [--steps]`: relinks an image that was
 * compiled from ENTRY, has the stock VM's verifier judge it and writes it. Ends with status 1 and a reason when it does
 * not fit or is refused. Runs in the folder that the compiler ran in.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { requireKnownCompiler } from "./compiler.js";
import { CODE_BYTES_MAX, relink } from "./relink.js";
import { makeResolver } from "./types/resolver.js";
import { verifyImage } from "./verify.js";

const COMMAND = "node_modules/@devicescript/cli/built/devicescript-cli.cjs";

const [entry, input, inputDebug, output, outputDebug, option] = process.argv.slice(2);
if (!entry || !input || !inputDebug || !output || !outputDebug) {
  console.error("usage: main.ts ENTRY.ts IN.devs IN-dbg.json OUT.devs OUT-dbg.json [--steps]");
  process.exit(2);
}
requireKnownCompiler(process.cwd());

const result = relink(readFileSync(input), readFileSync(inputDebug, "utf8"), {
  resolver: makeResolver(entry, process.cwd()),
});
if (option === "--steps") {
  for (const { name, codeBytes } of result.steps) console.log(`${name.padEnd(24)} ${codeBytes}`);
}
const figure = (bytes: number): string => bytes.toLocaleString("en-US");
const compiledBytes = result.steps[0]?.codeBytes ?? 0;
const lookedUp = result.lookedUp.length > 0 ? `; by name: ${result.lookedUp.join(" ")}` : "";
console.log(
  `code ${figure(result.codeBytes)} of ${figure(CODE_BYTES_MAX)}, as compiled ${figure(compiledBytes)}${lookedUp}`,
);
if (result.codeBytes > CODE_BYTES_MAX) {
  console.error(
    `the code is ${figure(result.codeBytes - CODE_BYTES_MAX)} bytes too long: the VM addresses 64 KiB of it`,
  );
  process.exit(1);
}
const verdict = await verifyImage(result.bytes, COMMAND);
if (verdict !== 0) {
  console.error(`the VM's verifier refuses the relinked image: check ${-verdict}`);
  process.exit(1);
}
writeFileSync(output, result.bytes);
writeFileSync(outputDebug, JSON.stringify(result.debug));
