/** Two language models behind the world's `fetch`, each in a mood: what real services do on good and bad days. */
import type { Fetch } from "./platform/globals.js";
import type { Life, Time } from "./platform/time.js";

export const MOODS = ["good", "silent", "error", "busy", "stalls", "cut", "refuses"] as const;
export type Mood = (typeof MOODS)[number];

export const MODEL_URL = { first: "http://first.model", second: "http://second.model" } as const;
export type ModelName = keyof typeof MODEL_URL;

const WORDS = ["I am well. ", "Good."];
const FIRST_WORD_MS = 150;
const WORD_MS = 60;

export class Models {
  readonly moods: Record<ModelName, Mood> = { first: "good", second: "good" };
  /** Who has a request open now, one entry each: they must be closed, whatever became of them. */
  private readonly requests = new Set<{ life: Life | undefined }>();

  constructor(private readonly time: Time) {}

  /** Requests that somebody alive has left open. */
  get open(): number {
    return [...this.requests].filter(({ life }) => life?.isDead !== true).length;
  }

  readonly fetch: Fetch = (url, init) => {
    const name: ModelName = url.startsWith(MODEL_URL.first) ? "first" : "second";
    return this.answer(this.moods[name], init?.signal ?? undefined);
  };

  private answer(mood: Mood, signal: AbortSignal | undefined): Promise<Response> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = this.time.after(FIRST_WORD_MS, () => {
        if (mood === "silent") return;
        signal?.removeEventListener("abort", onAbort);
        if (mood === "refuses") reject(new TypeError("fetch failed"));
        else if (mood === "error") resolve(new Response("out of memory", { status: 500 }));
        else if (mood === "busy") {
          resolve(new Response("later", { status: 429, headers: { "retry-after": "20" } }));
        } else resolve(this.stream(mood, signal));
      });
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  private stream(mood: Mood, signal: AbortSignal | undefined): Response {
    const { time } = this;
    const request = { life: time.current };
    this.requests.add(request);
    let isOpen = true;
    const close = (): void => {
      this.requests.delete(request);
      isOpen = false;
    };
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        signal?.addEventListener(
          "abort",
          () => {
            if (isOpen) controller.error(signal.reason);
            close();
          },
          { once: true },
        );
        const say = (index: number): void => {
          if (!isOpen) return;
          if (index === 1 && mood === "stalls") return;
          if (index === 1 && mood === "cut") {
            close();
            return controller.error(new TypeError("terminated"));
          }
          const word = WORDS[index];
          controller.enqueue(
            chunk(word === undefined ? {} : { content: word }, word === undefined),
          );
          if (word !== undefined) return void time.after(WORD_MS, () => say(index + 1));
          controller.enqueue(Buffer.from("data: [DONE]\n\n"));
          close();
          controller.close();
        };
        say(0);
      },
      cancel: close,
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }
}

function chunk(delta: Record<string, string>, isLast: boolean): Buffer {
  const choices = [{ index: 0, delta, finish_reason: isLast ? "stop" : null }];
  const data = { id: "x", object: "chat.completion.chunk", created: 0, model: "m", choices };
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
}
