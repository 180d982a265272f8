// What a checkout needs before it runs, in the order in which one needs the other, and what each is made of. Plain
// JavaScript without dependencies, because it runs before anything is installed. What the user's environment says about
// production or omitted packages does not count here: building needs them all.
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesOf, unlessFresh } from "./fresh.mjs";
import { remedyOf, run } from "./step.mjs";

const BUILD_MIN_MAX = 10;
const INSTALL_MIN_MAX = 30;
/** With NODE_ENV the page's tools would build another page than the tests know. */
const env = { ...process.env };
delete env.NODE_ENV;

/** Runs a built-in tool of this checkout by this very Node. */
const node = (what, ...args) =>
  run({ what, command: process.execPath, args, limitMin: BUILD_MIN_MAX, env });
const bin = (name, entry) => join("node_modules", name, entry);
const INFO = "dist/.companion.tsbuildinfo";
/** `npm ci` and `npm install` remove these, because they are not in the lock file. */
const LIBRARY = "node_modules/@devicescript/core/src/index.ts";

/** In the order in which they need each other. */
export const parts = {
  packages: {
    stamp: "node_modules/.buddy-lock",
    inputs: ["package-lock.json"],
    // What npm writes when all is in its place: another install that leaves something out changes it.
    outputs: ["node_modules/.package-lock.json"],
    make: () =>
      run({
        what: "npm ci (a minute or two, once)",
        command: "npm",
        args: [
          "ci",
          "--include=dev",
          "--include=optional",
          "--include=peer",
          "--no-audit",
          "--no-fund",
        ],
        limitMin: INSTALL_MIN_MAX,
        env,
      }),
  },
  firmware: {
    stamp: "dist/.firmware.stamp",
    inputs: [
      "devs",
      "src/wire",
      "boards",
      "services",
      "scripts/build-firmware.mjs",
      "scripts/relink",
      "tools",
    ],
    outputs: ["dist/firmware/sim.devs", LIBRARY],
    make: () => {
      // What is interrupted must not be taken for up to date later, also when the sources go back; and an image that is up
      // to date is not compiled, though it is the compiler that brings the library.
      rmSync("dist/firmware/sim.digest", { force: true });
      return node("firmware", "scripts/build-firmware.mjs", "sim");
    },
  },
  companion: {
    stamp: "dist/.companion.stamp",
    inputs: [
      "src",
      "!src/page",
      "types",
      "tsconfig.json",
      "tsconfig.build.json",
      "package-lock.json",
    ],
    outputs: ["dist/src/cli.js"],
    make: async (isFirst) => {
      // The compiler builds on what it made before, which must be whole for that.
      if (isFirst)
        for (const old of ["dist/src", INFO]) rmSync(old, { recursive: true, force: true });
      await node("companion", bin("typescript", "bin/tsc"), "-p", "tsconfig.build.json");
      removeOrphans();
    },
  },
  page: {
    stamp: "dist/.page.stamp",
    inputs: [
      "src/page",
      "src/robot/lateness.ts",
      "src/robot/stop-lines.ts",
      "src/state/process-levels.ts",
      "src/vision/choice/giver-protocol.ts",
      "src/voice/fence.ts",
      "src/voice/sound-queue.ts",
      "src/web/live-limits.ts",
      "src/wire",
      "package-lock.json",
    ],
    outputs: ["dist/web/index.html"],
    make: () => node("page", bin("vite", "bin/vite.js"), "build", "src/page", "--logLevel", "warn"),
  },
};

/** What was compiled from a source that is gone. */
function removeOrphans() {
  for (const file of [...filesOf("dist/src")]) {
    const source = file.replace(/^dist./, "").replace(/\.js(\.map)?$/, ".ts");
    if (!existsSync(source)) rmSync(file);
  }
}

/**
 * Makes what is missing or stale, in the folder of this checkout, which becomes the current one. Ends the process with a
 * code other than 0, and says what to do, when that fails.
 * @param {string[]} names parts to make; none: all
 */
export async function setUp(names = []) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Buddy needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  const unknown = names.find((name) => !(name in parts));
  if (unknown !== undefined) {
    console.error(`no part named ${unknown}; there are: ${Object.keys(parts).join(" ")}`);
    process.exit(2);
  }
  process.chdir(join(dirname(fileURLToPath(import.meta.url)), "../.."));
  try {
    for (const [name, part] of Object.entries(parts)) {
      if (names.length === 0 || names.includes(name)) await unlessFresh(part);
    }
  } catch (error) {
    console.error(`setup: ${error.message}\nsetup: ${remedyOf(error.message)}`);
    process.exit(1);
  }
}
