/** Where Buddy's messages are on the broker. */

/** Home Assistant looks here, and says here that it has started. */
const DISCOVERY = "homeassistant";
export const BIRTH_TOPIC = `${DISCOVERY}/status`;

/** What may be asked of Buddy: the last word of a command's topic. */
export const COMMANDS = [
  "say",
  "express",
  "nod",
  "shake",
  "celebrate",
  "stop",
  "quiet",
  "volume",
] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Topics {
  /** Retained: the one message that makes the device with all its entities. */
  readonly discovery: string;
  /** Retained: online or offline, the latter as last will. */
  readonly availability: string;
  /** Retained: the newest state, JSON. */
  readonly state: string;
  /** Not retained: a broker is no place to keep pictures of a room. */
  readonly snapshot: string;
  /** Not retained: why a command was refused. */
  readonly refused: string;
  command(name: CommandName): string;
  /** The topics of all commands, as a filter. */
  readonly commands: string;
}

/** @param id of this Buddy, letters and digits. */
export function topicsOf(id: string): Topics {
  const base = `buddy/${id}`;
  return {
    discovery: `${DISCOVERY}/device/buddy_${id}/config`,
    availability: `${base}/availability`,
    state: `${base}/state`,
    snapshot: `${base}/snapshot`,
    refused: `${base}/refused`,
    command: (name) => `${base}/set/${name}`,
    commands: `${base}/set/+`,
  };
}
