import assert from "node:assert/strict";
import { test } from "node:test";
import { CableHost } from "../../../src/usb/cable-host.js";
import { CABLE_HEAD_BYTES, CABLE_PIECE_BYTES } from "../../../src/wire/cable.js";

function host(): {
  cable: CableHost;
  connections: { heard: string; isLost: boolean; write: (bytes: Buffer) => void }[];
  sent: Buffer[];
  take: (number: number, place: number, text: string) => void;
} {
  const connections: ReturnType<typeof host>["connections"] = [];
  const sent: Buffer[] = [];
  const cable = new CableHost({
    begin(write) {
      const one = { heard: "", isLost: false, write };
      connections.push(one);
      return {
        receive: (bytes) => (one.heard += bytes.toString()),
        lose: () => (one.isLost = true),
      };
    },
    send: (piece) => sent.push(piece),
  });
  const take = (number: number, place: number, text: string): void =>
    cable.take(Buffer.concat([Buffer.from([number, place]), Buffer.from(text)]));
  return { cable, connections, sent, take };
}

test("A4: pieces of a connection become its bytes, in order, beyond 256 of them", () => {
  const { connections, take } = host();
  for (let i = 0; i < 600; i++) take(7, i & 0xff, String.fromCharCode(97 + (i % 26)));
  assert.equal(connections.length, 1);
  assert.equal(connections[0]?.heard.length, 600);
  assert.equal(connections[0]?.heard.slice(0, 4), "abcd");
});

test("A4: a missing piece ends the connection, and nothing is heard of it any more", () => {
  const { connections, take } = host();
  take(1, 0, "a");
  take(1, 2, "c");
  take(1, 3, "d");
  assert.deepEqual(
    connections.map(({ heard, isLost }) => [heard, isLost]),
    [["a", true]],
  );
});

test("A4: a new connection ends the one before, of a robot that has restarted, too", () => {
  const { connections, take } = host();
  take(1, 0, "a");
  take(2, 0, "b");
  take(1, 1, "late");
  take(2, 1, "c");
  take(2, 0, "restarted");
  assert.deepEqual(
    connections.map(({ heard, isLost }) => [heard, isLost]),
    [
      ["a", true],
      ["bc", true],
      ["restarted", false],
    ],
  );
});

test("A4: what is not the beginning of a connection, or no piece at all, is passed over", () => {
  const { cable, connections, take } = host();
  take(3, 5, "middle");
  cable.take(Buffer.alloc(0));
  cable.take(Buffer.from([3]));
  assert.equal(connections.length, 0);
});

test("A4: what is sent goes in numbered pieces that fit a packet; an old connection sends nothing", () => {
  const { connections, sent, take } = host();
  take(9, 0, "hello");
  const [first] = connections;
  const bytes = Buffer.alloc(2 * CABLE_PIECE_BYTES + 1, 0x61);
  first?.write(bytes);
  assert.deepEqual(
    sent.map((piece) => [piece[0], piece[1], piece.length - CABLE_HEAD_BYTES]),
    [
      [9, 0, CABLE_PIECE_BYTES],
      [9, 1, CABLE_PIECE_BYTES],
      [9, 2, 1],
    ],
  );
  take(10, 0, "hello");
  first?.write(bytes);
  assert.equal(sent.length, 3);
});

test("A4: a cable that is gone ends its connection once", () => {
  const { cable, connections, take } = host();
  take(1, 0, "a");
  cable.end();
  cable.end();
  assert.deepEqual(
    connections.map(({ isLost }) => isLost),
    [true],
  );
});
