// Loopback without a proxy. Property that must hold: the names of this machine are in NO_PROXY, whatever stood there, and
// what stood there stays.
import assert from "node:assert/strict";
import { it } from "node:test";
import { keepLoopbackDirect } from "../../../src/host/direct-loopback.js";

it("A14: services of this machine are never asked by way of a proxy", () => {
  const all = "localhost,127.0.0.1,::1,[::1]";
  const cases: readonly (readonly [Record<string, string>, Record<string, string>])[] = [
    [{}, { NO_PROXY: all }],
    [{ NO_PROXY: "" }, { NO_PROXY: all }],
    [{ NO_PROXY: "a.example, localhost" }, { NO_PROXY: "a.example,localhost,127.0.0.1,::1,[::1]" }],
    [
      { no_proxy: "b.example", NO_PROXY: "a" },
      { no_proxy: `b.example,${all}`, NO_PROXY: "a" },
    ],
    [{ NO_PROXY: "*" }, { NO_PROXY: "*" }],
    [{ NO_PROXY: all }, { NO_PROXY: all }],
  ];
  for (const [before, after] of cases) {
    keepLoopbackDirect(before);
    assert.deepEqual(before, after);
  }
});
