// What services say that they refuse, word for word, and what is left out because of it (A3, B3). What must hold: the guilty
// part is left out at once and nothing else; where nothing is named, what was innocent stays.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseModels, type ModelRef } from "../../../../../src/conversation/models/model-refs.js";
import {
  firstForm,
  FormSearch,
  type RequestForm,
} from "../../../../../src/conversation/models/request-form.js";
import {
  serviceErrorOf,
  serviceFailure,
} from "../../../../../src/conversation/models/service-words.js";
import { ServiceRig } from "../../../../support/model-bytes.js";
import { good, HELLO, refusal } from "../service-form.js";

type Part = "tools" | "pictures" | "system" | "usage" | "older words";

const FIELDS: Readonly<Record<Part, keyof RequestForm>> = {
  tools: "hasTools",
  pictures: "hasPictures",
  system: "hasSystemRole",
  usage: "hasUsage",
  "older words": "isShort",
};

const error = (message: string, more: object = {}): object => ({ error: { message, ...more } });
const badType = (loc: readonly (string | number)[], msg: string): object => ({
  detail: [{ type: "bad", loc, msg }],
});

const ROWS: readonly (readonly [Part, string, number, unknown])[] = [
  [
    "tools",
    "OpenRouter, parameters",
    404,
    error("No endpoints found that can handle the requested parameters."),
  ],
  [
    "tools",
    "OpenRouter, tool_choice",
    404,
    error("No endpoints found that support the provided 'tool_choice' value."),
  ],
  ["tools", "Groq", 400, error("`tool calling` is not supported with this model")],
  [
    "tools",
    "Groq, tool_use_failed",
    400,
    error("Failed to call a function. Please adjust your prompt.", { code: "tool_use_failed" }),
  ],
  ["tools", "DeepSeek", 400, error("deepseek-reasoner does not support Function Calling")],
  ["tools", "xAI", 400, { code: "invalid", error: "Model does not support function calling." }],
  ["tools", "LocalAI", 500, error("grammar: failed to parse functions schema", { code: 500 })],
  [
    "tools",
    "TGI",
    422,
    {
      error: "Template error: unknown function: tools_in_user_message",
      error_type: "template_error",
    },
  ],
  ["tools", "a sentence of a proxy", 400, "tools are not supported here"],
  [
    "pictures",
    "DeepSeek",
    400,
    error(
      "Failed to deserialize the JSON body into the target type: messages[1]: unknown variant `image_url`, expected `text` at line 1",
    ),
  ],
  [
    "pictures",
    "DeepSeek, plain words",
    422,
    "Failed to deserialize the JSON body into the target type: messages[1]: unknown variant `image_url`, expected `text`",
  ],
  [
    "pictures",
    "Groq",
    400,
    error(
      "'messages.1' : for 'role:user' the following must be satisfied[('messages.1.content' : value must be a string)]",
    ),
  ],
  ["pictures", "Groq, older", 400, error("messages[1].content must be a string")],
  [
    "pictures",
    "FastAPI",
    422,
    badType(["body", "messages", 1, "content"], "Input should be a valid string"),
  ],
  ["pictures", "vLLM", 400, error("m is not a multimodal model", { code: 400 })],
  [
    "system",
    "Ministral at llama.cpp",
    500,
    error("Only user, assistant and tool roles are supported, got system. at row 3", { code: 500 }),
  ],
  [
    "system",
    "Mistral at LM Studio",
    400,
    {
      error:
        'Error rendering prompt with jinja template: "Only user and assistant roles are supported!"',
    },
  ],
  [
    "system",
    "OpenAI o1-mini",
    400,
    error("Unsupported value: 'messages[0].role' does not support 'system' with this model."),
  ],
  [
    "system",
    "FastAPI",
    422,
    badType(["body", "messages", 0, "role"], "Input should be 'user' or 'assistant'"),
  ],
  [
    "system",
    "an enumeration",
    400,
    error("'system' is not one of ['user', 'assistant'] - 'messages.0.role'"),
  ],
  ["system", "a first message", 400, { detail: "First message must be from user" }],
  [
    "usage",
    "Mistral",
    422,
    {
      object: "error",
      message: badType(["body", "stream_options"], "Extra inputs are not permitted"),
    },
  ],
  ["usage", "FastAPI", 422, badType(["body", "stream_options"], "Extra inputs are not permitted")],
  ["usage", "Azure", 400, error("Stream options can only be defined when `stream=True`.")],
  [
    "older words",
    "xAI",
    400,
    {
      error: "This model's maximum prompt length is 131072 but the request contains 532000 tokens.",
    },
  ],
  [
    "older words",
    "GitHub",
    413,
    error("Request body too large for gpt-4o model. Max size: 8000 tokens.", {
      code: "tokens_limit_reached",
    }),
  ],
  [
    "older words",
    "nginx",
    413,
    "<html><head><title>413 Request Entity Too Large</title></head></html>",
  ],
  [
    "older words",
    "vLLM",
    400,
    error("The decoder prompt (length 4523) is longer than the maximum model length of 4096."),
  ],
  [
    "older words",
    "TabbyAPI",
    400,
    { detail: "Prompt length 5000 is greater than max_seq_len 4096" },
  ],
  ["older words", "Qwen", 400, error("Range of input length should be [1, 30720]")],
  ["older words", "Zhipu", 400, error("Prompt 超长", { code: "1261" })],
  [
    "older words",
    "Moonshot",
    400,
    error("Invalid request: Your request exceeded model token limit: 8192 (requested: 9000)"),
  ],
  [
    "older words",
    "MLX",
    400,
    { error: "Prompt exceeds the model's max position embeddings (2048)" },
  ],
];

const [SEEING] = parseModels("openai/llava").models as [ModelRef];

describe("what services refuse, word for word", () => {
  for (const [part, who, status, body] of ROWS) {
    it(`A3 ${who}: ${part}`, () => {
      const said = serviceErrorOf(typeof body === "string" ? body : JSON.stringify(body));
      assert.ok(said);
      const full = firstForm(SEEING);
      const next = new FormSearch(full).next(serviceFailure(said, status));
      assert.ok(next, "it is asked again");
      const changed = (Object.keys(full) as (keyof RequestForm)[]).filter(
        (name) => next[name] !== full[name],
      );
      assert.deepEqual(changed, [FIELDS[part]]);
    });
  }

  it("A3: a limit of the rate is no small context, in whose words ever", () => {
    for (const sentence of [
      "Rate limit reached for model `x` on tokens per minute (TPM): Limit 6000, Used 5800, Requested 700.",
      "Too many tokens, please wait before trying again.",
      "Quota exceeded for metric: generate_content_free_tier_input_token_count, limit: 250000",
    ]) {
      const failure = serviceFailure({ sentence, status: undefined, names: "" }, 429);
      assert.equal(failure.code, "MODEL_RATE", sentence);
    }
  });

  const guilty: readonly (readonly [Part, RegExp])[] = [
    ["tools", /"tools"/],
    ["pictures", /image_url/],
    ["system", /"role":"system"/],
    ["usage", /stream_options/],
  ];
  for (const [part, bytes] of guilty) {
    it(`A3: who refuses ${part} and says nothing of it is asked without that and with all else`, async () => {
      const rig = await ServiceRig.open({
        model: "openai/llava",
        picture: new Uint8Array([0xff, 0xd8, 0xff, 0xd9]),
        answers: ({ text }) => (bytes.test(text) ? refusal(400, error("Bad request.")) : good),
      });
      try {
        const turn = await rig.say("What do you see?");
        assert.equal(turn.spoken.join(" "), HELLO);
        const next = await rig.say("What do you see now?");
        assert.equal(next.asked.length, 1, "the form is kept");
        for (const [other, sign] of guilty) {
          assert.equal(sign.test(next.asked[0]?.text ?? ""), other !== part, other);
        }
      } finally {
        rig.close();
      }
    });
  }

  it("A14: the beginning of a key never stays when a sentence is cut", () => {
    const key = "proj-0123456789abcdef0123456789abcdef";
    const sentence = `${"no ".repeat(47)} ${key} is wrong`;
    const { message } = serviceFailure({ sentence, status: undefined, names: "" }, 401);
    assert.doesNotMatch(message, /proj-|0123/);
  });
});
