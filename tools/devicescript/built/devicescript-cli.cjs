/**
 * The DeviceScript command of this tree: the stock one (`devicescript-stock`, which is @devicescript/cli 2.16.4 unchanged),
 * loaded with some of its lines changed in memory. What its compiler makes goes through `scripts/relink` before it is written,
 * verified and deployed, because it is longer than the VM can address; and `devtools` compiles in a process of its own. Nothing
 * on the disk is changed. It stands where the stock starter and everybody else look for the command, so `devs build`, `run`,
 * `devtools` and F5 in VS Code all get it.
 */
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { breakpointEnds } = require("./breakpoints.cjs");
const { joinBus } = require("./bus.cjs");
const { compile, say } = require("./compile-apart.cjs");

/** The only release whose source the changes below were read against. */
const STOCK_VERSION = "2.16.4";
const STOCK_PACKAGE = "devicescript-stock";
const ROOT = path.resolve(__dirname, "../../..");

/** Lines of the stock command and what stands there instead. It contains the compiler twice, the debugger's copy too. */
const CHANGES = [
  {
    from: "({ binary, dbg } = this.serialize());",
    to: "({ binary, dbg } = globalThis.buddyDevs.relink(this.serialize(), this.mainFileName));",
    times: 2,
  },
  {
    from: "const res = (0, import_compiler4.compileWithHost)(fn, host);",
    to: "const res = await globalThis.buddyDevs.compile(fn, host.getFlags(), () => (0, import_compiler4.compileWithHost)(fn, host));",
    times: 1,
  },
  {
    from: 'else\n    await inst.setupWebsocketTransport("ws://127.0.0.1:8081");',
    to: "else\n    await globalThis.buddyDevs.joinBus(inst);",
    times: 1,
  },
  {
    // For who compiles more than one program: the second one takes a process that has done it before half the time.
    from: "mainCli: () => mainCli",
    to: "mainCli: () => mainCli, compileFile: () => compileFile, setConsoleColors: () => setConsoleColors",
    times: 1,
  },
  {
    from: "await this.client.clearAllBreakpoints();",
    to: "await this.client.clearAllBreakpoints(); await this.client.setBreakpoints(globalThis.buddyDevs.breakpointEnds);",
    times: 1,
  },
];

globalThis.buddyDevs = { relink, compile, joinBus, breakpointEnds };

/** The stock compiler's result, short enough for the VM; says what was done to it. */
function relink(compiled, entry) {
  const { relinkBuild } = require("tsx/cjs/api").require(
    path.join(ROOT, "scripts/relink/hook.ts"),
    __filename,
  );
  const { build, said } = relinkBuild(compiled, entry);
  if (said !== "") say(said);
  return build;
}

/** @returns the stock command's file @throws Error naming what was found when it is not the known release. */
function findStock() {
  const hint = "run `npm ci`";
  let manifest;
  try {
    manifest = require.resolve(`${STOCK_PACKAGE}/package.json`, { paths: [ROOT] });
  } catch {
    throw new Error(`the stock DeviceScript command (${STOCK_PACKAGE}) is not installed: ${hint}`);
  }
  const { name, version } = JSON.parse(fs.readFileSync(manifest, "utf8"));
  if (name !== "@devicescript/cli" || version !== STOCK_VERSION) {
    throw new Error(
      `${STOCK_PACKAGE} is ${name} ${version}; the relinker knows @devicescript/cli ${STOCK_VERSION} only: ${hint}`,
    );
  }
  return path.join(path.dirname(manifest), "built", "devicescript-cli.cjs");
}

function change(source, file) {
  for (const { from, to, times } of CHANGES) {
    const parts = source.split(from);
    if (parts.length - 1 !== times) {
      throw new Error(
        `${file} is not that of @devicescript/cli ${STOCK_VERSION}: "${from}" stands in it ${parts.length - 1} times, not ${times}; run \`npm ci\``,
      );
    }
    source = parts.join(to);
  }
  return source;
}

function loadStock() {
  const file = findStock();
  const stock = new Module(file, module);
  stock.filename = file;
  stock.paths = Module._nodeModulePaths(path.dirname(file));
  stock._compile(change(fs.readFileSync(file, "utf8"), file), file);
  return stock.exports;
}

try {
  module.exports = loadStock();
} catch (error) {
  console.error(`devs: ${error.message}`);
  process.exit(1);
}
