// A part that joins a supervisor which runs already: it starts at once, is owned like the others, and ends with them (C3).
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../../src/time/until.js";
import { part, Watched } from "../../support/supervised.js";

test("C3: a part that is added while others run starts at once, and stops with them", async () => {
  const watched = new Watched([part("first")]);
  const { supervisor } = watched;
  supervisor.start();
  try {
    supervisor.add(part("second", {}, {}, ["first"]));
    assert.throws(() => supervisor.add(part("second")), /two parts named second/);
    assert.throws(() => supervisor.add(part("third", {}, {}, ["nobody"])), /needs unknown nobody/);
    await until("both", 60_000, () => supervisor.view().every(({ ready }) => ready));
    assert.deepEqual(
      supervisor.view().map(({ name }) => name),
      ["first", "second"],
    );
  } finally {
    const { left } = await supervisor.stop();
    assert.deepEqual(left, []);
  }
  supervisor.add(part("late"));
  assert.equal(watched.view("late").phase, "stopped", "nobody starts it any more");
});
