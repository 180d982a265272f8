/** No text that a person reads stands in the page's code: all of it stands in src/page/language. */
import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { read, tracked } from "../../../support/tree.js";

/** Attributes that are shown or read out. */
const SHOWN = /^(title|label|hint|alt|placeholder|aria-label|aria-valuetext|aria-description)$/;
/** Two words, or a word that begins or ends a sentence. */
const SENTENCE = /[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}|^[A-Z][a-z’']+[.…?!]/;
/** What looks like words and is none for people, or goes to the server: each with its file. */
const NONE: readonly string[] = [
  "audio/voice-audio.ts: The floor is not free.",
  "audio/voice-audio.ts: `The browser's speech failed: ${event.error}.`",
  "live/serial-relay.ts: it was unplugged",
  "live/serial-relay.ts: it ended",
  "live/camera-source.ts: no picture could be made",
  "views/head-drawing.ts: the browser has taken the 3-D context away",
  "views/head-scene.ts: the worker of the head cannot be had",
  "views/head-scene.ts: the worker of the head says nothing",
  "views/head-scene.ts: the worker of the head hangs",
  "views/camera-view.tsx: `bold ${size}px sans-serif`",
  "views/camera-settings.tsx: rtsp://user:password@192.168.1.20/stream",
  "views/charts-view.tsx: (prefers-color-scheme: dark)",
  "views/charts-view.tsx: 11px system-ui, sans-serif",
  "views/replies-view.tsx: QUERY",
];

/** A sentence, or one word with a capital that is one of two, or what a function says. */
function isShown(node: ts.StringLiteralLike): boolean {
  const { parent } = node;
  const isChosen =
    ts.isConditionalExpression(parent) ||
    ts.isReturnStatement(parent) ||
    (ts.isBinaryExpression(parent) &&
      parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken);
  return SENTENCE.test(node.text) || (isChosen && /^[A-Z][a-z]/.test(node.text));
}

/** What people would read in a file of the page. */
function wordsOf(name: string, source: string): string[] {
  const found: string[] = [];
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const visit = (node: ts.Node): void => {
    // Names of modules and types, what a developer reads, and what a style sheet does.
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isThrowStatement(node)) return;
    if (ts.isCallExpression(node) && /^console\./.test(node.expression.getText())) return;
    if (ts.isJsxAttribute(node)) {
      const attribute = node.name.getText();
      if (attribute === "class") return;
      const { initializer } = node;
      if (SHOWN.test(attribute) && initializer && ts.isStringLiteral(initializer)) {
        if (/[a-z]{2}/i.test(initializer.text)) found.push(initializer.text);
        return;
      }
    }
    // A command to type is the same in all languages.
    if (ts.isJsxElement(node) && node.openingElement.tagName.getText() === "code") {
      node.children.filter(ts.isJsxExpression).forEach(visit);
      return;
    }
    if (ts.isJsxText(node) && /[a-z]{2}/i.test(node.text)) found.push(node.text.trim());
    if (ts.isStringLiteralLike(node) && isShown(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) {
      const text = node
        .getText()
        .slice(1, -1)
        .replace(/\$\{[^}]*\}/g, " ");
      if (SENTENCE.test(text)) found.push(node.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test("G9: no text that a person reads stands in a view", () => {
  const files = tracked.filter((file) => /^src\/page\/(?!language\/).*\.tsx?$/.test(file));
  assert.ok(files.length > 60, `${files.length} files`);
  const found = files.flatMap((file) =>
    wordsOf(file, read(file)).map((text) => `${file.slice("src/page/".length)}: ${text}`),
  );
  assert.deepEqual(
    found.filter((one) => !NONE.includes(one)),
    [],
  );
  assert.deepEqual(
    NONE.filter((one) => !found.includes(one)),
    [],
    "no longer in code",
  );
});

test("a text in a view is found wherever it stands", () => {
  const view = `const a = isOn ? "Turn it off" : "Off";
    const b = <p title="Old">Hello <b>{x}</b><code>npm start</code></p>;
    const c = \`\${n} things need you\`;
    const d = <i class="is old now" />;`;
  assert.deepEqual(wordsOf("view.tsx", view), [
    "Turn it off",
    "Off",
    "Old",
    "Hello",
    "`${n} things need you`",
  ]);
});
