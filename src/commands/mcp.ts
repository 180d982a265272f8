/** `buddy mcp`: for programs that start their MCP servers themselves. stdout is the protocol; words go to stderr. */
import { once } from "node:events";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Command } from "commander";
import { McpAwayError, McpRelay, type McpTarget } from "../mcp/relay.js";
import { findRunning, readSecret } from "../datadir/running.js";
import { packageVersion } from "../host/package-root.js";
import { MODEL_SCOPE, OWNER_SCOPE } from "../mcp/scope.js";
import { addDataOption, dataDirOf, EXIT_FAILED, type DataFlags } from "./data-option.js";

export function addMcpCommand(program: Command): void {
  addDataOption(
    program
      .command("mcp")
      .description("serve the running Buddy's MCP tools over stdin and stdout")
      .option("--owner", "the owner's tools too, with wider ranges; default: the model's", false),
  ).action(async (flags: DataFlags & { owner: boolean }) => {
    process.exitCode = await mcp(dataDirOf(flags), flags.owner);
  });
}

async function mcp(dataDir: string, isOwner: boolean): Promise<number> {
  const relay = new McpRelay(packageVersion(), () => targetOf(dataDir, isOwner));
  const transport = new StdioServerTransport();
  const ended = Promise.race([
    once(process.stdin, "end"),
    once(process.stdin, "close"),
    ...["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)),
  ]);
  try {
    await relay.serve(transport);
    await ended;
    return 0;
  } catch (error) {
    if (!(error instanceof McpAwayError)) throw error;
    process.stderr.write(`buddy mcp: ${error.message}\n`);
    return EXIT_FAILED;
  } finally {
    await relay.close();
    // Or the open stdin of a signalled process would keep it alive.
    process.stdin.destroy();
  }
}

function targetOf(dataDir: string, isOwner: boolean): McpTarget {
  const running = findRunning(dataDir);
  if (running.kind === "none") return { kind: "away", why: running.why };
  const scope = isOwner ? OWNER_SCOPE : MODEL_SCOPE;
  const token = readSecret(dataDir, isOwner ? "token" : "mcp.token");
  const { pid } = running.runtime;
  return { kind: "there", pid, url: `${running.origin}${scope.path}`, token };
}
