// The discovery message against what Home Assistant documents for each platform: fields, classes, units
// (https://www.home-assistant.io/integrations/mqtt/ and the page of each platform). Properties: nothing in it that is not
// documented, all that is needed is; every entity has a state that is sent, or a command that is taken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf } from "../../../src/mqtt/commands.js";
import { discoveryOf, EXPIRE_S } from "../../../src/mqtt/discovery.js";
import { stateMessage } from "../../../src/mqtt/state-message.js";
import { topicsOf } from "../../../src/mqtt/topics.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { HA_DISCOVERY_TOPIC, haDiscovery } from "../../support/home-assistant-schema.js";
import { FakeServices } from "../../support/services.js";

const SETTINGS = { speaksUp: true, volume: 40 };
const topics = topicsOf("0a1b2c3d");
const discovery = discoveryOf("0a1b2c3d", "0.1.0", topics);
const components = Object.values(haDiscovery.parse(discovery).components);

test("G8: the discovery message has what Home Assistant documents, and nothing else", () => {
  assert.match(topics.discovery, HA_DISCOVERY_TOPIC);
  assert.ok(components.length >= 15, `${components.length}`);
});

test("G8: what Home Assistant would drop or refuse is found", () => {
  const wrong: [string, Record<string, unknown>][] = [
    ["awake", { state_topik: "a" }],
    ["awake", { state_topic: undefined }],
    ["awake", { state_topic: "a/#" }],
    ["awake", { device_class: "awake" }],
    ["awake", { entity_category: "config" }],
    ["energy", { unit_of_measurement: "V" }],
    ["energy", { unit_of_measurement: undefined }],
    ["energy", { state_class: "total" }],
    ["energy", { options: ["a"] }],
    ["mood", { device_class: "enum", unit_of_measurement: "%" }],
    ["snapshot", { topic: undefined }],
    ["say", { payload_press: "PRESS" }],
    ["express", { options: [] }],
    ["nod", { command_topic: undefined }],
    ["quiet", { device_class: "occupancy" }],
    ["volume", { min: 100 }],
    ["volume", { mode: "wheel" }],
    ["volume", { unique_id: undefined }],
    ["volume", { platform: "light" }],
  ];
  for (const [name, change] of wrong) {
    const changed = { ...discovery.components[name], ...change };
    const message = { ...discovery, components: { ...discovery.components, [name]: changed } };
    assert.equal(
      haDiscovery.safeParse(message).success,
      false,
      `${name} ${JSON.stringify(change)}`,
    );
  }
  for (const change of [{ origin: undefined }, { device: { name: "Buddy" } }, { retain: true }])
    assert.equal(haDiscovery.safeParse({ ...discovery, ...change }).success, false);
});

test("G8: what is read is not believed for longer than the state is repeated", () => {
  const read = components.filter(
    ({ platform }) => platform === "sensor" || platform === "binary_sensor",
  );
  assert.ok(read.length >= 10);
  for (const one of read) assert.equal("expire_after" in one && one.expire_after, EXPIRE_S);
});

test("no two entities have the same id or name", () => {
  for (const field of ["unique_id", "name"] as const) {
    const all = components.map((one) => one[field]);
    assert.deepEqual([...new Set(all)], all);
  }
});

test("G8: every state that an entity reads is sent, as a value that its platform takes", () => {
  const services = new FakeServices(new FakeClock());
  for (const isLinked of [true, false]) {
    services.current = {
      ...services.current,
      robot: { ...services.current.robot, linked: isLinked },
    };
    const message: Record<string, unknown> = { ...stateMessage(services.current, SETTINGS) };
    const read = new Set<string>();
    for (const one of components) {
      if (!("value_template" in one)) continue;
      const field = /^\{\{ value_json\.(\w+) \}\}$/.exec(one.value_template ?? "")?.[1] ?? "";
      read.add(field);
      assert.equal(one.state_topic, topics.state);
      const value = message[field];
      if (one.platform === "number") assert.equal(value, SETTINGS.volume);
      else if (one.platform !== "sensor") assert.ok(value === "ON" || value === "OFF", field);
      else if (one.unit_of_measurement === undefined) assert.equal(typeof value, "string", field);
      else assert.equal(typeof value, isLinked ? "number" : "object", field);
    }
    assert.deepEqual([...read].sort(), Object.keys(message).sort(), "nothing is sent for nobody");
  }
});

test("G8: every command that an entity sends is one that Buddy takes", () => {
  const sent: [string, string][] = [];
  for (const one of components) {
    if (one.platform === "button") sent.push([one.command_topic, one.payload_press ?? ""]);
    if (one.platform === "notify") sent.push([one.command_topic, "hello"]);
    if (one.platform === "select") {
      for (const option of one.options) sent.push([one.command_topic, option]);
    }
    if (one.platform === "number") {
      for (const value of [one.min, one.max]) sent.push([one.command_topic, String(value)]);
    }
    if (one.platform === "switch") {
      for (const value of [one.payload_on, one.payload_off])
        sent.push([one.command_topic, value ?? ""]);
    }
  }
  assert.ok(sent.length > 10);
  for (const [at, payload] of sent) {
    const command = commandOf(
      { topic: at, payload: Buffer.from(payload), isRetained: false },
      topics,
    );
    assert.notEqual(command.kind, "refused", `${at} ${payload}`);
  }
});

test("a robot that is away has no mood and no needs of now", () => {
  const { robot, ...rest } = new FakeServices(new FakeClock()).current;
  const quiet = { ...SETTINGS, speaksUp: false };
  const away = stateMessage({ ...rest, robot: { ...robot, linked: false } }, quiet);
  assert.deepEqual(
    [away.linked, away.awake, away.tracking, away.mood, away.energy, away.quiet],
    ["OFF", "OFF", "OFF", "unknown", null, "ON"],
  );
  const here = stateMessage(
    { ...rest, robot: { ...robot, energy: 0.704, emotion: "CONTENT" } },
    SETTINGS,
  );
  assert.deepEqual([here.mood, here.energy, here.quiet], ["content", 70, "OFF"]);
});
