/**
 * Keeps V8's compiled code of the DeviceScript CLI, a bundle of 28 MB whose parsing is most of the VM's start.
 * Measured here: load 1.9 s without, 0.95 s with. V8 checks the data itself (version, flags, source) and rejects
 * what does not fit; a cache that cannot be read or written only costs the time it would have saved.
 */
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

/**
 * The CLI's only dynamic import looks on the internet for a newer CLI. Code compiled here cannot import, which is
 * welcome; the CLI prints the error and goes on, and that print is dropped.
 */
function hideFailedUpdateCheck() {
  const debug = console.debug;
  console.debug = (first, ...rest) => {
    if (first?.code !== "ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING") debug(first, ...rest);
  };
}

/** Compiles `devicescript-cli.cjs` through the cache in `folder`; every other module loads as always. */
function keepCompiledCode(folder) {
  hideFailedUpdateCheck();
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, ...rest) {
    if (path.basename(filename) !== "devicescript-cli.cjs") {
      return compile.call(this, content, filename, ...rest);
    }
    const file = path.join(folder, `devicescript-cli-${process.version}-${content.length}.bin`);
    const cachedData = readCache(file);
    const script = new vm.Script(Module.wrap(content), { filename, cachedData });
    const run = script.runInThisContext();
    const require = Module.createRequire(filename);
    run.call(this.exports, this.exports, require, this, filename, path.dirname(filename));
    if (cachedData === undefined || script.cachedDataRejected) writeCache(file, script);
    return undefined;
  };
}

function readCache(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    // Not there yet, or not readable: the bundle is compiled from source.
    return undefined;
  }
}

function writeCache(file, script) {
  try {
    const temporary = `${file}.${process.pid}`;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(temporary, script.createCachedData());
    fs.renameSync(temporary, file);
  } catch {
    // A full or read-only disk: the next start is as slow as this one.
    return;
  }
}

module.exports = { keepCompiledCode };
