/**
 * Every kind of statement and expression that the firmware's compiler writes, with what each prints. The relinker is
 * right when this program says the same before and after it, line by line.
 */
import * as ds from "@devicescript/core";
import { conditions, isBetween, isOutside, odd, shortCircuit, sign } from "./torture-conditions";
import { exceptions } from "./torture-exceptions";
import { classes, functions, smallFunctions } from "./torture-functions";
import { kind, loops } from "./torture-loops";
import { saidSoFar, say } from "./torture-trail";
import { arithmetic, conversions, literals, optional, order } from "./torture-values";

async function asynchronous(): Promise<void> {
  let log = "";
  const step = async (name: string, ms: number): Promise<string> => {
    log += name;
    await ds.sleep(ms);
    log += name;
    return name + ms;
  };
  const results = [await step("a", 5), await step("b", 1)];
  say("async", [log, results]);
  (async () => {
    for (let i = 0; i < 3; i++) {
      log += i;
      await ds.sleep(10);
    }
  }).start();
  await ds.sleep(200);
  say("fiber", log);
}

for (const value of odd) say("conditions", conditions(value));
for (let value = 0; value < 5; value++) {
  say("between", [isBetween(value, 1, 3), isOutside(value, 1, 3), sign(value - 2)]);
}
shortCircuit();
loops();
for (const value of [1, 2, 3, "x", 1000, 5]) say("switch", kind(value));
exceptions();
functions();
smallFunctions();
classes();
say(
  "optional",
  optional({ value: 1, left: { value: 2, right: { value: 3 } }, visit: (n) => n * 2 }),
);
say("optional", optional(undefined));
say("optional", optional(null));
say("optional", optional({ value: 1, left: { value: 0, visit: (n) => n + 1 } }));
literals();
for (const pair of [
  [7, 3],
  [-7, 3],
  [2147483647, 2],
  [0.5, -1.5],
  [3, 3],
]) {
  say("arithmetic", arithmetic(pair[0], pair[1]));
}
conversions();
order();
await asynchronous();
console.log(`said ${saidSoFar()} things`);
ds.restart();
