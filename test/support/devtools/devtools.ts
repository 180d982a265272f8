/**
 * DeviceScript's developer tools as VS Code's extension starts and uses them (vscode/src/devtoolsserver.ts and state.ts at 2.16.4), on
 * a copy of the firmware's sources, so that nothing of a person's own session is touched.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { until } from "../../../src/time/until.js";
import { ExtensionBus } from "./bus.js";
import { takeDevtoolsPorts } from "./ports.js";
import { SideClient } from "./side-client.js";

const root = join(import.meta.dirname, "../../..");
/** What a DeviceScript project of this tree is made of. */
const PROJECT = ["devs", "src/wire", "boards", "services", "devsconfig.json", "package.json"];
const START_MS_MAX = 60_000;
/** The bus strikes off a device that was not heard for 3 s. */
const GONE_MS_MAX = 15_000;
/** The extension's own limit for a build. */
const BUILD_MS_MAX = 60_000;

export interface BuildResult {
  success: boolean;
  deployStatus: string;
  diagnostics: { filename: string; line: number; formatted: string }[];
  usedFiles: string[];
}

export interface Specs {
  versions: { devsVersion: string; runtimeVersion: string };
  buildConfig: { boards: Record<string, { devName: string }> };
}

export class Devtools {
  /** All that it printed. */
  output = "";

  private constructor(
    readonly project: string,
    readonly side: SideClient,
    readonly bus: ExtensionBus,
  ) {}

  static async start(t: TestContext): Promise<Devtools> {
    const release = await takeDevtoolsPorts();
    t.after(release);
    const project = projectCopy(t);
    const child = spawn(
      process.execPath,
      ["./node_modules/.bin/devicescript", "devtools", "--vscode"],
      { cwd: project, stdio: ["ignore", "pipe", "pipe"], detached: process.platform !== "win32" },
    );
    const exit = once(child, "exit");
    t.after(async () => {
      endGroup(child);
      await exit;
    });
    let output = "";
    const hear = (chunk: Buffer): void => void (output += String(chunk));
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    const side = await SideClient.connect(START_MS_MAX).catch((error: unknown) => {
      throw new Error(`the developer tools do not listen: ${output}`, { cause: error });
    });
    t.after(() => side.close());
    const bus = new ExtensionBus(side);
    t.after(() => bus.close());
    const tools = new Devtools(project, side, bus);
    child.stdout.on("data", (chunk: Buffer) => (tools.output += String(chunk)));
    child.stderr.on("data", (chunk: Buffer) => (tools.output += String(chunk)));
    tools.output = output;
    return tools;
  }

  /** What the extension asks first; it waits for 1 s. */
  specs(): Promise<Specs> {
    return this.side.request<Specs>("specs", { dir: "." }, 1000);
  }

  /** Entry points that the extension offers: `main*.ts` directly in `src`, by name. */
  entryPoints(): string[] {
    return readdirSync(join(this.project, "src"), { withFileTypes: true })
      .filter((found) => found.isFile() && /^main.*\.ts$/.test(found.name))
      .map(({ name }) => `src/${name}`);
  }

  /** Starts the simulator unless it runs, and waits until it is on the bus. */
  async startSimulator(deviceId: string): Promise<void> {
    if (this.bus.manager(deviceId) !== undefined) return;
    await this.side.request("startVM", { deviceId, clearFlash: false });
    await this.bus.find(deviceId, START_MS_MAX);
  }

  /** After a session: until then the extension takes it for running, and starts no other. */
  async simulatorGone(deviceId: string): Promise<void> {
    await until("the simulator to go", GONE_MS_MAX, () => this.bus.manager(deviceId) === undefined);
  }

  /** Builds an entry point and deploys it, as F5 does. */
  async build(filename: string, deployTo: string): Promise<BuildResult> {
    await this.bus.setManager(deployTo, "Autostart", false);
    return this.side.request<BuildResult>("build", { filename, deployTo }, BUILD_MS_MAX);
  }

  /** Adds a file to this copy of the project. */
  write(file: string, text: string): void {
    writeFileSync(join(this.project, file), text);
  }

  /** The number of the only line of a file that contains a text. */
  lineOf(file: string, text: string): number {
    const lines = this.linesOf(file);
    const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
    if (found.length === 1) return found[0] as number;
    throw new Error(`${found.length} lines of ${file} contain "${text}", not one`);
  }

  textAt(file: string, line: number): string {
    return this.linesOf(file)[line - 1] ?? "";
  }

  private linesOf(file: string): string[] {
    return readFileSync(join(this.project, file), "utf8").split("\n");
  }

  /** Of a path that the debugger tells: relative to the project, with slashes. */
  relative(path: string | undefined): string {
    return (path ?? "").slice(this.project.length + 1).replaceAll("\\", "/");
  }
}

/** A DeviceScript project with the firmware's sources, gone after the test. */
export function projectCopy(t: TestContext): string {
  const project = mkdtempSync(join(tmpdir(), "buddy-f5-"));
  t.after(() => rmSync(project, { recursive: true, force: true }));
  const entries = readdirSync(join(root, "src")).filter((name) => /^main.*\.ts$/.test(name));
  for (const part of [...PROJECT, ...entries.map((name) => `src/${name}`)]) {
    cpSync(join(root, part), join(project, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "junction");
  return project;
}

/** With the VM and a compiler that it may have started. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") child.kill();
  else process.kill(-child.pid, "SIGKILL");
}
