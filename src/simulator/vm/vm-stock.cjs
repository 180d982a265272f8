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

/**
 * The text of the file from `start` to the first `end` after it, both included. Read in blocks: the whole file would stay in
 * memory until the next big garbage collection.
 * @throws when it holds no such text.
 */
function cut(file, start, end) {
  const fd = fs.openSync(file, "r");
  const block = Buffer.alloc(BLOCK_BYTES);
  let text = "";
  let from = -1;
  try {
    for (let bytes; (bytes = fs.readSync(fd, block)) > 0;) {
      text += block.toString("latin1", 0, bytes);
      if (from < 0) {
        from = text.indexOf(start);
        // A heading may lie across two blocks.
        if (from < 0) text = text.slice(-start.length);
      }
      const to = from < 0 ? -1 : text.indexOf(end, from);
      if (to >= 0) return text.slice(from, to + end.length);
    }
  } finally {
    fs.closeSync(fd);
  }
  throw new Error(`expected "${start.trim()}" in ${file}: it is of another version than 2.16.4`);
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

module.exports = { loadStockPart };
