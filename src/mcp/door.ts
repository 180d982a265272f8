/**
 * The MCP door: streamable HTTP on the page's port, one protocol server a session. Host, Origin and token were
 * checked by the guard before a request comes here. Sessions are few, belong to one scope, and end when nobody
 * used them for a while: a client that just goes away never says so.
 *
 * Answers are plain JSON and there is no stream from the server (GET is answered 405, as the protocol allows): nothing
 * here is pushed, and a stream that nobody reads would hold a socket for ever.
 */
import { randomUUID } from "node:crypto";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Counter, Gauge, type Registry } from "prom-client";
import { Rates } from "./rates.js";
import { MODEL_SCOPE, OWNER_SCOPE, type Scope } from "./scope.js";
import { newMcpServer, type McpToolDeps } from "./tools.js";

export const MCP_SESSIONS_MAX = 16;
/** A session that nobody used for this long is ended; its client is told 404 and starts a new one. */
export const MCP_IDLE_MS_MAX = 15 * 60_000;
/** At the limit a session unused for this long makes room for a new one. */
const MCP_IDLE_MS_REPLACED = 60_000;
const SWEEP_MS = 15_000;
/** A tool call is a few hundred bytes; a say text at most 8 KB. */
const BODY_BYTES_MAX = 32 * 1024;
/** Requests of one address on both paths. */
const REQUESTS_PER_S = 40;

export type McpDoorDeps = Omit<McpToolDeps, "called"> & { readonly registry: Registry };

interface Session {
  readonly id: string;
  readonly scope: Scope;
  readonly transport: StreamableHTTPServerTransport;
  usedMs: number;
  /** Requests under way: one that is at work is not idle. */
  open: number;
}

/** Adds `/mcp` and `/mcp/owner`. @returns the function that ends every session. */
export function addMcpDoor(app: FastifyInstance, deps: McpDoorDeps): () => Promise<void> {
  const door = new McpDoor(deps);
  for (const scope of [MODEL_SCOPE, OWNER_SCOPE]) {
    app.route({
      method: ["GET", "POST", "DELETE"],
      url: scope.path,
      exposeHeadRoute: false,
      bodyLimit: BODY_BYTES_MAX,
      config: { rateLimit: { max: REQUESTS_PER_S, timeWindow: 1000 } },
      handler: (request, reply) => door.handle(scope, request, reply),
    });
  }
  return () => door.close();
}

class McpDoor {
  private readonly sessions = new Map<string, Session>();
  private readonly rates = new Map<Scope, Rates>();
  private readonly calls: Counter<"tool" | "scope" | "outcome">;
  private readonly cancelSweep: () => void;

  constructor(private readonly deps: McpDoorDeps) {
    const registers = [deps.registry];
    for (const scope of [MODEL_SCOPE, OWNER_SCOPE]) {
      this.rates.set(scope, new Rates(deps.clock, scope.rates));
    }
    this.calls = new Counter({
      name: "buddy_mcp_calls_total",
      help: "MCP tool calls: ok, refused (by rate, by the robot, or not there yet), failed.",
      labelNames: ["tool", "scope", "outcome"],
      registers,
    });
    const { sessions } = this;
    new Gauge({
      name: "buddy_mcp_sessions",
      help: "Open MCP sessions.",
      registers,
      collect() {
        this.set(sessions.size);
      },
    });
    this.cancelSweep = deps.clock.every(SWEEP_MS, () => this.sweep());
  }

  async handle(scope: Scope, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.method === "GET") {
      reply.header("allow", "POST, DELETE");
      return refuse(reply, 405, -32000, "This server pushes nothing: there is no stream to GET.");
    }
    const id = request.headers["mcp-session-id"];
    if (id !== undefined) {
      const session = this.sessions.get(String(id));
      if (!session || session.scope !== scope) {
        return refuse(reply, 404, -32001, "That session has ended. Initialize a new one.");
      }
      return this.use(session, request, reply);
    }
    if (request.method !== "POST" || !isInitializeRequest(request.body)) {
      return refuse(reply, 400, -32000, "Expected initialize, or the header mcp-session-id.");
    }
    if (!this.makeRoom()) {
      reply.header("retry-after", Math.ceil(MCP_IDLE_MS_REPLACED / 1000));
      return refuse(reply, 503, -32000, `More than ${MCP_SESSIONS_MAX} sessions are in use.`);
    }
    await this.use(await this.open(scope), request, reply);
  }

  async close(): Promise<void> {
    this.cancelSweep();
    await Promise.all([...this.sessions.keys()].map((id) => this.end(id)));
  }

  private async open(scope: Scope): Promise<Session> {
    const id = randomUUID();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      enableJsonResponse: true,
      onsessionclosed: () => void this.sessions.delete(id),
    });
    const server = newMcpServer(scope, this.rates.get(scope) as Rates, {
      ...this.deps,
      called: (tool, outcome) => this.calls.inc({ tool, scope: scope.name, outcome }),
    });
    // The SDK's types were not written for exact optional properties; its own example connects just so.
    await server.connect(transport as Transport);
    const session = { id, scope, transport, usedMs: this.deps.clock.nowMs(), open: 0 };
    this.sessions.set(id, session);
    return session;
  }

  private async use(session: Session, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    session.usedMs = this.deps.clock.nowMs();
    session.open += 1;
    reply.hijack();
    reply.raw.once("close", () => {
      session.open -= 1;
      session.usedMs = this.deps.clock.nowMs();
    });
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    try {
      await session.transport.handleRequest(request.raw, reply.raw, request.body);
      // Refused before it began (a wrong Accept header): nobody can ever use it.
      if (session.transport.sessionId === undefined) await this.end(session.id);
    } catch (error) {
      this.deps.log("error", `MCP request failed: ${String(error)}`);
      if (!reply.raw.headersSent) reply.raw.statusCode = 500;
      reply.raw.end();
    }
  }

  /** @returns false when every session is in use. */
  private makeRoom(): boolean {
    if (this.sessions.size < MCP_SESSIONS_MAX) return true;
    const [oldest] = [...this.sessions].sort(([, a], [, b]) => a.usedMs - b.usedMs);
    if (!oldest || this.idleMs(oldest[1]) < MCP_IDLE_MS_REPLACED) return false;
    void this.end(oldest[0]);
    return true;
  }

  private idleMs(session: Session): number {
    return session.open > 0 ? 0 : this.deps.clock.nowMs() - session.usedMs;
  }

  private sweep(): void {
    for (const [id, session] of this.sessions) {
      if (this.idleMs(session) >= MCP_IDLE_MS_MAX) void this.end(id);
    }
  }

  private async end(id: string): Promise<void> {
    const session = this.sessions.get(id);
    this.sessions.delete(id);
    await session?.transport.close();
  }
}

/** Answers in the protocol's own shape, as its clients read it. */
async function refuse(
  reply: FastifyReply,
  status: number,
  code: number,
  message: string,
): Promise<void> {
  await reply.code(status).send({ jsonrpc: "2.0", error: { code, message }, id: null });
}
