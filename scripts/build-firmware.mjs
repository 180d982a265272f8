// Builds firmware images: `node scripts/build-firmware.mjs sim` writes dist/firmware/sim.devs and, beside it, the
// debug information that turns addresses into source positions. Names: sim, a board of devs/boards, or all.
// `devs build` makes them (the command of this tree, tools/devicescript: compiler, relinker, the VM's verifier). Here is what it
// does not do: many images, each with a name; their limit; and what is up to date, by content of all sources, is left alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
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
  const args = [cli, "--quiet", "--no-colors", "build", entry];
  const env = { ...process.env, BUDDY_IMAGE: "release" };
  const result = spawnSync(process.execPath, args, { encoding: "utf8", env });
  if (result.status !== 0) fail(name, `${result.stdout}${result.stderr}`);
  const bytes = statSync(join(bin, "bytecode.devs")).size;
  if (bytes > IMAGE_BYTES_MAX) fail(name, `${bytes} bytes, at most ${IMAGE_BYTES_MAX} fit`);
  copyFileSync(join(bin, "bytecode.devs"), built);
  copyFileSync(join(bin, "bytecode-dbg.json"), `dist/firmware/${name}-dbg.json`);
  writeFileSync(stamp, digest);
  console.log(`${name.padEnd(20)} ${bytes} bytes, ${result.stderr.trim()}`);
}
