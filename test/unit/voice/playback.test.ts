// Playing one utterance on whatever page plays. Holds: what a page says it has played counts, and nothing more; a page
// that is lost or deaf is followed by another from there; it ends in any case, within its limits (A9).
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { AWAY_MS_MAX, Pages } from "../../../src/voice/pages.js";
import { DEAF_MS, play, RENDER_MS_MAX } from "../../../src/voice/playback.js";
import { Sound } from "../../../src/voice/speech/sound.js";
import type { Said } from "../../../src/voice/speech/speech.js";

function rig() {
  const clock = new FakeClock(10_000);
  const unlocked: number[] = [];
  const listening: boolean[] = [];
  const pages = new Pages({
    clock,
    pending: () => 0,
    onUnlock: () => unlocked.push(clock.nowMs()),
    onListening: (isOn) => listening.push(isOn),
    onChange: () => undefined,
  });
  const page = (state = "running") => {
    const sent: (Record<string, unknown> | { first: number; samples: number })[] = [];
    const socket = { unsent: 0, closed: "" };
    const handle = pages.add({
      send(data) {
        if (typeof data === "string") sent.push(JSON.parse(data) as Record<string, unknown>);
        else
          sent.push({ first: Buffer.from(data).readUInt32LE(4), samples: (data.length - 8) / 2 });
      },
      unsentBytes: () => socket.unsent,
      close: (why) => (socket.closed = why),
    });
    const tell = (message: Record<string, unknown>): void => handle.take(JSON.stringify(message));
    tell({ type: "audio", state, voices: 0 });
    const sounds = () => sent.filter((message) => "first" in message);
    const types = () =>
      sent.filter((message) => "type" in message).map((m) => (m as { type: string }).type);
    return { handle, tell, socket, sounds, types };
  };
  const sound = new Sound();
  const abort = new AbortController();
  let soundedMs: number | undefined;
  let heardShare = 0;
  let said: Said | undefined;
  const start = (text = "x".repeat(140)): void => {
    void play({ clock, pages, utterance: 5 }, sound, {
      text,
      language: "en",
      turnId: "t",
      index: 0,
      signal: abort.signal,
      onSound: () => (soundedMs ??= clock.nowMs()),
      onHeard: (share) => void (heardShare = share),
    }).then((result) => (said = result));
  };
  const settled = async (): Promise<Said | undefined> => {
    await clock.advance(0);
    return said;
  };
  return {
    clock,
    pages,
    page,
    sound,
    abort,
    start,
    settled,
    sounded: () => soundedMs,
    heardShare: () => heardShare,
    unlocked,
    listening,
  };
}

const SECOND = Buffer.alloc(22_050 * 2);

test("played is what the page says, not what was sent", async () => {
  const { page, sound, start, settled, sounded, clock } = rig();
  const listener = page();
  start();
  sound.push(0, SECOND);
  sound.finish();
  assert.deepEqual(listener.sounds(), [{ first: 0, samples: 22_050 }]);
  assert.equal(await settled(), undefined);
  listener.tell({ type: "started", utterance: 5 });
  assert.equal(sounded(), clock.nowMs());
  listener.tell({ type: "played", utterance: 4, samples: 22_050 });
  listener.tell({ type: "played", utterance: 5, samples: 22_049 });
  assert.equal(await settled(), undefined);
  listener.tell({ type: "played", utterance: 5, samples: 99_999_999 });
  assert.deepEqual(await settled(), { kind: "played" });
});

test("A11: how much was heard is told on the way, by the sound once all of it is there", () => {
  const { page, sound, start, heardShare } = rig();
  const listener = page();
  // 140 characters, about ten seconds.
  start();
  sound.push(0, SECOND);
  listener.tell({ type: "played", utterance: 5, samples: 22_050 });
  assert.ok(Math.abs(heardShare() - 0.1) < 0.001);
  sound.push(22_050, SECOND);
  sound.finish();
  listener.tell({ type: "played", utterance: 5, samples: 33_075 });
  assert.equal(heardShare(), 0.75);
});

test("a page cannot have played what it was not sent", async () => {
  const { page, sound, start, settled } = rig();
  const listener = page();
  start();
  sound.push(0, SECOND);
  listener.tell({ type: "played", utterance: 5, samples: 1_000_000 });
  sound.push(22_050, SECOND);
  sound.finish();
  assert.equal(await settled(), undefined);
});

test("the page is lost: the one unlocked next goes on from what was heard", async () => {
  const { page, sound, start, settled, clock } = rig();
  const first = page();
  start();
  sound.push(0, SECOND);
  first.tell({ type: "played", utterance: 5, samples: 10_000 });
  first.handle.closed();
  await clock.advance(AWAY_MS_MAX - 1);
  const second = page();
  assert.deepEqual(second.sounds(), [{ first: 10_000, samples: 12_050 }]);
  sound.finish();
  second.tell({ type: "played", utterance: 5, samples: 22_050 });
  assert.deepEqual(await settled(), { kind: "played" });
});

test("no page comes back: nobody's fault but told, and soon", async () => {
  const { page, sound, start, settled, clock } = rig();
  const first = page();
  start();
  sound.push(0, SECOND);
  first.handle.closed();
  await clock.advance(AWAY_MS_MAX);
  assert.equal((await settled())?.kind, "unheard");
});

test("a deaf page is passed over for another one, and takes part again once it says something", async () => {
  const { page, pages, sound, start, settled, clock } = rig();
  const good = page();
  const deaf = page();
  start();
  sound.push(0, SECOND);
  sound.finish();
  assert.equal(deaf.sounds().length, 1);
  await clock.advance(1000 + DEAF_MS);
  assert.equal(good.sounds().length, 1);
  good.tell({ type: "played", utterance: 5, samples: 22_050 });
  assert.deepEqual(await settled(), { kind: "played" });
  deaf.tell({ type: "played", utterance: 5, samples: 1 });
  good.handle.closed();
  assert.equal(pages.unheard(), undefined);
});

test("a page that does not read is passed over before it fills the memory", async () => {
  const { page, sound, start } = rig();
  const good = page();
  const slow = page();
  slow.socket.unsent = 10_000_000;
  start();
  sound.push(0, SECOND);
  assert.deepEqual([slow.sounds().length, good.sounds().length], [0, 1]);
});

test("renderers that fail or fall silent: what came is played first, then the share that was heard is told", async () => {
  const { page, sound, start, settled } = rig();
  const listener = page();
  start();
  sound.push(0, SECOND);
  sound.finish("renderers died");
  assert.equal(await settled(), undefined);
  listener.tell({ type: "played", utterance: 5, samples: 22_050 });
  // 140 characters are taken for 10 s.
  assert.deepEqual(await settled(), { kind: "failed", why: "renderers died", share: 0.1 });
  const other = rig();
  other.page();
  other.start();
  await other.clock.advance(RENDER_MS_MAX);
  assert.deepEqual(await other.settled(), {
    kind: "failed",
    why: "The voice process gave no sound.",
    share: 0,
  });
});

test("an abort stops the page at once", async () => {
  const { page, sound, start, settled, abort } = rig();
  const listener = page();
  start();
  sound.push(0, SECOND);
  abort.abort();
  assert.deepEqual(await settled(), { kind: "stopped" });
  assert.equal(listener.types().at(-1), "stop");
});

test("who plays: the page unlocked last; locked, silent and unknown ones do not", () => {
  const { page, pages, clock, unlocked } = rig();
  assert.match(pages.unheard() ?? "", /No page is open/);
  const locked = page("locked");
  assert.equal(pages.isLocked, true);
  assert.match(pages.unheard() ?? "", /clicks/);
  locked.tell({ type: "audio", state: "running", voices: 1 });
  assert.deepEqual(unlocked, [clock.nowMs()]);
  assert.equal(pages.unheard(), undefined);
  assert.equal(pages.player()?.voices, 1);
});

test("ten messages that are not understood close the page; a speaker that leaves has finished speaking", () => {
  const { page, listening } = rig();
  const noisy = page();
  for (let i = 0; i < 10; i++) noisy.handle.take('{"type":"launch"}');
  assert.match(noisy.socket.closed, /bad messages/);
  const speaker = page();
  speaker.tell({ type: "listening", isOn: true });
  speaker.tell({ type: "listening", isOn: true });
  speaker.handle.closed();
  assert.deepEqual(listening, [true, true, false], "each utterance is told, the end once");
});

test("samples that are missing on the way are never smoothed over", () => {
  const sound = new Sound();
  sound.push(0, SECOND);
  assert.throws(() => sound.push(22_051, SECOND), /22051 came where 22050 was due/);
});
