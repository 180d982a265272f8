/**
 * `buddy mcp`: the MCP door of the running companion, handed on over stdin and stdout. It holds no tool of its own, so that
 * ranges and rates stay in one place. The companion may restart meanwhile: the next call finds it again.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  McpError,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import { reasonOf } from "../host/reason.js";

/** Where the companion is now. */
export type McpTarget =
  | {
      readonly kind: "there";
      readonly url: string;
      readonly token: string | undefined;
      /** Its process: another one knows nothing of our session, whatever its port. */
      readonly pid: number;
    }
  | { readonly kind: "away"; readonly why: string };

/** Longest tool call: a long sentence takes its time to say. */
const CALL_MS_MAX = 120_000;
const CONNECT_MS_MAX = 5000;

interface Upstream {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  readonly pid: number;
}

/** Why there is no companion; `message` is for people. */
export class McpAwayError extends Error {
  override readonly name = "McpAwayError";
}

export class McpRelay {
  private upstream: Upstream | undefined;
  private tools: readonly Tool[] = [];
  private server: Server | undefined;

  /** @param target asked before each call, since a restarted companion may have other ports. */
  constructor(
    private readonly version: string,
    private readonly target: () => McpTarget,
  ) {}

  /** Connects to the companion first. @throws McpAwayError when there is none. */
  async serve(transport: Transport): Promise<void> {
    const { client } = await this.reach();
    const instructions = client.getInstructions();
    const server = new Server(
      client.getServerVersion() ?? { name: "buddy", version: this.version },
      {
        capabilities: { tools: {} },
        ...(instructions !== undefined && { instructions }),
      },
    );
    this.server = server;
    server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: await this.list() }));
    server.setRequestHandler(CallToolRequestSchema, (request, extra) =>
      this.call(request.params.name, request.params.arguments ?? {}, extra.signal),
    );
    await server.connect(transport);
  }

  /** Ends both sides; the companion forgets the session. */
  async close(): Promise<void> {
    await this.server?.close();
    await this.drop(true);
  }

  /** The companion's tools, or while it is away those it had. */
  private async list(): Promise<Tool[]> {
    try {
      this.tools = await this.withUpstream(async ({ client }) => (await client.listTools()).tools);
    } catch (error) {
      if (!(error instanceof McpAwayError)) throw error;
    }
    return [...this.tools];
  }

  private async call(
    name: string,
    args: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<CallToolResult> {
    try {
      return await this.withUpstream(
        async ({ client }) =>
          (await client.callTool({ name, arguments: args }, undefined, {
            signal,
            timeout: CALL_MS_MAX,
          })) as CallToolResult,
      );
    } catch (error) {
      if (error instanceof McpError || signal.aborted) throw error;
      const text =
        error instanceof McpAwayError
          ? error.message
          : `The connection to Buddy was lost during ${name}; it may have been done. Look at status, then decide.`;
      return { isError: true, content: [{ type: "text", text }] };
    }
  }

  /** Does it, and once more when the first try certainly did not reach the companion. */
  private async withUpstream<T>(act: (upstream: Upstream) => Promise<T>): Promise<T> {
    try {
      return await act(await this.reach());
    } catch (error) {
      if (!isUnsent(error)) {
        if (!(error instanceof McpError)) await this.drop(false);
        throw error;
      }
    }
    await this.drop(false);
    return act(await this.reach());
  }

  private async reach(): Promise<Upstream> {
    const target = this.target();
    if (target.kind === "there" && this.upstream?.pid === target.pid) return this.upstream;
    await this.drop(false);
    if (target.kind === "away") throw new McpAwayError(target.why);
    const headers: Record<string, string> =
      target.token === undefined ? {} : { authorization: `Bearer ${target.token}` };
    const transport = new StreamableHTTPClientTransport(new URL(target.url), {
      requestInit: { headers },
    });
    const client = new Client({ name: "buddy mcp", version: this.version });
    try {
      await client.connect(transport as Transport, { timeout: CONNECT_MS_MAX });
    } catch (error) {
      await client.close();
      const why = codeOf(error) ?? reasonOf(error);
      throw new McpAwayError(
        `Buddy does not answer at ${target.url}: ${why}. See \`buddy doctor\`.`,
      );
    }
    this.upstream = { client, transport, pid: target.pid };
    return this.upstream;
  }

  private async drop(isPolite: boolean): Promise<void> {
    const upstream = this.upstream;
    this.upstream = undefined;
    if (!upstream) return;
    if (isPolite) {
      // A companion that is gone has forgotten the session already.
      await upstream.transport.terminateSession().catch(() => undefined);
    }
    await upstream.client.close();
  }
}

/** Nothing of the request was acted on: the session is unknown there, or nobody listens. */
function isUnsent(error: unknown): boolean {
  if (error instanceof StreamableHTTPError) return error.code === 404;
  return codeOf(error) === "ECONNREFUSED";
}

function codeOf(error: unknown): string | undefined {
  const { cause } = Object(error) as Error;
  return cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
}
