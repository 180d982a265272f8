/** The robot's server over streams in memory, in a time that only the test lets pass. */
import { Intake } from "../../devs/intake/intake.js";
import { Dialogue } from "../../devs/net/dialogue.js";
import { RobotServer } from "../../devs/net/server.js";
import { Load } from "../../devs/runtime/load.js";
import { Slice } from "../../devs/runtime/slice.js";
import { fakeCommands } from "./fake-commands.js";
import { FakeRobot, FakeStream, HANDSHAKE, maskedFrame } from "./fake-robot.js";
import { OpenGate, RestingMind } from "./resting-mind.js";

export type ServerWorld = ReturnType<typeof serverWorld>;

export function serverWorld() {
  const robot = new FakeRobot();
  const mind = new RestingMind();
  const intake = new Intake(robot);
  const time = { nowMs: 1000 };
  const faults: string[] = [];
  const nowMs = () => time.nowMs;
  const noteFault = (where: string) => void faults.push(where);
  const commands = fakeCommands(robot, mind, intake);
  const dialogue = new Dialogue(commands, robot, new OpenGate(), nowMs, noteFault);
  const counters = intake.counters;
  const slice = new Slice();
  const load = new Load();
  const server = new RobotServer({
    nowMs,
    dialogue,
    health: robot,
    counters,
    slice,
    load,
    noteFault,
  });
  let dueMs = 0;
  server.onWork = () => (dueMs = 0);
  /** Lets time pass as the firmware does: the server runs when it said, or sooner when it has work; the body steps. */
  const pass = (ms: number) => {
    for (const endMs = time.nowMs + ms; time.nowMs < endMs;) {
      time.nowMs++;
      if (time.nowMs % 20 === 0) server.tellPose(time.nowMs);
      if (time.nowMs >= dueMs) dueMs = time.nowMs + server.run();
    }
  };
  const open = (request: string | Buffer = HANDSHAKE) => {
    const stream = new FakeStream();
    time.nowMs += 1;
    server.admit(stream);
    stream.onData(Buffer.from(request));
    pass(20);
    return stream;
  };
  return { robot, server, intake, faults, time, slice, load, pass, open };
}

/** A line from a client, as a masked text frame. */
export const say = (stream: FakeStream, line: string) =>
  stream.onData(maskedFrame(1, Buffer.from(line), 0x01fe7c33));
/** Code of the close frame that was sent last; -1 when it was none. */
export const closeCodeOf = (stream: FakeStream) => {
  const last = stream.sent.at(-1) as Buffer;
  return last[0] === 0x88 ? last.readUInt16BE(2) : -1;
};
/** The first line of what was answered. */
export const statusOf = (stream: FakeStream) => stream.text().split("\r\n")[0];
/** A request that opens a WebSocket on the opt-in path. */
export const V2 = HANDSHAKE.replace("GET / ", "GET /v2 ");
/** A request for the page of health. */
export const HEALTH = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
