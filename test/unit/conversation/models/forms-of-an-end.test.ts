// How services end an answer, in their own bytes (A3, B3). What must hold: an end is an end, what was cut off says so,
// and what broke off before a sentence was said is asked once more.
import { geminiEvents, openaiEvents } from "../../../support/model-bytes.js";
import { checkForms, GEMINI, good, HELLO, stream } from "./service-form.js";

const CUT = /cut off there|as far as I got/;
const BROKEN = new RegExp(`^${HELLO} .*(?:train of thought|broke off)`);

checkForms("how services end", [
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
]);
