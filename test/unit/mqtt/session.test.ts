// The recorded session of a whole Buddy with mosquitto (docs/home-assistant-session.txt, written by `npm run mqtt:long
// session`). Properties: the discovery that it shows is today's and is as Home Assistant documents it; each state fits it;
// availability is right after each thing that happens; what is not on the list is refused; no picture and no command stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { discoveryOf } from "../../../src/mqtt/discovery.js";
import { topicsOf } from "../../../src/mqtt/topics.js";
import { HA_DISCOVERY_TOPIC, haDiscovery } from "../../support/home-assistant-schema.js";
import { read } from "../../support/tree.js";

interface Entry {
  /** What happened last before it. */
  readonly note: string;
  readonly isRetained: boolean;
  readonly topic: string;
  readonly payload: string;
}

const entries: Entry[] = [];
let note = "";
for (const line of read("docs/home-assistant-session.txt").split("\n")) {
  const [, text = ""] = /^ *\d+\.\d\d (.*)$/.exec(line) ?? [];
  const [, retain, topic, payload] = /^(retain| {6}) (\S+) (.*)$/.exec(text) ?? [];
  if (text.startsWith("# ")) note = text.slice(2);
  else if (topic !== undefined && payload !== undefined)
    entries.push({ note, isRetained: retain === "retain", topic, payload });
}
const of = (ending: string): Entry[] => entries.filter(({ topic }) => topic.endsWith(ending));
const id = /^buddy\/(\w+)\//.exec(of("/state")[0]?.topic ?? "")?.[1] ?? "";
const topics = topicsOf(id);

test("G8: in a recorded session the discovery is today's, retained, and as Home Assistant documents it", () => {
  const configs = of("/config");
  assert.ok(
    configs.length >= 4,
    "at the start, at Home Assistant's birth, after the broker, after Buddy",
  );
  for (const { topic, payload, isRetained } of configs) {
    const message = haDiscovery.parse(JSON.parse(payload));
    assert.deepEqual(
      message,
      JSON.parse(JSON.stringify(discoveryOf(id, message.origin.sw_version ?? "", topics))),
      "record it again: npm run mqtt:long session",
    );
    assert.match(topic, HA_DISCOVERY_TOPIC);
    assert.ok(isRetained);
  }
});

test("G8: each state of the session has a value for each entity that reads one", () => {
  const [{ payload = "" } = {}] = of("/config");
  const components = Object.values(haDiscovery.parse(JSON.parse(payload)).components);
  const fields = components.flatMap((one) =>
    "value_template" in one ? (/value_json\.(\w+)/.exec(one.value_template ?? "")?.[1] ?? "") : [],
  );
  const states = of("/state");
  assert.ok(states.length > 5);
  for (const state of states) {
    assert.deepEqual(Object.keys(JSON.parse(state.payload) as object).sort(), [...fields].sort());
    assert.ok(state.isRetained);
  }
  assert.ok(
    states.some((one) => one.payload.includes('"volume":40')),
    "a command's effect",
  );
});

test("G8: availability in the session is right after each thing that happens", () => {
  const lastAfter = (what: string): string | undefined =>
    of("/availability").findLast((one) => one.note === what)?.payload;
  assert.deepEqual(
    [
      "mosquitto runs; Buddy starts",
      "somebody else says that it is offline",
      "it runs again",
      "Buddy is killed",
      "somebody leaves a command on the broker; Buddy starts again",
      "Buddy is asked to stop",
    ].map(lastAfter),
    ["online", "online", "online", "offline", "online", "offline"],
  );
  assert.ok(of("/availability").every(({ isRetained }) => isRetained));
});

test("G8: what is not on the list is refused in the session, and no picture and no refusal is kept", () => {
  const refusals = of("/refused").map(({ note: after, payload }) => [
    after,
    (JSON.parse(payload) as { code: string }).code,
  ]);
  for (const [what, code] of [
    ['Home Assistant sends restart "PRESS"', "MQTT_COMMAND"],
    ['Home Assistant sends express "furious\\nRESTART"', "MQTT_PAYLOAD"],
    ['Home Assistant sends volume "101"', "MQTT_PAYLOAD"],
    ["somebody leaves a command on the broker; Buddy starts again", "MQTT_RETAINED"],
  ])
    assert.ok(
      refusals.some(([after, told]) => after === what && told === code),
      what,
    );
  const fleeting = [...of("/snapshot"), ...of("/refused")];
  assert.ok(of("/snapshot").length > 0);
  assert.ok(fleeting.every(({ isRetained }) => !isRetained));
});
