/** What models think aloud, in the forms of their families. */
import type { NoiseRow } from "./noise-row.js";

export const THOUGHTS: readonly NoiseRow[] = [
  {
    what: "a thought (DeepSeek, Qwen)",
    text: "<think>The user greets. [shake] No.</think>\n\nHello there.",
    said: ["Hello there."],
  },
  {
    what: "a thought in upper case",
    text: "<THINK>Hm. Yes.</THINK>Hello there.",
    said: ["Hello there."],
  },
  {
    what: "an empty thought (Qwen3, /no_think)",
    text: "<think>\n\n</think>\n\nHello there.",
    said: ["Hello there."],
  },
  {
    what: "only the end of a thought",
    text: "I should greet. They said hi.\n</think>\n\nHello there.",
    said: ["Hello there."],
  },
  {
    what: "only the end, a thought about the user",
    text: "Okay, so the user says hi. Let me be nice.</think>Hello there.",
    said: ["Hello there."],
  },
  {
    what: "a thought that does not end",
    text: "<think>Well, on the one hand. On the other",
    said: [],
  },
  {
    what: "thinking, reasoning, with room",
    text: "<thinking >A plan.</thinking><reasoning>More.</reasoning>Hello there.",
    said: ["Hello there."],
  },
  {
    what: "a thought in the middle",
    text: "Hello there. <think>What now?</think> How are you?",
    said: ["Hello there.", "How are you?"],
  },
  {
    what: "Magistral's thought",
    text: "[THINK]They greet.[/THINK]Hello there.",
    said: ["Hello there."],
  },
  {
    what: "Kimi's thought",
    text: "◁think▷They greet.◁/think▷Hello there.",
    said: ["Hello there."],
  },
  {
    what: "Seed's thought",
    text: "<seed:think>They greet.</seed:think>Hello there.",
    said: ["Hello there."],
  },
  {
    what: "Command's thought",
    text: "<|START_THINKING|>Greet.<|END_THINKING|><|START_RESPONSE|>Hello there.<|END_RESPONSE|>",
    said: ["Hello there."],
  },
  {
    what: "harmony (gpt-oss)",
    text: "<|channel|>analysis<|message|>They greet.<|end|><|start|>assistant<|channel|>final<|message|>Hello there.<|return|>",
    said: ["Hello there."],
  },
  {
    what: "harmony without its marks",
    text: "analysisThe user greets. We answer.assistantfinalHello there.",
    said: ["Hello there."],
  },
  {
    what: "harmony, analysis only",
    text: "<|channel|>analysis<|message|>They greet, we should",
    said: [],
  },
  {
    what: "ReAct's thought",
    text: "Thought: they greet me.\nFinal Answer: Hello there.",
    said: ["Hello there."],
  },
];
