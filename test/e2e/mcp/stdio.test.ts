// `buddy mcp` as a program that hosts models starts it, with the SDK's own client on its stdin and stdout.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpRelay } from "../../../src/mcp/relay.js";
import { systemClock } from "../../../src/time/clock.js";
import { buddyState } from "../../../src/state/buddy-state.js";
import { startWebServer, type WebServer } from "../../../src/web/server.js";
import { FakeServices } from "../../support/services.js";
import { type BuddyProcess, getJson, root, startBuddy } from "../../support/buddy-process.js";

const cli = join(root, "dist/src/cli.js");

interface Answer {
  readonly isError?: boolean;
  readonly content: { type: string; text?: string; data?: string }[];
  readonly structuredContent?: unknown;
}

const call = async (
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Answer> => (await client.callTool({ name, arguments: args })) as Answer;

describe("buddy mcp with a running Buddy", { timeout: 120_000 }, () => {
  let buddy: BuddyProcess;
  const clients: Client[] = [];

  const connect = async (...flags: string[]): Promise<Client> => {
    const client = new Client({ name: "test", version: "1" });
    const args = [cli, "mcp", "--data", buddy.dataDir, ...flags];
    await client.connect(new StdioClientTransport({ command: process.execPath, args }));
    clients.push(client);
    return client;
  };

  before(async () => void (buddy = await startBuddy()));
  after(async () => {
    for (const client of clients) await client.close();
    await buddy.stop();
  });

  it("E3: get_os_state is the running system's state, the shape of GET /api/state", async () => {
    const client = await connect();
    const { structuredContent } = await call(client, "get_os_state");
    const state = buddyState.parse(structuredContent);
    assert.equal(state.robot.linked, true);
    const page = await getJson(buddy.runtime.page, "/api/state");
    assert.deepEqual(Object.keys(structuredContent as object), Object.keys(page));
    assert.match((await call(client, "status")).content[0]?.text ?? "", /Up for \d+ s/);
  });

  it("takes a real picture and moves the real head, as far as its scope allows", async () => {
    const client = await connect("--owner");
    const [image] = (await call(client, "take_photo")).content;
    const jpeg = Buffer.from(image?.data ?? "", "base64");
    assert.deepEqual([jpeg[0], jpeg[1]], [0xff, 0xd8]);
    assert.equal((await call(client, "express", { emotion: "curious" })).isError, undefined);
    const look = await call(client, "look", { pan: 70 });
    // The demo camera shows a face: the robot may be following it, and then says so.
    if (look.isError) assert.match(look.content[0]?.text ?? "", /tracking_active/);
    assert.equal((await call(client, "stop")).isError, undefined);
  });

  it("A14: gives the model no tool of the owner's", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    assert.ok(!tools.some(({ name }) => name === "stop"));
    assert.ok((await call(client, "look", { pan: 70 })).isError);
  });
});

describe("buddy mcp without a running Buddy", { timeout: 60_000 }, () => {
  it("ends with 1 and says what to do; stdout stays empty", () => {
    const dataDir = mkdtempSync(join(tmpdir(), "buddy-mcp-"));
    try {
      const result = spawnSync(process.execPath, [cli, "mcp", "--data", dataDir], {
        encoding: "utf8",
        timeout: 20_000,
      });
      assert.equal(result.status, 1);
      assert.equal(result.stdout, "");
      assert.match(result.stderr, /No Buddy is running .* Start it with `buddy start`/);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it("finds a companion again that restarted on another port, and says so while there is none", async () => {
    const start = (): Promise<WebServer> =>
      startWebServer(
        { host: "127.0.0.1", port: 0, version: "1.2.3" },
        { services: new FakeServices(systemClock), clock: systemClock, log: () => undefined },
      );
    let server: WebServer | undefined = await start();
    const relay = new McpRelay("1.2.3", () =>
      server
        ? { kind: "there", pid: server.port, url: `${server.url}mcp`, token: undefined }
        : { kind: "away", why: "No Buddy is running." },
    );
    const client = new Client({ name: "test", version: "1" });
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    await Promise.all([relay.serve(theirs), client.connect(ours)]);
    try {
      assert.equal((await call(client, "nod")).isError, undefined);
      const toolsBefore = await client.listTools();
      await server.close();
      server = undefined;
      assert.equal((await call(client, "nod")).content[0]?.text, "No Buddy is running.");
      assert.deepEqual(await client.listTools(), toolsBefore);
      server = await start();
      assert.equal((await call(client, "nod")).isError, undefined);
    } finally {
      await client.close();
      await relay.close();
      await server?.close();
    }
  });
});
