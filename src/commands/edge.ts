/** `buddy edge erase`. */
import type { Command } from "commander";
import { isEdgeUrl } from "../companion/options.js";
import { EdgeClient, EdgeError } from "../edge/client.js";
import { KEY_CHARS_MIN } from "../edge/signature.js";
import { causeReasonOf } from "../host/reason.js";
import { kindOf } from "../resilience/errors.js";
import { systemClock } from "../time/clock.js";
import { EXIT_FAILED, EXIT_USAGE } from "./data-option.js";

const LIMIT_MS = 15_000;

export function addEdgeCommand(program: Command): void {
  program
    .command("edge")
    .description("the public page of Buddy (docs/EDGE.md)")
    .command("erase")
    .description("delete all that was pushed to the edge; stop Buddy first, or it pushes again")
    .option(
      "--edge <url>",
      "the address of the edge, also BUDDY_EDGE; its key is in BUDDY_EDGE_KEY",
    )
    .action(async (flags: { edge?: string }) => {
      process.exitCode = await erase(flags.edge ?? process.env["BUDDY_EDGE"] ?? "");
    });
}

async function erase(url: string): Promise<number> {
  const key = process.env["BUDDY_EDGE_KEY"] ?? "";
  if (!isEdgeUrl(url)) {
    return told(
      `--edge: expected the https address of the edge, got ${JSON.stringify(url)}`,
      EXIT_USAGE,
    );
  }
  if (key.length < KEY_CHARS_MIN) {
    const wanted = `expected at least ${KEY_CHARS_MIN} characters, got ${key.length}`;
    return told(`BUDDY_EDGE_KEY: ${wanted}`, EXIT_USAGE);
  }
  try {
    await new EdgeClient(url, key, systemClock).erase(AbortSignal.timeout(LIMIT_MS));
  } catch (error) {
    if (!(error instanceof EdgeError) && kindOf(error) === "bug") throw error;
    return told(`nothing was erased: ${causeReasonOf(error)}`, EXIT_FAILED);
  }
  process.stdout.write(`${url}: erased. Visitors see nothing of it after a second.\n`);
  return 0;
}

function told(message: string, code: number): number {
  process.stderr.write(`buddy edge erase: ${message}\n`);
  return code;
}
