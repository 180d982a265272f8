// The discovery message against what Home Assistant documents for each platform: fields, classes, units
// (https://www.home-assistant.io/integrations/mqtt/ and the page of each platform). Properties: nothing in it that is not
// documented, all that is needed is; every entity has a state that is sent, or a command that is taken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { commandOf } from "../../../src/mqtt/commands.js";
import { discoveryOf } from "../../../src/mqtt/discovery.js";
import { stateMessage } from "../../../src/mqtt/state-message.js";
import { topicsOf } from "../../../src/mqtt/topics.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { FakeServices } from "../../support/services.js";

const topic = z.string().regex(/^[a-z0-9_/]{1,256}$/);
const template = z.string().regex(/^\{\{ value_json\.\w+ \}\}$/);
const entity = {
  unique_id: z.string().min(1),
  name: z.string().min(1),
  icon: z
    .string()
    .regex(/^mdi:[a-z-]+$/)
    .optional(),
  entity_category: z.enum(["config", "diagnostic"]).optional(),
};
const component = z.discriminatedUnion("platform", [
  z.strictObject({
    ...entity,
    platform: z.literal("binary_sensor"),
    state_topic: topic,
    value_template: template,
    payload_on: z.string(),
    payload_off: z.string(),
    device_class: z.enum(["connectivity", "occupancy", "motion", "presence", "running"]).optional(),
  }),
  z
    .strictObject({
      ...entity,
      platform: z.literal("sensor"),
      state_topic: topic,
      value_template: template,
      unit_of_measurement: z.literal("%").optional(),
      // The classes whose unit is a percentage.
      device_class: z.enum(["battery", "humidity", "moisture", "power_factor"]).optional(),
      state_class: z.enum(["measurement", "total", "total_increasing"]).optional(),
    })
    .refine(
      (sensor) => sensor.state_class === undefined || sensor.unit_of_measurement !== undefined,
    ),
  z.strictObject({ ...entity, platform: z.literal("camera"), topic }),
  z.strictObject({ ...entity, platform: z.literal("notify"), command_topic: topic }),
  z.strictObject({
    ...entity,
    platform: z.literal("select"),
    command_topic: topic,
    options: z.array(z.string()).min(1),
  }),
  z.strictObject({
    ...entity,
    platform: z.literal("button"),
    command_topic: topic,
    payload_press: z.string(),
  }),
  z.strictObject({
    ...entity,
    platform: z.literal("switch"),
    state_topic: topic,
    value_template: template,
    command_topic: topic,
    payload_on: z.string(),
    payload_off: z.string(),
  }),
]);
const deviceDiscovery = z.strictObject({
  device: z.strictObject({
    identifiers: z.array(z.string()).min(1),
    name: z.string(),
    manufacturer: z.string(),
    model: z.string(),
    sw_version: z.string(),
  }),
  origin: z.strictObject({ name: z.string().min(1), sw_version: z.string() }),
  availability_topic: topic,
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  components: z.record(z.string().regex(/^[a-zA-Z0-9_-]+$/), component),
});

const topics = topicsOf("0a1b2c3d");
const discovery = discoveryOf("0a1b2c3d", "0.1.0", topics);
const components = Object.values(deviceDiscovery.parse(discovery).components);

test("G8: the discovery message has what Home Assistant documents, and nothing else", () => {
  assert.match(topics.discovery, /^homeassistant\/device\/[a-zA-Z0-9_-]+\/config$/);
  assert.ok(components.length >= 15, `${components.length}`);
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
    const message: Record<string, unknown> = { ...stateMessage(services.current, true) };
    const read = new Set<string>();
    for (const one of components) {
      if (!("value_template" in one)) continue;
      const field = /value_json\.(\w+)/.exec(one.value_template)?.[1] ?? "";
      read.add(field);
      assert.equal(one.state_topic, topics.state);
      const value = message[field];
      if (one.platform !== "sensor") assert.ok(value === "ON" || value === "OFF", field);
      else if (one.unit_of_measurement === undefined) assert.equal(typeof value, "string", field);
      else assert.equal(typeof value, isLinked ? "number" : "object", field);
    }
    assert.deepEqual([...read].sort(), Object.keys(message).sort(), "nothing is sent for nobody");
  }
});

test("G8: every command that an entity sends is one that Buddy takes", () => {
  const sent: [string, string][] = [];
  for (const one of components) {
    if (one.platform === "button") sent.push([one.command_topic, one.payload_press]);
    if (one.platform === "notify") sent.push([one.command_topic, "hello"]);
    if (one.platform === "select") {
      for (const option of one.options) sent.push([one.command_topic, option]);
    }
    if (one.platform === "switch") {
      sent.push([one.command_topic, one.payload_on], [one.command_topic, one.payload_off]);
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
  const away = stateMessage({ ...rest, robot: { ...robot, linked: false } }, false);
  assert.deepEqual(
    [away.linked, away.awake, away.tracking, away.mood, away.energy, away.quiet],
    ["OFF", "OFF", "OFF", "unknown", null, "ON"],
  );
  const here = stateMessage(
    { ...rest, robot: { ...robot, energy: 0.704, emotion: "CONTENT" } },
    true,
  );
  assert.deepEqual([here.mood, here.energy, here.quiet], ["content", 70, "OFF"]);
});
