/**
 * What models write that is not speech, in the forms of their families, and what is to become of it. `text` is the reply as the
 * service streams it; `said` what the voice is given; `moved` the robot's commands; `shown` what the page shows and the
 * memory keeps, where that is not what is said.
 */
export interface NoiseRow {
  readonly what: string;
  readonly text: string;
  readonly said: readonly string[];
  readonly moved?: readonly string[];
  readonly shown?: readonly string[];
}

const CALL = '{"name": "robot_action", "arguments": {"action": "nod:2"}}';
const NOD = ["NOD:2"];
const CODE = "I've put the code on the page.";

export const NOISE: readonly NoiseRow[] = [
  // Thoughts.
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
  // Calls.
  {
    what: "Hermes, Qwen: a call in tags",
    text: `<tool_call>\n${CALL}\n</tool_call>`,
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "a call after words",
    text: `Of course, like this.\n<tool_call>\n${CALL}\n</tool_call>`,
    said: ["Of course, like this."],
    moved: NOD,
  },
  {
    what: "Qwen-Coder: a call as XML",
    text: "<tool_call>\n<function=robot_action>\n<parameter=action>\nnod:2\n</parameter>\n</function>\n</tool_call>",
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "GLM: a call with keys",
    text: "<tool_call>robot_action\n<arg_key>action</arg_key>\n<arg_value>nod:2</arg_value>\n</tool_call>",
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Llama 3.1: a function",
    text: '<function=robot_action>{"action": "nod:2"}</function>',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Llama 3: JSON after the Python tag",
    text: '<|python_tag|>{"name": "robot_action", "parameters": {"action": "nod:2"}}<|eom_id|>',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Llama 3: Python",
    text: '<|python_tag|>robot_action.call(action="nod:2")<|eom_id|>',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Llama 3.2: bare JSON",
    text: '{"name": "robot_action", "parameters": {"action": "nod:2"}}',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Mistral: a list of calls",
    text: `[TOOL_CALLS][${CALL}]`,
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Mistral Small: name and arguments",
    text: '[TOOL_CALLS]robot_action[ARGS]{"action": "nod:2"}',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "DeepSeek's marks",
    text: '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>robot_action\n```json\n{"action": "nod:2"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Kimi K2's marks",
    text: '<|tool_calls_section_begin|><|tool_call_begin|>functions.robot_action:0<|tool_call_argument_begin|>{"action": "nod:2"}<|tool_call_end|><|tool_calls_section_end|>',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "harmony: a call",
    text: '<|channel|>commentary to=functions.robot_action <|constrain|>json<|message|>{"action":"nod:2"}<|call|>',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "harmony: a call without its marks",
    text: 'commentary to=functions.robot_action json{"action":"nod:2"}assistantfinalHello there.',
    said: ["Hello there."],
    moved: NOD,
  },
  {
    what: "Gemini: tool code",
    text: "<tool_code>\nprint(default_api.robot_action(action='nod:2'))\n</tool_code>",
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Gemma: a fence of tool code",
    text: '```tool_code\nrobot_action(action="nod:2")\n```\nThere you are.',
    said: ["There you are."],
    moved: NOD,
  },
  {
    what: "fenced JSON",
    text: `Sure thing.\n\`\`\`json\n${CALL}\n\`\`\``,
    said: ["Sure thing."],
    moved: NOD,
  },
  {
    what: "the arguments alone",
    text: '{"action": "nod:2"} There you are.',
    said: ["There you are."],
    moved: NOD,
  },
  {
    what: "Python in the open",
    text: 'robot_action(action="nod:2") There you are.',
    said: ["There you are."],
    moved: NOD,
  },
  {
    what: "an action for a tool",
    text: '{"name": "nod", "arguments": {"count": 2}}',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "Anthropic's form",
    text: '<function_calls>\n<invoke name="robot_action">\n<parameter name="action">nod:2</parameter>\n</invoke>\n</function_calls>',
    said: [],
    moved: NOD,
    shown: [],
  },
  {
    what: "ReAct's action",
    text: "Action: nod:2\nThere you are.",
    said: ["There you are."],
    moved: NOD,
  },
  {
    what: "a call of a tool that is none",
    text: 'Let me look. {"name": "get_weather", "arguments": {"city": "Rome"}}',
    said: ["Let me look."],
  },
  // Stage directions, tags and stress.
  {
    what: "asterisks that nod",
    text: "*nods twice* Yes, of course.",
    said: ["Yes, of course."],
    moved: ["NOD:1"],
  },
  {
    what: "brackets that smile",
    text: "(smiles) I like that (see below).",
    said: ["I like that (see below)."],
    moved: ["EXPRESS:content"],
  },
  {
    what: "underscores that sigh",
    text: "_sighs_ It is late.",
    said: ["It is late."],
    moved: ["PHYSICAL:sigh"],
  },
  {
    what: "a direction that no head can do",
    text: "*whirrs softly* Good morning.",
    said: ["Good morning."],
  },
  {
    what: "a German direction",
    text: "*nickt* Ja, gern geschehen.",
    said: ["Ja, gern geschehen."],
    moved: ["NOD:1"],
  },
  {
    what: "stress",
    text: "That is *really* good, **very** good.",
    said: ["That is really good, very good."],
  },
  { what: "a tag within words", text: "[nod:2] Yes, I do.", said: ["Yes, I do."], moved: NOD },
  {
    what: "figures and indices",
    text: "3*4*5 is 60, a[0] is first and x=1&y=2 is not.",
    said: ["3 × 4 × 5 is 60, a[0] is first and x=1&y=2 is not."],
    shown: ["3*4*5 is 60, a[0] is first and x=1&y=2 is not."],
  },
  // For the eye.
  {
    what: "code in a fence",
    text: "Like this:\n```python\nprint(1)\n```\nThat is all.",
    said: ["Like this:", CODE, "That is all."],
    shown: ["Like this:", "```python\nprint(1)\n```", "That is all."],
  },
  {
    what: "German code",
    text: "So geht es mit dem Code:\n```js\nlet a = 1;\n```\nDas ist alles.",
    said: ["So geht es mit dem Code:", CODE, "Das ist alles."],
    shown: ["So geht es mit dem Code:", "```js\nlet a = 1;\n```", "Das ist alles."],
  },
  {
    what: "an answer in a fence",
    text: "```\nHello there, my friend.\n```",
    said: ["Hello there, my friend."],
  },
  {
    what: "HTML",
    text: "<p>Hello <b>there</b>.</p>",
    said: ["Hello there."],
    shown: ["Hello <b>there</b>."],
  },
  {
    what: "a page of HTML",
    text: "Here it is.\n<!DOCTYPE html><html><body><div>Hi</div></body></html>",
    said: ["Here it is.", CODE],
    shown: ["Here it is.", "<!DOCTYPE html><html><body><div>Hi</div></body></html>"],
  },
  {
    what: "a table",
    text: "Look:\n| a | b |\n|---|---|\n| 1 | 2 |\nThat is it.",
    said: ["Look:", "I've put the table on the page.", "That is it."],
    shown: ["Look:", "| a | b |\n|---|---|\n| 1 | 2 |", "That is it."],
  },
  {
    what: "an address",
    text: "See https://example.com/a?b=1&c=2. Good luck.",
    said: ["See the link on the page.", "Good luck."],
    shown: ["See https://example.com/a?b=1&c=2.", "Good luck."],
  },
  {
    what: "a link",
    text: "See [the docs](https://example.com/x) for it.",
    said: ["See the docs for it."],
    shown: ["See the docs (https://example.com/x) for it."],
  },
  { what: "an emoji alone", text: "👍", said: [], moved: ["NOD:1"], shown: ["👍"] },
  { what: "emoji alone", text: "🎉🎊", said: [], moved: ["CELEBRATE"], shown: ["🎉🎊"] },
  {
    what: "an emoji among words",
    text: "Well done 😊 my friend.",
    said: ["Well done my friend."],
    shown: ["Well done 😊 my friend."],
  },
  // Templates and other speakers.
  {
    what: "the template's end",
    text: "Hello there.<|im_end|>\n<|im_start|>user\nAnd you?",
    said: ["Hello there."],
  },
  {
    what: "Llama's end",
    text: "Hello there.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi",
    said: ["Hello there."],
  },
  {
    what: "Gemma's end",
    text: "Hello there.<end_of_turn>\n<start_of_turn>user\nHi",
    said: ["Hello there."],
  },
  { what: "Mistral's end", text: "Hello there.</s>[INST] Hi [/INST]", said: ["Hello there."] },
  {
    what: "it speaks for the person",
    text: "Hello there.\nUser: And you?\nBuddy: Fine.",
    said: ["Hello there."],
  },
  { what: "it names itself", text: "Buddy: Hello there.", said: ["Hello there."] },
  {
    what: "five sentences and more",
    text: "One is here. Two is here. Three is here. Four is here. Five is here. Six.",
    said: ["One is here.", "Two is here.", "Three is here.", "Four is here."],
  },
  {
    what: "the same sentence again",
    text: "I am a small robot. I am a small robot. I am a small robot. Yes.",
    said: ["I am a small robot."],
  },
];
