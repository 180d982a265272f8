/** The doors' question before they open without a token: can only this machine reach the address? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback } from "../../../src/host/loopback.js";

test("loopback in each of its spellings, and nothing that only looks like it", () => {
  for (const host of ["localhost", "::1", "127.0.0.1", "127.8.9.250"]) {
    assert.equal(isLoopback(host), true, host);
  }
  const others = ["0.0.0.0", "::", "192.168.1.7", "127.0.0.1.example.org", "localhost.example.org"];
  for (const host of [...others, "1270.0.0.1", "127.0.0", ""]) {
    assert.equal(isLoopback(host), false, host);
  }
});
