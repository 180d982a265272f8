/**
 * Options of `buddy start`. Precedence: command line, then `BUDDY_…` environment
 * variables, then the default. Every value is checked once, here; inside, options are typed.
 */
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { isLoopback } from "../host/loopback.js";
import { redactAddress } from "../vision/camera/camera-url.js";
import { CAMERA_PLACES, settingFault } from "../vision/choice/camera-choice.js";
import { EDGE_PICTURES, EDGE_WORDS } from "../edge/show.js";
import { KEY_CHARS_MIN } from "../edge/signature.js";
import { FLEET_HELP, FLEET_OPTIONS, roomFaults } from "./fleet-options.js";
import { CHIP_NAMES } from "../simulator/vm/chips.js";

/** Text must be digits: an empty value, as of an unset shell variable, must not pick a free port. */
const port = z.preprocess(
  (value) => (typeof value === "string" && !/^-?\d+$/.test(value) ? Number.NaN : value),
  z.coerce
    .number({ error: "expected a port number" })
    .int("expected a whole port number")
    .min(0, "expected 0..65535 (0 picks a free port)")
    .max(65_535, "expected 0..65535 (0 picks a free port)"),
);

const hostName = z
  .string()
  .regex(/^[0-9A-Za-z.:_-]{1,253}$/, "expected a host name or an address such as 127.0.0.1");

const flag = z.union([z.stringbool(), z.boolean()], { error: "expected true or false" });

/** A comma list; what is empty in it is passed over. */
const listOf = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(",").map((one) => one.trim().toLowerCase()))
    .transform((items) => items.filter((one) => one !== ""))
    .pipe(z.array(item).max(50, "expected at most 50"))
    .prefault("");

/** What is signed is not secret: beyond this machine it goes by https alone. */
const edgeUrl = z
  .string()
  .refine(
    isEdgeUrl,
    "expected the address of the edge, such as https://buddy-edge.example.workers.dev",
  )
  .optional();

/** Name and password stand elsewhere: an address is seen in the list of processes. */
const mqttUrl = z
  .string()
  .regex(
    /^mqtts?:\/\/[0-9A-Za-z.:_[\]-]{1,260}\/?$/,
    "expected the broker's address, such as mqtt://homeassistant.local:1883, or mqtts://…, without a name in it",
  )
  .optional();

const file = z
  .string()
  .min(1, "expected a file")
  .transform((path) => resolve(path))
  .optional();

export const startOptionsSchema = z.object({
  robot: z
    .string()
    .refine(
      (value) => /^[\w./\\:-]{1,200}$/.test(value),
      "expected sim, cable-sim, debug, board, auto or a serial port",
    )
    .default("sim"),
  chip: z.enum(CHIP_NAMES, { error: `expected one of ${CHIP_NAMES.join(", ")}` }).optional(),
  chipPowerSave: z.stringbool({ error: "expected on or off" }).or(z.boolean()).default(true),
  camera: z
    .string()
    .refine(
      (value) => settingFault(value) === undefined,
      "expected demo, none, webcam, webcam:NAME, /dev/video0 or the URL (http, https, ws, wss, rtsp) of a camera; `buddy start --camera list` shows the webcams",
    )
    .default("demo"),
  cameraPlace: z
    .enum(CAMERA_PLACES, { error: `expected one of ${CAMERA_PLACES.join(", ")}` })
    .default("auto"),
  host: hostName.default("127.0.0.1"),
  hosts: listOf(
    z.string().regex(/^(\*\.)?[0-9a-z._-]{1,253}$/, "expected names such as buddy.fritz.box"),
  ),
  origins: listOf(
    z
      .string()
      .regex(
        /^(file|https?:\/\/[0-9a-z.:_[\]-]{1,260})$/,
        "expected origins such as http://localhost:3000, or file",
      ),
  ),
  mdns: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, "expected a name such as buddy, or off")
    .default("buddy"),
  https: flag.default(false),
  tlsCert: file,
  tlsKey: file,
  port: port.default(5000),
  visionPort: port.default(5555),
  wsPort: port.default(8181),
  udpPort: port.default(8888),
  linkPort: port.default(7420),
  data: z
    .string()
    .min(1)
    .transform((path) => resolve(path))
    .prefault("./data"),
  edge: edgeUrl,
  edgeShow: listOf(z.string())
    .pipe(z.array(z.enum(EDGE_WORDS, { error: `expected of ${EDGE_WORDS.join(", ")}` })))
    .prefault(EDGE_WORDS.join(",")),
  edgePicture: z
    .enum(EDGE_PICTURES, { error: `expected one of ${EDGE_PICTURES.join(", ")}` })
    .default("blurred"),
  mqtt: mqttUrl,
  mqttUser: z.string().min(1).max(200).optional(),
  mqttCa: file,
  brain: file,
  brainGpu: flag.default(false),
  ...FLEET_OPTIONS,
  open: z.stringbool().or(z.boolean()).default(true),
});

export type StartOptions = z.infer<typeof startOptionsSchema>;

/** Names on the command line, without dashes, and what they say in `--help`. */
export const START_OPTION_HELP: readonly (readonly [keyof StartOptions, string, string])[] = [
  [
    "robot",
    "<sim|cable-sim|debug|board|auto|port>",
    "the simulator (cable-sim: on a USB cable, too), one that VS Code debugs, or a board: by network, by network and any USB port, by network and this port",
  ],
  ["chip", `<${CHIP_NAMES.join("|")}>`, "the simulator keeps the pace of that chip (a model)"],
  ["chipPowerSave", "<on|off>", "its radio sleeps between beacons, as the stock runtime has it"],
  [
    "camera",
    "<demo|none|webcam|url|list>",
    "demo scene, no camera, webcam, webcam:NAME or /dev/video0, or an address (http, https, ws, wss, rtsp); list: names this machine's webcams",
  ],
  [
    "cameraPlace",
    `<${CAMERA_PLACES.join("|")}>`,
    "on the robot's head or beside it; auto: MJPEG on the head, others beside",
  ],
  ["host", "<address>", "address to listen on; anything but loopback asks for the token"],
  [
    "hosts",
    "<names>",
    "more names that lead here (router's, proxy's, Tailscale's), comma separated",
  ],
  [
    "origins",
    "<origins>",
    "pages of others that may use the doors; `file`: pages opened from a file",
  ],
  ["mdns", "<name|off>", "announced on a LAN as NAME.local"],
  ["https", "", "page and vision by https, with a certificate of Buddy's own authority"],
  ["tlsCert", "<file>", "certificate from elsewhere (PEM), read again when it changes"],
  ["tlsKey", "<file>", "its key (PEM)"],
  ["port", "<port>", "page, API and metrics (0 picks a free port, here and below)"],
  ["visionPort", "<port>", "vision API"],
  ["wsPort", "<port>", "robot's WebSocket and HTTP, forwarded"],
  ["udpPort", "<port>", "robot's UDP intake, forwarded"],
  ["linkPort", "<port>", "link, dialled by the firmware"],
  ["edge", "<url>", "a public page of Buddy, docs/EDGE.md; its key is in BUDDY_EDGE_KEY"],
  ["edgeShow", "<words>", `what it tells: of ${EDGE_WORDS.join(", ")}; "" nothing`],
  ["edgePicture", `<${EDGE_PICTURES.join("|")}>`, "all of it blurred, faces blurred, none"],
  ["mqtt", "<url>", "the broker of Home Assistant, docs/HOME-ASSISTANT.md"],
  ["mqttUser", "<name>", "Buddy's name there; its password is in BUDDY_MQTT_PASSWORD"],
  ["mqttCa", "<file>", "certificate of the broker's own authority (PEM)"],
  ["brain", "<file>", "a language model of your own (GGUF), docs/BRAIN.md"],
  ["brainGpu", "", "the language model uses a graphics card, if it was installed with --gpu"],
  ...FLEET_HELP,
  ["data", "<dir>", "directory for runtime.json, keys and logs"],
];

/**
 * @param flags what the command line gave, by option name.
 * @returns checked options and by what each was given that was, or one line a wrong option: what was expected, what came
 * and from where.
 */
export function readStartOptions(
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): { options: StartOptions; given: Readonly<Record<string, string>> } | { errors: string[] } {
  const merged: Record<string, unknown> = {};
  const source: Record<string, string> = {};
  for (const name of Object.keys(startOptionsSchema.shape)) {
    const variable = `BUDDY_${upperSnake(name)}`;
    const fromEnvironment = environment[variable];
    if (flags[name] !== undefined) {
      merged[name] = flags[name];
      source[name] = `--${kebab(name)}`;
    } else if (fromEnvironment !== undefined && fromEnvironment !== "") {
      merged[name] = fromEnvironment;
      source[name] = variable;
    }
  }
  addNoOpen(merged, source, environment["BUDDY_NO_OPEN"]);
  const parsed = startOptionsSchema.safeParse(merged);
  if (parsed.success) {
    const errors = faultsTogether(parsed.data, environment);
    return errors.length > 0 ? { errors } : { options: parsed.data, given: source };
  }
  return {
    errors: parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const came = redactAddress(JSON.stringify(merged[name]) ?? "nothing");
      return `${source[name] ?? name}: ${issue.message}, got ${came}`;
    }),
  };
}

/** What is wrong with options that are right each for itself. */
function faultsTogether(
  { tlsCert, tlsKey, edge, fleet, room }: StartOptions,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const faults: string[] = [];
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    faults.push("--tls-cert and --tls-key: expected both, got one");
  }
  faults.push(...roomFaults({ fleet, room }, environment));
  const keyChars = environment["BUDDY_EDGE_KEY"]?.length ?? 0;
  if (edge !== undefined && keyChars < KEY_CHARS_MIN) {
    faults.push(
      `--edge: expected a BUDDY_EDGE_KEY of at least ${KEY_CHARS_MIN} characters, got ${keyChars}`,
    );
  }
  return faults;
}

/** The robot is this machine's own simulator. */
export function isSimulated({ robot }: Pick<StartOptions, "robot">): boolean {
  return robot === "sim" || robot === "cable-sim";
}

/** The port of the robot's cable, or `auto`; undefined: it has none. */
export function cablePortOf({
  robot,
  data,
}: Pick<StartOptions, "robot" | "data">): string | undefined {
  if (robot === "auto" || /^(\/|COM\d)/i.test(robot)) return robot;
  if (robot !== "cable-sim") return undefined;
  // The simulator makes it; in nobody's backup, and one for each data directory.
  const digest = createHash("sha256").update(data).digest("hex").slice(0, 16);
  return join(tmpdir(), `buddy-cable-${digest}`);
}

/** Whether `text` is an address that pushes may go to: https, or http on this machine. */
export function isEdgeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

/** `BUDDY_NO_OPEN=true` is the variable of `--no-open`'s own name; what it means is the opposite of `open`. */
function addNoOpen(
  merged: Record<string, unknown>,
  source: Record<string, string>,
  value: string | undefined,
): void {
  if (value === undefined || value === "" || merged["open"] !== undefined) return;
  const read = z.stringbool().safeParse(value);
  merged["open"] = read.success ? !read.data : value;
  source["open"] = "BUDDY_NO_OPEN";
}

/** Whether page and vision have a certificate. */
export function hasHttps({ https, tlsCert }: StartOptions): boolean {
  return https || tlsCert !== undefined;
}

/** Names and pages beside our own, of every door (`doors/callers.ts`). */
export function callersOf(options: StartOptions): { hosts: string[]; origins: string[] } {
  const { hosts, origins, mdns } = options;
  const isAnnounced = mdns !== "off" && !isLoopback(options.host);
  return { hosts: isAnnounced ? [`${mdns}.local`, ...hosts] : hosts, origins };
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function upperSnake(name: string): string {
  return kebab(name).replaceAll("-", "_").toUpperCase();
}
