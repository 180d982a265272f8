/**
 * The Buddy that the robot will dial: the one that runs with this data directory, or for the time of the flashing one of our
 * own with the same key and port, so that the robot's first words are heard.
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { findRunning, readSecret } from "../datadir/running.js";
import { secretOf } from "../datadir/secret-file.js";
import { lanAddresses } from "../doors/lan.js";
import { Gateway } from "../gateway/gateway.js";
import { FileGenerations } from "../gateway/generations.js";
import { isLoopback } from "../host/loopback.js";
import { reasonOf } from "../host/reason.js";
import { RobotClient } from "../robot/robot-client.js";
import { systemChance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import { ROBOT_TCP_PORT, ROBOT_UDP_PORT } from "../wire/limits.js";
import type { BoardLog } from "./board-log.js";
import { FlashError } from "../usb/flash-error.js";

/** From the restart to the first answer: boot, a scan of all channels, DHCP, three tries to dial. */
const HELLO_MS_MAX = 45_000;
const LOOK_MS = 100;
const STATE_MS_MAX = 2000;
const LINK_PORT_DEFAULT = 7420;

const stateSchema = z.object({ link: z.object({ deviceId: z.string().optional() }) });

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Door {
  readonly ws: string;
  readonly origin: string;
  readonly token: string | undefined;
}

/** Where the robot dials, with which key. */
export interface Companion {
  readonly address: Address;
  /** 64 hex digits. */
  readonly key: string;
  readonly dataDir: string;
  /** The running Buddy: its forwarded WebSocket, its page, the token of both; undefined: none runs. */
  readonly door: Door | undefined;
}

export interface CompanionWish {
  readonly dataDir: string;
  /** As the robot shall dial it; by default what this machine is called in the LAN. */
  readonly host?: string;
  readonly port?: number;
  /** The board is a simulated one on this machine. */
  readonly isSimulated: boolean;
}

/** @throws FlashError `FLASH_NO_HELLO` when no robot could reach it, and nothing has been written then. */
export function findCompanion(wish: CompanionWish): Companion {
  const key = secretOf(wish.dataDir, "link.key", 32);
  const running = findRunning(wish.dataDir);
  const found = running.kind === "running" ? running : undefined;
  const listens = found && splitDoor(found.runtime.link);
  const isOnLoopback = listens !== undefined && isLoopback(listens.host);
  if (!wish.isSimulated && wish.host === undefined && isOnLoopback) {
    throw new FlashError(
      "FLASH_NO_HELLO",
      "the running Buddy listens on this machine only, where no board can reach it",
      "start it with `npm start -- --robot board --host 0.0.0.0`, or name its address with --companion",
    );
  }
  const host = wish.host ?? (wish.isSimulated ? "127.0.0.1" : lanHost(listens?.host));
  const port = wish.port ?? listens?.port ?? LINK_PORT_DEFAULT;
  const token = readSecret(wish.dataDir, "token");
  const door = found && { ws: found.runtime.robotWs, origin: found.origin, token };
  return { address: { host, port }, key, dataDir: wish.dataDir, door };
}

function lanHost(listens: string | undefined): string {
  const [first] = lanAddresses(listens ?? "0.0.0.0");
  if (first !== undefined) return first;
  throw new FlashError(
    "FLASH_NO_HELLO",
    "this machine has no address in a network",
    "connect it to the robot's network, or name its address with --companion",
  );
}

export interface Hello {
  /** What the robot said to QUERY. */
  readonly reply: Record<string, unknown>;
  /** ms from the call to it. */
  readonly ms: number;
}

/** Hears the robot. */
export interface Listener {
  /** Which robot is linked; undefined: none, or nobody says. */
  linked(): Promise<string | undefined>;
  /** `host:port` of the robot's WebSocket, as it is forwarded. */
  readonly ws: string;
  readonly token: string | undefined;
  /** What became of the robot's calls so far. */
  seen(): string | undefined;
  close(): Promise<void>;
}

/**
 * Listens where the robot will dial: the running Buddy does, or a gateway of our own with the same key.
 * @throws FlashError `FLASH_NO_HELLO` when the port is somebody else's; nothing has been written then.
 */
export async function listen(companion: Companion, clock: Clock): Promise<Listener> {
  const { door } = companion;
  if (!door) return openGateway(companion, clock);
  return {
    ws: door.ws,
    token: door.token,
    linked: () => linkedDevice(door),
    seen: () => undefined,
    close: () => Promise.resolve(),
  };
}

/**
 * Waits until this very board is linked and has answered.
 * @param deviceId the board's, 16 hex digits.
 * @throws FlashError `FLASH_NO_HELLO`, with what was seen instead.
 */
export async function awaitHello(
  listener: Listener,
  log: Pick<BoardLog, "wifi" | "isRefused">,
  deviceId: string,
  signal: AbortSignal,
  clock: Clock,
): Promise<Hello> {
  const { ws, token } = listener;
  const silent = { onOpen: () => undefined, onLost: () => undefined, onPose: () => undefined };
  const client = new RobotClient(() => ws, silent, clock, systemChance, token);
  const beganMs = clock.nowMs();
  let seen = "it has not dialled";
  client.start();
  try {
    while (clock.nowMs() - beganMs < HELLO_MS_MAX) {
      await clock.sleep(LOOK_MS, signal);
      if (log.isRefused()) throw wrongPassword();
      seen = listener.seen() ?? (log.wifi === undefined ? seen : `its WiFi, it says: ${log.wifi}`);
      if (!client.isLinked) continue;
      const linked = await listener.linked();
      if (linked !== deviceId) {
        if (linked) seen = `another robot (${linked}) has its place; stop that one`;
        continue;
      }
      const reply = await ask(client, "QUERY");
      if (reply) return { reply, ms: Math.round(clock.nowMs() - beganMs) };
    }
  } finally {
    client.stop();
  }
  throw new FlashError(
    "FLASH_NO_HELLO",
    `the board was written, but the robot was not heard for ${HELLO_MS_MAX / 1000} s: ${seen}`,
    "check the network name and password, and whether this machine's firewall lets the link's port in",
  );
}

function wrongPassword(): FlashError {
  return new FlashError(
    "FLASH_NO_HELLO",
    "the board was written, but its network throws the robot out again and again, as it says over USB: the password is wrong",
    "give the right one: `buddy flash --settings --ssid NAME --password-file FILE`",
  );
}

async function ask(
  client: RobotClient,
  line: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    const reply: unknown = JSON.parse(await client.command(line));
    return reply !== null && typeof reply === "object" ? { ...reply } : undefined;
  } catch {
    return undefined; // It is asked again.
  }
}

/** Which robot the running Buddy serves; undefined: none, or it does not say. */
async function linkedDevice(door: Door): Promise<string | undefined> {
  try {
    const headers = door.token === undefined ? {} : { authorization: `Bearer ${door.token}` };
    const signal = AbortSignal.timeout(STATE_MS_MAX);
    const answer = await fetch(`${door.origin}/api/state`, { headers, signal });
    const state = stateSchema.safeParse(await answer.json());
    return state.data?.link.deviceId;
  } catch {
    return undefined; // It is asked again.
  }
}

async function openGateway({ address, key, dataDir }: Companion, clock: Clock): Promise<Listener> {
  // Nobody else is meant to come in; the doors behind the link are for this process.
  const token = isLoopback(address.host) ? undefined : randomBytes(16).toString("hex");
  const gateway = new Gateway({
    host: isLoopback(address.host) ? "127.0.0.1" : "0.0.0.0",
    token,
    linkPort: address.port,
    doors: [
      { protocol: "tcp", robotPort: ROBOT_TCP_PORT, port: 0 },
      { protocol: "udp", robotPort: ROBOT_UDP_PORT, port: 0 },
    ],
    keys: new Map([["*", Buffer.from(key, "hex")]]),
    generations: new FileGenerations(dataDir),
    clock,
  });
  try {
    const doors = await gateway.start();
    return {
      ws: doors.tcp[ROBOT_TCP_PORT] ?? "",
      token,
      linked: () => Promise.resolve(gateway.status().deviceId || undefined),
      seen: () => gateway.status().lastRefused?.words,
      close: () => gateway.stop(),
    };
  } catch (error) {
    throw new FlashError(
      "FLASH_NO_HELLO",
      `the robot's first words could not be heard here: ${reasonOf(error)}`,
      "name the data directory of the Buddy that has this port (--data DIR), or another port (--companion HOST:PORT)",
      { cause: error },
    );
  }
}

function splitDoor(door: string): Address {
  const at = door.lastIndexOf(":");
  return { host: door.slice(0, at).replace(/^\[|\]$/g, ""), port: Number(door.slice(at + 1)) };
}
