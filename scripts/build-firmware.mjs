// Builds firmware images: `node scripts/build-firmware.mjs sim` writes dist/firmware/sim.devs and, beside it, the
// debug information that turns addresses into source positions. Names: sim, a board of devs/boards, or all.
// `devs build` makes them (the command of this tree, tools/devicescript: compiler, relinker, the VM's verifier). Here is what it
// does not do: many images, each with a name; their limit; and what is up to date, by content of all sources, is left alone.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const CLI = "../node_modules/@devicescript/cli/built/devicescript-cli.cjs";
/** What the simulator's flash holds beside the settings; boards hold twice that (platform of 2.16.4). */
const IMAGE_BYTES_MAX = 110 * 1024;

const boards = readdirSync("devs/boards")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .sort();
const asked = process.argv.slice(2);
if (asked.length === 0) {
  console.error(`usage: build-firmware.mjs all | sim | BOARD …   boards: ${boards.join(" ")}`);
  process.exit(2);
}
const names = asked.includes("all") ? ["sim", ...boards] : asked;
const unknown = names.find((name) => name !== "sim" && !boards.includes(name));
if (unknown !== undefined) {
  console.error(`no firmware named ${unknown}; there are: sim ${boards.join(" ")}`);
  process.exit(2);
}

/** Content of everything that an image is made of. */
function digestOf(entry) {
  const hash = createHash("sha256").update(entry);
  const sources = [
    "devs",
    "src/wire",
    "boards",
    "services",
    "scripts/relink",
    "tools/devicescript",
  ].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => join(found.parentPath, found.name)),
  );
  for (const file of [...sources.sort(), "devsconfig.json", "package-lock.json"]) {
    hash.update(file).update("\0").update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** All images in this process: what it has learnt of its own code at the first one makes the others twice as fast. */
async function compile(entry) {
  process.env.BUDDY_IMAGE = "release";
  const { compileFile, setConsoleColors } = createRequire(import.meta.url)(CLI);
  setConsoleColors(false);
  return compileFile(entry);
}

function fail(name, reason) {
  console.error(`${name}: ${reason}`);
  process.exit(1);
}

mkdirSync("dist/firmware", { recursive: true });
for (const name of names) {
  const built = join("dist/firmware", `${name}.devs`);
  const stamp = join("dist/firmware", `${name}.digest`);
  const entry = name === "sim" ? "devs/main.ts" : `devs/boards/${name}.ts`;
  const digest = digestOf(entry);
  if (existsSync(built) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) {
    console.log(`${name.padEnd(20)} ${statSync(built).size} bytes, up to date`);
    continue;
  }
  const { success, binary, dbg } = await compile(entry).catch((error) => fail(name, error.message));
  // The compiler has said why.
  if (!success) fail(name, "it was not compiled");
  if (binary.length > IMAGE_BYTES_MAX)
    fail(name, `${binary.length} bytes, at most ${IMAGE_BYTES_MAX} fit`);
  writeFileSync(built, binary);
  writeFileSync(`dist/firmware/${name}-dbg.json`, JSON.stringify(dbg));
  writeFileSync(stamp, digest);
  console.log(`${name.padEnd(20)} ${binary.length} bytes`);
}
