/** The companion's end of the voice process: hands it one utterance at a time and takes its sound. */
import { z } from "zod";
import type { PartMessage } from "../child/messages.js";
import type { RenderJob } from "./standby/engines.js";
import type { Sound } from "./speech/sound.js";

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("pcm"), utterance: z.int(), first: z.int(), data: z.base64() }),
  z.object({ type: z.literal("finished"), utterance: z.int(), samples: z.int() }),
  z.object({ type: z.literal("failed"), utterance: z.int(), why: z.string() }),
]);

export class HostClient {
  private current: { readonly utterance: number; readonly sound: Sound } | undefined;
  private ready = false;

  /** @param send false when the process is not there or does not read. */
  constructor(private readonly send: (message: PartMessage) => boolean) {}

  get isReady(): boolean {
    return this.ready;
  }

  /** The process serves, or does so no more: what it was rendering ends with what is there. */
  setReady(isReady: boolean): void {
    this.ready = isReady;
    if (!isReady) this.end("The voice process ended.");
  }

  /** Renders into `sound`; what was rendered before is dropped. */
  render(utterance: number, job: RenderJob, sound: Sound): void {
    this.end("Another utterance came.");
    this.current = { utterance, sound };
    if (!this.send({ type: "speak", utterance, job }))
      this.end("The voice process does not listen.");
  }

  /** The sound of that utterance is not wanted any more. */
  cancel(utterance: number): void {
    if (this.current?.utterance !== utterance) return;
    this.current = undefined;
    this.send({ type: "cancel" });
  }

  /** @returns false when it is no message of the voice process. */
  take(raw: PartMessage): boolean {
    const parsed = messageSchema.safeParse(raw);
    if (!parsed.success) return false;
    const message = parsed.data;
    // Of an utterance that is over: it was on its way.
    if (message.utterance !== this.current?.utterance) return true;
    const { sound } = this.current;
    switch (message.type) {
      case "pcm":
        sound.push(message.first, Buffer.from(message.data, "base64"));
        return true;
      case "finished":
        this.end(
          sound.samples === message.samples ? undefined : "Some of the sound was lost on the way.",
        );
        return true;
      case "failed":
        this.end(message.why);
        return true;
    }
  }

  private end(failed: string | undefined): void {
    const { current } = this;
    this.current = undefined;
    current?.sound.finish(failed);
  }
}
