/**
 * A server that is not ours (Redis, LiveKit) as a supervised process: it ends with this one, and this one with its parent, so
 * none is left behind; what it dies of is told.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { runChild } from "../child/child.js";
import { cutText } from "../host/cut-text.js";
import { until } from "../time/until.js";
import { isOpen } from "./server-process.js";

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 3000;
const SAID_CHARS_MAX = 300;

const optionsSchema = z.object({
  file: z.string(),
  args: z.array(z.string()),
  /** It serves once it takes connections there. */
  port: z.number().int(),
});

runChild(optionsSchema, async ({ file, args, port }, ctx) => {
  const server = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (said = text.trim()));
  }
  const ended = once(server, "exit").then(() => undefined);
  void ended.then(() => {
    if (ctx.signal.aborted) return;
    throw new Error(`${file} has ended: ${cutText(said, SAID_CHARS_MAX)}`);
  });
  ctx.onStop(async () => {
    server.kill("SIGTERM");
    const cancel = ctx.clock.after(STOP_MS_MAX, () => server.kill("SIGKILL"));
    await ended;
    cancel();
  });
  await until(
    `${file} on port ${port}`,
    START_MS_MAX,
    () => ctx.signal.aborted || isOpen(port),
    50,
  );
  ctx.ready({ tcp: `127.0.0.1:${port}` });
});
