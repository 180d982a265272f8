// Rules of the tree that no compiler checks. Properties that must hold:
// - imports point one way (docs/ARCHITECTURE.md "Rooms"), between rooms and between the folders of a room;
// - a folder can be looked through: 20 files at most, but in the page's; a file too: 300 lines, or it is listed with a reason;
// - src/wire and what the firmware shares import nothing but each other;
// - every error code is documented and every documented code exists;
// - no machine paths, no tests that are skipped or run alone;
// - no comment or page cites a text that is not in the tree.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { read, root, tracked } from "../support/tree.js";

/**
 * The rooms of `src`, a row of the plan each: a room imports only rooms of rows above its own. The plan is the rule, so that
 * what people read cannot differ from what holds.
 */
const LAYERS = roomsOf("docs/ARCHITECTURE.md", /`([a-z-]+)`/g);

/** The rows of the table under "Rooms" of a page: the names in its first column. */
function roomsOf(file: string, name: RegExp): readonly (readonly string[])[] {
  const text =
    read(file)
      .split(/^#{2,3} /m)
      .find((part) => part.startsWith("Rooms")) ?? "";
  return text
    .split("\n")
    .map((line) => line.split("|")[1] ?? "")
    .map((names) => [...names.matchAll(name)].map((match) => match[1] as string))
    .filter((names) => names.length > 0);
}

const FOLDER_FILES_MAX = 20;

function layerOf(file: string): number | undefined {
  const part = /^src\/([^/.]+)/.exec(file)?.[1];
  if (part === undefined) return undefined;
  const index = LAYERS.findIndex((layer) => layer.includes(part));
  assert.notEqual(
    index,
    -1,
    `${file}: no room "${part}" in docs/ARCHITECTURE.md "Rooms"; add a row`,
  );
  return index;
}

function partOf(file: string): string {
  return file.split("/").slice(0, 2).join("/");
}

/** Relative imports of a file as tracked paths. */
function importsOf(file: string): string[] {
  const found: string[] = [];
  for (const match of read(file).matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)) {
    const target = normalize(join(dirname(file), match[1] as string));
    const candidates = [
      target,
      target.replace(/\.js$/, ".ts"),
      target.replace(/\.js$/, ".tsx"),
      `${target}.ts`,
    ];
    const hit = candidates.find((candidate) => existsSync(join(root, candidate)));
    if (hit !== undefined) found.push(hit);
  }
  return found;
}

/** The firmware's entry points stand in src because DeviceScript's tools look there; they are none of the companion's. */
const entries = tracked.filter((file) => /^src\/main[^/]*\.ts$/.test(file));
const sources = tracked.filter(
  (file) => /^src\/.*\.tsx?$/.test(file) && !file.endsWith(".d.ts") && !entries.includes(file),
);

test("F1: the simulator's robot and every board has its entry point where DeviceScript's tools look", () => {
  const boards = tracked.flatMap((file) => /^devs\/boards\/(.*)\.ts$/.exec(file)?.[1] ?? []);
  const wanted = [["src/main.ts", "devs/main.ts"]].concat(
    boards.map((board) => [`src/main_${board}.ts`, `devs/boards/${board}.ts`]),
  );
  assert.deepEqual(
    entries.map((file) => [file, ...importsOf(file)]),
    wanted.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  );
  assert.ok(tracked.includes("devsconfig.json"), "the extension looks for it in the same folder");
});

test("a room of src imports only rooms above it in the plan", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const layer = layerOf(file);
    if (layer === undefined) continue;
    for (const target of importsOf(file)) {
      const targetLayer = layerOf(target);
      if (targetLayer === undefined || partOf(target) === partOf(file)) continue;
      const isSideways = targetLayer === layer;
      if (targetLayer > layer || isSideways) wrong.push(`${file} -> ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("a room of devs imports only rooms above it in the plan", () => {
  const rooms = roomsOf("docs/architecture/firmware.md", /`([a-z/]+)`/g).flat();
  // What wires stands in files beside the rooms.
  const order = [...rooms, "ports.ts", "app.ts", "boards", "main.ts"];
  const roomOf = (file: string): string =>
    file.startsWith("src/wire/") ? "src/wire" : (file.split("/")[1] as string);
  const files = tracked.filter((file) => /^devs\/.*\.ts$/.test(file));
  const unknown = [...new Set(files.map(roomOf))].filter((room) => !order.includes(room));
  assert.deepEqual(unknown, [], 'add a row to docs/architecture/firmware.md "Rooms"');
  assert.deepEqual(
    rooms.filter((room) => room !== "src/wire" && !files.some((file) => roomOf(file) === room)),
    [],
  );
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => roomOf(target) !== roomOf(file))
      .filter((target) => order.indexOf(roomOf(target)) > order.indexOf(roomOf(file)))
      .map((target) => `${file} -> ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test("every room of the plan is there", () => {
  const rooms = LAYERS.flat();
  const missing = rooms.filter(
    (room) => !sources.some((file) => partOf(file).startsWith(`src/${room}`)),
  );
  assert.deepEqual(missing, []);
  assert.equal(new Set(rooms).size, rooms.length, "a room is named twice");
});

test("no folder of src imports back from a folder that imports it", () => {
  const targets = new Map<string, Set<string>>();
  for (const file of sources) {
    const folder = dirname(file);
    const known = targets.get(folder) ?? new Set();
    targets.set(folder, known);
    for (const target of importsOf(file))
      if (dirname(target) !== folder) known.add(dirname(target));
  }
  const seen = new Set<string>();
  const visit = (folder: string, chain: readonly string[]): void => {
    assert.ok(
      !chain.includes(folder),
      `a circle: ${[...chain.slice(chain.indexOf(folder)), folder].join(" -> ")}`,
    );
    if (seen.has(folder)) return;
    for (const target of targets.get(folder) ?? []) visit(target, [...chain, folder]);
    seen.add(folder);
  };
  for (const folder of targets.keys()) visit(folder, []);
});

test("no folder of src but the page's has more files than one can look through", () => {
  const counts = new Map<string, number>();
  for (const file of tracked.filter((name) => /^src\/(?!page\/)/.test(name))) {
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  }
  const large = [...counts].filter(([, count]) => count > FOLDER_FILES_MAX);
  assert.deepEqual(large, []);
});

test("src/wire imports nothing outside itself, directly or through others", () => {
  for (const file of sources.filter((name) => name.startsWith("src/wire/"))) {
    for (const target of importsOf(file)) {
      assert.ok(target.startsWith("src/wire/"), `${file} -> ${target}`);
    }
    assert.doesNotMatch(read(file), /from "(node:|@)/, file);
  }
});

test("the companion takes nothing from the firmware: what both share is src/wire", () => {
  const taken = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith("devs/"))
      .map((target) => `${file} -> ${target}`),
  );
  assert.deepEqual(taken, []);
});

test("every error code is documented with its remedy, and every documented code exists", () => {
  const code =
    /\b(?:LINK|PORT|STREAM|DATAGRAM|WS|HTTP|CONFIG|STATE|BODY|PART|CAMERA|VISION|WEB|ROBOT|SIM|STORE|FLASH|MODEL|TURN|VOICE|CLI|RESILIENCE|EDGE|MQTT|FLEET|BRAIN)_[A-Z][A-Z_]+\b/;
  const used = new Set<string>();
  const text = sources.concat(tracked.filter((file) => /^devs\/.*\.ts$/.test(file)));
  for (const file of text) {
    for (const match of read(file).matchAll(/"([A-Z]+_[A-Z_]+)"/g)) {
      const word = match[1] as string;
      if (code.test(word)) used.add(word);
    }
  }
  const documented = new Set(
    [...read("docs/ERRORS.md").matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(
      (match) => match[1] as string,
    ),
  );
  assert.deepEqual([...used].filter((word) => !documented.has(word)).sort(), [], "not documented");
  assert.deepEqual(
    [...documented].filter((word) => !used.has(word)).sort(),
    [],
    "no longer in code",
  );
});

test("no path of a machine and no test that is skipped or run alone stands in the tree", () => {
  for (const file of tracked) {
    if (/\.(png|jpg|ico|devs|bin|wav)$|package-lock\.json$|tidy\.test\.ts$/.test(file)) continue;
    const body = read(file);
    assert.doesNotMatch(body, /(^|["'\s(=])\/(work|root|farm)\//m, file);
    if (file.startsWith("test/")) {
      assert.doesNotMatch(body, /\b(it|test|describe)\.(only|todo)\b/, file);
    }
  }
});

test("no comment and no page cites a text that is not part of the tree", () => {
  const outside = /\bdesign (§|contract|[A-Z]\d)|buddy-protocol|platform-facts|chip-model\b/i;
  const citing = tracked
    .filter((file) => /\.(ts|tsx|mjs|cjs|css|html|md|json|service)$/.test(file))
    .filter((file) => !/package-lock\.json$|tidy\.test\.ts$/.test(file))
    .flatMap((file) =>
      read(file)
        .split("\n")
        .filter((line) => outside.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  assert.deepEqual(citing, [], "say the fact, or cite docs/PROTOCOL.md or docs/REQUIREMENTS.md");
});

const FILE_LINES_MAX = 300;
/** Longer files, each with its reason. May only shrink. */
const LONG_FILES: Readonly<Record<string, string>> = {
  "devs/body/body.ts":
    "one object of the firmware, whose methods share fields that cost bytes to tell apart",
  "devs/command/verbs.ts": "the table of all verbs with their errors in order, read as one",
  "devs/link/link.ts": "one fiber's life: dial, serve, dial again",
  "devs/link/session.ts": "one state machine over one set of fields, in a VM where each call costs",
  "devs/net/server.ts": "all limits of the robot's clients, which are checked against each other",
  "src/fleet/fleet.ts": "joins what a robot says and hears with its stage",
  "src/page/language/de.ts": "what the page says in one language, a table",
  "src/page/language/en.ts": "as above",
  "src/page/language/es.ts": "as above",
  "src/page/language/ja.ts": "as above",
};

test("no file is longer than 300 lines but those that are listed with a reason, and none of them is short", () => {
  const long = tracked
    .filter((file) => /^(src|devs|scripts|test|tools)\/.*\.(tsx?|mjs|cjs|css)$/.test(file))
    .filter((file) => read(file).split("\n").length - 1 > FILE_LINES_MAX);
  assert.deepEqual(long.sort(), Object.keys(LONG_FILES));
});
