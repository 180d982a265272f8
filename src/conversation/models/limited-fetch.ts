/**
 * The `fetch` that model clients are given: no redirects (a key is never carried to another host, and no answer leads into
 * the local network), and a limit on the bytes of an answer, after decompression. So neither an endless line nor an
 * endless stream can fill the memory.
 */
import { ModelError } from "./model-error.js";

/** A reply of 300 tokens is some 100 KB on the wire; a reasoning model's may be ten times that. */
export const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

export async function limitedFetch(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: "error" });
  if (response.body === null) return response;
  const announced = Number(response.headers.get("content-length") ?? 0);
  if (announced > ANSWER_BYTES_MAX) {
    await response.body.cancel();
    throw tooLong();
  }
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > ANSWER_BYTES_MAX) controller.error(tooLong());
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  // The signal once more: `fetch` itself forgets it when its own response is collected, and only ours is kept.
  const signal = init?.signal ?? undefined;
  const body = response.body.pipeThrough(limit, signal && { signal });
  return new Response(body, { status, statusText, headers });
}

function tooLong(): ModelError {
  return new ModelError(
    "MODEL_FLOOD",
    "permanent",
    `the answer is longer than ${ANSWER_BYTES_MAX} bytes`,
  );
}
