/** What a profile is taken under: each scenario brings its load to a linked robot, which goes on until the rig stops. */
import { clamp } from "../../wire/clamp.js";
import {
  CAMERA_HFOV_DEG,
  CAMERA_VFOV_DEG,
  FACE_SPACE,
  NOD_DEG_CENTER,
  BASE_DEG_CENTER,
  WS_MESSAGE_BYTES_MAX,
} from "../../wire/limits.js";
import type { ProfileRig } from "./profile-rig.js";

const SECOND_MS = 1000;
/** From the load's start to the first window: the link's first exchange, the memory's loading and first save are over. */
const WARM_UP_MS = 8000;
/** As long as the firmware waits until it takes itself to be alone (`ALONE_MS` in devs/body/silence.ts), and a bit. */
const ALONE_MS = 33_000;
const CLIENTS = 6;

export interface Scenario {
  /** For people. */
  readonly what: string;
  readonly warmUpMs: number;
  load(rig: ProfileRig): Promise<void>;
  /** Called when the warm-up is over, right before the first window. */
  begin?(rig: ProfileRig): void;
}

const scenario = (what: string, load: Scenario["load"], warmUpMs = WARM_UP_MS): Scenario => ({
  what,
  load,
  warmUpMs,
});

export const SCENARIOS = {
  rest: scenario("linked, with the companion's connection", (rig) => rig.companion()),
  alone: scenario("linked, nobody connected, long enough to feel alone", async () => {}, ALONE_MS),
  face15: scenario("15 faces a second of a face that walks, with the companion", faces(15)),
  face30: scenario("30 faces a second, with the companion", faces(30)),
  face60: scenario("60 faces a second, with the companion", faces(60)),
  clients6: scenario("six clients with a QUERY a second each", clients),
  "face30+clients6": scenario(
    "30 faces a second, six clients with a QUERY a second",
    async (rig) => {
      await clients(rig);
      follow(rig, 30);
    },
  ),
  bigmessage: scenario("a client with a 2 KiB message a second", bigMessages),
  save: scenario("a save of the robot's state each second", saves),
  upgrade: scenario("a new WebSocket client each second", upgrades),
  boot: {
    what: "from power on, with settings, to a linked robot with a companion",
    warmUpMs: WARM_UP_MS,
    load: (rig) => rig.companion(),
    begin: (rig) => rig.robot.kill(),
  },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];

function faces(perS: number): Scenario["load"] {
  return async (rig) => {
    await rig.companion();
    follow(rig, perS);
  };
}

/** A face that walks to and fro before the robot, as a camera on the head sees it: the loop is closed. */
function follow(rig: ProfileRig, perS: number): void {
  const send = rig.datagrams();
  const startMs = rig.clock.nowMs();
  let seq = 0;
  rig.atRate(perS, () => {
    const seconds = (rig.clock.nowMs() - startMs) / SECOND_MS;
    const turn = (periodS: number): number => Math.sin((2 * Math.PI * seconds) / periodS);
    const { base, nod } = rig.robot.pose().actual;
    const aside = (base - (BASE_DEG_CENTER + 20 * turn(8))) * (FACE_SPACE / CAMERA_HFOV_DEG);
    const below = (NOD_DEG_CENTER + 5 * turn(5) - nod) * (FACE_SPACE / CAMERA_VFOV_DEG);
    send(`FACE:${place(aside)},${place(below)},0,0,60,60,90,${++seq},20`);
  });
}

/** Units of the picture from its centre → a coordinate in it. */
function place(offset: number): number {
  return clamp(Math.round(FACE_SPACE / 2 + offset), 0, FACE_SPACE);
}

async function clients(rig: ProfileRig): Promise<void> {
  for (let i = 0; i < CLIENTS; i++) {
    const socket = await rig.client();
    rig.atRate(1, () => socket.send("QUERY"));
  }
}

/** The longest message that is taken, plain and with letters of two bytes in turn. */
async function bigMessages(rig: ProfileRig): Promise<void> {
  const socket = await rig.client();
  const [head, tail] = ['!VISION:{"f":0,"d":"', '"}'];
  const room = WS_MESSAGE_BYTES_MAX - head.length - tail.length;
  const texts = ["x".repeat(room), "é".repeat(room / 2)].map((text) => head + text + tail);
  let sent = 0;
  rig.atRate(1, () => socket.send(texts[sent++ % texts.length] ?? ""));
}

/** SHUTDOWN saves at once, and the robot goes on while its power does. */
async function saves(rig: ProfileRig): Promise<void> {
  const socket = await rig.client();
  rig.atRate(1, () => socket.send("SHUTDOWN"));
}

async function upgrades(rig: ProfileRig): Promise<void> {
  rig.atRate(1, () => {
    rig.client().then(
      (socket) => socket.close(),
      (error: unknown) => rig.fail(error),
    );
  });
  await Promise.resolve();
}
