/** What came on a command topic: one of a closed list, or why it is refused. Pure. */
import { EMOTIONS, isOneOf, type Emotion } from "../wire/index.js";
import { COMMANDS, type Topics } from "./topics.js";

export const SAY_CHARS_MAX = 500;
/** Percent. */
export const VOLUME_MAX = 100;
/** Nothing longer is read, whatever it is. */
export const PAYLOAD_BYTES_MAX = 4 * SAY_CHARS_MAX;

export type MqttRefusalCode =
  "MQTT_COMMAND" | "MQTT_PAYLOAD" | "MQTT_RETAINED" | "MQTT_RATE" | "MQTT_FAILED";

export type Command =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "stop" }
  | { readonly kind: "quiet"; readonly isQuiet: boolean }
  /** Percent. */
  | { readonly kind: "volume"; readonly volume: number };

export interface Refusal {
  readonly kind: "refused";
  readonly code: MqttRefusalCode;
  readonly message: string;
}

export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** It was left on the broker at some earlier time. */
  readonly isRetained: boolean;
}

/** What a press does: the robot's line for it. */
const LINES = { nod: "NOD:2", shake: "SHAKE:2", celebrate: "CELEBRATE" } as const;

export function commandOf(
  { topic, payload, isRetained }: Message,
  topics: Topics,
): Command | Refusal {
  const name = COMMANDS.find((one) => topics.command(one) === topic);
  if (name === undefined) {
    return refused("MQTT_COMMAND", `expected one of ${COMMANDS.join(", ")}`);
  }
  if (isRetained) {
    // It would be done again at each connection, and nobody knows how old it is.
    return refused("MQTT_RETAINED", `${name}: expected a command that is not retained`);
  }
  const text = textOf(payload);
  if (text === undefined) {
    return refused(
      "MQTT_PAYLOAD",
      `${name}: expected UTF-8 text of at most ${PAYLOAD_BYTES_MAX} bytes`,
    );
  }
  switch (name) {
    case "say":
      return sayOf(text);
    case "express":
      return isOneOf(EMOTIONS, text)
        ? { kind: "line", line: `EXPRESS:${text satisfies Emotion}` }
        : refused("MQTT_PAYLOAD", `express: expected one of ${EMOTIONS.join(", ")}`);
    case "quiet":
      return text === "ON" || text === "OFF"
        ? { kind: "quiet", isQuiet: text === "ON" }
        : refused("MQTT_PAYLOAD", "quiet: expected ON or OFF");
    case "volume":
      return /^\d{1,3}$/.test(text) && Number(text) <= VOLUME_MAX
        ? { kind: "volume", volume: Number(text) }
        : refused("MQTT_PAYLOAD", `volume: expected a whole number, 0 to ${VOLUME_MAX}`);
    default:
      if (text !== "PRESS") return refused("MQTT_PAYLOAD", `${name}: expected PRESS`);
      return name === "stop" ? { kind: "stop" } : { kind: "line", line: LINES[name] };
  }
}

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

function sayOf(raw: string): Command | Refusal {
  const text = raw.trim();
  if (text !== "" && text.length <= SAY_CHARS_MAX && !CONTROL.test(text)) {
    return { kind: "say", text };
  }
  const wanted = `1 to ${SAY_CHARS_MAX} characters, none of them control characters`;
  return refused("MQTT_PAYLOAD", `say: expected ${wanted}`);
}

function textOf(payload: Uint8Array): string | undefined {
  if (payload.length > PAYLOAD_BYTES_MAX) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(payload);
  } catch {
    return undefined; // The caller says what was expected.
  }
}

export function refused(code: MqttRefusalCode, message: string): Refusal {
  return { kind: "refused", code, message };
}
