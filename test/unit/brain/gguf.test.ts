// A model's file is judged by its head, before anything is loaded: what is no GGUF, cut, or too large for the memory is
// refused by name and with figures (G10).
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { BrainError } from "../../../src/brain/brain-error.js";
import { fitModel, isSmallHead } from "../../../src/brain/fit.js";
import { readGguf } from "../../../src/brain/gguf.js";
import { BRAIN_MODELS, chooseModel, modelNamed } from "../../../src/brain/models.js";
import { ggufFile } from "../../support/gguf.js";

const GB = 1e9;

describe("a model's file", () => {
  const folder = mkdtempSync(join(tmpdir(), "buddy-gguf-"));
  after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "model.gguf");
  const read = (bytes: Buffer | string): ReturnType<typeof readGguf> => {
    writeFileSync(path, bytes);
    return readGguf(path);
  };
  const refuses = (bytes: Buffer | string, code: string, words: RegExp): void => {
    assert.throws(
      () => read(bytes),
      (error) => {
        assert.ok(error instanceof BrainError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, words);
        assert.match(error.next, /buddy brain install/);
        return true;
      },
    );
  };

  it("G10: says what it is, and what its context costs", () => {
    const whole = ggufFile();
    assert.deepEqual(read(whole), {
      architecture: "llama",
      name: "A test's model",
      parameters: 2048,
      contextTokens: 4096,
      // 4 layers × 2 heads of keys and of values × 32 numbers × 2 bytes.
      tokenBytes: 4 * 2 * (32 + 32) * 2,
      fileBytes: whole.length,
    });
  });

  it("G10: counts heads that differ from layer to layer, and heads of their own size", () => {
    const layers = read(ggufFile({ keys: { "llama.attention.head_count_kv": [2, 2, 1, 1] } }));
    assert.equal(layers.tokenBytes, 6 * (32 + 32) * 2);
    const size = read(ggufFile({ keys: { "llama.attention.key_length": 64 } }));
    assert.equal(size.tokenBytes, 4 * 2 * (64 + 32) * 2);
  });

  it("G10: reads past a vocabulary that is longer than what is read at once", () => {
    assert.equal(read(ggufFile({ words: 200_000 })).contextTokens, 4096);
  });

  it("G10: what is no GGUF is refused by name", () => {
    refuses("", "BRAIN_FILE", /it has 0 bytes/);
    refuses("x".repeat(1000), "BRAIN_FILE", /does not begin as one/);
    refuses(ggufFile({ version: 1 }), "BRAIN_FILE", /its version is 1, not 2 or 3/);
    refuses(ggufFile({ architecture: "" }), "BRAIN_FILE", /of what architecture/);
    const huge = ggufFile();
    huge.writeBigUInt64LE(2n ** 60n, 16);
    refuses(huge, "BRAIN_FILE", /a size of/);
    assert.throws(() => readGguf(folder), /BrainError: .*it is not a file/);
    assert.throws(() => readGguf(join(folder, "none")), /cannot be read \(ENOENT\)/);
  });

  it("G10: one that was cut is refused, wherever the cut is", () => {
    const whole = ggufFile();
    for (const bytes of [30, 200, 1500, whole.length - 100, whole.length - 1]) {
      refuses(whole.subarray(0, bytes), "BRAIN_CUT", /it was cut/);
    }
  });
});

describe("the memory that a model wants", () => {
  const facts = { fileBytes: 2 * GB, tokenBytes: 100_000, contextTokens: 32_768 };
  const all = { ...facts, architecture: "llama", name: "", parameters: 4e9 };

  it("G10: the longest context that fits is taken", () => {
    assert.equal(fitModel(all, 8 * GB).contextTokens, 4096);
    assert.equal(fitModel(all, 2.5 * GB).contextTokens, 2048);
    assert.equal(fitModel(all, 2.35 * GB).contextTokens, 1024);
    assert.equal(fitModel({ ...all, contextTokens: 512 }, 8 * GB).contextTokens, 512);
  });

  it("G10: one that does not fit is refused before it is loaded, with the figures", () => {
    assert.throws(
      () => fitModel(all, 2.2 * GB),
      (error) =>
        error instanceof BrainError &&
        error.code === "BRAIN_MEMORY" &&
        error.message === "the model wants 2.3 GB of memory, 2.2 GB are free",
    );
  });

  it("G10: the short prompt is for small heads", () => {
    assert.equal(isSmallHead({ parameters: 494e6 }), true);
    assert.equal(isSmallHead({ parameters: 4e9 }), false);
  });
});

describe("the table of models", () => {
  it("G10: each is pinned to a revision, a length and a SHA-256, and has an open licence", () => {
    assert.equal(BRAIN_MODELS.length, 3);
    for (const model of BRAIN_MODELS) {
      assert.match(model.path, /^[\w-]+\/[\w.-]+\/resolve\/[0-9a-f]{40}\/[\w.-]+\.gguf$/, model.id);
      assert.match(model.sha256, /^[0-9a-f]{64}$/, model.id);
      assert.equal(model.licence, "Apache-2.0", model.id);
      assert.ok(model.memoryBytes > model.bytes + 300e6, `${model.id}: more than its own bytes`);
      assert.equal(modelNamed(model.id), model);
    }
    assert.equal(modelNamed("gpt-9"), undefined);
  });

  it("G10: the choice follows free memory and processors", () => {
    const chosen = (free: number, cores: number): string | undefined =>
      chooseModel(free * GB, cores)?.id;
    assert.equal(chosen(1.5, 4), undefined);
    assert.equal(chosen(2, 4), "qwen2.5-0.5b");
    assert.equal(chosen(4, 4), "qwen2.5-1.5b");
    assert.equal(chosen(16, 4), "qwen2.5-1.5b", "4 B on four cores is slow");
    assert.equal(chosen(16, 8), "qwen3-4b");
  });
});
