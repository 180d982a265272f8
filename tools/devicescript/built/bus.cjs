/** The bus of `devs run`: that of the developer tools when they run, and none when they do not. */
"use strict";

const net = require("node:net");
const { command } = require("./command.cjs");

const DEVTOOLS_PORT = 8081;
const DEVTOOLS_URL = `ws://127.0.0.1:${DEVTOOLS_PORT}`;

/** With `--wait` the program comes over the bus. */
const isWaiting = process.argv.some((word) => word === "-w" || word === "--wait");

/** The stock `run` ends when no developer tools listen; a program that nobody has to reach can do without. */
async function joinBus(vm) {
  if (command === "run" && !isWaiting && !(await isListening())) {
    console.error(`no developer tools on port ${DEVTOOLS_PORT}: the program runs without a bus`);
    vm.sendPacket = () => 0;
    return;
  }
  await vm.setupWebsocketTransport(DEVTOOLS_URL);
}

function isListening() {
  return new Promise((resolve) => {
    const socket = net.connect(DEVTOOLS_PORT, "127.0.0.1");
    const answer = (is) => {
      socket.destroy();
      resolve(is);
    };
    socket.on("connect", () => answer(true));
    socket.on("error", () => answer(false));
  });
}

module.exports = { joinBus };
