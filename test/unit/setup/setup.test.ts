// The set-up in a checkout of its own, with stand-ins for npm and the tools, in a folder that no script likes. Properties:
// - what is made is made once, and a change makes only that anew which is made of it;
// - neither production nor omitted packages of the user's environment reach it;
// - what was interrupted or left out is made anew, and a failure says what to do.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { checkLock } from "../../../src/doctor/install.js";
import { until } from "../../../src/time/until.js";

const scripts = join(import.meta.dirname, "../../../scripts");

/** Notes how it was called, does what `FAKE` says (NAME=hang|offline|full), and makes what the real one makes. */
const TOOL = `
const { appendFileSync, mkdirSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const name = TOOL_NAME;
appendFileSync("calls.txt", JSON.stringify({ name, args: process.argv.slice(2), env: process.env.NODE_ENV ?? "" }) + "\\n");
const [who, what] = (process.env.FAKE ?? "").split("=");
if (who === name && what === "hang") {
  if (name === "npm") write("node_modules/half/package.json", "{}");
  else write("dist/src/half.js", "");
  setInterval(() => undefined, 1000);
} else if (who === name) {
  console.error(what === "full" ? "npm error code ENOSPC" : "npm error code ENOTFOUND");
  process.exit(1);
} else MAKE
`;
const TOOLS: Record<string, string> = {
  "bin/npm": `{
    write("node_modules/.package-lock.json", "all");
    for (const [path, text] of Object.entries(JSON.parse(process.env.FAKE_TOOLS))) write(path, text);
  }`,
  "scripts/build-firmware.mjs": `{
    write("dist/firmware/sim.devs", "image");
    write("node_modules/@devicescript/core/src/index.ts", "");
  }`,
  "node_modules/typescript/bin/tsc": `write("dist/src/cli.js", "console.log(process.argv.slice(2).join())");`,
  "node_modules/vite/bin/vite.js": `write("dist/web/index.html", "");`,
};
const NAMES = ["npm", "firmware", "tsc", "vite"];

const source = (path: string): string =>
  TOOL.replace("TOOL_NAME", JSON.stringify(NAMES[Object.keys(TOOLS).indexOf(path)])).replace(
    "MAKE",
    TOOLS[path] as string,
  );

class Checkout {
  readonly root: string;

  constructor(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), "buddy-setup-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    this.root = join(folder, "mein Büdchen 机器人 (1)");
    for (const file of ["setup.mjs", "buddy.mjs", "setup"])
      cpSync(join(scripts, file), join(this.root, "scripts", file), { recursive: true });
    this.write("scripts/build-firmware.mjs", FIRMWARE);
    this.write("bin/npm", `#!${process.execPath}\n${source("bin/npm")}`);
    chmodSync(join(this.root, "bin/npm"), 0o755);
    for (const file of ["package-lock.json", "devs/main.ts", "src/cli.ts", "src/page/main.tsx"])
      this.write(file, "");
    for (const file of ["src/wire/limits.ts", "src/web/live-limits.ts", "boards/one.json"])
      this.write(file, "");
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  private env(more: Record<string, string>): NodeJS.ProcessEnv {
    const tools = ["node_modules/typescript/bin/tsc", "node_modules/vite/bin/vite.js"];
    return {
      ...process.env,
      PATH: `${join(this.root, "bin")}${delimiter}${process.env["PATH"]}`,
      FAKE_TOOLS: JSON.stringify(Object.fromEntries(tools.map((path) => [path, source(path)]))),
      ...more,
    };
  }

  /** Runs the set-up from another folder and says which tools it called. */
  setUp(more: Record<string, string> = {}, parts: string[] = []) {
    rmSync(join(this.root, "calls.txt"), { force: true });
    const { status, stderr } = this.run("setup.mjs", parts, more);
    return { status, said: stderr, calls: this.calls() };
  }

  run(script: string, args: string[], more: Record<string, string> = {}) {
    return spawnSync(process.execPath, [join(this.root, "scripts", script), ...args], {
      env: this.env(more),
      encoding: "utf8",
    });
  }

  /** Runs it until a tool hangs, and interrupts it there. */
  async interrupt(tool: string): Promise<number | null> {
    rmSync(join(this.root, "calls.txt"), { force: true });
    const child = spawn(process.execPath, [join(this.root, "scripts/setup.mjs")], {
      env: this.env({ FAKE: `${tool}=hang` }),
      stdio: "ignore",
    });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const half = tool === "npm" ? "node_modules/half/package.json" : "dist/src/half.js";
    await until(
      `${tool} at work`,
      20_000,
      () => this.calls().some(({ name }) => name === tool) && existsSync(join(this.root, half)),
    );
    child.kill("SIGTERM");
    return ended;
  }

  calls(): { name: string; args: string[]; env: string }[] {
    const file = join(this.root, "calls.txt");
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { name: string; args: string[]; env: string });
  }

  change(path: string): void {
    appendFileSync(join(this.root, path), "changed\n");
  }
}

// An .mjs file: what the stand-in requires is imported there.
const FIRMWARE = `import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
${source("scripts/build-firmware.mjs")}`;

const names = (calls: { name: string }[]): string[] => calls.map(({ name }) => name);

test("everything is made once, and then nothing, wherever the checkout lies", (t) => {
  const checkout = new Checkout(t);
  const first = checkout.setUp();
  assert.equal(first.status, 0, first.said);
  assert.deepEqual(names(first.calls), NAMES);
  assert.deepEqual(checkout.setUp(), { status: 0, said: "", calls: [] });
});

test("a change makes only that anew which is made of it", (t) => {
  const checkout = new Checkout(t);
  checkout.setUp();
  const anew = (path: string): string[] => {
    checkout.change(path);
    return names(checkout.setUp().calls);
  };
  assert.deepEqual(anew("devs/main.ts"), ["firmware"]);
  assert.deepEqual(anew("src/page/main.tsx"), ["vite"]);
  assert.deepEqual(anew("src/cli.ts"), ["tsc"]);
  assert.deepEqual(anew("src/wire/limits.ts"), ["firmware", "tsc", "vite"]);
  assert.deepEqual(anew("package-lock.json"), ["npm", "tsc", "vite"]);
});

test("only the parts that are named are made", (t) => {
  const checkout = new Checkout(t);
  assert.deepEqual(names(checkout.setUp({}, ["packages"]).calls), ["npm"]);
  const wrong = checkout.setUp({}, ["pages"]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.said, /no part named pages; there are: packages firmware companion page/);
});

test("neither production nor omitted packages of the environment reach it", (t) => {
  const checkout = new Checkout(t);
  const { status, calls } = checkout.setUp({ NODE_ENV: "production", npm_config_omit: "dev" });
  assert.equal(status, 0);
  assert.deepEqual(
    calls.map(({ env }) => env),
    ["", "", "", ""],
  );
  for (const kind of ["dev", "optional", "peer"])
    assert.ok(calls[0]?.args.includes(`--include=${kind}`), kind);
});

test("packages that another install left out are installed again", (t) => {
  const checkout = new Checkout(t);
  checkout.setUp();
  checkout.write("node_modules/.package-lock.json", "all but what is for development");
  assert.deepEqual(names(checkout.setUp().calls).slice(0, 1), ["npm"]);
});

test("an interrupted install is not taken for done", async (t) => {
  const checkout = new Checkout(t);
  assert.equal(await checkout.interrupt("npm"), 143);
  assert.deepEqual(names(checkout.setUp().calls), NAMES);
});

test("an interrupted build is not taken for done, also when its sources go back", async (t) => {
  const checkout = new Checkout(t);
  checkout.setUp();
  checkout.write("dist/.companion.tsbuildinfo", "what the compiler knew before");
  checkout.change("src/cli.ts");
  assert.equal(await checkout.interrupt("tsc"), 143);
  checkout.write("src/cli.ts", "");
  assert.deepEqual(names(checkout.setUp().calls), ["tsc"]);
  for (const file of ["dist/src/half.js", "dist/.companion.tsbuildinfo"])
    assert.ok(!existsSync(join(checkout.root, file)), `${file} was built on`);
});

test("the firmware's library, which every npm install takes away, is fetched again", (t) => {
  const checkout = new Checkout(t);
  checkout.setUp();
  checkout.write("dist/firmware/sim.digest", "up to date");
  rmSync(join(checkout.root, "node_modules/@devicescript"), { recursive: true });
  assert.deepEqual(names(checkout.setUp().calls), ["firmware"]);
  assert.ok(
    !existsSync(join(checkout.root, "dist/firmware/sim.digest")),
    "nothing would be compiled",
  );
});

test("what was compiled from a source that is gone goes too", (t) => {
  const checkout = new Checkout(t);
  checkout.setUp();
  checkout.write("dist/src/old/gone.js", "");
  checkout.change("src/cli.ts");
  checkout.setUp();
  assert.ok(!existsSync(join(checkout.root, "dist/src/old/gone.js")));
  assert.ok(existsSync(join(checkout.root, "dist/src/cli.js")));
});

test("a command of Buddy sets up first, and does not run when that fails", (t) => {
  const checkout = new Checkout(t);
  const failed = checkout.run("buddy.mjs", ["start"], { FAKE: "vite=full" });
  assert.deepEqual([failed.status, failed.stdout], [1, ""]);
  const started = checkout.run("buddy.mjs", ["start", "--port", "0"]);
  assert.deepEqual([started.status, started.stdout], [0, "start,--port,0\n"]);
});

test("the doctor can tell that what is installed is what is asked for", (t) => {
  const checkout = new Checkout(t);
  checkout.setUp();
  assert.equal(checkLock(checkout.root).state, "ok");
  checkout.write("node_modules/.package-lock.json", "something else");
  assert.equal(checkLock(checkout.root).state, "mend");
});

test("a failure ends it and says what to do", (t) => {
  const checkout = new Checkout(t);
  const offline = checkout.setUp({ FAKE: "npm=offline" });
  assert.equal(offline.status, 1);
  assert.match(offline.said, /ENOTFOUND[^]*setup: The package registry was not reached/);
  assert.match(checkout.setUp({ FAKE: "npm=full" }).said, /setup: The disk is full/);
  rmSync(join(checkout.root, "bin/npm"));
  const without = checkout.setUp({ PATH: join(checkout.root, "bin") });
  assert.equal(without.status, 1);
  assert.match(without.said, /There is no npm in the PATH/);
});
