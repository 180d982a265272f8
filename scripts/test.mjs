// `npm test`: every check in order, one line each, output shown when it fails. Names given as arguments choose checks
// (`npm test -- unit device`), paths of test files run those and nothing else, at once and with all they print
// (`npm test -- test/unit/time/until.test.ts`); with --watch again on each change. Sets up only what the chosen ones need. TEST_REPORT=1 shows everything,
// TEST_TIMES=all each file's time. At most two red files are tried a second time, alone: what is green then is
// told as FLAKY with its first failure, and never hidden.
import { spawn, spawnSync } from "node:child_process";
import { setUp } from "./setup/parts.mjs";
import { AGAIN_FILES_MAX, CHECKS, againRun, fileRun } from "./test/checks.mjs";

const isWatching = process.argv.includes("--watch");
const asked = process.argv.slice(2).filter((name) => name !== "--watch");
if (isWatching || asked.some((name) => name.endsWith(".test.ts"))) process.exit(await runFiles());

const AGAIN_LIMIT_S = 300;
const names = Object.keys(CHECKS);
/** `e2e` asks for all of `e2e:…`. */
const isAsked = (name) => asked.includes(name) || asked.includes(name.split(":")[0]);
const unknown = asked.filter(
  (ask) => !names.some((name) => [name, name.split(":")[0]].includes(ask)),
);
if (unknown.length > 0) {
  console.error(
    `unknown check ${unknown.join(", ")}; there are: ${names.join(" ")}, or paths of test files`,
  );
  process.exit(2);
}
const wanted = names.filter((name) => asked.length === 0 || isAsked(name));
const startMs = performance.now();
await setUp([...new Set(wanted.flatMap((name) => CHECKS[name].needs))]);

let passed = 0;
/** Names of the checks that are red, with their red files. */
const failed = new Map();
const ofLane = (lane) => wanted.filter((name) => CHECKS[name].lane === lane);
for (const lanes of [["first", "second"], ["third", "beside"], ["last"]])
  await Promise.all(lanes.map(runLane));
const flaky = await tryAgain();
const told = flaky.length > 0 ? ` (FLAKY: ${flaky.join(", ")})` : "";
console.log(`${passed} passed${told}, ${failed.size} failed in ${secondsSince(startMs)} s`);
process.exit(failed.size === 0 ? 0 : 1);

async function runLane(lane) {
  for (const name of ofLane(lane)) await check(name);
}

/** Runs test files for a person who works on them. Resolves with the exit code. */
async function runFiles() {
  const { args, needs, wrong } = fileRun(asked, isWatching);
  if (wrong !== undefined) {
    console.error(wrong);
    return 2;
  }
  await setUp(needs);
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
}

function secondsSince(ms) {
  return ((performance.now() - ms) / 1000).toFixed(1);
}

async function check(name) {
  const { args, limitS } = CHECKS[name];
  const beganMs = performance.now();
  const { code, output } = await run(args(), limitS);
  const seconds = secondsSince(beganMs);
  if (code === 0) passed++;
  else failed.set(name, redFiles(output));
  console.log(
    `${code === 0 ? "ok  " : "FAIL"} ${name.padEnd(11)} ${seconds.padStart(6)} s ${summary(output)}`,
  );
  if (code !== 0) console.log(failures(output));
  else if (process.env.TEST_REPORT) console.log(output);
}

/** Files that node's test runner called red; none when the check was stopped by its limit or failed in another way. */
function redFiles(output) {
  if (/^stopped: not done/m.test(output)) return [];
  return [...output.matchAll(/^red {2}(\S.*)$/gm)].map((line) => line[1]);
}

/** A second try of red files, alone. Resolves with the files that were green then. */
async function tryAgain() {
  const names = [...failed.keys()];
  const files = [...new Set([...failed.values()].flat())];
  const mayTry = names.every((name) => CHECKS[name].mayTryAgain && failed.get(name).length > 0);
  if (files.length === 0 || files.length > AGAIN_FILES_MAX || !mayTry) return [];
  console.log(`once more, alone: ${files.join(", ")}`);
  const { code, output } = await run(againRun(files), AGAIN_LIMIT_S);
  console.log(`${code === 0 ? "FLAKY" : "FAIL "} second try ${summary(output)}`);
  if (code !== 0) {
    console.log(failures(output));
    return [];
  }
  passed += failed.size;
  failed.clear();
  return files;
}

/** Runs one check with a limit; a check that passes it is ended, and so are its children. */
function run(args, limitS) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
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

/** The figures of node's test runner, and what a person should know of a run that passed: a skip is never silent. */
function summary(output) {
  const figure = (word) => output.match(new RegExp(`^ℹ ${word} (\\d+)`, "m"))?.[1];
  const pass = figure("pass");
  if (pass === undefined) return "";
  // What was not run, which files took longest, and how much of the code was run (or is too little).
  const told = /^(?:.*(?:# SKIP|NOT RUN).*|slow .*|Lines .*|ERROR: Coverage .*)$/gm;
  const lines = [...output.matchAll(told)].map((line) => `\n     ${line[0].trim()}`);
  return `${pass} tests, ${figure("fail")} failed, ${figure("skipped")} skipped${lines.join("")}`;
}
