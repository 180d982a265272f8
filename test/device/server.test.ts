// The robot's server in the DeviceScript machine: handshake, commands, floods, within its step budget and
// heap. The bytes come from in-memory streams; the same classes run behind real sockets in test/e2e.
import { sleep } from "@devicescript/core";
import { describe, expect, test } from "@devicescript/test";
import { Intake } from "../../devs/intake/intake.js";
import { Dialogue } from "../../devs/net/dialogue.js";
import { RobotServer } from "../../devs/net/server.js";
import { Load } from "../../devs/runtime/load.js";
import { Slice } from "../../devs/runtime/slice.js";
import { base64, Sha1 } from "../../devs/net/sha1.js";
import { OpenGate, RestingMind } from "../support/resting-mind.js";
import { fakeCommands } from "../support/fake-commands.js";
import { FakeRobot, FakeStream, HANDSHAKE, maskedFrame } from "../support/fake-robot.js";

let nowMs = 1000;
const robot = new FakeRobot();
const mind = new RestingMind();
const intake = new Intake(robot);
let faults = 0;
function noteFault(where: string, thrown: unknown): void {
  faults++;
  console.log("fault", where, (thrown as Error).message);
}
function clock(): number {
  return nowMs;
}
const interpreter = fakeCommands(robot, mind, intake);
const dialogue = new Dialogue(interpreter, robot, new OpenGate(), clock, noteFault);
const server = new RobotServer({
  nowMs: clock,
  dialogue,
  health: robot,
  counters: intake.counters,
  slice: new Slice(),
  load: new Load(),
  noteFault,
});

/** One slice after the other until nothing waits. */
async function settle(): Promise<void> {
  for (let i = 0; i < 200; i++) {
    nowMs += 20;
    const waitMs = server.run();
    await sleep(1);
    if (waitMs > 2) return;
  }
}

async function connect(): Promise<FakeStream> {
  const stream = new FakeStream();
  nowMs += 20;
  server.admit(stream);
  stream.onData(Buffer.from(HANDSHAKE));
  await settle();
  return stream;
}

describe("server in the VM", () => {
  test("sha1 and base64", async () => {
    const key = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const hash = new Sha1(Buffer.from(key));
    let parts = 1;
    while (!hash.step()) parts++;
    expect(parts).toBe(8);
    expect(base64(hash.finish())).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  });
  test("handshake, greeting, every kind of reply", async () => {
    const stream = await connect();
    expect(stream.text().includes("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")).toBe(true);
    expect(stream.lastText()).toBe('{"ok":true,"msg":"bridge_ready"}');
    const lines = ["!LOOK:500,0", "QUERYxyz", 'NOPE é😀\\"\n', "SATISFY:social,0.15", "NOD:3"];
    const replies = [
      '{"ok":true}',
      "",
      '{"ok":false,"reason":"unknown_command","cmd":"NOPE é😀\\\\\\""}',
      '{"ok":true,"need":"social","value":0.43}',
      '{"ok":true}',
    ];
    for (let i = 0; i < lines.length; i++) {
      nowMs += 20;
      stream.onData(maskedFrame(1, Buffer.from(lines[i]), 0x12345678));
      if (replies[i] !== "") expect(stream.lastText()).toBe(replies[i]);
      await sleep(1);
    }
    expect(robot.log).toBe("loop none;look 170 80;loop none;gesture nod 3;");
    nowMs += 20;
    stream.onData(maskedFrame(1, Buffer.from("QUERY"), 0x7f0010ff));
    const state = JSON.parse(stream.lastText());
    expect(state.servoBase).toBe(90);
    expect(stream.lastText().length < 1024).toBe(true);
    stream.onClose(15);
  });
  test("the largest message, ASCII and not, fits a slice", async () => {
    const stream = await connect();
    const ascii = Buffer.alloc(2048);
    for (let i = 0; i < 2048; i++) ascii[i] = 0x41;
    const greek = Buffer.alloc(2048);
    for (let i = 0; i < 2048; i += 2) {
      greek[i] = 0xce;
      greek[i + 1] = 0xb1;
    }
    for (const data of [ascii, greek]) {
      await sleep(5);
      nowMs += 20;
      const before = stream.sent.length;
      const frame = maskedFrame(1, data, 0x01020304);
      await sleep(5);
      stream.onData(frame.slice(0, 1022));
      stream.onData(frame.slice(1022, 2044));
      stream.onData(frame.slice(2044, frame.length));
      await settle();
      expect(stream.sent.length).toBe(before + 1);
      expect(stream.lastText().startsWith('{"ok":false,"reason":"unknown_command"')).toBe(true);
    }
    stream.onClose(15);
  });
  test("a flood of tiny frames in one slice does not end the machine", async () => {
    const stream = await connect();
    const chunk = Buffer.alloc(1020);
    const ping = maskedFrame(9, Buffer.alloc(0), 0);
    for (let i = 0; i < 170; i++) chunk.blitAt(i * 6, ping, 0, 6);
    nowMs += 20;
    for (let i = 0; i < 3; i++) stream.onData(chunk);
    await settle();
    expect(stream.isClosed).toBe(false);
    expect(stream.sent.length).toBe(512);
    for (let i = 0; i < 8; i++) stream.onData(chunk);
    await settle();
    expect(stream.isClosed).toBe(true);
  });
  test("a flood of QUERY is answered in order or cut, nothing else breaks", async () => {
    const other = await connect();
    const stream = await connect();
    const query = maskedFrame(1, Buffer.from("QUERY"), 0x11223344);
    nowMs += 20;
    for (let i = 0; i < 20; i++) stream.onData(query);
    await settle();
    expect(stream.sent.length).toBe(22);
    nowMs += 20;
    other.onData(maskedFrame(1, Buffer.from("IDLE"), 5));
    expect(other.lastText()).toBe('{"ok":true}');
    stream.onClose(15);
    other.onClose(15);
  });
  test("ten handshakes in one slice", async () => {
    const streams: FakeStream[] = [];
    nowMs += 20;
    for (let i = 0; i < 4; i++) {
      const stream = new FakeStream();
      streams.push(stream);
      server.admit(stream);
      stream.onData(Buffer.from(HANDSHAKE));
    }
    await settle();
    for (const stream of streams)
      expect(stream.lastText()).toBe('{"ok":true,"msg":"bridge_ready"}');
    expect(faults).toBe(0);
  });
});
