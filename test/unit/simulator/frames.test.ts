// The bus stream. Properties: frames come out whole and in order however the stream is cut; both length forms are
// read; what is too short to be a frame is dropped; what is too long for the VM is refused. A device that runs programs is
// known by its announcement.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encodeFrame,
  FrameReader,
  isRequest,
  managedDevice,
} from "../../../src/simulator/frames.js";
import { jacdac } from "../../../src/usb/jacdac.js";

const short = Buffer.alloc(16, 1);
const long = Buffer.alloc(300, 2);
const stream = Buffer.concat([
  encodeFrame(short),
  Buffer.from([0xff, long.length & 0xff, long.length >> 8]),
  long,
  encodeFrame(Buffer.alloc(252, 3)),
]);

test("frames survive any cut of the stream", () => {
  for (let cut = 0; cut <= stream.length; cut++) {
    const reader = new FrameReader();
    const frames = [
      ...reader.read(stream.subarray(0, cut)),
      ...reader.read(stream.subarray(cut)),
    ].map((frame) => [frame.length, frame[0]]);
    assert.deepEqual(
      frames,
      [
        [16, 1],
        [300, 2],
        [252, 3],
      ],
      `cut at ${cut}`,
    );
  }
});

test("frames survive byte by byte", () => {
  const reader = new FrameReader();
  const lengths = [...stream]
    .flatMap((byte) => reader.read(Buffer.from([byte])))
    .map((f) => f.length);
  assert.deepEqual(lengths, [16, 300, 252]);
});

test("a frame shorter than its head is dropped, the next one read", () => {
  const reader = new FrameReader();
  const frames = reader.read(Buffer.concat([encodeFrame(Buffer.alloc(11)), encodeFrame(short)]));
  assert.deepEqual(
    frames.map((frame) => frame.length),
    [16],
  );
});

test("a frame longer than the bus allows is refused", () => {
  assert.equal(encodeFrame(Buffer.alloc(254)).length, 255);
  assert.throws(() => encodeFrame(Buffer.alloc(255)), RangeError);
});

test("a request to a service counts as the program's, the runtime's own frames do not", () => {
  const frame = (flags: number, serviceIndex: number): Uint8Array => {
    const bytes = new Uint8Array(16);
    bytes[3] = flags;
    bytes[13] = serviceIndex;
    return bytes;
  };
  assert.equal(isRequest(frame(1, 2)), true, "write to a servo");
  assert.equal(isRequest(frame(0x40, 0)), false, "announcement");
  assert.equal(isRequest(frame(0, 4)), false, "report of a service");
  assert.equal(isRequest(frame(3, 0x3e)), false, "pipe");
});

/** An announcement: flags, then classes of services. */
function announcement(classes: readonly number[], flags = 0): Buffer {
  const data = Buffer.alloc(4 + 4 * classes.length);
  classes.forEach((one, index) => data.writeUInt32LE(one, 4 + 4 * index));
  const head = Buffer.alloc(16);
  head[3] = flags;
  Buffer.from("b0bb1e0000000001", "hex").copy(head, 4);
  head[12] = data.length;
  return Buffer.concat([head, data]);
}

const PROGRAMS = jacdac.SRV_DEVICE_SCRIPT_MANAGER;

test("a device that announces a program manager is known by its id, any other frame is not", () => {
  assert.equal(managedDevice(announcement([1, PROGRAMS])), "b0bb1e0000000001");
  assert.equal(managedDevice(announcement([1, 2])), undefined);
  assert.equal(managedDevice(announcement([PROGRAMS], 1)), undefined, "a command");
  const whole = announcement([PROGRAMS]);
  for (let length = 0; length < whole.length; length++) {
    assert.equal(managedDevice(whole.subarray(0, length)), undefined, `${length} bytes`);
  }
});
