/**
 * What Home Assistant documents of a device's discovery message: the fields of each platform, and which classes, units and
 * categories go together. https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload and the page of each
 * platform; https://developers.home-assistant.io/docs/core/entity/sensor for classes and units. Home Assistant itself drops
 * what it does not know without a word, so a misspelt field is found here only.
 */
import { z } from "zod";

const topic = z.string().regex(/^[^#+]{1,65535}$/, "expected a topic without wildcards");
const template = z.string().min(1);
const payload = z.string();
const qos = z.literal([0, 1, 2]);

/** Options that every entity has. */
const ENTITY = {
  availability: z.array(z.strictObject({ topic, value_template: template.optional() })).optional(),
  availability_mode: z.enum(["all", "any", "latest"]).optional(),
  availability_template: template.optional(),
  availability_topic: topic.optional(),
  enabled_by_default: z.boolean().optional(),
  encoding: z.string().optional(),
  entity_category: z.enum(["config", "diagnostic"]).optional(),
  entity_picture: z.url().optional(),
  icon: z
    .string()
    .regex(/^mdi:[a-z0-9-]+$/)
    .optional(),
  json_attributes_template: template.optional(),
  json_attributes_topic: topic.optional(),
  name: z.string().min(1).nullable().optional(),
  default_entity_id: z.string().optional(),
  object_id: z.string().optional(),
  payload_available: payload.optional(),
  payload_not_available: payload.optional(),
  qos: qos.optional(),
  // Optional for Home Assistant, but no entity of a device does without.
  unique_id: z.string().min(1),
};
const READ = { state_topic: topic, value_template: template.optional() };
const READ_BACK = {
  state_topic: topic.optional(),
  value_template: template.optional(),
  optimistic: z.boolean().optional(),
};
const COMMAND = {
  command_topic: topic,
  command_template: template.optional(),
  retain: z.boolean().optional(),
};
/** What is read and not set is no setting. */
const READ_ONLY = { entity_category: z.literal("diagnostic").optional() };
const seconds = z.int().min(0);

const BINARY_CLASSES = [
  ...["battery", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door", "gas"],
  ...["garage_door", "heat", "light", "lock", "moisture", "motion", "moving", "occupancy", "power"],
  ...["opening", "plug", "presence", "problem", "running", "safety", "smoke", "sound", "tamper"],
  ...["update", "vibration", "window"],
];

/** Units and state classes of a sensor's class; of the many there are, those whose unit is a percentage, and text. */
const SENSOR_CLASSES: Readonly<
  Record<string, { readonly units: readonly unknown[]; readonly states: readonly unknown[] }>
> = {
  battery: { units: ["%"], states: [undefined, "measurement"] },
  humidity: { units: ["%"], states: [undefined, "measurement"] },
  moisture: { units: ["%"], states: [undefined, "measurement"] },
  power_factor: { units: ["%", undefined], states: [undefined, "measurement"] },
  enum: { units: [undefined], states: [undefined] },
};

const sensor = z
  .strictObject({
    ...ENTITY,
    ...READ,
    ...READ_ONLY,
    platform: z.literal("sensor"),
    device_class: z.enum(Object.keys(SENSOR_CLASSES)).optional(),
    expire_after: seconds.optional(),
    force_update: z.boolean().optional(),
    last_reset_value_template: template.optional(),
    options: z.array(z.string()).min(1).optional(),
    state_class: z
      .enum(["measurement", "measurement_angle", "total", "total_increasing"])
      .optional(),
    suggested_display_precision: z.int().min(0).optional(),
    unit_of_measurement: z.string().min(1).optional(),
  })
  .refine(({ device_class: name, unit_of_measurement: unit, state_class: state }) => {
    const of = SENSOR_CLASSES[name ?? ""];
    return of === undefined || (of.units.includes(unit) && of.states.includes(state));
  }, "device_class, unit_of_measurement and state_class do not go together")
  .refine(
    ({ options, device_class: name }) => options === undefined || name === "enum",
    "options are for the class enum",
  )
  .refine(
    ({ last_reset_value_template: reset, state_class: state }) =>
      reset === undefined || state === "total",
    "last_reset_value_template is for the state class total",
  );

const number = z
  .strictObject({
    ...ENTITY,
    ...COMMAND,
    ...READ_BACK,
    platform: z.literal("number"),
    device_class: z.enum(Object.keys(SENSOR_CLASSES)).optional(),
    max: z.number().optional(),
    min: z.number().optional(),
    mode: z.enum(["auto", "box", "slider"]).optional(),
    payload_reset: payload.optional(),
    step: z.number().min(0.001).optional(),
    unit_of_measurement: z.string().min(1).optional(),
  })
  .refine(({ min = 1, max = 100 }) => min < max, "min is not less than max");

export const haComponent = z.discriminatedUnion("platform", [
  z.strictObject({
    ...ENTITY,
    ...READ,
    ...READ_ONLY,
    platform: z.literal("binary_sensor"),
    device_class: z.enum(BINARY_CLASSES).optional(),
    expire_after: seconds.optional(),
    force_update: z.boolean().optional(),
    off_delay: seconds.optional(),
    payload_off: payload.optional(),
    payload_on: payload.optional(),
  }),
  sensor,
  number,
  z.strictObject({
    ...ENTITY,
    platform: z.literal("camera"),
    image_encoding: z.literal("b64").optional(),
    topic,
  }),
  z.strictObject({ ...ENTITY, ...COMMAND, platform: z.literal("notify") }),
  z.strictObject({
    ...ENTITY,
    ...COMMAND,
    ...READ_BACK,
    platform: z.literal("select"),
    options: z.array(z.string()).min(1),
  }),
  z.strictObject({
    ...ENTITY,
    ...COMMAND,
    platform: z.literal("button"),
    device_class: z.enum(["identify", "restart", "update"]).optional(),
    payload_press: payload.optional(),
  }),
  z.strictObject({
    ...ENTITY,
    ...COMMAND,
    ...READ_BACK,
    platform: z.literal("switch"),
    device_class: z.enum(["outlet", "switch"]).optional(),
    payload_off: payload.optional(),
    payload_on: payload.optional(),
    state_off: payload.optional(),
    state_on: payload.optional(),
  }),
]);
export type HaComponent = z.infer<typeof haComponent>;

export const haDiscovery = z.strictObject({
  device: z
    .strictObject({
      configuration_url: z.url().optional(),
      connections: z.array(z.tuple([z.string(), z.string()])).optional(),
      hw_version: z.string().optional(),
      identifiers: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
      manufacturer: z.string().optional(),
      model: z.string().optional(),
      model_id: z.string().optional(),
      name: z.string().optional(),
      serial_number: z.string().optional(),
      suggested_area: z.string().optional(),
      sw_version: z.string().optional(),
      via_device: z.string().optional(),
    })
    .refine(
      ({ identifiers, connections }) => identifiers !== undefined || connections !== undefined,
      "a device needs identifiers or connections",
    ),
  // Required of a device's message, with its name.
  origin: z.strictObject({
    name: z.string().min(1),
    sw_version: z.string().optional(),
    support_url: z.url().optional(),
  }),
  availability: ENTITY.availability,
  availability_mode: ENTITY.availability_mode,
  availability_template: ENTITY.availability_template,
  availability_topic: ENTITY.availability_topic,
  payload_available: ENTITY.payload_available,
  payload_not_available: ENTITY.payload_not_available,
  command_topic: topic.optional(),
  state_topic: topic.optional(),
  encoding: ENTITY.encoding,
  qos: ENTITY.qos,
  components: z.record(z.string().regex(/^[a-zA-Z0-9_-]+$/), haComponent),
});

/** The topic of a device's discovery message below the prefix that Home Assistant has by default. */
export const HA_DISCOVERY_TOPIC =
  /^homeassistant\/device\/(?:[a-zA-Z0-9_-]+\/)?[a-zA-Z0-9_-]+\/config$/;
