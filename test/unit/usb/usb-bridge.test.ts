import assert from "node:assert/strict";
import { test } from "node:test";
import { UsbBridge } from "../../../src/usb/usb-bridge.js";
import { jacdac } from "../../../src/usb/jacdac.js";

const MAGIC = 0xfe;
/** To the bridge itself: "enable packets" (0x81), as a host sends it when it has opened the port. */
const ENABLE = (() => {
  const bytes = Buffer.alloc(16);
  bytes.set([0, 0, 4, 1 | 4], 0);
  bytes.writeUInt32LE(0x18f61a4a, 4);
  bytes.writeUInt16LE(0x81, 14);
  return withCrc(bytes);
})();

/** CRC in front, as every frame has it. */
function withCrc(frame: Buffer): Buffer {
  frame.writeUInt16LE(jacdac.crc(frame.subarray(2)), 0);
  return frame;
}

function escaped(frame: Buffer): Buffer {
  const bytes = [...frame].flatMap((byte) => (byte === MAGIC ? [MAGIC, 0xf8] : [byte]));
  return Buffer.from([MAGIC, 0xfc, ...bytes, MAGIC, 0xfd]);
}

/** A command for a device whose id is all 0xfe, the escape itself. */
function frame(): Buffer {
  const bytes = Buffer.alloc(16, MAGIC);
  bytes.set([0, 0, 4, 1], 0);
  bytes.set([0, 0, 1, 0], 12);
  return withCrc(bytes);
}

function bridge(): { usb: UsbBridge; sent: Buffer[]; frames: Buffer[] } {
  const sent: Buffer[] = [];
  const frames: Buffer[] = [];
  const events = {
    send: (bytes: Buffer) => void sent.push(bytes),
    frame: (one: Buffer) => void frames.push(one),
  };
  return { usb: new UsbBridge(events), sent, frames };
}

test("board-sim: frames come off the cable whole, in pieces of one byte, escapes and log around them", () => {
  const { usb, frames } = bridge();
  const stream = Buffer.concat([
    Buffer.from("log\n"),
    escaped(frame()),
    Buffer.from([MAGIC, 0xfb]),
  ]);
  for (const byte of stream) usb.take(Buffer.from([byte]));
  assert.deepEqual(frames, [frame()]);
});

test("board-sim: a frame with a wrong checksum or without an end is dropped", () => {
  const { usb, frames } = bridge();
  const bad = frame();
  bad[14] = 9;
  usb.take(escaped(bad));
  usb.take(escaped(frame()).subarray(0, 10));
  usb.take(escaped(frame()));
  assert.equal(frames.length, 1);
});

test("board-sim: nothing of the bus goes out before a host asks for it; its own log does", () => {
  const { usb, sent } = bridge();
  usb.forward(frame());
  assert.equal(sent.length, 0);
  usb.log("hello");
  assert.equal(sent[0]?.toString(), "hello\n");
  usb.take(escaped(ENABLE));
  assert.equal(sent.length, 2, "the bridge says that it heard");
  usb.forward(frame());
  assert.ok(sent[2]?.equals(escaped(frame())));
});
