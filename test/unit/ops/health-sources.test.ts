// Properties: a robot that is late says what it gives up; what a part's change makes stale is asked again, and each id that is named there is one of a source.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startOptionsSchema } from "../../../src/companion/options.js";
import { partSpecs } from "../../../src/companion/parts.js";
import { healthSources, sourcesOfPart } from "../../../src/ops/health-sources.js";
import type { LinkState } from "../../../src/state/buddy-state.js";
import type { Finding } from "../../../src/state/health.js";
import type { PartView } from "../../../src/supervisor/supervisor-types.js";

test("every source that a part's change asks again is there", () => {
  const specs = partSpecs(startOptionsSchema.parse({}), { linkKey: "", token: undefined });
  const views = specs.map(({ name }) => ({ name }) as PartView);
  const unused = (): never => assert.fail("only ids are looked at");
  const sources = healthSources({
    views: () => views,
    link: unused,
    vision: unused,
    isRobotLinked: unused,
    late: unused,
    isStarting: unused,
    isPictureAwaited: unused,
    breaker: unused,
  });
  // The voice brings its own.
  const ids = new Set([...sources.map(({ id }) => id), "speech"]);
  for (const { name } of specs) {
    const missing = sourcesOfPart(name).filter((id) => !ids.has(id));
    assert.deepEqual(missing, [], name);
  }
});

test("a robot that is late is a warning that says by how much and what it gives up", async () => {
  const source = (level: number): Promise<Finding> => {
    const sources = healthSources({
      views: () => [],
      link: () => ({ state: "up", text: "", sinceS: 1, sessions: 1 }) as LinkState,
      vision: () => assert.fail("not asked"),
      isRobotLinked: () => true,
      late: () => ({ ms: 70, worstMs: 300, level, reliefs: 4 }),
      isStarting: () => false,
      isPictureAwaited: () => false,
      breaker: () => undefined,
    });
    const robot = sources.find(({ id }) => id === "robot");
    return Promise.resolve(robot?.check(new AbortController().signal) as Promise<Finding>);
  };
  assert.deepEqual(await source(0), { level: "ok", text: "It answers commands.", next: "" });
  const late = await source(3);
  assert.equal(late.level, "warn");
  assert.equal(
    late.text,
    "Its program is 70 ms late and has given up three quarters of its motion rate and ambient motion.",
  );
  assert.match((await source(1)).text, /given up half of its motion rate\.$/);
  assert.match((await source(5)).text, /pushes to its clients and new clients\.$/);
});
