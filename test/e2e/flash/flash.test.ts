/**
 * `buddy flash` as a script calls it, against `buddy board-sim` as a person starts it: from a chip
 * that ran something else to the robot's first answer, and other settings that keep what it knows. One fault and, where it is installed, Espressif's own esptool.
 * All boards, chips and faults: `npm run flash:long`, results in docs/flash-runs.json.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { FLASH_BYTES } from "../../../src/board-sim/flash-file.js";
import { STORE } from "../../../src/flash/layout.js";
import { readStore } from "../../../src/flash/store.js";
import { root } from "../../support/buddy-process.js";
import { BOARD_FAULTS } from "../../support/board-faults.js";
import { freePort } from "../../support/board.js";
import { esptoolVersion, secondOpinion } from "../../support/esptool.js";
import { runFault } from "../../support/fault-run.js";
import { scratch } from "../../support/simulator.js";

const RUN_MS_MAX = 120_000;
const PASSWORD = "never shown 1";
const cli = join(root, "dist/src/cli.js");
const running: ChildProcess[] = [];
after(() => running.forEach((child) => child.kill()));

async function startBoard(flash: string): Promise<string> {
  const args = [cli, "board-sim", "--chip", "esp32s3", "--flash", flash];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  const [first] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const path = /^port (\S+)$/.exec(first)?.[1];
  assert.ok(path, `first line: ${first}`);
  child.stdout.resume();
  return path;
}

interface Run {
  readonly status: number | null;
  readonly text: string;
  readonly last: Record<string, unknown>;
}

async function flash(...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [cli, "flash", ...args, "--yes", "--json"], {
    timeout: RUN_MS_MAX,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  const [status] = (await once(child, "close")) as [number | null];
  const lines = text.trim().split("\n");
  return { status, text, last: JSON.parse(lines.at(-1) ?? "{}") as Record<string, unknown> };
}

test("F2, A14: one command makes a robot of a chip that ran something else, a second one changes its WiFi and keeps what it knows", async (t) => {
  const folder = scratch();
  const file = join(folder, "flash.bin");
  const password = join(folder, "password");
  writeFileSync(password, `${PASSWORD}\n`);
  // Where the store goes there is another program's data, also in the sectors that the store leaves blank.
  const foreign = Buffer.alloc(FLASH_BYTES, 0xff);
  foreign.fill(0x5a, STORE.address, STORE.address + STORE.bytes);
  writeFileSync(file, foreign);
  const port = await startBoard(file);
  const place = ["--port", port, "--data", join(folder, "data")];
  const link = ["--companion", `127.0.0.1:${await freePort()}`];
  const wifi = (ssid: string): string[] => ["--ssid", ssid, "--password-file", password];

  const first = await flash(...place, ...link, "--board", "buddy_s3", ...wifi("home"));
  assert.equal(first.status, 0, first.text);
  assert.equal(first.last["ok"], true);
  assert.ok((first.last["reply"] as Record<string, unknown>)["emotion"], "it has answered");
  t.diagnostic(`to hello ${String(first.last["s"])} s`);
  const store = (): ReturnType<typeof readStore> =>
    readStore(readFileSync(file).subarray(STORE.address, STORE.address + STORE.bytes));
  const image = readFileSync(join(root, "dist/firmware/buddy_s3.devs"));
  assert.ok(store()?.program?.equals(image), "the program is byte for byte the built one");
  const generation = store()?.generation ?? 0;

  const second = await flash(...place, ...link, "--settings", ...wifi("office"));
  assert.equal(second.status, 0, second.text);
  assert.equal(second.last["board"], "buddy_s3", "the board is remembered");
  assert.equal(store()?.entries.get("wifi_ssid")?.toString(), "office\0");
  assert.ok((store()?.generation ?? 0) > generation, "its generation goes on");

  const key = readFileSync(join(folder, "data", "link.key"), "utf8").trim();
  for (const secret of [PASSWORD, key]) {
    assert.ok(!`${first.text}${second.text}`.includes(secret), "no secret is shown");
  }
});

test("F2: a board that was unplugged in the middle is a robot after a second run", async () => {
  const fault = BOARD_FAULTS.find(({ name }) => name === "unplugged while the runtime is written");
  assert.ok(fault);
  await runFault(fault, await freePort());
});

test("F2: wrong usage is refused before any port is opened", () => {
  const run = (...args: string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [cli, "flash", ...args], { encoding: "utf8" });
  const unknown = run("--board", "buddy_z9", "--port", "/dev/null", "--json");
  assert.equal(unknown.status, 1);
  assert.match(String(unknown.stdout), /FLASH_FILE.*buddy_z9/);
  assert.equal(run("--settings", "--erase").status, 2);
  assert.equal(run("--companion", "a b").status, 2);
});

const version = esptoolVersion();
test(
  "F2: Espressif's own esptool believes the simulated board",
  { skip: version === undefined && "NOT RUN: no esptool here (pip install esptool, or ESPTOOL)" },
  async (t) => {
    t.diagnostic(`esptool ${version}`);
    await secondOpinion("esp32c3", true);
  },
);
