/**
 * The voice as a supervised part: owns the two renderers of the hot standby and hands their sound on. Own messages:
 *
 * | direction | message                                                                     |
 * | --------- | --------------------------------------------------------------------------- |
 * | in        | `{type:"speak", utterance, job}` ends what was spoken before                |
 * | in        | `{type:"cancel"}`                                                           |
 * | out       | `{type:"pcm", utterance, first, data}` base64 of samples, in order          |
 * | out       | `{type:"finished", utterance, samples}`, `{type:"failed", utterance, why}`  |
 *
 * It restarts its renderers itself, as the simulator restarts its VM: they are one mechanism, and a new standby must
 * be there within a second. The part as a whole is restarted by the supervisor only.
 */
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { runChild } from "../child/child.js";
import { SMALL_HEAP_ARGS } from "../host/small-heap.js";
import { renderJob } from "./standby/engines.js";
import { StandbyRenderer } from "./standby/standby.js";

const optionsSchema = z.strictObject({
  /** Directory of ours for what cannot stay in memory; emptied at start (A7). */
  scratch: z.string().min(1),
});

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("speak"), utterance: z.int().min(1), job: renderJob }),
  z.object({ type: z.literal("cancel") }),
]);

runChild(optionsSchema, ({ scratch }, ctx) => {
  let isReady = false;
  const standby = new StandbyRenderer({
    clock: ctx.clock,
    command: {
      file: process.execPath,
      // Its memory cap: a minute of sound is 3 MB.
      args: [
        ...SMALL_HEAP_ARGS,
        "--max-old-space-size=128",
        fileURLToPath(new URL("standby/renderer-main.js", import.meta.url)),
      ],
    },
    scratch,
    events: {
      pcm: (utterance, first, bytes) =>
        ctx.send({ type: "pcm", utterance, first, data: bytes.toString("base64") }),
      finished: (utterance, samples) => void ctx.send({ type: "finished", utterance, samples }),
      failed: (utterance, why) => void ctx.send({ type: "failed", utterance, why }),
      line: (text) => ctx.log("info", text),
      change: () => {
        ctx.setStatus({ ...standby.view() });
        if (isReady || !standby.isServing) return;
        isReady = true;
        ctx.ready();
      },
    },
  });
  ctx.onStop(() => standby.stop());
  ctx.onMessage((raw) => {
    const parsed = messageSchema.safeParse(raw);
    if (!parsed.success) {
      ctx.log("warn", `ignored a message of the companion: ${z.prettifyError(parsed.error)}`);
    } else if (parsed.data.type === "cancel") standby.cancel();
    else standby.speak(parsed.data.utterance, parsed.data.job);
  });
  standby.start();
});
