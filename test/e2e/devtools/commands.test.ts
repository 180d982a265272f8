/**
 * F1: `devs run`, `devtools FILE` and `bundle` as their documentation describes them, with a program of three lines. What the firmware
 * needs of them, `f5.test.ts` and every build of it show.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { projectCopy } from "../../support/devtools/devtools.js";
import { takeDevtoolsPorts } from "../../support/devtools/ports.js";
import { until } from "../../../src/time/until.js";

const RUN_MS_MAX = 60_000;
const HELLO = `import { readSetting } from "@devicescript/settings";
console.log("hello " + (await readSetting("NAME", "nobody")));
`;
const FIRMWARE_BYTES = 0x120000;

interface Command {
  child: ChildProcess;
  output(): string;
}

function start(t: TestContext, project: string, ...args: string[]): Command {
  const child = spawn(process.execPath, ["./node_modules/.bin/devs", "--no-colors", ...args], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  }
  const exit = once(child, "exit");
  t.after(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  return { child, output: () => output };
}

/** Waits for words of a command that goes on. */
async function says(command: Command, text: string): Promise<void> {
  const isOver = (): boolean => command.child.exitCode !== null;
  const isSaid = (): boolean => command.output().includes(text);
  await until(text, RUN_MS_MAX, () => isSaid() || isOver()).catch(() => undefined);
  assert.ok(isSaid(), `"${text}" was not said: ${command.output()}`);
}

test("F1: run, devtools with a file, and bundle", async (t) => {
  t.after(await takeDevtoolsPorts());
  const project = projectCopy(t);
  const entry = join(project, "src/main_hello.ts");
  writeFileSync(entry, HELLO);
  writeFileSync(join(project, ".env.defaults"), "NAME=world\n");

  await t.test("run needs no developer tools: the program runs without a bus", async (st) => {
    const run = start(st, project, "run", "src/main_hello.ts");
    await says(run, "no developer tools on port 8081: the program runs without a bus");
    await says(run, "hello nobody");
  });

  await t.test("a program that does not compile ends run with its errors and a code", () => {
    writeFileSync(join(project, "src/main_broken.ts"), "const text: string = 5;\n");
    const args = ["./node_modules/.bin/devs", "--no-colors", "run", "src/main_broken.ts"];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: project,
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.match(stderr, /src\/main_broken\.ts\(1,7\): error TS2322/);
  });

  await t.test(
    "devtools with a file builds it again when it changes, and deploys it with its settings",
    async (st) => {
      const tools = start(st, project, "devtools", "src/main_hello.ts");
      await says(tools, "watching src/main_hello.ts");
      const vm = start(st, project, "vm");
      await says(vm, "connected to ws://127.0.0.1:8081");
      await says(tools, "webclient: connected");
      writeFileSync(entry, HELLO.replace("hello", "good morning"));
      await says(tools, "deploy status: OK");
      await says(vm, "good morning world");
    },
  );

  await t.test("bundle puts program and settings into an image of the runtime", async (st) => {
    const cache = join(project, ".devicescript/cache");
    mkdirSync(cache, { recursive: true });
    // Stands for the runtime, which is downloaded otherwise: bundling only writes behind it.
    const runtime = Buffer.alloc(FIRMWARE_BYTES, 0xff);
    writeFileSync(join(cache, "devicescript-esp32c3-esp32c3_bare-0x0.bin"), runtime);
    const bundle = start(st, project, "bundle", "--board", "buddy_c3", "src/main_hello.ts");
    const [code] = (await once(bundle.child, "exit")) as [number];
    assert.equal(code, 0, bundle.output());
    const bin = join(project, ".devicescript/bin");
    const image = readFileSync(join(bin, "bundle-devicescript-esp32c3-buddy_c3-0x0.bin"));
    const program = readFileSync(join(bin, "bytecode.devs"));
    assert.ok(image.includes(program), "the program is not in it as a whole");
    assert.ok(image.includes(JSON.stringify("world")), "its setting is not in it");
    assert.match(bundle.output(), /relinked: code [\d,]+ of/, "not what is released");
  });
});
