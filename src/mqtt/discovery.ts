/**
 * What Home Assistant is told of Buddy: one device with its entities, by MQTT device discovery.
 * https://www.home-assistant.io/integrations/mqtt/#discovery-messages-and-availability. Pure.
 */
import { EMOTIONS } from "../wire/index.js";
import { VOLUME_MAX } from "./commands.js";
import type { Topics } from "./topics.js";

/** Options of one entity, as its platform documents them. */
export type Component = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface Discovery {
  readonly device: Readonly<Record<string, string | readonly string[]>>;
  readonly origin: Readonly<Record<string, string>>;
  readonly availability_topic: string;
  readonly qos: number;
  readonly components: Readonly<Record<string, Component>>;
}

/** What is read of the state is unknown to Home Assistant when none came for so long: also of a Buddy whose end no broker saw. */
export const EXPIRE_S = 90;

export function discoveryOf(id: string, version: string, topics: Topics): Discovery {
  const own = (name: string): { unique_id: string } => ({ unique_id: `buddy_${id}_${name}` });
  const state = (field: string): { state_topic: string; value_template: string } => ({
    state_topic: topics.state,
    value_template: `{{ value_json.${field} }}`,
  });
  const binary = (field: string, name: string, more: Component = {}): Component => ({
    platform: "binary_sensor",
    ...own(field),
    name,
    ...state(field),
    expire_after: EXPIRE_S,
    payload_on: "ON",
    payload_off: "OFF",
    ...more,
  });
  const percent = (field: string, name: string, more: Component): Component => ({
    platform: "sensor",
    ...own(field),
    name,
    ...state(field),
    expire_after: EXPIRE_S,
    unit_of_measurement: "%",
    state_class: "measurement",
    ...more,
  });
  const button = (command: "nod" | "shake" | "celebrate" | "stop", icon: string): Component => ({
    platform: "button",
    ...own(command),
    name: `${command.charAt(0).toUpperCase()}${command.slice(1)}`,
    command_topic: topics.command(command),
    payload_press: "PRESS",
    icon,
  });
  return {
    device: {
      identifiers: [`buddy_${id}`],
      name: "Buddy",
      manufacturer: "Buddy",
      model: "Desk robot",
      sw_version: version,
    },
    origin: { name: "Buddy", sw_version: version },
    availability_topic: topics.availability,
    qos: 1,
    components: {
      linked: binary("linked", "Robot", {
        device_class: "connectivity",
        entity_category: "diagnostic",
      }),
      awake: binary("awake", "Awake", { icon: "mdi:sleep-off" }),
      tracking: binary("tracking", "Tracking", { icon: "mdi:face-recognition" }),
      somebody: binary("somebody", "Somebody is here", { device_class: "occupancy" }),
      mood: {
        platform: "sensor",
        ...own("mood"),
        name: "Mood",
        ...state("mood"),
        expire_after: EXPIRE_S,
        icon: "mdi:emoticon-outline",
      },
      energy: percent("energy", "Energy", { device_class: "battery" }),
      social: percent("social", "Company", { icon: "mdi:account-heart" }),
      stimulation: percent("stimulation", "Stimulation", { icon: "mdi:lightning-bolt" }),
      novelty: percent("novelty", "Novelty", { icon: "mdi:creation" }),
      safety: percent("safety", "Safety", { icon: "mdi:shield-check" }),
      snapshot: {
        platform: "camera",
        ...own("snapshot"),
        name: "Snapshot",
        topic: topics.snapshot,
      },
      say: {
        platform: "notify",
        ...own("say"),
        name: "Say",
        command_topic: topics.command("say"),
      },
      express: {
        platform: "select",
        ...own("express"),
        name: "Express",
        command_topic: topics.command("express"),
        options: EMOTIONS,
        icon: "mdi:drama-masks",
      },
      nod: button("nod", "mdi:arrow-up-down"),
      shake: button("shake", "mdi:arrow-left-right"),
      celebrate: button("celebrate", "mdi:party-popper"),
      stop: button("stop", "mdi:stop"),
      quiet: {
        platform: "switch",
        ...own("quiet"),
        name: "Quiet",
        ...state("quiet"),
        command_topic: topics.command("quiet"),
        payload_on: "ON",
        payload_off: "OFF",
        icon: "mdi:account-voice-off",
      },
      volume: {
        platform: "number",
        ...own("volume"),
        name: "Volume",
        ...state("volume"),
        command_topic: topics.command("volume"),
        min: 0,
        max: VOLUME_MAX,
        step: 1,
        mode: "slider",
        unit_of_measurement: "%",
        icon: "mdi:volume-high",
      },
    },
  };
}
