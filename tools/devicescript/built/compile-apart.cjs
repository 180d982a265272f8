/**
 * `devtools` and `bundle` compile in a process of their own. The compiler needs seconds for this firmware without letting go of
 * the thread, and a device that is not heard for 3 s is struck off the bus: then there is nothing left to deploy to.
 */
"use strict";

const { fork } = require("node:child_process");
const path = require("node:path");
const { command } = require("./command.cjs");

const STARTER = path.join(__dirname, "..", "devicescript");
/** Commands that have a bus to keep alive. */
const ON_THE_BUS = ["devtools", "bundle"];
/** VS Code's extension gives a build up after 60 s; this is only so that no compiler is left behind. */
const COMPILE_MS_MAX = 180_000;
/** Of what a compiler printed that gave no result, in characters from the end. */
const PRINTED_MAX = 4000;

const isApart = process.env.BUDDY_COMPILE_APART === "1" && process.send !== undefined;

/**
 * A setting that goes to the device with a program to be debugged: the firmware takes starts that do not last for nobody's
 * fault then (`devs/store/boot.ts`), where otherwise a third one in a row leads to safe mode.
 */
const BOOT_HINT = Buffer.from(JSON.stringify("debugger"));

/** One at a time: every compiler writes the same files. */
let last = Promise.resolve();

/**
 * Stands for the stock command's call of its compiler.
 * @param {string} entry file that the program begins with
 * @param {Record<string, boolean>} flags of the compiler
 * @param {() => object} compileHere the stock call; blocks
 * @returns what the stock call returns @throws Error when the compiler's process gave no result
 */
async function compile(entry, flags, compileHere) {
  if (isApart) return report(compileHere());
  if (!ON_THE_BUS.includes(command)) return compileHere();
  const result = last.then(() => compileInChild(entry, flags));
  last = result.catch(() => undefined);
  return result;
}

/** In the compiler's process: hands the result over whole before the command goes on, and perhaps ends. */
async function report(result) {
  await new Promise((resolve, reject) => {
    process.send({ result }, (error) => (error ? reject(error) : resolve()));
  });
  return result;
}

/** A line for people about what is being made. */
function say(text) {
  if (isApart) process.send({ said: text });
  else console.error(text);
}

function compileInChild(entry, flags) {
  const wanted = Object.keys(flags).filter((flag) => flags[flag]);
  const args = ["--no-colors", "build", entry, ...wanted.flatMap((flag) => ["--flag", flag])];
  const isDebugged = command === "devtools";
  const image = process.env.BUDDY_IMAGE ?? (isDebugged ? "debug" : "release");
  return new Promise((resolve, reject) => {
    const child = fork(STARTER, args, {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
      env: { ...process.env, BUDDY_COMPILE_APART: "1", BUDDY_IMAGE: image },
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), COMPILE_MS_MAX);
    let result;
    let printed = "";
    child.on("message", (message) => {
      if (message.said !== undefined) console.log(message.said);
      else ({ result } = message);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      printed = (printed + text).slice(-PRINTED_MAX);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (result !== undefined && isDebugged) {
        resolve({ ...result, settings: { ...result.settings, boot_hint: BOOT_HINT } });
      } else if (result !== undefined) resolve(result);
      else reject(new Error(`the compiler ended without a result (${signal ?? code}): ${printed}`));
    });
  });
}

module.exports = { compile, say };
