// How services fail, and answers in another shape than was asked for, in their own bytes (A3, B3). What must hold: an answer
// in another shape is an answer, what failed is asked once more, and the reason shown is the service's own sentence.
import { JSON_BODY } from "../../../support/model-bytes.js";
import { checkForms, GEMINI, good, HELLO, refusal, said, stream } from "./service-form.js";

checkForms("how services fail", [
  {
    what: "a plain body for a stream",
    answers: [
      {
        headers: JSON_BODY,
        body: JSON.stringify({
          id: "c",
          object: "chat.completion",
          created: 1,
          model: "m",
          choices: [
            { index: 0, message: { role: "assistant", content: HELLO }, finish_reason: "stop" },
          ],
        }),
      },
    ],
    spoken: HELLO,
    asked: 1,
  },
  {
    what: "Gemini: a list for a stream",
    model: GEMINI,
    answers: [
      {
        headers: JSON_BODY,
        body: JSON.stringify([
          {
            candidates: [
              { content: { role: "model", parts: [{ text: HELLO }] }, finishReason: "STOP" },
            ],
          },
        ]),
      },
    ],
    spoken: HELLO,
    asked: 1,
  },
  {
    what: "503, then well",
    answers: [
      refusal(503, {
        error: {
          message: "The model is overloaded. Please try again later.",
          code: 503,
          status: "UNAVAILABLE",
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
  },
  {
    what: "OpenRouter: an error inside the stream, then well",
    answers: [
      stream(
        `: OPENROUTER PROCESSING\n\n${said({ error: { code: 502, message: "Provider returned error" } })}`,
      ),
      good,
    ],
    spoken: HELLO,
    asked: 2,
  },
  {
    what: "Groq: over capacity inside the stream, then well",
    answers: [
      stream(
        said({
          error: {
            message: "x is currently over capacity. Please try again",
            type: "internal_server_error",
          },
        }),
      ),
      good,
    ],
    spoken: HELLO,
    asked: 2,
  },
  {
    what: "an error object as a plain 200, then well",
    answers: [
      { headers: JSON_BODY, body: '{"error":{"message":"upstream timed out","code":504}}' },
      good,
    ],
    spoken: HELLO,
    asked: 2,
  },
  {
    what: "the service's own sentence is shown",
    answers: [refusal(402, { error: { message: "Insufficient credits. Add more.", code: 402 } })],
    spoken: /./,
    asked: 1,
    why: /status 402: Insufficient credits\. Add more\./,
  },
  {
    what: "a router tells whose sentence it is",
    answers: [
      refusal(429, {
        error: {
          message: "Provider returned error",
          code: 429,
          metadata: { raw: '{"error":{"message":"x is temporarily rate-limited upstream"}}' },
        },
      }),
    ],
    spoken: /./,
    asked: 2,
    why: /x is temporarily rate-limited upstream/,
  },
]);
