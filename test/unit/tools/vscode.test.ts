// What VS Code is told of this tree (`.vscode`). Properties that must hold:
// - F5 leads to entry points that the DeviceScript extension takes: src/main*.ts beside a devsconfig.json;
// - the boards to choose from are those that have an entry point;
// - tasks name scripts that exist, and launches tasks that exist.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../../..");
const read = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), "utf8")) as T;

interface Launch {
  configurations: {
    name: string;
    type: string;
    program: string;
    deviceId?: string;
    preLaunchTask?: string;
  }[];
  compounds: { configurations: string[] }[];
  inputs: { id: string; options: string[] }[];
}

const launch = read<Launch>(".vscode/launch.json");
const tasks = read<{ tasks: { label: string; script: string }[] }>(".vscode/tasks.json").tasks;
const { scripts } = read<{ scripts: Record<string, string> }>("package.json");
const boards = readdirSync(join(root, "src")).flatMap(
  (name) => /^main_(.*)\.ts$/.exec(name)?.[1] ?? [],
);
const inFolder = (program: string): string => program.replace("${workspaceFolder}/", "");

test("F1: F5 in a fresh clone leads to the simulator's robot", () => {
  const [first] = launch.configurations;
  assert.equal(first?.type, "devicescript");
  assert.equal(first.program, "${workspaceFolder}/src/main.ts");
  assert.equal(first.deviceId, "${command:deviceScriptSimulator}");
  assert.ok(existsSync(join(root, inFolder(first.program))));
  assert.ok(existsSync(join(root, "devsconfig.json")));
});

test("F1: every board can be chosen, and each choice has an entry point", () => {
  const options = launch.inputs.find(({ id }) => id === "board")?.options;
  assert.deepEqual(options, boards.sort());
  const board = launch.configurations.find(({ program }) => program.includes("${input:board}"));
  assert.equal(inFolder(board?.program ?? ""), "src/main_${input:board}.ts");
});

test("what is launched together or before exists under its name", () => {
  const names = launch.configurations.map(({ name }) => name);
  for (const name of launch.compounds.flatMap(({ configurations }) => configurations)) {
    assert.ok(names.includes(name), name);
  }
  const labels = tasks.map(({ label }) => label);
  for (const { preLaunchTask } of launch.configurations) {
    if (preLaunchTask !== undefined) assert.ok(labels.includes(preLaunchTask), preLaunchTask);
  }
  for (const { script } of tasks) assert.ok(script in scripts, script);
});

test("saving formats as `npm run format` does, and the recommended extensions bring what that needs", () => {
  const settings = read<Record<string, unknown>>(".vscode/settings.json");
  const { recommendations } = read<{ recommendations: string[] }>(".vscode/extensions.json");
  assert.equal(settings["editor.formatOnSave"], true);
  assert.ok(recommendations.includes(String(settings["editor.defaultFormatter"])));
  assert.match(scripts["format"] ?? "", /prettier/);
  assert.ok(existsSync(join(root, String(settings["typescript.tsdk"]), "tsserver.js")));
});
