// A heap that is kept small. Properties (G7): garbage that outlived the young generation is collected soon, in a part that is
// started with our arguments and in a process that asks for it while it runs; one that takes pictures collects everything each minute. Without either V8 looks once it is 16 MB here, which is 8 MB in the middle.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { packageRoot } from "../../../src/host/package-root.js";
import { collectEvery, PICTURE_HEAP_ARGS, SMALL_HEAP_ARGS } from "../../../src/host/small-heap.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

/** Collected in one go by one thread: how much gathers is then much the same each time. */
const EXACT = ["--single-threaded-gc", "--no-incremental-marking", "--expose-gc"];
const YOUNG = "--max-semi-space-size=1";

/** Objects live until 20,000 others have come. Prints how many bytes the old generation holds, on average, above its least. */
const WORK = `
  const used = () => v8.getHeapSpaceStatistics().find((one) => one.space_name === "old_space").space_used_size;
  const ring = new Array(20000);
  let sum = 0, count = 0, least = Infinity;
  for (let i = 0; i < 2e6; i++) {
    ring[i % ring.length] = { i, a: [i] };
    if (i === 40000) gc();
    if (i <= 40000 || i % 1000 !== 0) continue;
    const bytes = used();
    sum += bytes;
    count += 1;
    least = Math.min(least, bytes);
  }
  console.log(sum / count - least);`;

function garbageBytes(args: readonly string[], before = ""): number {
  const program = `import v8 from "node:v8"; ${before} ${WORK}`;
  const own = [...EXACT, ...args, "--input-type=module", "-e", program];
  return Number(execFileSync(process.execPath, own, { encoding: "utf8", cwd: packageRoot() }));
}

test("G7: a part that is started small collects its garbage soon", () => {
  assert.ok(garbageBytes([YOUNG]) > 6e6, "else this test shows nothing");
  const bytes = garbageBytes(SMALL_HEAP_ARGS);
  assert.ok(bytes < 4e6, `${bytes}`);
});

test("G7: so does a process whose arguments are its user's", () => {
  const file = pathToFileURL(join(packageRoot(), "src/host/small-heap.ts"));
  const asked = `import { keepHeapSmall } from "${file.href}"; keepHeapSmall();`;
  const bytes = garbageBytes([YOUNG, "--import", "tsx"], asked);
  assert.ok(bytes < 4e6, `${bytes}`);
});

test("G7: a part that takes pictures collects everything each minute", async (t) => {
  const seen = execFileSync(process.execPath, [...PICTURE_HEAP_ARGS, "-p", "typeof gc"]);
  assert.equal(String(seen).trim(), "function");
  const { gc } = globalThis;
  t.after(() => (globalThis.gc = gc));
  let collected = 0;
  globalThis.gc = (() => void (collected += 1)) as NonNullable<typeof gc>;
  const clock = new FakeClock();
  const cancel = collectEvery(clock);
  await clock.advance(180_000);
  assert.equal(collected, 3);
  cancel();
  await clock.advance(180_000);
  assert.equal(collected, 3);
});
