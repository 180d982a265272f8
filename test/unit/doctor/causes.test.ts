/**
 * What becomes of one cause in many lines (doctor/causes.ts): the cause is told, its shadows are not.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineText } from "../../../src/doctor/line.js";
import { type Details, healthLines } from "../../../src/doctor/running.js";

const HEALTHY: Details = {
  level: "ok",
  text: "Everything works.",
  backends: [],
  breakers: [],
  processes: [],
  changes: [],
  alerts: [],
};

const unwell = (id: string, level: "bad" | "warn" | "busy" | "ok", text = "x") => ({
  id,
  title: id,
  level,
  text,
  next: "",
});
const breaker = (id: string, toldBy: string, state: string) => ({
  id,
  title: id,
  text: "Left alone.",
  next: "In 20 s.",
  toldBy,
  breaker: { state },
});
const alert = (key: string) => ({ key, severity: "warning", text: `${key}!`, next: "" });
const idsOf = (health: Partial<Details>): string[] =>
  healthLines({ ...HEALTHY, level: "bad", ...health }).map(({ id }) => id);

test("C3: a part that the supervisor gave up is named, with why and what to do, once", () => {
  const lines = healthLines({
    ...HEALTHY,
    level: "bad",
    text: "Face detector: It was given up.",
    backends: [
      { id: "process-vision", title: "Face detector", level: "bad", text: "x", next: "" },
      { id: "camera", title: "Camera", level: "bad", text: "Nothing said.", next: "Look at it." },
      { id: "pictures", title: "Pictures", level: "bad", text: "None.", next: "" },
      { id: "link", title: "Link", level: "ok", text: "Up.", next: "" },
    ],
    processes: [{ name: "vision", title: "Face detector", phase: "givenUp" }],
    changes: [{ title: "Face detector", to: "givenUp", why: "5 restarts in 10 minutes" }],
    breakers: [breaker("pictures", "pictures", "open")],
    alerts: [alert("part vision"), alert("breaker pictures"), alert("readiness")],
  });
  const [part] = lines;
  assert.ok(part !== undefined && lines.length === 1, JSON.stringify(lines));
  assert.deepEqual([part.id, part.state], ["part-vision", "mend"]);
  assert.match(part.text, /Face detector \(vision\) was given up .*5 restarts in 10 minutes/);
  assert.match(part.text, / Because of it: Camera, Pictures\.$/);
  assert.match(lineText(part), /^MEND .*\n.*next: see its log/);
});

test("E3: one cause is one line: what it takes down with it, its breaker and its alert are no others", () => {
  const alerts = [alert("breaker robot"), alert("readiness")];
  const robot = { breakers: [breaker("robot", "robot", "open")], alerts };
  const down = [unwell("robot", "bad"), unwell("link", "warn")];
  assert.deepEqual(idsOf({ ...robot, backends: down }), ["health-robot"]);
  const vm = [...down, unwell("process-robot", "bad"), unwell("wifi", "bad")];
  assert.deepEqual(idsOf({ ...robot, backends: vm }), ["health-process-robot"]);
  const camera = [unwell("camera", "bad"), unwell("pictures", "bad")];
  assert.deepEqual(idsOf({ backends: camera }), ["health-camera"]);
});

test("E3: two causes are two lines, and what only nears trouble hides none", () => {
  const both = [unwell("process-gateway", "bad"), unwell("camera", "bad"), unwell("mind", "warn")];
  assert.deepEqual(idsOf({ backends: both }), [
    "health-process-gateway",
    "health-camera",
    "health-mind",
  ]);
  // A detector that is slow is not why the camera's address is wrong.
  const slow = [unwell("process-vision", "warn"), unwell("camera", "bad")];
  assert.deepEqual(idsOf({ backends: slow }), ["health-process-vision", "health-camera"]);
  const starting = [unwell("process-vision", "busy"), unwell("camera", "warn")];
  assert.deepEqual(idsOf({ backends: starting }), ["health-process-vision", "health-camera"]);
});

test("E3: a breaker and an alert of which nothing else tells have their lines, a closed one has none", () => {
  const breakers = [breaker("ollama", "mind", "open"), breaker("robot", "robot", "closed")];
  const alerts = [alert("breaker ollama"), alert("log")];
  const backends = [unwell("mind", "ok")];
  assert.deepEqual(idsOf({ backends, breakers, alerts }), ["breaker-ollama", "alert-log"]);
  assert.deepEqual(idsOf({ level: "ok" }), ["health"]);
});
