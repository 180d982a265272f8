// Makes a checkout ready to run: installs, fetches the firmware's libraries, builds what is stale.
// `npm start` and `npm test` call it first, so a fresh clone needs nothing typed before them.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Buddy needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

/** Runs a command, shows its output only when it fails, and ends this process with its code then. */
function run(what, command, args) {
  const startMs = performance.now();
  process.stderr.write(`setup: ${what} ... `);
  const result = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    const why = result.error ? result.error.message : `exit ${result.status ?? result.signal}`;
    console.error(`failed (${why})\n${result.stdout ?? ""}${result.stderr ?? ""}`);
    process.exit(1);
  }
  console.error(`${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

function* files(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== "node_modules" && name !== "dist") yield* files(join(path, name));
  }
}

/** Content, not times: a checkout of an older commit has newer files. */
function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of files(path)) {
      hash.update(relative(root, file)).update("\0").update(readFileSync(file));
    }
  }
  return hash.digest("hex");
}

/** Runs `build` unless all `outputs` exist and the inputs are those of the last build. */
function unlessFresh(name, outputs, inputs, build) {
  const stampFile = join("dist", `.${name}.stamp`);
  const stamp = hashOf(inputs);
  const isThere = [...outputs, stampFile].every((file) => existsSync(file));
  if (isThere && readFileSync(stampFile, "utf8") === stamp) {
    return;
  }
  build();
  mkdirSync("dist", { recursive: true });
  writeFileSync(stampFile, stamp);
}

const lockStamp = "node_modules/.buddy-lock";
const lockHash = hashOf(["package-lock.json"]);
if (!existsSync(lockStamp) || readFileSync(lockStamp, "utf8") !== lockHash) {
  run("npm ci (a minute or two, once)", "npm", ["ci", "--no-audit", "--no-fund"]);
  writeFileSync(lockStamp, lockHash);
}

const bin = (name, entry) => join("node_modules", name, entry);
// `npm ci` and `npm install` remove these, because they are not in the lock file.
const libraries = "node_modules/@devicescript/core/src/index.ts";
unlessFresh(
  "firmware",
  ["dist/firmware/sim.devs", libraries],
  ["devs", "src/wire", "boards", "scripts/build-firmware.mjs", "scripts/relink", "tools"],
  () => run("firmware", process.execPath, ["scripts/build-firmware.mjs", "sim"]),
);
unlessFresh(
  "companion",
  ["dist/src/cli.js"],
  ["src", "devs", "tsconfig.json", "tsconfig.build.json", "package-lock.json"],
  () => {
    rmSync("dist/src", { recursive: true, force: true });
    run("companion", process.execPath, [bin("typescript", "bin/tsc"), "-p", "tsconfig.build.json"]);
  },
);
unlessFresh(
  "page",
  ["dist/web/index.html"],
  [
    "src/page",
    "src/web/live-limits.ts",
    "src/robot/stop-lines.ts",
    "src/wire",
    "package-lock.json",
  ],
  () =>
    run("page", process.execPath, [
      bin("vite", "bin/vite.js"),
      "build",
      "src/page",
      "--logLevel",
      "warn",
    ]),
);
