/** Properties: what goes to the robot is what the wire's own parser accepts, whole numbers in range, age honest. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { DatagramSender, faceMessage } from "../../../src/vision/datagrams.js";
import { toFaceSpace } from "../../../src/vision/face.js";
import type { PresentFace } from "../../../src/vision/scene.js";
import { encodeFace, parseDatagram } from "../../../src/wire/index.js";
import { seededChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { seenFace } from "../../support/sights.js";

function present(x: number, y: number, w: number, vx = 0): PresentFace {
  return { face: toFaceSpace(seenFace({ x, y, w, h: w }), 320, 240), vx, vy: -vx, capturedAtMs: 0 };
}

test("the picture's centre is 120,120 and everything is rounded, not cut", () => {
  const message = faceMessage(present(160.4, 119.6, 80, 12.6), 7, 33.4);
  assert.equal(encodeFace(message), "FACE:120,120,13,-13,60,80,88,7,33");
});

test("whatever was seen, the line is one that the intake accepts", () => {
  const chance = seededChance(3);
  const any = (max: number): number => (chance.next() - 0.3) * max;
  for (let seq = 1; seq < 2000; seq++) {
    const message = faceMessage(present(any(900), any(900), any(900), any(500)), seq, any(90_000));
    const line = encodeFace(message);
    const parsed = parseDatagram(Buffer.from(line));
    assert.equal(parsed.kind, "face", line);
    assert.ok(message.ageMs >= 0 && message.ageMs <= 5000, line);
  }
});

test("A14: to a door that asks for a token the line goes with it, and is remembered without it", async () => {
  const intake = createSocket("udp4");
  intake.bind(0, "127.0.0.1");
  await once(intake, "listening");
  const { port } = intake.address();
  const sender = new DatagramSender(systemClock, { host: "127.0.0.1", port, token: "secret" });
  try {
    const heard = once(intake, "message");
    sender.sendNoFace();
    assert.equal(String((await heard)[0]), "token=secret NO_FACE,1");
    assert.equal(sender.lastMessage, "NO_FACE,1");
  } finally {
    sender.close();
    intake.close();
  }
});
