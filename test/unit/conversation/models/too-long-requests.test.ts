// How services say that a conversation is too long for them, in their own bytes (A3, B3). What must hold: it is asked
// again shorter, once, and stays short.
import { checkForms, good, HELLO, refusal, stream } from "./service-form.js";

checkForms("how services say that a conversation is too long", [
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
]);
