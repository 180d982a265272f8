/**
 * Which processes a running Buddy is made of, in which order they start, and how each is restarted. The one
 * place to look for "who starts what" (A8).
 *
 * First restarts are short where a part holds nothing that another owner could have got half of: the gateway, vision
 * and the demo camera keep nothing between lives; the simulated robot is a board that reboots.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { packageRoot } from "../host/package-root.js";
import {
  PICTURE_HEAP_ARGS,
  PICTURE_HEAP_ENV,
  SMALL_HEAP_ARGS,
  SMALL_HEAP_ENV,
} from "../host/small-heap.js";
import type { TlsPaths } from "../doors/tls-files.js";
import type { Doors } from "../child/messages.js";
import type { PartSpec } from "../supervisor/supervisor-types.js";
import { cameraUrlOf, type CameraChoice } from "../vision/choice/camera-choice.js";
import { cablePortOf, callersOf, isSimulated, type StartOptions } from "./options.js";

/** Wait before the first restart in the window; later ones follow C3 (30 s, five in 10 min). */
const QUICK_RETRY_MS = 250;

export interface PartSecrets {
  /** The link's pre-shared key, 64 hex digits. */
  readonly linkKey: string;
  /** Token of the doors, when they are not on loopback. */
  readonly token: string | undefined;
  /** By which the parts of this run know each other. */
  readonly ownKey: string;
  /** Token that opens the model's MCP path only, when the doors are not on loopback. */
  readonly modelToken?: string | undefined;
  /** Signs what is pushed to the edge; undefined without `--edge`. */
  readonly edgeKey?: string | undefined;
  /** At the broker of Home Assistant. */
  readonly mqttPassword?: string | undefined;
  /** At the Redis of the fleet. */
  readonly fleetPassword?: string | undefined;
}

export function newOwnKey(): string {
  return randomBytes(16).toString("hex");
}

export function portOf(door: string | undefined): number {
  const port = Number(door?.slice(door.lastIndexOf(":") + 1));
  if (!Number.isInteger(port)) throw new Error(`expected host:port, got ${door}`);
  return port;
}

/** The parts of `buddy start`, in no particular order: `needs` orders them. */
export function partSpecs(
  options: StartOptions,
  secrets: PartSecrets,
  tls: () => TlsPaths | undefined = () => undefined,
  camera: () => CameraChoice | undefined = () => undefined,
): PartSpec[] {
  const specs = [gateway(options, secrets), vision(options, secrets, tls, camera), voice(options)];
  if (isSimulated(options)) specs.push(simulatedRobot(options, secrets));
  if (options.robot === "debug") specs.push(debuggedRobot(secrets));
  if (options.camera === "demo") specs.push(demoCamera());
  return specs;
}

const entry = (
  path: string,
  heap = SMALL_HEAP_ARGS,
  env = SMALL_HEAP_ENV,
): PartSpec["command"] => ({
  file: process.execPath,
  args: [...heap, join(packageRoot(), "dist/src", path)],
  env,
});

/** The door a part asks for: the same one as before a restart, so that clients find it again. */
const again = (previous: Doors, name: string, asked: number): number =>
  previous[name] === undefined ? asked : portOf(previous[name]);

function gateway(options: StartOptions, secrets: PartSecrets): PartSpec {
  return {
    name: "gateway",
    command: entry("gateway/main.js"),
    policy: { firstRetryMs: QUICK_RETRY_MS, memoryBytesMax: 400_000_000 },
    options: ({ previousDoors }) => ({
      dataDir: options.data,
      host: options.host,
      linkPort: again(previousDoors, "link", options.linkPort),
      wsPort: again(previousDoors, "ws", options.wsPort),
      udpPort: again(previousDoors, "udp", options.udpPort),
      ...callersOf(options),
      keys: { "*": secrets.linkKey },
      cable: cablePortOf(options),
      ...(secrets.token !== undefined && { token: secrets.token }),
    }),
  };
}

function simulatedRobot(options: StartOptions, secrets: PartSecrets): PartSpec {
  return {
    name: "robot",
    command: entry("simulator/main.js"),
    needs: ["gateway"],
    policy: { firstRetryMs: QUICK_RETRY_MS },
    options: ({ doorsOf }) => ({
      dataDir: join(options.data, "robot"),
      firmware: join(packageRoot(), "dist/firmware/sim.devs"),
      ...(options.chip && { chip: options.chip, powerSave: options.chipPowerSave }),
      usbPort: cablePortOf(options),
      link: { host: "127.0.0.1", port: portOf(doorsOf("gateway")?.["link"]), key: secrets.linkKey },
    }),
  };
}

/** Its VM is the debugger's, and comes and goes without any restart of this part. */
function debuggedRobot(secrets: PartSecrets): PartSpec {
  return {
    name: "robot",
    command: entry("simulator/debugged-main.js"),
    needs: ["gateway"],
    policy: { firstRetryMs: QUICK_RETRY_MS },
    options: ({ doorsOf }) => ({
      link: { host: "127.0.0.1", port: portOf(doorsOf("gateway")?.["link"]), key: secrets.linkKey },
    }),
  };
}

export function demoCamera(): PartSpec {
  return {
    name: "camera",
    command: entry("vision/demo-camera/main.js", PICTURE_HEAP_ARGS, PICTURE_HEAP_ENV),
    policy: { firstRetryMs: QUICK_RETRY_MS },
    options: ({ previousDoors }) => ({ port: again(previousDoors, "http", 0) }),
  };
}

function vision(
  options: StartOptions,
  secrets: PartSecrets,
  tls: () => TlsPaths | undefined,
  camera: () => CameraChoice | undefined,
): PartSpec {
  return {
    name: "vision",
    command: entry("vision/main.js"),
    needs: options.camera === "demo" ? ["gateway", "camera"] : ["gateway"],
    policy: { firstRetryMs: QUICK_RETRY_MS },
    options: ({ doorsOf, previousDoors }) => ({
      ...lookedThrough(camera(), options, () => doorsOf("camera")?.["http"]),
      certificates: join(options.data, "camera-certs.json"),
      apiHost: options.host,
      apiPort: again(previousDoors, "http", options.visionPort),
      udp: { host: "127.0.0.1", port: portOf(doorsOf("gateway")?.["udp"]) },
      ownKey: secrets.ownKey,
      tls: tls(),
      ...callersOf(options),
      ...(secrets.token !== undefined && { token: secrets.token }),
    }),
  };
}

/** Which camera it is, as the choice says; where nobody chooses, as the options do. */
function lookedThrough(
  camera: CameraChoice | undefined,
  options: StartOptions,
  demoDoor: () => string | undefined,
): { cameraUrl: string | null; isBeside: boolean } {
  if (camera === undefined)
    return { cameraUrl: cameraUrlOf(options.camera, demoDoor), isBeside: false };
  return { cameraUrl: camera.cameraUrl(), isBeside: camera.isBeside };
}

/** Holds nothing between lives: what it was saying goes on in another way. Its cap is for itself; renderers have their own. */
function voice(options: StartOptions): PartSpec {
  return {
    name: "voice",
    command: entry("voice/main.js"),
    policy: { firstRetryMs: QUICK_RETRY_MS, memoryBytesMax: 300_000_000 },
    options: () => ({ scratch: join(options.data, "voice") }),
  };
}
