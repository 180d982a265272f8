// The intake (PROTOCOL §3, row A6's input, A14: no commands by UDP). Properties: old sequence numbers are
// dropped, a restart is not; no datagram shuts a sender out for good; a face is gone only after three NO_FACE or
// 300 ms; hostile bytes are counted and change nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Intake } from "../../../../devs/intake/intake.js";
import { FakeRobot } from "../../../support/fake-robot.js";
import { newFace } from "../../../../src/wire/face-frame.js";

function setUp() {
  const robot = new FakeRobot();
  const intake = new Intake(robot);
  const send = (line: string, nowMs: number, waitedMs = 0) =>
    intake.takeDatagram(Buffer.from(line), waitedMs, nowMs);
  const face = (seq: number, nowMs: number) => send(`FACE:1,2,3,4,5,6,90,${seq}`, nowMs);
  return { robot, intake, send, face };
}

test("sequence: old and repeated faces are dropped, a restart at 1 is taken", () => {
  const { intake, face } = setUp();
  assert.equal(face(100, 0), "accepted");
  assert.equal(face(101, 60), "accepted");
  assert.equal(face(101, 70), "stale");
  assert.equal(face(50, 80), "stale");
  assert.equal(face(9, 90), "stale");
  assert.equal(face(1, 100), "accepted");
  assert.equal(face(1, 110), "stale");
  assert.equal(face(2, 160), "accepted");
  assert.equal(intake.counters.stale, 4);
  assert.equal(intake.counters.faces, 4);
});

test("sequence: one datagram with a huge number shuts a sender out for 1 s, not for good", () => {
  for (const huge of [2 ** 31 - 1, 2 ** 32 - 1, 2 ** 53 - 1]) {
    const { face } = setUp();
    assert.equal(face(100, 0), "accepted");
    assert.equal(face(huge, 30), "accepted");
    let nowMs = 60;
    for (let seq = 101; seq < 200 && face(seq, nowMs) !== "accepted"; seq++) nowMs += 33;
    assert.ok(nowMs >= 1030 && nowMs <= 1030 + 33, `${huge}: taken again at ${nowMs}`);
    assert.equal(face(200, nowMs + 33), "accepted");
  }
});

test("sequence: a sender that restarts without a face is recognised by its NO_FACE", () => {
  const { send, face } = setUp();
  face(500, 0);
  for (let seq = 1; seq <= 10; seq++) send(`NO_FACE,${seq}`, seq * 33);
  assert.equal(face(11, 363), "accepted");
});

test("A6: NO_FACE counts only after three in a row", () => {
  const { robot, send, face } = setUp();
  face(1, 0);
  send("NO_FACE,2", 33);
  send("NO_FACE,3", 66);
  face(4, 100);
  send("NO_FACE,5", 133);
  send("NO_FACE,6", 166);
  assert.ok(!robot.seen.includes("noFace"));
  send("NO_FACE,7", 200);
  send("NO_FACE,8", 233);
  assert.equal(robot.seen, "face 1;face 4;noFace;");
});

test("A6: or 300 ms after the first of a run, by time alone", () => {
  const { robot, intake, send, face } = setUp();
  face(1, 0);
  send("NO_FACE,2", 1000);
  intake.tick(1299);
  assert.ok(!robot.seen.includes("noFace"));
  intake.tick(1300);
  intake.tick(1400);
  assert.equal(robot.seen, "face 1;noFace;");
  face(3, 1500);
  send("NO_FACE,4", 1600);
  intake.tick(1900);
  assert.equal(robot.seen, "face 1;noFace;face 3;noFace;");
});

test("age: the ninth field and the wait in the gateway are both told; together beyond 5 s a face is dropped", () => {
  const { robot, intake, send } = setUp();
  assert.equal(send("FACE:1,2,3,4,5,6,90,1,45", 0, 12), "accepted");
  assert.deepEqual(robot.face, {
    ...{ x: 1, y: 2, w: 5, h: 6, conf: 90 },
    ...{ seq: 1, ageMs: 45, waitMs: 12 },
  });
  assert.equal(send("FACE:1,2,3,4,5,6,90,2", 10, 12), "accepted");
  assert.equal(robot.face.ageMs, -1, "not told");
  assert.equal(send("FACE:1,2,3,4,5,6,90,3,5000", 20, 1), "dropped");
  assert.equal(send("FACE:1,2,3,4,5,6,90,3,4999", 20, 1), "accepted");
  assert.equal(send("FACE:1,2,3,4,5,6,90,4", 20, 5000), "accepted");
  assert.equal(send("FACE:1,2,3,4,5,6,90,5", 20, 5001), "dropped");
  assert.equal(intake.counters.dropped, 2);
});

test("A6: what the gateway has read goes by the same rules as text", () => {
  const { robot, intake, face } = setUp();
  const seen = { ...newFace(), x: 7, conf: 80, seq: 20, ageMs: 30, waitMs: 5 };
  assert.equal(intake.takeFace(seen, 0), "accepted");
  assert.deepEqual(robot.face, seen);
  assert.equal(intake.takeFace(seen, 10), "stale");
  assert.equal(face(19, 20), "stale", "one run of numbers, however they come");
  assert.equal(intake.takeFace({ ...seen, seq: 21, ageMs: 4000, waitMs: 1001 }, 30), "dropped");
  for (const ms of [40, 50]) intake.takeNobody(22, ms);
  assert.ok(!robot.seen.includes("noFace"));
  intake.takeNobody(-1, 60);
  assert.equal(robot.seen, "face 20;noFace;");
  intake.takeNobody(2, 70);
  assert.equal(face(3, 80), "accepted", "a restart told by a picture without a face");
  const { received, faces, noFaces, stale, dropped } = intake.counters;
  assert.deepEqual([received, faces, noFaces, stale, dropped], [2, 2, 4, 2, 1]);
});

test("A14: commands and hostile datagrams are counted and do nothing", () => {
  const { robot, intake } = setUp();
  const hostile = [
    Buffer.alloc(0),
    Buffer.from("!LOOK:10,80"),
    Buffer.from("LOOK:10,80"),
    Buffer.from("FACE:1,2,3,4,5,6,90,1\nFACE:1,2,3,4,5,6,90,2"),
    Buffer.from("FACE:999999999999999999999999999999"),
    Buffer.from("!VISION:{{{{{{{{{{{{{{{{{{{{{{{{{"),
    Buffer.from('!VISION:{"nv":'),
    Buffer.alloc(255, 0xff),
    Buffer.alloc(256, 0x41),
    Buffer.alloc(65507, 0x41),
  ];
  for (const data of hostile) assert.notEqual(intake.takeDatagram(data, 0, 0), "accepted");
  assert.equal(intake.counters.received, hostile.length);
  assert.equal(intake.counters.invalid, hostile.length);
  assert.equal(intake.counters.lastInvalid, "DATAGRAM_LONG");
  assert.equal(robot.seen, "");
});

test("observations reach the sink", () => {
  const { robot, intake, send } = setUp();
  assert.equal(send('!VISION:{"f":1,"nv":0.2}', 0), "accepted");
  assert.equal(intake.takeVision('{"faces":1,"desc":"é"}'), "accepted");
  assert.equal(robot.seen, "vision compact;vision long;");
});
