// A robot's voice in a room, through the same pages, playback and floor as in a browser, on a clock of the test's. Properties:
// - the room hears what the page that plays hears, and all of it where no page plays; nothing while nobody listens there;
// - the floor is given on when what left was heard;
// - without the floor no sound leaves, and a process that stood still 20 s while it spoke is silent when it goes on.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LISTENER_MS, RoomVoice } from "../../../../src/fleet/room/room-voice.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import type { FloorGate, Pass } from "../../../../src/voice/floor-gate.js";
import { Pages } from "../../../../src/voice/pages.js";
import { play } from "../../../../src/voice/playback.js";
import { RATE_HZ } from "../../../../src/voice/speech/pcm.js";
import { Sound } from "../../../../src/voice/speech/sound.js";

class Rig {
  readonly clock = new FakeClock();
  pass: Pass = { kind: "free" };
  /** When a frame with sound left. */
  readonly loudMs: number[] = [];
  readonly pages = new Pages({
    clock: this.clock,
    pending: () => 0,
    onUnlock: () => undefined,
    onListening: () => undefined,
    onChange: () => undefined,
  });
  /** When it was confirmed that nothing is to be heard any more. */
  readonly silentMs: number[] = [];
  readonly gate: FloorGate = {
    pass: () => this.pass,
    silent: () => this.silentMs.push(this.clock.nowMs()),
  };
  readonly room = new RoomVoice({
    clock: this.clock,
    voice: {
      addPage: (socket, isRoom) => this.pages.add(socket, isRoom),
      hear: () => Promise.reject(new Error("no ears")),
      heard: () => assert.fail("no words"),
    },
    send: (frame) => {
      if (frame.some((sample) => sample !== 0)) this.loudMs.push(this.clock.nowMs());
    },
  });
  readonly abort = new AbortController();

  async open(isHeard: boolean): Promise<this> {
    this.room.open();
    this.room.tell(isHeard);
    await this.clock.advance(10);
    return this;
  }

  async hold(forMs: number): Promise<void> {
    this.pages.fenceBy(this.gate);
    this.pages.tellFence();
    await this.clock.advance(10);
    this.pass = { kind: "token", token: 7, untilMs: this.clock.nowMs() + forMs };
    this.pages.tellFence();
    await this.clock.advance(10);
  }

  /** Says a second of sound. */
  say(): ReturnType<typeof play> {
    const sound = new Sound();
    sound.push(0, Buffer.alloc(RATE_HZ * 2, 1));
    sound.finish();
    const { signal } = this.abort;
    const say = { text: "hello", language: "en", turnId: "t1", index: 0, signal };
    const { clock, pages } = this;
    const nobody = { onSound: () => undefined, onHeard: () => undefined };
    return play({ clock, pages, utterance: 1 }, sound, { ...say, ...nobody });
  }
}

describe("a robot's voice in a room", () => {
  it("B4: all of a sentence leaves, and it counts as played", async () => {
    const rig = await new Rig().open(true);
    const said = rig.say();
    await rig.clock.advance(1500);
    assert.deepEqual(await said, { kind: "played" });
    // A second of frames of 10 ms; it begins inside of one.
    assert.ok(Math.abs(rig.loudMs.length - 100) <= 1, `${rig.loudMs.length} frames`);
  });

  it("B4: while nobody listens there it is not spoken to, as a page that is locked", async () => {
    const rig = await new Rig().open(false);
    const said = rig.say();
    await rig.clock.advance(5000);
    assert.equal((await said).kind, "unheard");
    assert.equal(rig.loudMs.length, 0);
  });

  it("B4: beside a page it hears the same samples, and the page is the one that plays", async () => {
    const rig = await new Rig().open(true);
    const sent: string[] = [];
    const page = rig.pages.add({
      send: (data) => sent.push(typeof data === "string" ? data : "sound"),
      unsentBytes: () => 0,
      close: () => undefined,
    });
    page.take(JSON.stringify({ type: "audio", state: "running", voices: 0 }));
    const said = rig.say();
    await rig.clock.advance(1500);
    assert.ok(sent.includes("sound"));
    assert.ok(Math.abs(rig.loudMs.length - 100) <= 1, `${rig.loudMs.length} frames`);
    page.take(JSON.stringify({ type: "played", utterance: 1, samples: RATE_HZ }));
    assert.deepEqual(await said, { kind: "played" });
  });

  it("B2: what leaves ends with the floor's time", async () => {
    const rig = await new Rig().open(true);
    await rig.hold(420);
    const beganMs = rig.clock.nowMs();
    const said = rig.say();
    await rig.clock.advance(400);
    rig.abort.abort();
    await rig.clock.advance(2000);
    await said;
    assert.ok(rig.loudMs.length > 30, "it was heard");
    assert.ok(
      rig.loudMs.every((atMs) => atMs <= beganMs + 420),
      "and not beyond",
    );
  });

  it("B2: the floor is not given on before listeners have heard the last sound, and at once where there was none", async () => {
    const rig = await new Rig().open(true);
    await rig.hold(5000);
    const said = rig.say();
    await rig.clock.advance(400);
    rig.abort.abort();
    rig.pass = { kind: "closed" };
    rig.pages.tellFence(true);
    await rig.clock.advance(1000);
    await said;
    const [silentMs = 0] = rig.silentMs;
    const afterMs = silentMs - (rig.loudMs.at(-1) ?? 0);
    assert.ok(rig.loudMs.length > 30 && rig.silentMs.length === 1);
    assert.ok(Math.abs(afterMs - LISTENER_MS) <= 10, `${afterMs} ms after its last sound`);
    rig.pages.tellFence(true);
    await rig.clock.advance(10);
    assert.equal(rig.silentMs.length, 2);
  });

  it("B1, B2: while its stage is away it is silent there, where others may have the floor, and free at its own page", async () => {
    const rig = await new Rig().open(true);
    await rig.hold(60_000);
    const page = rig.pages.add({
      send: () => undefined,
      unsentBytes: () => 0,
      close: () => undefined,
    });
    page.take(JSON.stringify({ type: "audio", state: "running", voices: 0 }));
    void rig.say();
    await rig.clock.advance(300);
    const before = rig.loudMs.length;
    assert.ok(before > 20, "it was heard");
    rig.pass = { kind: "free" };
    rig.pages.tellFence();
    await rig.clock.advance(20);
    const cut = rig.loudMs.length;
    await rig.clock.advance(2000);
    assert.equal(rig.loudMs.length, cut, "not one frame more");
    assert.ok(rig.pages.player() !== undefined, "its page plays");
    rig.abort.abort();
  });

  it("B2: stopped for 20 s in the middle of a word, it is silent when it goes on", async () => {
    const rig = await new Rig().open(true);
    await rig.hold(2500);
    void rig.say();
    await rig.clock.advance(300);
    const before = rig.loudMs.length;
    assert.ok(before > 20, "it was heard");
    rig.clock.stand(20_000);
    await rig.clock.advance(5000);
    assert.equal(rig.loudMs.length, before);
    rig.abort.abort();
  });
});
