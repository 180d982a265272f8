// Properties: what a part's change makes stale is asked again, and each id that is named there is one of a source.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startOptionsSchema } from "../../../src/companion/options.js";
import { partSpecs } from "../../../src/companion/parts.js";
import { healthSources, sourcesOfPart } from "../../../src/ops/health-sources.js";
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
