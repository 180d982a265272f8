// What servers that call themselves compatible put into their streams (A3, B3). What must hold: what differs in form only is
// understood, byte by byte too; what is the service's trouble is asked once more; a call is made whatever its form.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  JSON_BODY,
  MODEL_STREAM,
  ServiceRig,
  openaiEvents,
  type ServiceAnswer,
  type ServiceTurn,
} from "../../../../support/model-bytes.js";
import { checkForms, good, HELLO, said, stream, type ServiceForm } from "../service-form.js";

const piece = (choice: object, more: object = {}): string =>
  said({ id: "c", created: 1, model: "m", choices: [{ index: 0, ...choice }], ...more });
const word = (content: string): string => piece({ delta: { content } });
const end = (reason = "stop", more: object = {}): string =>
  piece({ delta: {}, finish_reason: reason }, more);
const DONE = "data: [DONE]\n\n";
const json = (value: unknown): ServiceAnswer => ({
  headers: JSON_BODY,
  body: JSON.stringify(value),
});

/** An answer that is understood as it is. */
const whole = (what: string, answer: ServiceAnswer | string): ServiceForm => ({
  what,
  answers: [typeof answer === "string" ? stream(answer) : answer],
  spoken: HELLO,
  asked: 1,
});
/** The service's trouble: it is asked once more. */
const again = (what: string, body: string): ServiceForm => ({
  what,
  answers: [stream(body), good],
  spoken: HELLO,
  asked: 2,
});
/** What is told of a service that fails again and again. */
const told = (what: string, body: string, why: RegExp): ServiceForm => ({
  what,
  answers: [stream(body)],
  spoken: /./,
  asked: 2,
  why,
});

checkForms("shapes of streams", [
  whole("no space after data:", openaiEvents(HELLO).replaceAll("data: ", "data:")),
  whole("CRLF", openaiEvents(HELLO).replaceAll("\n", "\r\n")),
  whole("CR alone", openaiEvents(HELLO).replaceAll("\n", "\r")),
  whole("a space after [DONE]", `${word(HELLO)}${end()}data: [DONE] \n\n`),
  whole("no end of the last line", `${word(HELLO)}${end().trimEnd()}`),
  whole(
    "data in two lines",
    `data: {"choices":[{"index":0,\ndata: "delta":{"content":"${HELLO}"}}]}\n\n${end()}`,
  ),
  whole(
    "message for delta",
    piece({ message: { role: "assistant", content: HELLO }, finish_reason: "stop" }),
  ),
  whole("a text completion", piece({ text: HELLO, finish_reason: "stop" })),
  whole(
    "usage without choices",
    `${word(HELLO)}${end()}${said({ usage: { prompt_tokens: 1 } })}${DONE}`,
  ),
  whole("choices: null", `${word(HELLO)}${end()}${said({ choices: null, usage: {} })}${DONE}`),
  whole(
    "created as a fraction, id as a number",
    word(HELLO).replace('"id":"c","created":1', '"id":1,"created":1.5') + end(),
  ),
  whole(
    "usage in strings",
    `${word(HELLO)}${end("stop", { usage: { prompt_tokens: "5" } })}${DONE}`,
  ),
  whole("error: false", `${word(HELLO)}${end("stop", { error: false })}`),
  whole('error: ""', `${word(HELLO)}${end("stop", { error: "" })}`),
  whole("error: {}", `${word(HELLO)}${end("stop", { error: {} })}`),
  whole("a refusal is its only words", `${piece({ delta: { refusal: HELLO } })}${end()}`),
  whole("Ollama's own protocol", {
    headers: { "content-type": "application/x-ndjson" },
    body:
      `{"message":{"role":"assistant","content":"Hello there, "},"done":false}\n` +
      `{"message":{"content":"my friend."},"done":false}\n{"message":{"content":""},"done_reason":"stop","done":true}\n`,
  }),
  whole(
    "Ollama's own protocol, whole",
    json({ message: { content: HELLO }, done: true, done_reason: "stop" }),
  ),
  {
    what: "Ollama's own protocol, cut",
    answers: [json({ message: { content: HELLO }, done: true, done_reason: "length" })],
    spoken: /cut off there|as far as I got/,
    asked: 1,
  },
  again("finish_reason error", `${word("Hello")}${end("error")}${DONE}`),
  told(
    "an error in the choice",
    piece({ delta: {}, finish_reason: "error", error: { code: 502, message: "it is gone" } }),
    /status 502: it is gone/,
  ),
  again("vLLM: abort", `${word("Hello")}${end("abort")}${DONE}`),
  again(
    "DeepSeek: insufficient_system_resource",
    `${word("Hello")}${end("insufficient_system_resource")}`,
  ),
  told(
    "Groq: over capacity in x_groq",
    piece({ delta: {} }, { x_groq: { error: "over_capacity" } }),
    /over_capacity/,
  ),
  again(
    "an empty reason is none",
    `${word("Hello")}${piece({ delta: {}, finish_reason: "" })}${DONE}`,
  ),
  told("cut within a line", `${word("Hello")}data: {"choices":[{"del`, /without a finish reason/),
  told(
    "older llama.cpp: a line named error",
    'error: {"code":503,"message":"the slot is taken","type":"unavailable_error"}\n\n',
    /status 503: the slot is taken/,
  ),
  {
    what: "a page says whose it is",
    answers: [
      {
        headers: { "content-type": "text/html" },
        body: "<html><title>Welcome to nginx!</title></html>",
      },
    ],
    spoken: /./,
    asked: 1,
    why: /neither a stream nor JSON came: Welcome to nginx!/,
  },
  {
    what: "a gateway's page",
    answers: [
      {
        status: 502,
        headers: { "content-type": "text/html" },
        body: "<html><title>502 Bad Gateway</title></html>",
      },
    ],
    spoken: /./,
    asked: 2,
    why: /status 502: 502 Bad Gateway/,
  },
  {
    what: "Groq: the wait is in the sentence",
    answers: [
      {
        status: 429,
        headers: JSON_BODY,
        body: '{"error":{"message":"Rate limit reached. Please try again in 1m5.003s."}}',
      },
    ],
    spoken: /./,
    asked: 1,
  },
  {
    what: "OpenAI: no money left",
    answers: [
      {
        status: 429,
        headers: JSON_BODY,
        body: '{"error":{"message":"You exceeded your current quota.","code":"insufficient_quota"}}',
      },
    ],
    spoken: /./,
    asked: 1,
  },
]);

const CALLS: readonly (readonly [string, object])[] = [
  [
    "arguments as an object",
    {
      tool_calls: [
        {
          index: 0,
          id: "a",
          type: "function",
          function: { name: "robot_action", arguments: { action: "nod:2" } },
        },
      ],
    },
  ],
  [
    "no index",
    {
      tool_calls: [
        {
          id: "a",
          type: "function",
          function: { name: "robot_action", arguments: '{"action":"nod:2"}' },
        },
      ],
    },
  ],
  [
    "the older function_call",
    { function_call: { name: "robot_action", arguments: '{"action":"nod:2"}' } },
  ],
];

async function turnOf(answers: readonly ServiceAnswer[]): Promise<ServiceTurn> {
  const rig = await ServiceRig.open({ answers });
  try {
    return await rig.say("Please nod.");
  } finally {
    rig.close();
  }
}

describe("shapes of calls in streams", () => {
  for (const [what, delta] of CALLS) {
    it(`A3 a call, ${what}: is made, and the words after it are said`, async () => {
      const call = {
        headers: MODEL_STREAM,
        body: `${piece({ delta })}${end("tool_calls")}${DONE}`,
      };
      const turn = await turnOf([call, good]);
      assert.deepEqual(turn.moved, ["NOD:2"]);
      assert.equal(turn.spoken.join(" "), HELLO);
    });
  }

  it("A3: words before and after a call are two sentences", async () => {
    const delta = { content: "So.", ...CALLS[1]?.[1] };
    const call = { headers: MODEL_STREAM, body: `${piece({ delta })}${end("tool_calls")}${DONE}` };
    const turn = await turnOf([call, good]);
    assert.equal(turn.spoken.join(" "), `So. ${HELLO}`);
  });
});
