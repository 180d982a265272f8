// The relinker knows one version of the compiler and refuses every other by name.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { requireKnownCompiler } from "../../../scripts/relink/compiler.js";

test("another version than the known one is refused, with what was expected and found", () => {
  const root = mkdtempSync(join(tmpdir(), "buddy-compiler-"));
  try {
    const folder = join(root, "node_modules/@devicescript/cli");
    mkdirSync(folder, { recursive: true });
    const install = (version: string): void => {
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({ name: "@devicescript/cli", version }),
      );
    };
    install("2.16.4");
    requireKnownCompiler(root);
    install("2.17.0");
    assert.throws(
      () => requireKnownCompiler(root),
      /knows @devicescript\/cli 2\.16\.4; installed is @devicescript\/cli 2\.17\.0/,
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("the compiler that this repository installs is the known one", () => {
  requireKnownCompiler(join(import.meta.dirname, "../../.."));
});
