// The breaker `edge` over an outage of the edge, second by second. Properties: it is never closed from the fifth failure until
// the edge is back, as its alert expects; the edge is asked at most once a period; it is fresh soon after its return.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PERIOD_S, Pusher } from "../../../src/edge/pusher.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { EDGE_KEY, HOME } from "../../support/edge.js";
import { policiesOf } from "../../support/policies.js";
import { FakeServices } from "../../support/services.js";

const AWAY_S = 1200;

test("C4: while the edge is away its breaker is not closed, and it is asked no more than each period", async () => {
  const clock = new FakeClock();
  const resilience = new Resilience({ clock });
  const { state, frames } = new FakeServices(clock);
  let isAway = true;
  let tries = 0;
  const pusher = new Pusher({
    url: "https://edge.invalid/",
    key: EDGE_KEY,
    home: HOME,
    show: { words: ["mood"], picture: "none" },
    clock,
    policies: policiesOf(resilience),
    state,
    frames,
    client: {
      push: () => {
        tries++;
        return isAway ? Promise.reject(new Error("no way there")) : Promise.resolve();
      },
    },
    log: () => undefined,
  });
  const kind = (): string | undefined =>
    resilience.view().breakers.find(({ backend }) => backend === "edge")?.state;
  pusher.start();
  let openedS = NaN;
  for (let s = 0; s < AWAY_S; s++) {
    await clock.advance(1000);
    if (kind() !== "closed" && Number.isNaN(openedS)) openedS = s;
    assert.ok(Number.isNaN(openedS) || kind() !== "closed", `${s} s: ${kind()}`);
  }
  assert.ok(openedS <= 5 * PERIOD_S, `${openedS} s`);
  assert.ok(tries >= 10 && tries <= AWAY_S / PERIOD_S + 1, `${tries}`);
  isAway = false;
  const before = tries;
  await clock.advance(3 * PERIOD_S * 1000);
  assert.equal(kind(), "closed");
  assert.ok(tries > before);
  pusher.stop();
});
