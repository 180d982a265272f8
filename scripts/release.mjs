// `npm run release -- 0.2.0` (or patch, minor, major): gives what CHANGELOG.md has under "Unreleased" that version and
// today's date, writes the version wherever it stands, commits and tags. It publishes and pushes nothing.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const STEPS = ["major", "minor", "patch"];
const UNRELEASED = "## [Unreleased]\n";

function fail(reason) {
  console.error(`release: ${reason}`);
  process.exit(1);
}

function git(...args) {
  const { status, stdout, stderr } = spawnSync("git", args, { encoding: "utf8" });
  if (status !== 0) fail(`git ${args[0]}: ${stderr || stdout}`);
  return stdout.trim();
}

const numbersOf = (version) => version.split(".").map(Number);

/** The version that is asked for: one of its own, or the current one's next. */
function nextVersion(current, asked) {
  const at = STEPS.indexOf(asked);
  const now = numbersOf(current);
  if (at >= 0) return now.map((n, i) => (i < at ? n : i === at ? n + 1 : 0)).join(".");
  if (!/^\d+\.\d+\.\d+$/.test(asked ?? ""))
    fail(`expected a version such as 0.2.0, or ${STEPS.join(", ")}; got ${asked ?? "nothing"}`);
  const first = numbersOf(asked).findIndex((n, i) => n !== now[i]);
  if (first < 0 || numbersOf(asked)[first] < now[first]) fail(`${asked} is not above ${current}`);
  return asked;
}

/** Moves the unreleased changes under a heading of their own. Without any there is nothing to release. */
function dated(changelog, version) {
  const [head, rest] = changelog.split(UNRELEASED);
  if (rest === undefined) fail(`CHANGELOG.md has no heading "${UNRELEASED.trim()}"`);
  if (!/^- /m.test(rest.split(/^## /m)[0])) fail("CHANGELOG.md has nothing under Unreleased");
  const day = new Date().toISOString().slice(0, 10);
  return `${head}${UNRELEASED}\n## [${version}] - ${day}\n${rest}`;
}

const current = JSON.parse(readFileSync("package.json", "utf8")).version;
const version = nextVersion(current, process.argv[2]);
const tag = `v${version}`;
if (git("status", "--porcelain") !== "") fail("there are changes that are not committed");
if (git("tag", "--list", tag) !== "") fail(`there is a tag ${tag} already`);

/** Every place that says the version; each says it once. */
const places = [
  ["package.json", `"version": "${current}"`],
  ["package-lock.json", `"name": "buddy-robot",\n  "version": "${current}"`],
  ["package-lock.json", `"name": "buddy-robot",\n      "version": "${current}"`],
  ["devs/ports.ts", `FIRMWARE_VERSION = "${current}"`],
];
const texts = new Map([["CHANGELOG.md", dated(readFileSync("CHANGELOG.md", "utf8"), version)]]);
for (const [file, text] of places) {
  const parts = (texts.get(file) ?? readFileSync(file, "utf8")).split(text);
  if (parts.length !== 2) fail(`${file} does not say ${text} once`);
  texts.set(file, parts.join(text.replace(current, version)));
}
for (const [file, text] of texts) writeFileSync(file, text);
git("add", ...texts.keys());
git("commit", "-m", `Release ${version}`);
git("tag", "-a", tag, "-m", `Buddy ${version}`);
console.log(
  `${tag} is committed and tagged. Nothing was published; to do so: git push --follow-tags`,
);
