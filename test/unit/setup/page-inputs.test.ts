// The page is built again when anything that stands in it has changed, also a file of another room.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { read, root, tracked } from "../../support/tree.js";

const { parts } = (await import(pathToFileURL(join(root, "scripts/setup/parts.mjs")).href)) as {
  parts: { page: { inputs: readonly string[] } };
};

/** What a file imports at run time; types are gone by then. */
function importsOf(file: string): string[] {
  const found = read(file).matchAll(
    /(?:^|;)(?:import|export) (?!type )([^;]*?)from "(\.[^"]+)";/gm,
  );
  return [...found]
    .filter(([, names = ""]) => !/^\{(?:\s*type \w+,?)+\s*\}\s*$/.test(names))
    .map(([, , path = ""]) => normalize(join(dirname(file), path.replace(/\.js$/, ".ts"))))
    .map((path) => (existsSync(join(root, path)) ? path : path.replace(/\.ts$/, ".tsx")));
}

test("the page is built again for every file of another room that stands in it", () => {
  const within = new Set<string>();
  const visit = (file: string): void => {
    if (within.has(file)) return;
    within.add(file);
    if (existsSync(join(root, file))) importsOf(file).forEach(visit);
  };
  tracked.filter((file) => /^src\/page\/.*\.tsx?$/.test(file)).forEach(visit);
  assert.ok(within.has("src/wire/limits.ts"), "imports are found");
  const isInput = (file: string): boolean =>
    parts.page.inputs.some((input) => file === input || file.startsWith(`${input}/`));
  const sources = [...within].filter((file) => file.startsWith("src/"));
  assert.deepEqual(
    sources.filter((file) => !isInput(file)),
    [],
    "add them to the page's inputs in scripts/setup/parts.mjs",
  );
});
