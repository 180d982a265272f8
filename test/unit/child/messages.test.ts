/** What crosses the channel is parsed once; nonsense is a value, never a throw. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cutLine, parseFromChild, parseFromParent } from "../../../src/child/messages.js";

const nonsense: unknown[] = [
  undefined,
  null,
  1,
  "ready",
  [],
  {},
  { type: "" },
  { type: 1 },
  { type: "x".repeat(61) },
];

describe("messages of a child", () => {
  const good: [string, unknown, string][] = [
    ["ready with doors", { type: "ready", http: "127.0.0.1:5555" }, "child"],
    ["beat", { type: "beat", rssBytes: 1 }, "child"],
    ["status", { type: "status", status: { fps: 25 } }, "child"],
    ["log", { type: "log", level: "warn", message: "x" }, "child"],
    ["sight", { type: "sight", colour: "red", silentMs: 1500 }, "child"],
    ["progress", { type: "progress", text: "its program is loaded" }, "child"],
    ["progress without end", { type: "progress", text: "x".repeat(201) }, "bad"],
    ["a message of its own", { type: "face", x: 1 }, "part"],
    ["a name of Object's", { type: "constructor" }, "part"],
    ["ready with a door that is no text", { type: "ready", http: 5555 }, "bad"],
    ["beat without memory", { type: "beat" }, "bad"],
    ["beat with NaN", { type: "beat", rssBytes: Number.NaN }, "bad"],
    ["log of an unknown level", { type: "log", level: "loud", message: "x" }, "bad"],
  ];
  for (const [name, raw, kind] of good) {
    it(`${name}: ${kind}`, () => assert.equal(parseFromChild(raw).kind, kind));
  }
  for (const raw of nonsense) {
    it(`${JSON.stringify(raw)}: bad`, () => assert.equal(parseFromChild(raw).kind, "bad"));
  }
});

describe("messages of the parent", () => {
  const good: [string, unknown, string][] = [
    ["stop", { type: "stop" }, "stop"],
    ["beat", { type: "beat" }, "beat"],
    ["peers", { type: "peers", peers: { vision: "red" } }, "peers"],
    ["peers with an unknown sight", { type: "peers", peers: { vision: "ill" } }, "bad"],
    ["a message of the part's own", { type: "wifi", on: false }, "part"],
  ];
  for (const [name, raw, kind] of good) {
    it(`${name}: ${kind}`, () => assert.equal(parseFromParent(raw).kind, kind));
  }
  for (const raw of nonsense) {
    it(`${JSON.stringify(raw)}: bad`, () => assert.equal(parseFromParent(raw).kind, "bad"));
  }
});

describe("log lines", () => {
  it("are cut to what may cross the channel", () => {
    assert.equal(cutLine("short"), "short");
    assert.equal(cutLine("x".repeat(3000)).length, 2000);
  });
});
