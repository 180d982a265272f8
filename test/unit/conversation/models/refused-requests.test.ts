// What services refuse of a request, in their own bytes (A3, B3). What must hold: it is asked again in a form that is taken,
// once, and the form is kept.
import { geminiEvents } from "../../../support/model-bytes.js";
import { checkForms, GEMINI, good, goodGemini, HELLO, refusal, stream } from "./service-form.js";

checkForms("what services refuse of a request", [
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
]);
