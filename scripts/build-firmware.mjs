// Builds firmware images: `node scripts/build-firmware.mjs sim` writes dist/firmware/sim.devs and, beside it, the
// debug information that turns addresses into source positions. Names: sim, a board of devs/boards, or all.
// Two steps: the compiler, whose image may be too long to run, then the relinker, whose image the VM's verifier judges.
// A build takes 5 to 15 s, so what is up to date (by content of all sources) is left alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const cli = "node_modules/@devicescript/cli/devicescript";
// Where the compiler writes; its option for another folder does not take one (2.16.4).
const bin = ".devicescript/bin";
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
  const sources = ["devs", "src/wire", "boards", "scripts/relink"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => join(found.parentPath, found.name)),
  );
  for (const file of [...sources.sort(), "devsconfig.json", "package-lock.json"]) {
    hash.update(file).update("\0").update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** Runs node and returns what it printed; ends this build when it fails. */
function step(name, args) {
  const result = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (result.status !== 0) fail(name, `${result.stdout}${result.stderr}`);
  return result.stdout;
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
  const image = join(bin, "bytecode.devs");
  rmSync(image, { force: true });
  step(name, [cli, "build", "--no-verify", entry]);
  if (!existsSync(image)) fail(name, "the compiler wrote no image");
  const files = [image, join(bin, "bytecode-dbg.json"), built, `dist/firmware/${name}-dbg.json`];
  const said = step(name, ["--import", "tsx", "scripts/relink/main.ts", entry, ...files]);
  const bytes = statSync(built).size;
  if (bytes > IMAGE_BYTES_MAX) fail(name, `${bytes} bytes, at most ${IMAGE_BYTES_MAX} fit`);
  writeFileSync(stamp, digest);
  console.log(`${name.padEnd(20)} ${bytes} bytes, ${said.trim()}`);
}
