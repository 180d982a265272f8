/**
 * One renderer of the hot standby. It renders each utterance whole, then sends it buffer by buffer, never further than
 * it has room for, to the pipe at descriptor 4 (`frames.ts`). Own messages:
 *
 * | direction | message                                                            |
 * | --------- | ------------------------------------------------------------------ |
 * | in        | `{type:"render", utterance, job, from, room}` buffers from..room-1 |
 * | in        | `{type:"room", utterance, until}`                                  |
 * | in        | `{type:"silence"}` forget the utterance                            |
 * | out       | `{type:"refused", utterance, why}` it cannot be rendered           |
 */
import { Socket } from "node:net";
import { z } from "zod";
import { reasonOf } from "../../host/reason.js";
import { runChild, type ChildContext } from "../../child/child.js";
import { render, renderJob } from "./engines.js";
import { encodeFrame } from "./frames.js";
import { BUFFER_SAMPLES, bytesOf } from "../speech/pcm.js";
import { STANDBY } from "./standby-types.js";

/** Descriptor of the pipe to the host: after the three standard ones and the channel. */
const PIPE_FD = 4;

const optionsSchema = z.strictObject({
  /** Folder of this slot alone. */
  scratch: z.string().min(1),
  /** Waits before it is ready, as a slow machine would; for tests of the start. */
  startDelayMs: z.number().min(0).max(60_000).default(0),
});

const messageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("render"),
    utterance: z.int().min(1),
    job: renderJob,
    from: z.int().min(0),
    room: z.int().min(0),
  }),
  z.object({ type: z.literal("room"), utterance: z.int(), until: z.int() }),
  z.object({ type: z.literal("silence") }),
]);
type RenderMessage = Extract<z.infer<typeof messageSchema>, { type: "render" }>;

runChild(optionsSchema, async ({ scratch, startDelayMs }, ctx) => {
  await ctx.clock.sleep(startDelayMs, ctx.signal);
  const renderer = new Renderer(scratch, ctx);
  ctx.onMessage((raw) => renderer.take(raw));
  await renderer.prove();
  ctx.ready();
});

class Renderer {
  private readonly pipe = new Socket({ fd: PIPE_FD, readable: false, writable: true });
  private endBeat: () => void;
  private current: { utterance: number; next: number; room: number; abort: AbortController };
  private sound: Buffer | undefined;

  constructor(
    private readonly scratch: string,
    private readonly ctx: ChildContext,
  ) {
    this.current = { utterance: 0, next: 0, room: 0, abort: new AbortController() };
    // The host is gone or does not want this process any more.
    this.pipe.on("error", () => ctx.end("its pipe is closed"));
    this.endBeat = this.beatEach(STANDBY.beatIdleMs);
  }

  /** Shows that it can render and that the pipe works: the first good buffer. */
  async prove(): Promise<void> {
    const job: RenderMessage["job"] = { engine: "hum", text: "ready", language: "en" };
    const samples = await render(job, this.scratch, this.ctx.signal);
    this.pipe.write(encodeFrame("ready", 0, 0, bytesOf(samples.subarray(0, BUFFER_SAMPLES))));
  }

  take(raw: unknown): void {
    const parsed = messageSchema.safeParse(raw);
    if (!parsed.success) {
      this.ctx.log("warn", `ignored a message of the host: ${z.prettifyError(parsed.error)}`);
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case "render":
        this.forget();
        this.setBeat(STANDBY.beatMs);
        void this.render(message);
        return;
      case "room":
        if (message.utterance !== this.current.utterance) return;
        this.current.room = message.until;
        this.pump();
        return;
      case "silence":
        this.forget();
        this.setBeat(STANDBY.beatIdleMs);
    }
  }

  private async render({ utterance, job, from, room }: RenderMessage): Promise<void> {
    const { abort } = this.current;
    Object.assign(this.current, { utterance, next: from, room });
    try {
      const samples = await render(job, this.scratch, abort.signal);
      if (abort.signal.aborted) return;
      this.sound = bytesOf(samples);
      this.pump();
    } catch (error) {
      // What was cancelled failed because of that.
      if (abort.signal.aborted) return;
      const why = reasonOf(error);
      this.ctx.send({ type: "refused", utterance, why });
    }
  }

  private forget(): void {
    this.current.abort.abort(new Error("not wanted any more"));
    this.current = { utterance: 0, next: 0, room: 0, abort: new AbortController() };
    this.sound = undefined;
  }

  private pump(): void {
    const { sound, current } = this;
    if (sound === undefined) return;
    const bufferBytes = BUFFER_SAMPLES * 2;
    const count = Math.ceil(sound.length / bufferBytes);
    for (; current.next < Math.min(count, current.room); current.next++) {
      const at = current.next * bufferBytes;
      const kind = current.next === count - 1 ? "last" : "sound";
      const piece = sound.subarray(at, at + bufferBytes);
      this.pipe.write(encodeFrame(kind, current.utterance, current.next, piece));
    }
  }

  private setBeat(ms: number): void {
    this.endBeat();
    this.pipe.write(encodeFrame("beat"));
    this.endBeat = this.beatEach(ms);
  }

  private beatEach(ms: number): () => void {
    return this.ctx.clock.every(ms, () => this.pipe.write(encodeFrame("beat")));
  }
}
