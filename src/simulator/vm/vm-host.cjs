/**
 * The process of the stock DeviceScript VM: what `devs run PROGRAM --tcp` and `devs vm --tcp` do with it, without the compiler
 * and the tools that this command holds. `vm-shim.cjs` is preloaded and stands between the VM and the world. Arguments: the stock
 * command's file, the device id and, to give the VM a program, the bytecode's file. `vm-lines.ts` reads what it prints.
 */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { Frames, loadStockPart } = require("./vm-stock.cjs");

/** Where the shim expects the VM to dial for its bus. */
const HUB = ["127.0.0.1", 8082];
const DEBUG_FILE = path.join(".devicescript", "bin", "bytecode-dbg.json");
const FLASH_DIR = path.join(".devicescript", "flash");
const FLASH_FILE = path.join(FLASH_DIR, "sim.bin");
/** Colours in which the stock command prints the program's lines, by the runtime's marks for them. */
const INKS = { ">": 95, "?": 34, "!": 91, "*": 33 };

const [command, deviceId, program] = process.argv.slice(2);

/** Flash is written whole or not at all: a process killed in the middle must not take settings and program with it. */
function saveFlash(bytes) {
  fs.writeFileSync(`${FLASH_FILE}.new`, bytes);
  fs.renameSync(`${FLASH_FILE}.new`, FLASH_FILE);
}

function loadFlash() {
  // A new robot has none yet.
  return fs.existsSync(FLASH_FILE) ? new Uint8Array(fs.readFileSync(FLASH_FILE)) : new Uint8Array();
}

/** Prints what the program and the runtime say: mark, space, text. Other lines are the runtime's diary. */
function printerOf(frames) {
  return (line) => {
    const [, mark, text] = /^\s*([*!?>]) (.*)/.exec(line) ?? [];
    if (mark) console.log(`WASM> \u001b[${INKS[mark]}m${frames.read(text)}\u001b[0m`);
  };
}

async function main() {
  const stock = await loadStockPart(command, "vm")();
  stock.dmesg = printerOf(new Frames(command, DEBUG_FILE));
  stock.devsGcStress(false);
  await stock.setupNodeTcpSocketTransport(require, ...HUB);
  fs.mkdirSync(FLASH_DIR, { recursive: true });
  stock.flashLoad = loadFlash;
  stock.flashSave = saveFlash;
  stock.devsSetDeviceId(deviceId);
  stock.devsStart();
  if (program === undefined) return;
  const refused = stock.devsDeploy(fs.readFileSync(program));
  if (refused !== 0) throw new Error(`deploy error: ${refused}`);
}

void main();
