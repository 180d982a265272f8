/** A11: strangers on the link port: garbage, giant lengths, silence, floods, replays. The robot is never disturbed. */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { REFUSE } from "../../../src/wire/link.js";
import { UNPROVEN_MAX } from "../../../src/gateway/link-door.js";
import { LinkCode } from "../../../src/wire/errors.js";
import { get, plainClient, startGateway } from "../../support/gateway.js";
import { until } from "../../../src/time/until.js";

/** What a stranger hears before it is hung up on. */
async function answerTo(socket: Socket, bytes: Buffer): Promise<Buffer> {
  socket.write(bytes);
  const got: Buffer[] = [];
  for await (const chunk of socket) got.push(chunk as Buffer);
  return Buffer.concat(got);
}

const refusal = (code: LinkCode): Buffer => Buffer.from([2, 0, REFUSE, code]);

test("A11: each kind of nonsense is refused by name at once", async (t) => {
  const { linkPort, gateway } = await startGateway(t);
  const cases: [string, Buffer, LinkCode][] = [
    ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\n\r\n"), LinkCode.LINK_FRAME_LONG],
    ["a giant length", Buffer.from([0xff, 0xff]), LinkCode.LINK_FRAME_LONG],
    ["one byte over the limit", Buffer.from([65, 0]), LinkCode.LINK_FRAME_LONG],
    ["an empty frame", Buffer.from([0, 0]), LinkCode.LINK_FRAME_SHORT],
    ["another magic", Buffer.from("\x06\x00\x01XXXX\x01", "latin1"), LinkCode.LINK_FRAME_TYPE],
    ["another version", Buffer.from("\x06\x00\x01BDY1\x02", "latin1"), LinkCode.LINK_VERSION],
    ["half a HELLO", Buffer.from("\x07\x00\x01BDY1\x01x", "latin1"), LinkCode.LINK_FRAME_SHORT],
    ["a sealed type", Buffer.from([5, 0, 0x10, 1, 2, 3, 4]), LinkCode.LINK_FRAME_TYPE],
  ];
  for (const [what, bytes, code] of cases) {
    const socket = await plainClient(t, linkPort);
    assert.deepEqual(await answerTo(socket, bytes), refusal(code), what);
  }
  assert.equal(gateway.status().link.refused, cases.length);
  assert.equal(gateway.status().unproven, 0);
});

test("A11: a silent socket and one that drips bytes are closed after 3 s", async (t) => {
  const { linkPort } = await startGateway(t);
  const silent = await plainClient(t, linkPort);
  const drip = await plainClient(t, linkPort);
  const dripping = setInterval(() => drip.write(Buffer.from([33])), 200);
  t.after(() => clearInterval(dripping));
  drip.write(Buffer.from([34, 0, 1]));
  const startMs = performance.now();
  const answers = await Promise.all([
    answerTo(silent, Buffer.alloc(0)),
    answerTo(drip, Buffer.alloc(0)),
  ]);
  assert.deepEqual(answers[0], refusal(LinkCode.LINK_SILENT));
  assert.ok(performance.now() - startMs < 5000, "within the 5 s of the requirement");
});

test("500 sockets of strangers leave a linked robot alone and hold few places", async (t) => {
  const { linkPort, tcpPort, gateway, robot } = await startGateway(t);
  const device = await robot();
  const strangers: Socket[] = [];
  let most = 0;
  for (let i = 0; i < 500; i++) {
    const socket = connect({ host: "127.0.0.1", port: linkPort });
    socket.on("error", () => undefined);
    t.after(() => socket.destroy());
    if (i % 3 === 0) socket.write(Buffer.from([34, 0, 1, 2]));
    strangers.push(socket);
    if (i % 25 !== 0) continue;
    assert.equal((await get(tcpPort)).status, 200, "a probe is lost");
    most = Math.max(most, gateway.status().unproven);
  }
  await until("all came in", 5000, () => gateway.status().link.accepted === 501);
  most = Math.max(most, gateway.status().unproven);
  assert.ok(most <= UNPROVEN_MAX, `${most} unproven at once`);
  assert.ok(gateway.status().link.evicted >= 500 - UNPROVEN_MAX);
  assert.equal(device.session.state, "open");
  assert.equal(gateway.status().replaced, 0);
  // A second robot gets in while the strangers hold every place they can.
  await robot({ id: "00000000000000aa" });
});

test("N3: a recorded session that is replayed gets nothing", async (t) => {
  const { linkPort, gateway, robot } = await startGateway(t);
  const device = await robot();
  const recorded = Buffer.concat(device.sent);
  const replay = await plainClient(t, linkPort);
  const heard = await answerTo(replay, recorded);
  assert.deepEqual(heard.subarray(-4), refusal(LinkCode.LINK_KEY));
  assert.equal(device.session.state, "open");
  assert.equal(gateway.status().sessions, 1);
  assert.equal(gateway.status().generation, device.session.generation);
});

test("20 robots that dial together are all served", async (t) => {
  const { robot, gateway } = await startGateway(t);
  const ids = Array.from({ length: 20 }, (_, i) => `00000000000000${(16 + i).toString(16)}`);
  await Promise.all(ids.map((id) => robot({ id })));
  assert.equal(gateway.status().sessions, 20);
});

test("a robot that dies during the handshake leaves nothing behind", async (t) => {
  const { dial, gateway } = await startGateway(t);
  const device = dial();
  await device.until(() => device.session.state !== "idle");
  device.destroy();
  await until("its place is free", 5000, () => gateway.status().unproven === 0);
});
