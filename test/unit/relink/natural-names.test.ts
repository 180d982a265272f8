// Names of methods in the firmware. Property: they are chosen for the reader, so that several classes may have the same one.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const root = join(import.meta.dirname, "../../..");
/** Names that occur in more than one class: what was agreed when the relinker learned to tell them apart. */
const SHARED_NAMES_MIN = 20;

const sources = readdirSync(join(root, "devs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => join(root, "devs", file));

/** By name of a method: the classes that have it. */
function classesByMethod(): Map<string, string[]> {
  const classes = new Map<string, string[]>();
  for (const file of sources) {
    const visit = (node: ts.Node): void => {
      if (
        ts.isMethodDeclaration(node) &&
        ts.isClassDeclaration(node.parent) &&
        ts.isIdentifier(node.name)
      ) {
        const { text } = node.name;
        classes.set(text, [...(classes.get(text) ?? []), node.parent.name?.text ?? file]);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  }
  return classes;
}

test(`F1: at least ${SHARED_NAMES_MIN} names of methods stand in more than one class of the firmware`, () => {
  const shared = [...classesByMethod()].filter(([, classes]) => classes.length > 1);
  const words = shared.map(([name, classes]) => `${name} (${classes.join(", ")})`).join("; ");
  assert.ok(shared.length >= SHARED_NAMES_MIN, `${shared.length}: ${words}`);
});

test("F1: no comment of the firmware asks for names that nothing else has", () => {
  const asking = /\b(unique|same name|name of its own|no other (class|method|name))\b/i;
  const comments = sources.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => /^\s*(\/\/|\/?\*)/.test(line) && asking.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  assert.deepEqual(comments, []);
});
