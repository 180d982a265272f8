// The MCP tools through the SDK's own client, in memory: each does what it says, a scope has just its own tools, ranges
// and rates, and whatever fails is an answer with a reason and never a broken session.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { Rates } from "../../../src/mcp/rates.js";
import { MODEL_SCOPE, OWNER_SCOPE, type Scope } from "../../../src/mcp/scope.js";
import { newMcpServer } from "../../../src/mcp/tools.js";
import type { TurnReport } from "../../../src/conversation/turn/turn-trace.js";
import type { ConversationApi } from "../../../src/conversation/conversation-api.js";
import type { WebServices } from "../../../src/web/services.js";
import { FakeServices } from "../../support/services.js";

/** Ports in place of the fakes; undefined takes one away. */
type More = { readonly [K in keyof WebServices]?: WebServices[K] | undefined };

interface Rig {
  readonly client: Client;
  readonly services: FakeServices;
  readonly clock: FakeClock;
  readonly logs: string[];
  call(name: string, args?: Record<string, unknown>): Promise<{ isError: boolean; text: string }>;
}

async function rig(scope: Scope, more: More = {}): Promise<Rig> {
  const clock = new FakeClock(1000);
  const services = new FakeServices(clock);
  const logs: string[] = [];
  const server = newMcpServer(scope, new Rates(clock, scope.rates), {
    services: Object.assign(services, more),
    clock,
    version: "1.2.3",
    called: () => undefined,
    log: (level, message) => logs.push(`${level} ${message}`),
  });
  const client = new Client({ name: "test", version: "1" });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  return {
    client,
    services,
    clock,
    logs,
    call: async (name, args = {}) => {
      const result = await client.callTool({ name, arguments: args });
      const content = result.content as { type: string; text?: string }[];
      const text = content.map((part) => part.text ?? part.type).join("\n");
      return { isError: result.isError === true, text };
    },
  };
}

const names = async ({ client }: Rig): Promise<string[]> =>
  (await client.listTools()).tools.map(({ name }) => name).sort();

const MODEL_TOOLS = ["express", "get_os_state", "look", "nod", "say", "status", "take_photo"];

test("A14: the model has no stop, the owner has it too", async () => {
  assert.deepEqual(await names(await rig(MODEL_SCOPE)), MODEL_TOOLS);
  assert.deepEqual(await names(await rig(OWNER_SCOPE)), [...MODEL_TOOLS, "stop"].sort());
});

test("E3: get_os_state is the state, as text and structured", async () => {
  const { client, services } = await rig(MODEL_SCOPE);
  const result = await client.callTool({ name: "get_os_state", arguments: {} });
  assert.deepEqual(result.structuredContent, services.current);
  const [text] = result.content as { text: string }[];
  assert.deepEqual(JSON.parse(text?.text ?? ""), services.current);
});

test("E3: status says what does not work, and what to do", async () => {
  const { call, services } = await rig(MODEL_SCOPE);
  services.change((state) => {
    for (const part of state.health.parts) {
      if (part.id !== "camera") continue;
      Object.assign(part, { level: "bad", text: "It is gone.", next: "Plug it in." });
    }
  });
  const { text } = await call("status");
  assert.match(text, /Camera \(bad\): It is gone\. Plug it in\./);
  assert.doesNotMatch(text, /Linked/);
});

test("look, nod and express become the robot's commands, in its own angles", async () => {
  const { call, services } = await rig(MODEL_SCOPE);
  assert.match((await call("look", { pan: 30, tilt: 10 })).text, /30° left, 10° up/);
  await call("look", { pan: -60 });
  await call("nod", { times: 2 });
  await call("express", { emotion: "curious" });
  assert.deepEqual(services.lines, ["LOOK:120,105", "LOOK:30,115", "NOD:2", "EXPRESS:curious"]);
});

test("A14: what is out of the scope's range never reaches the robot", async () => {
  const model = await rig(MODEL_SCOPE);
  const cases: [string, Record<string, unknown>][] = [
    ["look", { pan: 61 }],
    ["look", { pan: 0, tilt: -26 }],
    ["look", { pan: "30" }],
    ["look", { pan: 0, raw: "STOP" }],
    ["look", {}],
    ["nod", { times: 4 }],
    ["nod", { times: 1.5 }],
    ["express", { emotion: "angry" }],
    ["say", { text: "x".repeat(401) }],
    ["say", { text: " \n" }],
    ["say", { text: "a\u0007b" }],
    ["stop", {}],
  ];
  for (const [name, args] of cases) {
    assert.ok((await model.call(name, args)).isError, `${name} ${JSON.stringify(args)}`);
  }
  assert.deepEqual(model.services.lines, []);
  const owner = await rig(OWNER_SCOPE);
  assert.equal((await owner.call("look", { pan: 80, tilt: 35 })).isError, false);
  assert.deepEqual(owner.services.lines, ["LOOK:170,80"]);
});

test("A14: the owner's hand comes before the reflex, the model's does not", async () => {
  const model = await rig(MODEL_SCOPE);
  await model.call("nod");
  assert.deepEqual([model.services.lines, model.services.owners], [["NOD:1"], []]);
  assert.match(model.client.getInstructions() ?? "", /refused then \(tracking_active\)/);
  const owner = await rig(OWNER_SCOPE);
  await owner.call("nod");
  assert.deepEqual(owner.services.owners, ["NOD:1"]);
  assert.doesNotMatch(owner.client.getInstructions() ?? "", /refused/);
});

test("A14: a model that hammers is told to wait, and may go on after that", async () => {
  const { call, clock, services } = await rig(MODEL_SCOPE);
  for (let i = 0; i < MODEL_SCOPE.rates.move.burst; i++) {
    assert.equal((await call("nod")).text, "It nods.");
  }
  const answer = await call("look", { pan: 0 });
  assert.ok(answer.isError);
  assert.match(answer.text, /WEB_RATE: Too often\. Try again in 1 s/);
  assert.equal(services.lines.length, MODEL_SCOPE.rates.move.burst);
  await clock.advance(1000);
  assert.equal((await call("nod")).text, "It nods.");
});

test("the robot's refusal and its absence are answers with their reason", async () => {
  const { call, services } = await rig(MODEL_SCOPE);
  services.answer = async () => '{"ok":false,"reason":"tracking_active"}';
  const refused = await call("look", { pan: 5 });
  assert.ok(refused.isError);
  assert.match(refused.text, /tracking_active.*follows a face/);
  services.change((state) => (state.robot.linked = false));
  assert.match((await call("nod")).text, /ROBOT_AWAY/);
  services.change((state) => (state.robot.linked = true));
  services.answer = async () => {
    throw new Error("boom");
  };
  const bug = await rig(MODEL_SCOPE, { robot: { send: services.answer } });
  assert.match((await bug.call("nod")).text, /WEB_INTERNAL/);
  assert.match(bug.logs.join(), /MCP tool nod failed: Error: boom/);
});

test("take_photo gives the newest picture, and none rather than an old one", async () => {
  const { client, call, services, clock } = await rig(MODEL_SCOPE);
  assert.match((await call("take_photo")).text, /WEB_CAMERA_AWAY/);
  const jpeg = Buffer.from([0xff, 0xd8, 1, 2, 0xff, 0xd9]);
  services.frame(new Uint8Array(Buffer.concat([Buffer.alloc(3), jpeg]).subarray(3)));
  await clock.advance(3000);
  const result = await client.callTool({ name: "take_photo", arguments: {} });
  const [image, text] = result.content as { data?: string; mimeType?: string; text?: string }[];
  assert.deepEqual(Buffer.from(image?.data ?? "", "base64"), jpeg);
  assert.equal(image?.mimeType, "image/jpeg");
  assert.match(text?.text ?? "", /Taken 3000 ms ago; 0 faces/);
  await clock.advance(8000);
  assert.ok((await call("take_photo")).isError);
});

/** A mind that answers in one way; what it was told is kept. */
function fakeMind(report: Partial<TurnReport>): { mind: ConversationApi; heard: string[] } {
  const heard: string[] = [];
  const whole = { turn: "t1", outcome: "done", model: "m", safeMode: false, ms: 5, reply: "" };
  const mind = {
    say: async (text: string, { source }: { source: string }) => {
      heard.push(`${source}: ${text}`);
      return { ...whole, ...report };
    },
    stop: () => void heard.push("stop"),
  };
  return { mind: mind as unknown as ConversationApi, heard };
}

test("say gives Buddy's answer, and says clearly when nobody is there to answer", async () => {
  const mute = await rig(MODEL_SCOPE, { mind: undefined });
  const answer = await mute.call("say", { text: "Hello" });
  assert.equal(answer.isError, true);
  assert.match(answer.text, /WEB_MIND_ABSENT: Nobody is there to answer/);
  const { mind, heard } = fakeMind({ reply: "Good morning." });
  const able = await rig(MODEL_SCOPE, { mind });
  assert.equal((await able.call("say", { text: " Hello " })).text, "Good morning.");
  assert.deepEqual(heard, ["mcp: Hello"]);
});

test("a turn that ended early is told with its reason", async () => {
  const { mind } = fakeMind({ code: "TURN_STOPPED", why: "stopped by a person" });
  const { call } = await rig(MODEL_SCOPE, { mind });
  const answer = await call("say", { text: "Hello" });
  assert.equal(answer.isError, true);
  assert.equal(answer.text, "TURN_STOPPED: stopped by a person");
});

test("stop ends speech and thought and lets it rest", async () => {
  const { mind, heard } = fakeMind({});
  const { call, services } = await rig(OWNER_SCOPE, { mind });
  assert.equal((await call("stop")).text, "It has stopped.");
  assert.deepEqual(services.lines, ["STOP_SPEAKING", "STOP_THINKING", "IDLE"]);
  assert.deepEqual(heard, ["stop"]);
});
