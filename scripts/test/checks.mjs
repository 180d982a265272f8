// What `npm test` runs: each check with what it needs of the set-up, its command and its limit.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { globSync } from "../glob.mjs";

const bin = (path) => `node_modules/${path}`;

/** Prints what each test said, and which files took long. */
const REPORTERS = [
  "--test-reporter=spec",
  "--test-reporter-destination=stdout",
  "--test-reporter=./scripts/test/times.mjs",
  "--test-reporter-destination=stdout",
];

/** Arguments of node that run test files, each in a process of its own, `atATime` of them at once. */
function testRun(files, atATime) {
  return ["--import", "tsx", "--test", `--test-concurrency=${atATime}`, ...REPORTERS, ...files];
}

/**
 * Arguments of node that try red files once more, one at a time, when everything else is over: many wait for real
 * processes with real deadlines, which a busy machine may break without a fault of ours.
 */
export const againRun = (files) => testRun(files, 1);
/** More red files than this are no accident of the machine. */
export const AGAIN_FILES_MAX = 2;

/** The same in one process: for files that wait for little and are done sooner than a process has started. */
function togetherRun(files) {
  return ["--import", "tsx", ...REPORTERS, "scripts/test/together.mjs", ...files];
}

const filesOf = (pattern, isWanted = () => true) =>
  globSync(pattern)
    .map((file) => file.replaceAll("\\", "/"))
    .filter(isWanted);

const RUNNER = "test/device-runner.test.ts";
const BOARDS = "test/e2e/boards.test.ts";

/** Minutes of waiting and little work: they run beside a lane that is all work. */
const isEndurance = (file) => /\/(soak|endure)\.test\.ts$/.test(file);

/**
 * End-to-end tests that may run two at a time: each has its own ports, folders and processes, and passed on a machine
 * with four times as much to do as it can. All others run alone, new ones too: those that keep a chip's pace, count
 * samples or motion steps, fill a disk, or starve the cores.
 */
const PAIRED = [
  /^test\/e2e\/(backup|brain|conversation|doctor|drill|edge|flash|gateway|mcp|mqtt|ops|page|vision|web)\//,
  /^test\/e2e\/(dev|foreign-pages|hands-senses|hands-words|https|injuries|lan|mirror)\.test\.ts$/,
  /^test\/e2e\/(no-gateway|recovery|robot-doors|robot-server-node|slow-line|start|stops)\.test\.ts$/,
  /^test\/e2e\/drills\/(again|crash-loop|exhausted|hung-and-dead|start-orders)\.test\.ts$/,
  /^test\/e2e\/fleet\/(redis|stage-script)\.test\.ts$/,
  /^test\/e2e\/simulator\/(network|part|profile|robot)\.test\.ts$/,
  /^test\/e2e\/supervisor\/(added|orphans|supervisor)\.test\.ts$/,
  /^test\/e2e\/voice\/page\.test\.ts$/,
];
/**
 * Of these, what waits most of the time: for a robot's program to boot, a disk to be looked at, a port to answer. They run
 * beside the others, one at a time. All that a file starts worked for 0.3 to 0.4 s in a second of its usual time
 * (cpuacct, 1 December 2026; exhausted 13 s, flash 15 s, robot 17 s): a new one shows its figure.
 */
const WAITING = /^test\/e2e\/(drills\/exhausted|flash\/flash|simulator\/robot)\.test\.ts$/;
const isWaiting = (file) => WAITING.test(file);
const isPaired = (file) => !isWaiting(file) && PAIRED.some((pattern) => pattern.test(file));

/**
 * Doors and parts that live in the test's own process: a start of node and tsx costs each of these files more than its tests. They
 * wait for little and keep no times, so they run in one process, beside other work.
 */
const isQuick = (file) =>
  /^test\/e2e\/(web\/.*|mcp\/http|ops\/monitor|brain\/brain|gateway\/(away|strangers|token))\.test\.ts$/.test(
    file,
  );

const unitTests = filesOf("test/unit/**/*.test.ts");
const worlds = filesOf("test/world/**/*.test.ts");
/** They wait for the compiler most of the time. */
const isDevtools = (file) => file.startsWith("test/e2e/devtools/");

const endToEnd = filesOf("test/e2e/**/*.test.ts", (file) => file !== BOARDS);
const endurance = endToEnd.filter(isEndurance);
const waiting = endToEnd.filter(isWaiting);
const quick = endToEnd.filter(isQuick);
const paired = endToEnd.filter((file) => isPaired(file) && !isQuick(file));
const devtools = endToEnd.filter(isDevtools);
const alone = endToEnd.filter(
  (file) => ![isEndurance, isPaired, isWaiting, isDevtools].some((is) => is(file)),
);

const EVERYTHING = ["packages", "firmware", "companion", "page"];
/** What test files need, by the folder of `test` that they are in. */
const AREAS = {
  unit: ["packages"],
  world: ["packages"],
  device: ["packages", "firmware"],
  e2e: EVERYTHING,
};

/**
 * By name. `args` of node; `limitS`; `needs`, parts of the set-up;
 * `lane`: `first` and `second` run beside each other, each one check at a time, so that two cores have something to do.
 * What compiles firmware stands in one lane, because the compiler has one output folder. When both are over, `third`
 * begins, whose processes they would slow down, and `beside` it what waits most of the time. `last` runs alone.
 * `mayTryAgain`: its red files get a second try, see `againRun`.
 */
export const CHECKS = {
  format: {
    args: () => [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."],
    limitS: 240,
    needs: ["packages"],
    lane: "second",
  },
  types: {
    args: () => [bin("typescript/bin/tsc"), "--noEmit"],
    limitS: 360,
    needs: ["packages"],
    lane: "first",
  },
  "types:page": {
    args: () => [bin("typescript/bin/tsc"), "--noEmit", "-p", "src/page"],
    limitS: 240,
    needs: ["packages"],
    lane: "first",
  },
  lint: {
    args: () => [bin("eslint/bin/eslint.js"), "--max-warnings", "0", "."],
    limitS: 360,
    needs: ["packages"],
    lane: "second",
  },
  "types:devs": {
    // The firmware's library is fetched by the firmware's own build.
    args: () => [bin("typescript-devs/bin/tsc"), "--noEmit", "-p", "devs"],
    limitS: 240,
    needs: AREAS.device,
    lane: "first",
  },
  unused: {
    args: () => [bin("knip/bin/knip.js"), "--no-progress", "--no-config-hints"],
    limitS: 240,
    needs: ["packages"],
    lane: "second",
  },
  unit: {
    args: () => [bin("c8/bin/c8.js"), process.execPath, ...togetherRun(unitTests)],
    limitS: 900,
    needs: AREAS.unit,
    lane: "second",
    mayTryAgain: true,
  },
  endurance: {
    args: () => testRun(endurance, 1),
    limitS: 600,
    needs: EVERYTHING,
    lane: "second",
    mayTryAgain: true,
  },
  device: { args: () => testRun([RUNNER], 1), limitS: 600, needs: AREAS.device, lane: "first" },
  world: { args: () => testRun(worlds, 1), limitS: 900, needs: ["packages"], lane: "second" },
  boards: { args: () => testRun([BOARDS], 1), limitS: 600, needs: EVERYTHING, lane: "first" },
  "e2e:devtools": {
    args: () => testRun(devtools, 1),
    limitS: 900,
    needs: EVERYTHING,
    lane: "first",
    mayTryAgain: true,
  },
  "e2e:quick": {
    args: () => togetherRun(quick),
    limitS: 600,
    needs: EVERYTHING,
    lane: "first",
    mayTryAgain: true,
  },
  "e2e:paired": {
    args: () => testRun(paired, 2),
    limitS: 1400,
    needs: EVERYTHING,
    lane: "third",
    mayTryAgain: true,
  },
  "e2e:waiting": {
    args: () => testRun(waiting, 1),
    limitS: 900,
    needs: EVERYTHING,
    lane: "beside",
    mayTryAgain: true,
  },
  "e2e:alone": {
    args: () => testRun(alone, 1),
    limitS: 1400,
    needs: EVERYTHING,
    lane: "last",
    mayTryAgain: true,
  },
};

/**
 * What runs single test files, all unit tests if none is named; again on each change when asked to watch. A file under
 * test/device is part of a program, which the runner compiles and runs in the VM.
 * @returns {{ args: string[], needs: string[] } | { wrong: string }}
 */
export function fileRun(named, isWatching) {
  const files = named.length > 0 ? named : unitTests;
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) return { wrong: `no such file: ${missing}` };
  const areas = [...new Set(files.map((file) => /^(?:\.\/)?test\/([^/]+)\//.exec(file)?.[1]))];
  const needs = areas.length === 1 ? AREAS[areas[0]] : undefined;
  if (needs === undefined) {
    const folders = Object.keys(AREAS).map((name) => `test/${name}`);
    return { wrong: `expected test files of one of ${folders.join(", ")}` };
  }
  const isDevice = areas[0] === "device";
  const names = files.map((file) => `--test-name-pattern=in the VM: .*${basename(file)}`);
  const args = ["--import", "tsx", ...(isWatching ? ["--watch"] : []), "--test"];
  args.push("--test-reporter=spec", ...(isDevice ? [...names, RUNNER] : files));
  return { args, needs };
}
