// A robot's stay in a room, with a library of the test's and its clock. Properties:
// - a room that is away is tried for ever, each wait a random share of at most 0.5, 1, 2 … 10 s, and told once;
// - a room that is lost is joined anew within 0.5 s, with a fresh token, and so is one whose server was away and is back;
// - a join or a leave that never ends is given up, and one that comes to an end after that is undone;
// - it has no voice before its line is open;
// - muted by the director it is told, and has a new track;
// - it ends when it is closed, whatever it does then.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RoomRig } from "../../../support/room-rig.js";

describe("a robot in a room", () => {
  it("B4: tries for ever with growing waits, says so once, and joins when the room is there", async () => {
    const rig = new RoomRig();
    rig.isAway = true;
    rig.room.start();
    await rig.clock.advance(60_000);
    const waits = rig.joinsMs.slice(1).map((atMs, i) => atMs - (rig.joinsMs[i] ?? 0));
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
    assert.equal(rig.log.length, 1);
    assert.equal(rig.room.state, "away");
    rig.isAway = false;
    await rig.clock.advance(10_000);
    assert.equal(rig.room.state, "there");
    await rig.room.close();
  });

  it("B4: a room that is lost is joined again within half a second, with a fresh token", async () => {
    const rig = new RoomRig();
    rig.room.start();
    await rig.clock.advance(1000);
    assert.equal(rig.room.state, "there");
    for (let lost = 1; lost <= 3; lost++) {
      rig.lose();
      await rig.clock.advance(500);
      assert.equal(rig.room.state, "there");
      assert.equal(rig.joinsMs.length, 1 + lost);
    }
    assert.equal(new Set(rig.tokens).size, rig.tokens.length);
    await rig.room.close();
  });

  it("B4: a server that is back after a minute is joined within half a second", async () => {
    const rig = new RoomRig();
    rig.isAway = true;
    rig.serves = false;
    rig.room.start();
    await rig.clock.advance(60_000);
    assert.equal(rig.room.state, "away");
    rig.isAway = false;
    rig.serves = true;
    await rig.clock.advance(510);
    assert.equal(rig.room.state, "there");
    await rig.room.close();
  });

  it("B4: the library has two seconds to resume where the server answers, and none where it does not", async () => {
    const rig = new RoomRig();
    rig.room.start();
    await rig.clock.advance(1000);
    rig.emit("reconnecting");
    await rig.clock.advance(1900);
    assert.equal(rig.room.state, "resuming");
    rig.emit("reconnected");
    await rig.clock.advance(5000);
    assert.equal(rig.room.state, "there");
    assert.equal(rig.joinsMs.length, 1);
    rig.emit("reconnecting");
    await rig.clock.advance(2600);
    assert.equal(rig.room.state, "there");
    assert.equal(rig.joinsMs.length, 2, "joined anew");
    rig.isAway = true;
    rig.serves = false;
    rig.emit("reconnecting");
    await rig.clock.advance(10);
    assert.equal(rig.room.state, "away", "left at once");
    await rig.clock.advance(20_000);
    rig.isAway = false;
    rig.serves = true;
    await rig.clock.advance(510);
    assert.equal(rig.room.state, "there");
    await rig.room.close();
  });

  it("B4: a voice that never gets into the room, and a leave that never ends, are given up", async () => {
    const rig = new RoomRig();
    rig.publishing = rig.leaving = later().promise;
    rig.room.start();
    await rig.clock.advance(29_900);
    assert.equal(rig.room.state, "joining");
    rig.publishing = undefined;
    await rig.clock.advance(3000);
    assert.equal(rig.room.state, "there");
    assert.deepEqual(
      rig.log.filter((line) => line.startsWith("FLEET_ROOM")),
      ["FLEET_ROOM: joining the room: no answer in 30000 ms; it is tried again by itself"],
    );
    rig.leaving = undefined;
    await rig.room.close();
  });

  it("B4: a join that was given up is left to end before the next, and leaves nobody in the room twice", async () => {
    const rig = new RoomRig();
    const late = later();
    rig.connecting = late.promise;
    rig.room.start();
    await rig.clock.advance(40_000);
    assert.equal(rig.room.state, "away");
    rig.connecting = undefined;
    assert.equal(rig.joinsMs.length, 1, "a busy machine is not made busier");
    const { disconnects } = rig;
    late.resolve();
    await rig.clock.advance(10);
    assert.equal(rig.room.state, "there");
    assert.equal(rig.joinsMs.length, 2);
    assert.equal(rig.disconnects - disconnects, 1, "what came late has left");
    assert.equal(rig.pages, 1, "one voice");
    await rig.room.close();
  });

  it("B4: a join that never ends is waited for twice as long, and then another is begun", async () => {
    const rig = new RoomRig();
    rig.connecting = later().promise;
    rig.room.start();
    await rig.clock.advance(59_000);
    rig.connecting = undefined;
    assert.equal(rig.joinsMs.length, 1);
    await rig.clock.advance(2000);
    assert.equal(rig.room.state, "there");
    await rig.room.close();
  });

  it("B2: it has no voice there before its line is open: what it says would be heard late, beside another", async () => {
    const rig = new RoomRig();
    const open = later();
    rig.opening = open.promise;
    rig.room.start();
    await rig.clock.advance(3000);
    assert.deepEqual([rig.published, rig.pages], [["track 1"], 0]);
    assert.equal(rig.room.state, "joining");
    open.resolve();
    await rig.clock.advance(10);
    assert.deepEqual([rig.room.state, rig.pages], ["there", 1]);
    await rig.room.close();
  });

  it("B4: a voice that is published after it was given up is not heard there twice", async () => {
    const rig = new RoomRig();
    const late = later();
    rig.publishing = late.promise;
    rig.room.start();
    await rig.clock.advance(30_100);
    rig.publishing = undefined;
    await rig.clock.advance(1000);
    assert.equal(rig.room.state, "there");
    late.resolve();
    await rig.clock.advance(10);
    assert.equal(rig.pages, 1);
    await rig.room.close();
  });

  it("B4: a room that is being left says nothing of its return any more", async () => {
    const rig = new RoomRig();
    rig.room.start();
    await rig.clock.advance(1000);
    const left = later();
    rig.leaving = left.promise;
    rig.lose();
    rig.emit("reconnecting");
    await rig.clock.advance(10);
    rig.emit("reconnected");
    assert.equal(rig.room.state, "resuming");
    left.resolve();
    await rig.clock.advance(0);
    assert.equal(rig.room.state, "away");
    await rig.clock.advance(500);
    assert.equal(rig.room.state, "there");
    await rig.room.close();
  });

  it("B2: it is told of a mute of the track that the library has published anew by itself", async () => {
    const rig = new RoomRig();
    rig.room.start();
    await rig.clock.advance(1000);
    for (const publication of rig.publications) publication.sid = "track anew";
    rig.mute("track 1");
    await rig.clock.advance(10);
    assert.equal(rig.mutes, 0);
    rig.mute("track anew");
    await rig.clock.advance(10);
    assert.equal(rig.mutes, 1);
    assert.deepEqual(rig.unpublished, ["track anew"]);
    await rig.room.close();
  });

  it("B2: muted by the director it is silent, is told, and puts a new track in the old one's place", async () => {
    const rig = new RoomRig();
    rig.room.start();
    await rig.clock.advance(1000);
    rig.mute("track of another");
    await rig.clock.advance(10);
    assert.equal(rig.mutes, 0);
    for (const sid of ["track 1", "track 1"]) rig.mute(sid);
    await rig.clock.advance(10);
    assert.equal(rig.mutes, 1, "it is told once");
    assert.deepEqual(rig.unpublished, ["track 1"]);
    assert.deepEqual(rig.published, ["track 1", "track 2"]);
    assert.equal(rig.joinsMs.length, 1, "and stays in the room");
    await rig.room.close();
  });

  it("is closed while it waits, and while it is there", async () => {
    const rig = new RoomRig();
    rig.isAway = true;
    rig.room.start();
    await rig.clock.advance(100);
    await rig.room.close();
    const joins = rig.joinsMs.length;
    await rig.clock.advance(60_000);
    assert.equal(rig.joinsMs.length, joins);
    const another = new RoomRig();
    another.connecting = later().promise;
    another.room.start();
    await another.clock.advance(100);
    await another.room.close();
    assert.deepEqual(another.log, []);
  });

  it("B2: who leaves in the middle of a word is not waited for", async () => {
    const rig = new RoomRig();
    rig.room.start();
    await rig.clock.advance(0);
    const loud = new Int16Array(160).fill(3000);
    rig.told.length = 0;
    rig.hear(Array.from({ length: 30 }, () => loud));
    await rig.clock.advance(10);
    const said = rig.told.map((text) => JSON.parse(text) as { type: string; isOn?: boolean });
    assert.deepEqual(
      said.filter(({ type }) => type === "listening").map(({ isOn }) => isOn),
      [true, false],
    );
    await rig.room.close();
  });
});

function later(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}
