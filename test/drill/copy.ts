/** A copy of this tree that can be broken: the files that git knows and what is built of them; the packages are shared. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import typescript from "typescript";
import { signalIfThere } from "../../src/drill/run/processes.js";
import type { Mutation } from "./mutations.js";

const root = join(import.meta.dirname, "../..");
const FIRMWARE_MS_MAX = 300_000;

/** @throws Error when the mutation's line does not stand in its file exactly once */
export function mutated(text: string, { file, from, to }: Mutation): string {
  const found = text.split(from).length - 1;
  if (found !== 1)
    throw new Error(`${file} must hold exactly once, and holds ${found} times: ${from}`);
  // As a function, so that "$" means nothing in it.
  return text.replace(from, () => to);
}

export class TreeCopy {
  readonly dir = mkdtempSync(join(tmpdir(), "buddy-mutation-"));

  constructor() {
    const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const file of listed.split("\0").filter((name) => existsSync(join(root, name)))) {
      if (file === "") continue;
      mkdirSync(dirname(join(this.dir, file)), { recursive: true });
      copyFileSync(join(root, file), join(this.dir, file));
    }
    cpSync(join(root, "dist"), join(this.dir, "dist"), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.dir, "node_modules"), "dir");
  }

  /** Ends what a broken product has left: processes that run files of this copy. */
  endLeft(): void {
    const rows = execFileSync("ps", ["-axo", "pid=,args="], { encoding: "utf8" }).split("\n");
    for (const row of rows.filter((one) => one.includes(`${this.dir}/`))) {
      signalIfThere(Number.parseInt(row, 10), "SIGKILL");
    }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Breaks a line and builds what is made of its file. @returns how to mend it. @throws Error when it cannot be built */
  break(mutation: Mutation): () => void {
    const path = join(this.dir, mutation.file);
    const text = readFileSync(path, "utf8");
    this.put(mutation.file, mutated(text, mutation));
    return () => this.put(mutation.file, text);
  }

  private put(file: string, text: string): void {
    writeFileSync(join(this.dir, file), text);
    // What both sides share is built for both.
    if (file.startsWith("devs/") || file.startsWith("src/wire/")) this.buildFirmware();
    if (!file.startsWith("src/")) return;
    const target = join(this.dir, "dist", file.replace(/\.ts$/, ".js"));
    if (!file.endsWith(".ts")) return writeFileSync(target, text);
    const { outputText } = typescript.transpileModule(text, {
      compilerOptions: {
        module: typescript.ModuleKind.ES2022,
        target: typescript.ScriptTarget.ES2022,
      },
    });
    writeFileSync(target, outputText);
  }

  private buildFirmware(): void {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/build-firmware.mjs", "sim"],
      { cwd: this.dir, encoding: "utf8", timeout: FIRMWARE_MS_MAX },
    );
    if (status !== 0) throw new Error(`the firmware was not built: ${stdout}${stderr}`);
  }
}
