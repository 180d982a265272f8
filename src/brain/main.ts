/**
 * The brain as a supervised part: a language model of one's own behind a door on loopback. It is ready when the model is
 * loaded and not before. What no restart would mend ends it cleanly, so that nobody tries it again and again. Own messages:
 *
 * | direction | message                                                              |
 * | --------- | -------------------------------------------------------------------- |
 * | in        | `{type:"late", isLate}`: the machine is, or is no more               |
 * | out       | `{type:"refused", code, text, next}`: it ends, and why               |
 */
import { z } from "zod";
import { runChild, type ChildContext } from "../child/child.js";
import { lowerOwnPriority } from "../host/own-priority.js";
import { reasonOf } from "../host/reason.js";
import { BrainError } from "./brain-error.js";
import { BrainDoor } from "./door.js";
import { loadModel, type Loaded } from "./load.js";

const optionsSchema = z.strictObject({
  /** The model's file. */
  file: z.string().min(1),
  name: z.string().min(1).max(200),
  runtime: z.string().optional(),
  hasGpu: z.boolean().default(false),
  /** Who may ask shows it. */
  token: z.string().min(16),
  port: z.int().min(0).max(65_535).default(0),
});
type Options = z.output<typeof optionsSchema>;

const lateSchema = z.object({ type: z.literal("late"), isLate: z.boolean() });
/** Failures of the runtime in a row after which a new process is tried. */
const FAILURES_MAX = 3;

runChild(optionsSchema, async (options, ctx) => {
  lowerPriority(ctx);
  let isLate = false;
  ctx.onMessage((raw) => {
    const parsed = lateSchema.safeParse(raw);
    if (parsed.success) isLate = parsed.data.isLate;
    else ctx.log("warn", `ignored a message of the companion: ${z.prettifyError(parsed.error)}`);
  });
  const beganMs = ctx.clock.nowMs();
  let loaded: Loaded;
  try {
    loaded = await loadModel(options, {
      clock: ctx.clock,
      progress: (text) => ctx.progress(text),
      log: (message) => ctx.log("warn", message),
      isLate: () => isLate,
    });
  } catch (error) {
    if (!(error instanceof BrainError)) throw error;
    const { code, message, next } = error;
    ctx.send({ type: "refused", code, text: message, next });
    return ctx.end(`${code}: ${message}`);
  }
  await serve(options, ctx, loaded, ctx.clock.nowMs() - beganMs);
});

async function serve(
  options: Options,
  ctx: ChildContext,
  loaded: Loaded,
  loadMs: number,
): Promise<void> {
  const { facts, writer, threads } = loaded;
  const { clock } = ctx;
  const status: Record<string, unknown> = {
    model: options.name,
    parameters: facts.parameters,
    contextTokens: writer.contextTokens,
    threads,
    loadMs: Math.round(loadMs),
    replies: 0,
  };
  /** A new process is what helps: the supervisor's to start. */
  const crash = (why: string): void => {
    clock.after(0, () => {
      throw new Error(why);
    });
  };
  let failures = 0;
  let replies = 0;
  const door = new BrainDoor({
    name: options.name,
    token: options.token,
    writer,
    clock,
    onWritten: ({ firstMs, totalMs, promptTokens, keptTokens, finish }, words) => {
      failures = 0;
      const seconds = (totalMs - firstMs) / 1000;
      Object.assign(status, {
        replies: ++replies,
        firstMs: Math.round(firstMs),
        wordsPerS: seconds > 0 ? Math.round((words / seconds) * 10) / 10 : 0,
        promptTokens,
        readTokens: promptTokens - keptTokens,
        finish,
      });
      ctx.setStatus({ ...status });
    },
    onFailed: (why) => {
      ctx.log("error", `a reply failed: ${why}`);
      if (++failures >= FAILURES_MAX) crash(`${failures} replies in a row failed`);
    },
    onStuck: () => crash("the runtime does not stop what was ended"),
  });
  ctx.onStop(() => door.close());
  const http = await door.open(options.port);
  ctx.setStatus({ ...status });
  ctx.ready({ http });
}

/** Eyes, robot and page come first. */
function lowerPriority(ctx: ChildContext): void {
  try {
    lowerOwnPriority();
  } catch (error) {
    ctx.log("warn", `its priority could not be lowered: ${reasonOf(error)}`);
  }
}
