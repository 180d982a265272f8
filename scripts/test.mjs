// `npm test`: every check in order, one line each, output shown when it fails. Names given as arguments
// choose checks: `npm test -- unit device`. Sets TEST_REPORT to see everything.
import { spawn, spawnSync } from "node:child_process";
import { globSync } from "./glob.mjs";

const node = process.execPath;
const bin = (path) => [`node_modules/${path}`];
const nodeTest = (pattern, concurrency, isWanted = () => true) => {
  const found = globSync(pattern).filter(isWanted);
  return [
    node,
    [
      "--import",
      "tsx",
      "--test",
      `--test-concurrency=${concurrency}`,
      "--test-reporter=spec",
      ...found,
    ],
  ];
};

/** Minutes of waiting and little work: they run beside the checks that are all work. */
const isEndurance = (file) => /\/(soak|endure)\.test\.ts$/.test(file.replaceAll("\\", "/"));

/** name -> [command, arguments, limit in s]. Cheap checks first; `BESIDE` is started before them all. */
const BESIDE = "endurance";
const checks = {
  [BESIDE]: [...nodeTest("test/e2e/**/*.test.ts", 1, isEndurance), 600],
  format: [node, [...bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."], 120],
  lint: [node, [...bin("eslint/bin/eslint.js"), "--max-warnings", "0", "."], 180],
  types: [node, [...bin("typescript/bin/tsc"), "--noEmit"], 180],
  "types:page": [node, [...bin("typescript/bin/tsc"), "--noEmit", "-p", "src/page"], 120],
  "types:devs": [node, [...bin("typescript-devs/bin/tsc"), "--noEmit", "-p", "devs"], 120],
  unused: [node, [...bin("knip/bin/knip.js"), "--no-progress", "--no-config-hints"], 120],
  unit: [...nodeTest("test/unit/**/*.test.ts", 2), 300],
  device: [...nodeTest("test/device-runner.test.ts", 1), 300],
  e2e: [...nodeTest("test/e2e/**/*.test.ts", 1, (file) => !isEndurance(file)), 1400],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(`unknown check ${unknown.join(", ")}; there are: ${Object.keys(checks).join(" ")}`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
const wanted = Object.keys(checks).filter((name) => asked.length === 0 || asked.includes(name));
const beside = wanted.includes(BESIDE) ? check(BESIDE) : undefined;
for (const name of wanted) {
  // Before e2e, whose processes would be slowed down by it.
  if (name === "e2e") await beside;
  if (name !== BESIDE) await check(name);
}
await beside;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function check(name) {
  const [command, args, limitS] = checks[name];
  const startMs = performance.now();
  const { code, output } = await run(command, args, limitS);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const summary = counts(output);
  if (code === 0) passed++;
  else failed++;
  console.log(
    `${code === 0 ? "ok  " : "FAIL"} ${name.padEnd(11)} ${seconds.padStart(6)} s ${summary}`,
  );
  if (code !== 0) console.log(failures(output));
  else if (process.env.TEST_REPORT) console.log(output);
}

/** Runs one check with a limit; a check that passes it is ended, and so are its children. */
function run(command, args, limitS) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    const take = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => {
      output += `\nstopped: not done after ${limitS} s`;
      endGroup(child.pid);
    }, limitS * 1000);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

function endGroup(pid) {
  if (process.platform === "win32") spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"]);
  else process.kill(-pid, "SIGKILL");
}

/** What a person looks for first stands first: node's own list of what failed and why, before all the rest. */
function failures(output) {
  const at = output.indexOf("\n✖ failing tests:");
  return at < 0 ? output : `${output.slice(at + 1)}\n--- all of it ---\n${output.slice(0, at)}`;
}

/** The figures of node's test runner, and what it did not run: a skip is never silent. */
function counts(output) {
  const figure = (word) => output.match(new RegExp(`^ℹ ${word} (\\d+)`, "m"))?.[1];
  const pass = figure("pass");
  if (pass === undefined) return "";
  const notRun = [...output.matchAll(/^.*(?:# SKIP|NOT RUN).*$/gm)].map(
    (line) => `\n     ${line[0].trim()}`,
  );
  return `${pass} tests, ${figure("fail")} failed, ${figure("skipped")} skipped${notRun.join("")}`;
}
