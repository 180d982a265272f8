// Failures that nobody awaited. Properties that must hold: each is told and counted, and none after the end.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { it } from "node:test";
import { StrayRejections } from "../../../src/host/stray-rejections.js";

it("A3: a failure that nobody awaited is told and counted, and ends nothing", () => {
  const target = new EventEmitter();
  const told: string[] = [];
  const stray = new StrayRejections((_level, message) => void told.push(message), target as never);
  target.emit("unhandledRejection", new Error("lost on the way"));
  target.emit("unhandledRejection", "no error at all");
  assert.equal(stray.count, 2);
  assert.match(told[0] ?? "", /nobody awaited \(1\): lost on the way at /);
  assert.match(told[1] ?? "", /\(2\): no error at all/);
  stray.stop();
  target.emit("unhandledRejection", new Error("later"));
  assert.equal(stray.count, 2);
});
