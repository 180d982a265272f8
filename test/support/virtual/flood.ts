/** Everything at once at the doors of the virtual robot, and what came of it. */
import { ROBOT_UDP_PORT, WS_MESSAGE_BYTES_MAX } from "../../../src/wire/limits.js";
import { VirtualClient } from "./clients.js";
import type { VirtualRobot } from "./robot.js";

const SECOND_MS = 1000;
/** What STOP is for the companion: three lines, and it is done when all are answered. */
const STOP_LINES = ["STOP_SPEAKING", "STOP_THINKING", "IDLE"];
/** Two a second, as `RobotWatch` and `SelfWatch` ask. */
const QUESTIONS = ["QUERY", "SELF", "QUERY", "WHY"];
const STOP_PAUSE_MS = 250;
const COMPANION_MS_MAX = 5000;
const BURST_LINES = 10;
const BURSTERS = 6;
const AGAIN_MS = 500;
/** A deaf client is let go when so much is unread of it, as by its door. */
const DEAF_LIFE_MS = 1500;

export interface Flood {
  /** ms from saying STOP to the last of its answers. */
  readonly stopsMs: number[];
  /** The companion's connection was lost so often. */
  companionLosses: number;
  /** Lines of the bursts. */
  asked: number;
  answered: number;
  /** Not answered, their connection closed with a status or close code that says so. */
  refused: number;
  /** Neither. */
  lost: number;
  /** Ends it: no more is asked. @returns when all that was asked has its end, at most so much later. */
  end(ms: number): Promise<boolean>;
}

/** @param robot linked. @returns once the companion has its connection and the rest has begun. */
export async function flood(robot: VirtualRobot): Promise<Flood> {
  const { time } = robot;
  const state = { isOver: false, bursters: BURSTERS };
  const told: Flood = {
    stopsMs: [],
    companionLosses: 0,
    asked: 0,
    answered: 0,
    refused: 0,
    lost: 0,
    end: (ms) => {
      state.isOver = true;
      return time.pass(ms, () => state.bursters === 0);
    },
  };
  const again = (ms: number, act: () => void): void =>
    void time.after(ms, () => !state.isOver && act(), false);
  const atRate = (perS: number, act: () => void): void => {
    act();
    again(SECOND_MS / perS, () => atRate(perS, act));
  };
  const isThere = companion(robot, told, again);
  if (!(await time.pass(COMPANION_MS_MAX, isThere)))
    throw new Error("the companion got no connection");
  for (let i = 0; i < BURSTERS; i++) burst(robot, told, state);
  deaf(robot, again);
  let seq = 0;
  atRate(60, () => {
    const x = seq % 60 < 30 ? 106 : 134;
    robot.putDatagram(ROBOT_UDP_PORT, `FACE:${x},120,0,0,60,60,90,${++seq}`);
  });
  atRate(1000, () => robot.putDatagram(ROBOT_UDP_PORT, "FACE:no,face,at,all"));
  atRate(1, () => void robot.session?.sendMirror(Buffer.alloc(900, 1)));
  return told;
}

/** Watches the pose, asks what Buddy's own asks, and stops the robot again and again. @returns whether it is connected. */
function companion(
  robot: VirtualRobot,
  told: Flood,
  again: (ms: number, act: () => void) => void,
): () => boolean {
  let id = 0;
  let isThere = false;
  let open = 0;
  let saidAtMs = 0;
  const stop = (client: VirtualClient): void => {
    saidAtMs = robot.time.nowMs;
    open = STOP_LINES.length;
    for (const line of STOP_LINES) client.say(`${++id} ${line}`, true);
  };
  const ask = (client: VirtualClient, round: number): void => {
    if (!client.isOpen) return;
    client.say(`0 ${QUESTIONS[round % QUESTIONS.length]}`);
    again(SECOND_MS / 2, () => ask(client, round + 1));
  };
  const dial = (): void => {
    const client = new VirtualClient(robot, {
      onOpen: () => {
        isThere = true;
        client.say("0 WATCH:50");
        ask(client, 0);
        again(STOP_PAUSE_MS, () => stop(client));
      },
      onText: (text) => {
        if (text.startsWith("*") || text.startsWith("0 ") || --open > 0) return;
        told.stopsMs.push(robot.time.nowMs - saidAtMs);
        again(STOP_PAUSE_MS, () => stop(client));
      },
      onClosed: () => {
        isThere = false;
        told.companionLosses++;
        again(STOP_PAUSE_MS, dial);
      },
    });
  };
  dial();
  return () => isThere;
}

/** Ten QUERY at once each second, each fifth time with the longest message; dials again when it is turned away. */
function burst(
  robot: VirtualRobot,
  told: Flood,
  state: { isOver: boolean; bursters: number },
): void {
  const { time } = robot;
  let open = 0;
  let round = 0;
  const ask = (client: VirtualClient): void => {
    if (state.isOver) return finish(client);
    if (!client.isOpen) return;
    const lines = Array.from({ length: BURST_LINES }, (_, i) => `${i + 1} QUERY`);
    if (round++ % 5 === 0) lines.push(`11 ${"X".repeat(WS_MESSAGE_BYTES_MAX - 3)}`);
    open += lines.length;
    told.asked += lines.length;
    for (const line of lines) client.say(line);
    time.after(SECOND_MS, () => ask(client), false);
  };
  const finish = (client: VirtualClient): void => {
    if (open === 0 || !client.isOpen) client.close();
    else time.after(20, () => finish(client), false);
  };
  new VirtualClient(robot, {
    onOpen: ask,
    onText: () => {
      open--;
      told.answered++;
    },
    onClosed: (code) => {
      if (code === 1006) told.lost += open;
      else told.refused += open;
      open = 0;
      if (state.isOver) state.bursters--;
      else time.after(AGAIN_MS, () => burst(robot, told, state), false);
    },
  });
}

/** Asks fifty times a second and reads nothing. */
function deaf(robot: VirtualRobot, again: (ms: number, act: () => void) => void): void {
  const client = new VirtualClient(robot, {
    onClosed: () => again(AGAIN_MS, () => deaf(robot, again)),
  });
  client.isDeaf = true;
  const ask = (): void => {
    client.say("1 QUERY");
    again(20, ask);
  };
  ask();
  again(DEAF_LIFE_MS, () => client.drop());
}
