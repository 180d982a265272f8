// The MCP door through real sockets with the SDK's own client: who is let in (A14), that scopes do not mix, that
// sessions are few and end, and that strange requests get the protocol's own answers.
import assert from "node:assert/strict";
import { request } from "node:http";
import { afterEach, describe, it } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { MCP_IDLE_MS_MAX, MCP_SESSIONS_MAX } from "../../../src/mcp/door.js";
import { startWebServer, type WebServer, type WebServerOptions } from "../../../src/web/server.js";
import { FakeServices } from "../../support/services.js";

const TOKEN = "canary-token-0123456789abcdef";
const MODEL_TOKEN = "model-token-0123456789abcdef0";
const LIMIT = { timeout: 30_000 };

let clock: FakeClock;
let services: FakeServices;
let server: WebServer;
const clients: Client[] = [];

async function start(options: Partial<WebServerOptions> = {}): Promise<void> {
  clock = new FakeClock(1000);
  services = new FakeServices(clock);
  server = await startWebServer(
    { host: "127.0.0.1", port: 0, version: "1.2.3", ...options },
    { services, clock, log: () => undefined },
  );
}

async function connect(path: string, token?: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const url = new URL(path, `http://127.0.0.1:${server.port}`);
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  await client.connect(transport as Transport);
  clients.push(client);
  return client;
}

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  },
};
const JSON_HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** A request with any header, which `fetch` would not allow. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<{ status: number; session: string | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port: server.port, path, method, headers },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => (text += String(chunk)));
        answer.on("end", () => {
          const session = answer.headers["mcp-session-id"];
          resolve({ status: answer.statusCode ?? 0, session: session as string | undefined, text });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await server.close();
});

describe("the MCP door", LIMIT, () => {
  it("E3: serves tools, and get_os_state is what GET /api/state says", async () => {
    await start();
    const client = await connect("/mcp");
    assert.equal(client.getServerVersion()?.name, "buddy");
    assert.match(client.getInstructions() ?? "", /pan is positive to its left/);
    const result = await client.callTool({ name: "get_os_state", arguments: {} });
    const state = JSON.parse((await ask("GET", "/api/state", {})).text) as unknown;
    assert.deepEqual(result.structuredContent, state);
    assert.ok(!(await client.callTool({ name: "look", arguments: { pan: 30 } })).isError);
    assert.deepEqual(services.lines, ["LOOK:120,115"]);
    const metrics = (await ask("GET", "/metrics", {})).text;
    assert.match(
      metrics,
      /buddy_mcp_calls_total\{tool="look",scope="model",outcome="ok"\} 1/,
      metrics,
    );
    assert.match(metrics, /buddy_mcp_sessions 1/);
  });

  it("A14: the owner's tools are on the owner's path, and a session does not cross over", async () => {
    await start();
    const names = async (path: string): Promise<string[]> =>
      (await (await connect(path)).listTools()).tools.map(({ name }) => name);
    assert.ok(!(await names("/mcp")).includes("stop"));
    assert.ok((await names("/mcp/owner")).includes("stop"));
    const { session } = await ask("POST", "/mcp", JSON_HEADERS, INITIALIZE);
    const headers = { ...JSON_HEADERS, "mcp-session-id": session ?? "" };
    const call = {
      jsonrpc: "2.0",
      id: 2,
      method: "tools/call",
      params: { name: "stop", arguments: {} },
    };
    assert.equal((await ask("POST", "/mcp/owner", headers, call)).status, 404);
    assert.deepEqual(services.lines, []);
  });

  it("A14: with a token, nobody without one; a model's token opens the model's path alone", async () => {
    await start({ token: TOKEN, modelToken: MODEL_TOKEN });
    await assert.rejects(connect("/mcp"), { code: 401 });
    await assert.rejects(connect("/mcp", "wrong-token-0123456789abcdef"), { code: 401 });
    await assert.rejects(connect("/mcp/owner", MODEL_TOKEN), { code: 401 });
    const bearer = { authorization: `Bearer ${MODEL_TOKEN}` };
    for (const path of ["/api/state", "/mcp/", "/mcp/owner", "/snapshot.jpg", "/metrics"]) {
      assert.equal((await ask("GET", path, bearer)).status, 401, path);
    }
    assert.ok((await (await connect("/mcp", MODEL_TOKEN)).listTools()).tools.length > 0);
    const owner = await (await connect("/mcp/owner", TOKEN)).listTools();
    assert.ok(owner.tools.some(({ name }) => name === "stop"));
  });

  it("A14: another site and another name are turned away before any session", async () => {
    await start();
    const evil = { ...JSON_HEADERS, origin: "http://evil.example" };
    assert.equal((await ask("POST", "/mcp", evil, INITIALIZE)).status, 403);
    const rebound = { ...JSON_HEADERS, host: "evil.example" };
    assert.equal((await ask("POST", "/mcp", rebound, INITIALIZE)).status, 403);
    assert.match((await ask("GET", "/metrics", {})).text, /buddy_mcp_sessions 0/);
  });

  it("answers what is not the protocol in the protocol's shape", async () => {
    await start();
    assert.equal((await ask("GET", "/mcp", JSON_HEADERS)).status, 405);
    assert.equal((await ask("POST", "/mcp", JSON_HEADERS, { hello: 1 })).status, 400);
    const noAccept = { "content-type": "application/json" };
    assert.equal((await ask("POST", "/mcp", noAccept, INITIALIZE)).status, 406);
    const unknown = { ...JSON_HEADERS, "mcp-session-id": "nobody" };
    const answer = await ask("POST", "/mcp", unknown, INITIALIZE);
    assert.equal(answer.status, 404);
    assert.match(answer.text, /"jsonrpc":"2.0".*Initialize a new one/);
    const long = { ...INITIALIZE, params: { pad: "x".repeat(40_000) } };
    assert.equal((await ask("POST", "/mcp", JSON_HEADERS, long)).status, 413);
    const text = { ...JSON_HEADERS, "content-type": "text/plain" };
    assert.equal((await ask("POST", "/mcp", text, INITIALIZE)).status, 415);
    assert.match((await ask("GET", "/metrics", {})).text, /buddy_mcp_sessions 0/);
  });

  it("holds a limited number of sessions; one left alone makes room, and all end by themselves", async () => {
    await start();
    const first = await ask("POST", "/mcp", JSON_HEADERS, INITIALIZE);
    for (let i = 1; i < MCP_SESSIONS_MAX; i++) {
      await clock.advance(100);
      assert.equal((await ask("POST", "/mcp", JSON_HEADERS, INITIALIZE)).status, 200);
    }
    assert.equal((await ask("POST", "/mcp", JSON_HEADERS, INITIALIZE)).status, 503);
    await clock.advance(59_000);
    assert.equal((await ask("POST", "/mcp", JSON_HEADERS, INITIALIZE)).status, 200);
    const headers = { ...JSON_HEADERS, "mcp-session-id": first.session ?? "" };
    const ping = { jsonrpc: "2.0", id: 9, method: "ping" };
    assert.equal((await ask("POST", "/mcp", headers, ping)).status, 404);
    await clock.advance(MCP_IDLE_MS_MAX + 15_000);
    assert.match((await ask("GET", "/metrics", {})).text, /buddy_mcp_sessions 0/);
  });

  it("ends a session when its client says so", async () => {
    await start();
    const { session } = await ask("POST", "/mcp", JSON_HEADERS, INITIALIZE);
    const headers = { "mcp-session-id": session ?? "" };
    assert.equal((await ask("DELETE", "/mcp", headers)).status, 200);
    assert.match((await ask("GET", "/metrics", {})).text, /buddy_mcp_sessions 0/);
  });
});
