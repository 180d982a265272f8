/**
 * Lets go of the host's pseudo terminals. The native module opens them without "close on exec", so a VM inherits the end that
 * stands for a board's USB socket, and a cable that the host pulls would stay plugged in here. Linux only: elsewhere nobody
 * says which descriptors they are.
 */
"use strict";

const fs = require("node:fs");

const LIST = "/proc/self/fd";

exports.closeInheritedPorts = function closeInheritedPorts() {
  if (process.platform !== "linux") return;
  for (const fd of fs.readdirSync(LIST)) {
    try {
      if (/^\/dev\/(pts\/)?ptmx$/.test(fs.readlinkSync(`${LIST}/${fd}`))) fs.closeSync(Number(fd));
    } catch {
      // The descriptor that the list itself was read by.
    }
  }
};
