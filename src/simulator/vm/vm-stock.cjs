/**
 * Parts of the stock DeviceScript command (`devicescript-stock`), which is one file of 28 MB: compiler, debugger, VM and more.
 * A part is cut out of it as it stands and run alone, so that a process that needs the VM does not hold the rest.
 */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

/** The bundler's headings in that file, version 2.16.4. */
const PARTS = {
  /** The VM: its WebAssembly and what stands around it. */
  vm: "runtime/devicescript-vm/built/devicescript-vm.js",
  /** What finds the source of a stack frame. */
  frames: "interop/built/devicescript-interop.node.cjs",
};

const BLOCK_BYTES = 1 << 20;
/** A fault has several frames within milliseconds; to load takes a tenth of a second. */
const KEEP_FRAMES_MS = 10_000;

/**
 * Where `wanted` begins in the file from `from` on, -1 when nowhere. In one block: as text, what lies before a part would stay in
 * memory, 20 MB, until a big garbage collection, which a quiet VM never has.
 */
function find(fd, wanted, from) {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let at = from; ;) {
    const bytes = fs.readSync(fd, block, 0, BLOCK_BYTES, at);
    const found = block.subarray(0, bytes).indexOf(wanted);
    if (found >= 0) return at + found;
    if (bytes < wanted.length) return -1;
    // It may lie across two blocks.
    at += bytes - wanted.length + 1;
  }
}

/**
 * The text of the file from `start` to the first `end` after it, both included.
 * @throws when it holds no such text.
 */
function cut(file, start, end) {
  const fd = fs.openSync(file, "r");
  try {
    const from = find(fd, start, 0);
    const to = from < 0 ? -1 : find(fd, end, from);
    if (to < 0)
      throw new Error(
        `expected "${start.trim()}" in ${file}: it is of another version than 2.16.4`,
      );
    const text = Buffer.alloc(to + end.length - from);
    fs.readSync(fd, text, 0, text.length, from);
    return text.toString("latin1");
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Runs a part and gives what it exports.
 * @param name `vm` or `frames`.
 * @throws when the file holds no such part.
 */
function loadStockPart(file, name) {
  const heading = PARTS[name];
  // A part is a function of exports and module in an object under its own path.
  const text = cut(file, `\n// ${heading}\n`, "\n});\n");
  const call = /^var (\w+) = /m.exec(text);
  const inOrder = [require, __filename, path.dirname(file), runPart];
  const names = ["require", "__filename", "__dirname", "__commonJS"];
  const code = `${text}\nreturn ${call[1]}();`;
  return vm.compileFunction(code, names, { filename: heading }).apply(undefined, inOrder);
}

const runPart = (parts) => () => {
  const module = { exports: {} };
  for (const part of Object.values(parts)) part(module.exports, module);
  return module.exports;
};

/**
 * Gives stack frames their places in the source. What that takes is loaded for the first one, most programs have none, and
 * dropped when no other has come for a while.
 */
class Frames {
  /** @param debugFile of the program, which may be missing. */
  constructor(file, debugFile) {
    this.file = file;
    this.debugFile = debugFile;
  }

  /** The text, with the place for each frame in it. */
  read(text) {
    if (!/_F\d+/.test(text)) return text;
    this.loaded ??= this.load();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.loaded = undefined), KEEP_FRAMES_MS).unref();
    const { stock, debug } = this.loaded;
    return debug === undefined ? text : stock.parseStackFrame(debug, text).markedLine;
  }

  load() {
    const debug = fs.existsSync(this.debugFile)
      ? JSON.parse(fs.readFileSync(this.debugFile, "utf8"))
      : undefined;
    return { stock: loadStockPart(this.file, "frames"), debug };
  }
}

module.exports = { Frames, loadStockPart };
