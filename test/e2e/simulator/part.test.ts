/**
 * The simulated robot as a process of its own. Properties: it speaks as a supervised part, obeys its commands, and
 * whoever dies (its parent, itself), no VM stays behind, even one whose program never yields.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { buildProgram, scratch } from "../../support/simulator.js";
import { isAlive } from "../../support/processes.js";
import { root } from "../../support/buddy-process.js";
import { until } from "../../../src/time/until.js";

interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

class Parent {
  readonly process: ChildProcess;
  readonly messages: Message[] = [];

  constructor(options: object) {
    this.process = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        join(root, "test/fixtures/parts/simulator-parent.ts"),
        join(root, "src/simulator/main.ts"),
        JSON.stringify(options),
      ],
      { stdio: ["pipe", "pipe", "inherit"], cwd: root },
    );
    let rest = "";
    this.process.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.messages.push(JSON.parse(line) as Message);
    });
  }

  send(message: Message): void {
    this.process.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  find(type: string, test: (message: Message) => boolean = () => true): Message | undefined {
    return this.messages.findLast((message) => message.type === type && test(message));
  }

  async wait(type: string, test?: (message: Message) => boolean): Promise<Message> {
    const logs = (): string =>
      this.messages.map((message) => JSON.stringify(message).slice(0, 200)).join("\n");
    return until(
      () => `a ${type} message\n${logs()}`,
      60_000,
      () => this.find(type, test),
    );
  }

  async pids(): Promise<{ part: number; vm: number }> {
    const part = (await this.wait("part")).pid as number;
    const status = await this.wait("status", ({ status: s }) => statusOf(s).vm === "running");
    return { part, vm: statusOf(status.status).pid as number };
  }
}

const statusOf = (status: unknown): Record<string, unknown> => status as Record<string, unknown>;

let parent: Parent | undefined;
let pids: number[] = [];

async function begin(mode: string, settings: object = {}): Promise<Parent> {
  const firmware = await buildProgram();
  parent = new Parent({
    dataDir: scratch(),
    firmware,
    settings: { mode, ...settings },
    tellsServos: true,
  });
  const { part, vm } = await parent.pids();
  pids = [parent.process.pid ?? 0, part, vm];
  return parent;
}

afterEach(() => {
  for (const pid of pids) if (pid > 0 && isAlive(pid)) process.kill(pid, "SIGKILL");
  pids = [];
});

describe("the simulator's part", () => {
  it("becomes ready, streams the pose, answers for its heap, restarts its VM and ends on stop", async () => {
    const started = await begin("servo");
    await started.wait("ready");
    await started.wait("servo", ({ axis, deg }) => axis === "base" && deg === 100.5);
    await started.wait("pose", ({ base, nod }) => base === 100.5 && nod === 70);
    started.send({ type: "heap", id: 5, live: true });
    const { heap } = await started.wait("heap", ({ id }) => id === 5);
    assert.ok((heap as { usedBytes: number }).usedBytes > 500);
    started.send({ type: "wifi", on: false });
    await started.wait("status", ({ status }) => statusOf(status).wifi === false);
    started.send({ type: "kill" });
    await started.wait("status", ({ status }) => {
      const { restarts, vm } = statusOf(status);
      return restarts === 1 && vm === "running";
    });
    started.send({ type: "stop" });
    const exit = await started.wait("exit");
    assert.equal(exit.code, 0);
    const { pid } = statusOf(started.find("status")?.status);
    await until("the VM's end", 2000, () => !isAlive(pid as number));
  });

  it("L6: a parent that is killed takes part and VM with it", async () => {
    const started = await begin("plain");
    started.process.kill("SIGKILL");
    await until("the end of all", 5000, () => !pids.some(isAlive));
  });

  it("a part that is killed takes a VM with it whose program never yields", async () => {
    const started = await begin("starve");
    await started.wait("log", ({ message }) => String(message).includes("starving"));
    process.kill(pids[1] ?? 0, "SIGKILL");
    await until("the VM's end", 5000, () => !isAlive(pids[2] ?? 0));
  });
});
