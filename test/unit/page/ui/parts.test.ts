/** The list of Health: what is wrong comes first, worst first; each part stands once; what a person can press is there. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type PartRow, partRows } from "../../../../src/page/ui/parts.js";
import { eventfulHour } from "../../../support/health.js";
import { healthPart, NO_DETAILS } from "../../../support/services.js";

const PAGE: PartRow = { id: "page", title: "This page", level: "ok", text: "", next: "" };
const ids = (rows: readonly PartRow[]): string[] => rows.map(({ id }) => id);

describe("the parts of Health", () => {
  it("trouble first, the worst of it first; what is well or not wanted is apart", () => {
    const parts = [
      healthPart("a", "A", "ok", ""),
      healthPart("b", "B", "busy", ""),
      healthPart("c", "C", "warn", ""),
      healthPart("d", "D", "bad", ""),
      healthPart("e", "E", "off", ""),
      healthPart("f", "F", "bad", ""),
    ];
    const { trouble, well } = partRows(PAGE, parts, undefined);
    assert.deepEqual(ids(trouble), ["d", "f", "c", "b"]);
    assert.deepEqual(ids(well), ["page", "a", "e"]);
  });

  it("a part that the state and the last hour tell of stands once: the state's words, the hour's strip", () => {
    const details = eventfulHour(1_000_000_000);
    const camera = healthPart("camera", "Camera", "bad", "No pictures.", "Check it.");
    const { trouble, well } = partRows(PAGE, [camera], details);
    const row = trouble.find(({ id }) => id === "camera");
    assert.equal(row?.text, "No pictures.");
    assert.equal(row?.history?.length, 2);
    const all = ids([...trouble, ...well]);
    assert.equal(new Set(all).size, all.length);
    assert.equal(all.length, 1 + details.backends.length);
  });

  it("a process that only a person can start, and a breaker that is left alone, have something to press", () => {
    const { trouble } = partRows(PAGE, [], eventfulHour(1_000_000_000));
    const fixes = trouble.map(({ id, fix }) => [id, fix]);
    assert.deepEqual(fixes, [
      ["process-vision", { kind: "restart", name: "vision" }],
      ["ollama", { kind: "reset", name: "ollama" }],
      ["disk", undefined],
    ]);
    assert.deepEqual(partRows(PAGE, [], NO_DETAILS).trouble, []);
  });
});
