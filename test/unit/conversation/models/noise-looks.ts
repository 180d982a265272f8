/** What is for the eye, not for the ear: stage directions, code, tables, emoji, and the marks of templates. */
import type { NoiseRow } from "./noise-row.js";

const NOD = ["NOD:2"];
const CODE = "I've put the code on the page.";

export const LOOKS: readonly NoiseRow[] = [
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
  {
    what: "a short sentence again and again",
    text: "I am here. I am here. I am here. I am here.",
    said: ["I am here.", "I am here."],
  },
  {
    what: "a direction that no head on a desk can show",
    text: "*blushes* Oh, stop it.",
    said: ["Oh, stop it."],
  },
];
