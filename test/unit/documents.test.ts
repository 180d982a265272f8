// The documents against the tree. Properties that must hold:
// - the overview of the architecture fits on a screen, and its pages are as narrow as an editor;
// - it names a place for each thing that people come to add, and every room has a page;
// - every link in the documents leads to a file and a heading.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { read, root, tracked } from "../support/tree.js";

const documents = tracked.filter((file) => file.endsWith(".md") && !file.startsWith("personas/"));
const OVERVIEW_LINES_MAX = 72;
const DOCUMENT_COLUMNS_MAX = 120;

test("the overview of the architecture fits on a screen, and its pages are as narrow as an editor", () => {
  const overview = read("docs/ARCHITECTURE.md").trimEnd().split("\n");
  assert.ok(overview.length <= OVERVIEW_LINES_MAX, `${overview.length} lines`);
  const pages = tracked.filter((file) => /^docs\/architecture\/.*\.md$/.test(file));
  const wide = ["docs/ARCHITECTURE.md", ...pages].flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, i) => ([...line].length > DOCUMENT_COLUMNS_MAX ? [`${file}:${i + 1}`] : [])),
  );
  assert.deepEqual(wide, []);
});

test("the overview names a place for each thing that people come to add, and it is there", () => {
  const overview = read("docs/ARCHITECTURE.md");
  const rows = overview.split("## Where do I go for")[1]?.match(/^\| an? .*$/gm) ?? [];
  assert.deepEqual(
    rows.map((row) => row.split("|")[1]?.trim()),
    ["verb", "gesture", "board", "model service", "page view", "metric", "setting"]
      .map((name) => `a ${name}`)
      .concat("a backup's content", "a health check"),
  );
  for (const row of rows) {
    const places = [...row.matchAll(/`((?:src|devs|boards)\/[^`]*)`/g)].map((hit) => hit[1] ?? "");
    assert.ok(places.length > 0, row);
    for (const place of places) {
      const first = place.replace(/BOARD/, "buddy_c3");
      assert.ok(existsSync(join(root, first)), `${row}: no ${place}`);
    }
  }
});

/** A heading's anchor, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

test("every room has a page, and every link in the documents leads to a file and a heading", () => {
  const broken: string[] = [];
  for (const file of documents) {
    const text = read(file).replace(/^```[^]*?^```/gm, "");
    const inline = [...text.matchAll(/\]\(([^)\s]+)\)/g)];
    const named = [...text.matchAll(/^\[[^\]]+\]: (\S+)$/gm)];
    for (const [, target = ""] of [...inline, ...named]) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const to = path === "" ? file : normalize(join(dirname(file), path));
      if (!existsSync(join(root, to))) broken.push(`${file}: ${target}`);
      else if (anchor !== undefined) {
        const headings = [...read(to).matchAll(/^#+ (.*)$/gm)].map((hit) => anchorOf(hit[1] ?? ""));
        if (!headings.includes(anchor)) broken.push(`${file}: ${target}`);
      }
    }
  }
  assert.deepEqual(broken, []);
  const overview = read("docs/ARCHITECTURE.md");
  for (const row of overview.match(/^\| `[a-z].*$/gm) ?? []) {
    const page = /\[([a-z]+)\] +\|$/.exec(row)?.[1];
    assert.ok(page !== undefined && overview.includes(`\n[${page}]: architecture/`), row);
  }
});
