// How services end, refuse and block, in their own bytes (A3, B3). Properties that must hold: what was cut off says so; what is
// refused is asked again in a form that is taken, once, and the form is kept; what was blocked poisons nothing;
// the reason that is shown is the service's own sentence; every body is well-formed Unicode.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  geminiEvents,
  JSON_BODY,
  MODEL_STREAM,
  openaiEvents,
  ServiceRig,
  type ServiceAnswer,
} from "../../../support/model-bytes.js";

const PICTURE = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
const HELLO = "Hello there, my friend.";
const CUT = /cut off there|as far as I got/;
const stream = (body: string): ServiceAnswer => ({ headers: MODEL_STREAM, body });
const refusal = (status: number, value: unknown): ServiceAnswer => ({
  status,
  headers: JSON_BODY,
  body: JSON.stringify(value),
});
const said = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const good = stream(openaiEvents(HELLO));
const goodGemini = stream(geminiEvents(HELLO));
const GEMINI = "google/gemini-2.5-flash";

interface Row {
  readonly what: string;
  readonly model?: string;
  readonly answers: readonly ServiceAnswer[];
  /** What is spoken, joined. */
  readonly spoken: string | RegExp;
  /** Requests of the turn. */
  readonly asked: number;
  /** Of the last request's body. */
  readonly last?: RegExp;
  readonly lastNot?: RegExp;
  /** Requests of the next turn: 1 where the form was kept. */
  readonly next?: number;
  readonly why?: RegExp;
}

const BROKEN = new RegExp(`^${HELLO} .*(?:train of thought|broke off)`);

const ENDINGS: readonly Row[] = [
  {
    what: "OpenAI: length",
    answers: [stream(openaiEvents("Hello there, my friend. And the", "length"))],
    spoken: /^Hello there, my friend\. And the .*(?:cut off|as far as)/,
    asked: 1,
  },
  {
    what: "Gemini: MAX_TOKENS",
    model: GEMINI,
    answers: [stream(geminiEvents(HELLO, "MAX_TOKENS"))],
    spoken: CUT,
    asked: 1,
  },
  {
    what: "Gemini: CONTINUATION",
    model: GEMINI,
    answers: [stream(geminiEvents(HELLO, "CONTINUATION"))],
    spoken: CUT,
    asked: 1,
  },
  {
    what: "Gemini: RECITATION in the middle",
    model: GEMINI,
    answers: [stream(geminiEvents(HELLO, "RECITATION"))],
    spoken: CUT,
    asked: 1,
  },
  {
    what: "OpenAI: content_filter in the middle",
    answers: [stream(openaiEvents(HELLO, "content_filter"))],
    spoken: CUT,
    asked: 1,
  },
  {
    what: "a reason that nobody knows",
    answers: [stream(openaiEvents(HELLO, "model_context_window_exceeded"))],
    spoken: CUT,
    asked: 1,
  },
  {
    what: "TGI: eos_token is an end",
    answers: [stream(openaiEvents(HELLO, "eos_token"))],
    spoken: HELLO,
    asked: 1,
  },
  {
    what: "no reason, a sentence was said",
    answers: [stream(openaiEvents(`${HELLO} And then`, null))],
    spoken: BROKEN,
    asked: 1,
  },
  {
    what: "no reason, nothing was said yet: asked once more",
    answers: [stream(openaiEvents("Hello", null)), good],
    spoken: HELLO,
    asked: 2,
  },
  {
    what: "Gemini without a reason",
    model: GEMINI,
    answers: [stream(geminiEvents(`${HELLO} And then`, null))],
    spoken: BROKEN,
    asked: 1,
  },
];

const REFUSALS: readonly Row[] = [
  {
    what: "OpenRouter 404: no tools",
    answers: [
      refusal(404, {
        error: {
          message:
            "No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs",
          code: 404,
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /"tools"/,
    next: 1,
  },
  {
    what: "OpenRouter 404: no pictures",
    model: "openai/llava",
    answers: [
      refusal(404, {
        error: { message: "No endpoints found that support image input", code: 404 },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /image_url/,
    next: 1,
  },
  {
    what: "Ollama 400: no tools",
    answers: [
      refusal(400, {
        error: {
          message: "registry.ollama.ai/library/gemma3:4b does not support tools",
          type: "api_error",
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /"tools"/,
    next: 1,
  },
  {
    what: "vLLM 400: no tool choice",
    answers: [
      refusal(400, {
        object: "error",
        message:
          '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        type: "BadRequestError",
        code: 400,
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /"tools"/,
    next: 1,
  },
  {
    what: "llama.cpp 500: no tools without jinja",
    answers: [
      refusal(500, {
        error: { code: 500, message: "tools param requires --jinja flag", type: "server_error" },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /"tools"/,
    next: 1,
  },
  {
    what: "vLLM 400: no system role",
    answers: [
      refusal(400, {
        object: "error",
        message: "System role not supported",
        type: "BadRequestError",
        code: 400,
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    last: /"role":"user","content":"Your name is/,
    lastNot: /"role":"system"/,
    next: 1,
  },
  {
    what: "llama.cpp 500: no system role",
    answers: [
      refusal(500, {
        error: {
          code: 500,
          message: "Jinja Exception: System role not supported",
          type: "server_error",
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /"role":"system"/,
    next: 1,
  },
  {
    what: "Mistral's template: roles must alternate",
    answers: [
      refusal(500, {
        error: {
          code: 500,
          message: "Conversation roles must alternate user/assistant/user/assistant/...",
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /"role":"system"/,
    next: 1,
  },
  {
    what: "Gemma at Google: no developer instruction",
    model: "google/gemini-x",
    answers: [
      refusal(400, {
        error: {
          code: 400,
          message: "Developer instruction is not enabled for models/gemini-x",
          status: "INVALID_ARGUMENT",
        },
      }),
      goodGemini,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /systemInstruction/,
    next: 1,
  },
  {
    what: "Gemini: a malformed call",
    model: GEMINI,
    answers: [stream(geminiEvents("", "MALFORMED_FUNCTION_CALL")), goodGemini],
    spoken: HELLO,
    asked: 2,
    lastNot: /functionDeclarations/,
    next: 1,
  },
  {
    what: "OpenAI 400: max_completion_tokens",
    answers: [
      refusal(400, {
        error: {
          message:
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
          type: "invalid_request_error",
          param: "max_tokens",
          code: "unsupported_parameter",
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    last: /max_completion_tokens/,
    next: 1,
  },
  {
    what: "an old server: no stream_options",
    answers: [
      refusal(422, {
        detail: [
          {
            loc: ["body", "stream_options"],
            msg: "stream_options: Extra inputs are not permitted",
          },
        ],
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    lastNot: /stream_options/,
    next: 1,
  },
  {
    what: "LM Studio 400: context, as a string",
    answers: [
      refusal(400, {
        error:
          "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055>= n_ctx: 4096). Try to load the model with a larger context length, or provide a shorter input.",
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    next: 1,
  },
  {
    what: "LM Studio: context, inside the stream",
    answers: [
      stream(
        `event: error\ndata: {"error":{"message":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}}\n\n`,
      ),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    next: 1,
  },
  {
    what: "Groq 400: context, by its code",
    answers: [
      refusal(400, {
        error: {
          message: "Please reduce the length of the messages or completion.",
          type: "invalid_request_error",
          param: "messages",
          code: "context_length_exceeded",
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    next: 1,
  },
  {
    what: "Groq 413: too large",
    answers: [
      refusal(413, {
        error: {
          message:
            "Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 7000",
          type: "tokens",
          code: "rate_limit_exceeded",
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    next: 1,
  },
  {
    what: "LocalAI 500: context",
    answers: [
      refusal(500, {
        error: {
          code: 500,
          message:
            "rpc error: code = Internal desc = request (20652 tokens) exceeds the available context size (8192 tokens), try increasing it",
          type: "",
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    next: 1,
  },
  {
    what: "llama.cpp 400: context",
    answers: [
      refusal(400, {
        error: {
          code: 400,
          message: "the request exceeds the available context size, try increasing it",
          type: "exceed_context_size_error",
          n_prompt_tokens: 9000,
          n_ctx: 4096,
        },
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    next: 1,
  },
  {
    what: "vLLM 400: context",
    answers: [
      refusal(400, {
        object: "error",
        message:
          "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
        type: "BadRequestError",
        code: 400,
      }),
      good,
    ],
    spoken: HELLO,
    asked: 2,
    next: 1,
  },
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
    asked: 2,
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
];

describe(`how services end and refuse: ${ENDINGS.length + REFUSALS.length} forms`, () => {
  for (const row of [...ENDINGS, ...REFUSALS]) {
    it(`A3 ${row.what}`, async () => {
      for (const bytesAtOnce of [undefined, 1, 7]) {
        const rig = await ServiceRig.open({
          answers: row.answers,
          picture: PICTURE,
          ...(row.model !== undefined && { model: row.model }),
          ...(bytesAtOnce !== undefined && { bytesAtOnce }),
        });
        try {
          const turn = await rig.say("What do you see?");
          const spoken = turn.spoken.join(" ");
          if (typeof row.spoken === "string") assert.equal(spoken, row.spoken);
          else assert.match(spoken, row.spoken);
          assert.equal(turn.asked.length, row.asked, JSON.stringify(turn.report));
          const last = turn.asked.at(-1)?.text ?? "";
          if (row.last !== undefined) assert.match(last, row.last);
          if (row.lastNot !== undefined) assert.doesNotMatch(last, row.lastNot);
          if (row.why !== undefined) assert.match(turn.report.why ?? "", row.why);
          if (row.next === undefined) continue;
          const next = await rig.say("And now?");
          assert.equal(next.asked.length, row.next, "the form that worked is kept");
          if (row.lastNot !== undefined)
            assert.doesNotMatch(next.asked[0]?.text ?? "", row.lastNot);
        } finally {
          rig.close();
        }
      }
    });
  }
});

const BLOCKS: readonly (readonly [string, string, ServiceAnswer])[] = [
  ["OpenAI: content_filter", "openai/m", stream(openaiEvents("", "content_filter"))],
  [
    "Azure: 400 content_filter",
    "openai/m",
    refusal(400, {
      error: {
        message:
          "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        code: "content_filter",
      },
    }),
  ],
  [
    "OpenRouter: 403 moderation",
    "openai/m",
    refusal(403, {
      error: {
        code: 403,
        message: "Input was flagged by moderation",
        metadata: { reasons: ["violence"] },
      },
    }),
  ],
  [
    "Gemini: a blocked prompt",
    GEMINI,
    stream(said({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, usageMetadata: {} })),
  ],
  ["Gemini: SAFETY", GEMINI, stream(geminiEvents("", "SAFETY"))],
  ["any 400", "openai/m", refusal(400, { error: { message: "Bad request." } })],
];

describe("what a service has blocked", () => {
  for (const [what, model, block] of BLOCKS) {
    it(`A3 ${what}: stays out of later requests`, async () => {
      const well = model === GEMINI ? goodGemini : good;
      const rig = await ServiceRig.open({ model, answers: [well] });
      try {
        await rig.say("Good morning to you.");
        rig.answers = Array.from({ length: 12 }, () => block);
        const blocked = await rig.say("Something dreadful.");
        assert.equal(blocked.report.safeMode, true);
        rig.answers = [well];
        const next = await rig.say("How are you?");
        assert.equal(next.spoken.join(" "), HELLO);
        const { text = "" } = next.asked[0] ?? {};
        assert.match(text, /Good morning to you/);
        assert.doesNotMatch(text, /Something dreadful/);
      } finally {
        rig.close();
      }
    });
  }

  it("A3: a poisoned history is left behind, and what was innocent is not blamed", async () => {
    const rig = await ServiceRig.open({ answers: [good] });
    try {
      await rig.say("Poison of yesterday.");
      // The first request was answered; the second is blocked, and all after it are answered.
      rig.answers = [good, BLOCKS[1]?.[2] as ServiceAnswer, good];
      const turn = await rig.say("How are you?");
      assert.equal(turn.spoken.join(" "), HELLO, "asked again without the older words");
      const next = await rig.say("And the weather?");
      assert.equal(next.asked.length, 1);
      assert.match(next.asked[0]?.text ?? "", /How are you\?/);
      assert.doesNotMatch(next.asked[0]?.text ?? "", /Poison/);
    } finally {
      rig.close();
    }
  });
});

describe("requests", () => {
  it("A3: every body is well-formed Unicode, whatever was said and whoever says it", async () => {
    const rig = await ServiceRig.open({ answers: [good] });
    try {
      // Lone halves, and pairs that stand where texts are cut.
      const smile = "😀";
      const texts = [
        "\ud83d lone and \ude00",
        `${"a".repeat(1999)}${smile}`,
        `Remember that ${"b".repeat(159)}${smile}.`,
        `My name is ${"C".repeat(20)}.`,
      ];
      for (const text of texts) await rig.say(text);
      void rig.rig.mind.say("Hello.", { source: "page", name: `${"d".repeat(39)}${smile}` });
      await rig.rig.clock.advance(20_000);
      assert.equal(rig.asked.length, 5);
      for (const { text } of rig.asked) {
        const parsed = JSON.stringify(JSON.parse(text));
        assert.doesNotMatch(parsed, /\\ud[89a-f][0-9a-f]{2}/i, "no half of a pair");
      }
    } finally {
      rig.close();
    }
  });

  it("A14: a user and a password in an address become a header, and are nowhere else", async () => {
    const environment = {
      OPENAI_BASE_URL: "http://tom:s3cr%40t@models.test/v1",
      OPENAI_API_KEY: "",
    };
    const rig = await ServiceRig.open({
      answers: [good, refusal(401, { error: "who are you?" })],
      environment,
    });
    try {
      const turn = await rig.say("Hello.");
      assert.equal(turn.asked[0]?.url, "http://models.test/v1/chat/completions");
      const expected = `Basic ${Buffer.from("tom:s3cr@t").toString("base64")}`;
      assert.equal(turn.asked[0]?.headers.get("authorization"), expected);
      await rig.say("Hello again.");
      const seen = JSON.stringify([rig.rig.mind.turns, rig.rig.logs, rig.rig.events]);
      assert.doesNotMatch(seen, /s3cr/);
    } finally {
      rig.close();
    }
  });
});
