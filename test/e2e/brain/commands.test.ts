// `buddy brain` as it is typed (G10): what there is, and every refusal as a sentence with what to do. No hub is reached.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { root } from "../../support/tree.js";

describe("buddy brain", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-brain-cli-"));
  after(() => rmSync(dataDir, { recursive: true }));
  const buddy = (...args: readonly string[]): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, "dist/src/cli.js"), "brain", ...args, "--data", dataDir],
      { encoding: "utf8", timeout: 120_000 },
    );
    return { status, text: `${stdout}${stderr}` };
  };

  it("G10: lists the models with licence, size and memory, and what is installed", () => {
    const { status, text } = buddy("list");
    assert.equal(status, 0, text);
    for (const words of [
      /^qwen2\.5-0\.5b +Qwen2\.5 0\.5B Instruct, Apache-2\.0, 492 MB, wants 900 MB of memory/m,
      /^qwen2\.5-1\.5b /m,
      /^qwen3-4b /m,
      /of memory are free\. The runtime is not installed\.$/m,
    ]) {
      assert.match(text, words);
    }
  });

  it("G10: says what is wrong and what to do, and ends with 1", () => {
    const rows = [
      [
        ["install", "gpt-9"],
        /^BRAIN_NAME: expected qwen2\.5-0\.5b, .*, got gpt-9\.\nWhat to do: /m,
      ],
      [["remove"], /^BRAIN_NAME: no model was named/m],
      [["test"], /^BRAIN_NAME: no model is installed\.\nWhat to do: run `buddy brain install`/m],
      [["test", join(root, "package.json")], /^BRAIN_FILE: .*package\.json is no model/m],
    ] as const;
    for (const [args, words] of rows) {
      const { status, text } = buddy(...args);
      assert.equal(status, 1, text);
      assert.match(text, words);
    }
  });
});
