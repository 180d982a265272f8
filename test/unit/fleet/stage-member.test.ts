// What a robot says of its stage: nothing before its first dial has come to something.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { StageMemberDeps } from "../../../src/fleet/stage/stage-member.js";
import { StageMember } from "../../../src/fleet/stage/stage-member.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { seededChance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { policiesOf } from "../../support/policies.js";

test("B1: on a slow start a call before the first dial is over is no outage, for the log and for the breaker", async () => {
  const clock = new FakeClock();
  const logged: string[] = [];
  const nothing = (): undefined => undefined;
  const resilience = new Resilience({ clock, chance: seededChance(1) });
  const deps: StageMemberDeps = {
    address: { kind: "server", host: "127.0.0.1", port: 6379, db: 0, isTls: false },
    stage: "desk",
    id: "0000000a",
    name: () => "Buddy",
    clock,
    policies: policiesOf(resilience),
    sql: { all: () => [], run: nothing, get: nothing } as never,
    isSounding: () => false,
    onGate: nothing,
    onLost: nothing,
    onEvent: nothing,
    onHush: nothing,
    onChange: nothing,
    log: (level, message) => logged.push(`${level} ${message}`),
  };
  // Not started: its dial never comes to anything.
  const member = new StageMember(deps);
  for (let calls = 0; calls < 10; calls++) {
    await assert.rejects(member.call({ op: "look" }), { code: "FLEET_AWAY" });
  }
  assert.deepEqual(logged, []);
  assert.equal(member.trouble, undefined);
  assert.equal(resilience.breaker("fleet").view().state, "closed");
});
