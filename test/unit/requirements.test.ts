// docs/REQUIREMENTS.md against the tree. Properties:
// - every row of A1 to G10 stands there, with what shows it, or says that it is not built;
// - what it names is there: the test's file, a test of that title in it, a drill of that name;
// - a code that code, tests or drills cite is a row or is explained there.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DRILLS } from "../../src/drill/drills.js";

const root = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const page = read("docs/REQUIREMENTS.md");

/** How many rows each letter has. */
const ROWS: Record<string, number> = { A: 14, B: 4, C: 6, D: 3, E: 3, F: 5, G: 10 };
const codes = Object.entries(ROWS).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
);

interface Row {
  code: string;
  proofs: { file: string; title: string }[];
  drills: string[];
  isOpen: boolean;
}

const rows: Row[] = [...page.matchAll(/^### (\w+): .*\n([^]*?)(?=^##|$(?![^]))/gm)].map(
  ([, code = "", body = ""]) => ({
    code,
    proofs: [...body.matchAll(/^- `([^`]+)`: "(.+)"$/gm)].map(([, file = "", title = ""]) => ({
      file,
      title,
    })),
    drills: [...body.matchAll(/^- drill `([^`]+)`$/gm)].map(([, name = ""]) => name),
    isOpen: /^Not built( in part)?: \S/m.test(body),
  }),
);

/** Titles of a file's tests and groups, as its source writes them. */
function titlesOf(file: string): string[] {
  const call = /\b(?:test|it|describe)\(\s*(["'`])((?:(?!\1)[^\\]|\\.)*)\1/g;
  return [...read(file).matchAll(call)].map((match) => match[2] as string);
}

const filesBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => ending.test(name));

test("every row is there, once, with what shows it or that it is not built", () => {
  assert.deepEqual(
    rows.map(({ code }) => code),
    codes,
  );
  const bare = rows.filter(
    ({ proofs, drills, isOpen }) => proofs.length + drills.length === 0 && !isOpen,
  );
  assert.deepEqual(bare, [], "nothing shows these rows");
});

test("each line below a row is a proof that this test can look up", () => {
  const lines = page.split("## Other codes")[0]?.match(/^- .*$/gm) ?? [];
  const understood = rows.flatMap(({ proofs, drills }) => [...proofs, ...drills]);
  assert.equal(understood.length, lines.length);
});

test("every test and drill that is named is in the tree", () => {
  const missing: string[] = [];
  for (const { code, proofs, drills } of rows) {
    for (const { file, title } of proofs) {
      const isTest = /^test\/(unit|e2e)\/.*\.test\.ts$/.test(file) && existsSync(join(root, file));
      if (!isTest || !titlesOf(file).some((there) => there.includes(title)))
        missing.push(`${code}: ${file}: ${title}`);
    }
    for (const name of drills)
      if (!DRILLS.some((drill) => drill.name === name)) missing.push(`${code}: drill ${name}`);
  }
  assert.deepEqual(missing, []);
});

test("every code that is cited is a row or is explained", () => {
  const known = new Set(codes);
  const table = page.split("## Other codes")[1] ?? "";
  for (const [, cell = ""] of table.matchAll(/^\| ([A-Z][^|]*?) +\|/gm)) {
    for (const part of cell.split(", ")) {
      const [first = "", last = first] = part.split(" to ");
      const [, name = "", from = ""] = /^([A-Z]-?)(\d+)$/.exec(first) ?? [];
      for (let n = Number(from); n <= Number(last.slice(name.length)); n++)
        known.add(`${name}${n}`);
    }
  }
  const code = String.raw`(?:[A-N]\d{1,2}|O-\d+)`;
  const list = `${code}(?:, ${code})*`;
  const cited = new RegExp(`(?:["'\`]|^(?://|/\\*\\*| \\*) )(${list}): |\\((${list})\\)`, "gm");
  const unknown = new Set<string>();
  const sources = ["src", "devs", "test"].flatMap((folder) => filesBelow(folder, /\.tsx?$/));
  for (const file of sources) {
    for (const match of read(file).matchAll(cited)) {
      for (const one of (match[1] ?? match[2] ?? "").split(", "))
        if (!known.has(one)) unknown.add(`${one} in ${file}`);
    }
  }
  for (const { name, rows: drilled } of DRILLS)
    for (const one of drilled) if (!known.has(one)) unknown.add(`${one} in drill ${name}`);
  assert.deepEqual([...unknown], []);
});
