// Voice and ears in a real browser. A9: after a reconnect the browser refuses sound; the page says so, the reply is
// kept, and one click plays it. Push to talk, hands-free, by name, and over Buddy's own voice (G5): what the browser hears of
// a sentence reaches a Whisper-compatible server as WAV, and no word of it is lost; a page without the speech model says so.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { hum } from "../../../src/voice/standby/hum.js";
import { HearingDouble } from "../../support/hearing-double.js";
import { type Scene, sceneOf, withNoise } from "../../support/scene.js";
import { hiss, RATE_HZ, speech, wavOf } from "../../support/sounds.js";
import { browserSuite, launchBrowser, withoutHead } from "../../support/browser.js";
import { until } from "../../../src/time/until.js";
import { TestVoice } from "../../support/voice.js";

const WAIT = { timeout: 20_000 };
const TEXT = "Hello, can you hear me?";
const SAID = "Hello Buddy, how are you today?";
/** Where in the sentence the name is over. */
const CALL_SAMPLES = 1.04 * RATE_HZ;
const quiet = (ms: number): Float32Array => hiss(ms, 0.003);
const sentence = { words: SAID, sound: speech() };
const call = { words: "Hello Buddy,", sound: sentence.sound.subarray(0, CALL_SAMPLES) };
const ONE_SENTENCE = sceneOf(quiet(700), sentence, quiet(1500));
const question = { words: "how are you today?", sound: sentence.sound.subarray(CALL_SAMPLES) };

describe("voice in a browser", browserSuite("the voice in a browser"), () => {
  const soundDir = mkdtempSync(join(tmpdir(), "buddy-voice-sound-"));
  const soundFile = join(soundDir, "room.wav");
  const ears = new HearingDouble();
  let rig: TestVoice;
  let browser: Browser;
  let page: Page;
  let sent: Record<string, unknown>[];

  before(async () => {
    const url = await ears.start();
    rig = new TestVoice({ BUDDY_VOICE: "hum", BUDDY_STT_URL: url }, "/usr/bin:/bin");
    await rig.start();
    // What the browser takes for its microphone, from the beginning each time it is opened, again and again.
    room(ONE_SENTENCE);
    browser = await launchBrowser([`--use-file-for-fake-audio-capture=${soundFile}`]);
  });

  afterEach(async () => {
    rig.voice.stop();
    await page.close();
  });

  after(async () => {
    await browser.close();
    await rig.stop();
    ears.stop();
    rmSync(soundDir, { recursive: true, force: true });
  });

  function room(scene: Scene): void {
    ears.scene = scene;
    ears.recordings.length = 0;
    writeFileSync(soundFile, wavOf(scene.sound));
  }

  async function open(): Promise<void> {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    sent = [];
    page.on("websocket", (socket) => {
      if (!socket.url().endsWith("/audio")) return;
      socket.on("framesent", ({ payload }) =>
        sent.push(JSON.parse(String(payload)) as Record<string, unknown>),
      );
    });
    await withoutHead(page);
    await page.goto(rig.door.url);
    await page.waitForSelector('[data-testid="talk"]:not([disabled])', WAIT);
  }

  const text = (id: string): Promise<string> =>
    page.locator(`[data-testid="${id}"]`).innerText(WAIT);
  const wavHeard = (): Buffer => ears.recordings.at(-1) ?? Buffer.alloc(0);
  const playedSamples = (): number =>
    Math.max(0, ...sent.filter((m) => m["type"] === "played").map((m) => Number(m["samples"])));

  test("A9: reconnect, sound refused: the page says so, and one click plays the reply that waits", async () => {
    await open();
    await page.locator('[data-testid="unlock"] button').click(WAIT);
    await until("the sound is on", 10_000, () => rig.voice.state().state === "hum");
    await rig.voice.speak(TEXT, rig.options(0, "t1"));
    await until("it was heard to its end", 5000, () => playedSamples() === hum(TEXT).length);
    // The browser forgets the gesture with the page.
    await page.reload();
    await until("the sound is refused", 10_000, () => rig.voice.state().state === "locked");
    sent = [];
    const spoken = await rig.voice.speak(TEXT, rig.options(0, "t2"));
    assert.equal(spoken.outcome, "shown");
    await until("it says so", 10_000, () =>
      rig.services.current.voice.text.includes("A reply is waiting"),
    );
    assert.match(await text("unlock"), /has said something that you did not hear/);
    await page.getByRole("button", { name: "Play it now" }).click(WAIT);
    await until("it is heard", 20_000, () => playedSamples() === hum(TEXT).length);
    assert.ok(sent.some((message) => message["type"] === "started"));
    assert.equal(await page.locator('[data-testid="unlock"]').count(), 0);
  });

  test("A9: any click in the page is the gesture", async () => {
    await open();
    await rig.voice.speak(TEXT, rig.options(0, "t3"));
    await page.locator("h1").click(WAIT);
    await until("it is heard", 20_000, () => playedSamples() === hum(TEXT).length);
  });

  test("G8: the page plays at the volume that was set at Buddy, also when it changes", async () => {
    rig.setVolume(30);
    page = await browser.newPage();
    await withoutHead(page);
    // What the page plays through, so that a test can read it.
    await page.addInitScript(`
      window.gains = [];
      const create = AudioContext.prototype.createGain;
      AudioContext.prototype.createGain = function () {
        window.gains.push(create.call(this));
        return window.gains.at(-1);
      };`);
    await page.goto(rig.door.url);
    // Asked from here: the page's policy forbids code that waits inside it.
    const isAt = (gain: number) =>
      until(`a gain of ${gain}`, WAIT.timeout, async () =>
        Boolean(
          await page.evaluate(
            `window.gains.some(({ gain }) => Math.abs(gain.value - ${gain}) < 0.001)`,
          ),
        ),
      );
    await isAt(0.3);
    rig.setVolume(0);
    await isAt(0);
    rig.setVolume(100);
    await isAt(1);
  });

  test("stop is silence in the page at once", async () => {
    await open();
    await page.locator("h1").click(WAIT);
    await until("the sound is on", 10_000, () => rig.voice.state().state === "hum");
    const speaking = rig.voice.speak(`${TEXT} `.repeat(8), rig.options(0, "t4"));
    await until("it sounds", 10_000, () => sent.some((message) => message["type"] === "started"));
    await page.waitForSelector(".voice-meter.is-on", WAIT);
    rig.voice.stop();
    assert.equal((await speaking).outcome, "stopped");
    await page.waitForSelector(".voice-meter:not(.is-on)", WAIT);
  });

  /** What was heard as words. */
  const words = (): string => rig.heard.filter((text) => !text.startsWith("(")).join(" ");

  test("push to talk: held and let go, and what was said until then is sent; Buddy is silent meanwhile", async () => {
    await open();
    room(ONE_SENTENCE);
    rig.heard.length = 0;
    const button = await page.locator('[data-testid="talk"]').boundingBox();
    assert.ok(button);
    await page.mouse.move(button.x + 20, button.y + 10);
    await page.mouse.down();
    await until("Buddy listens", 10_000, () => rig.heard.includes("(listening)"));
    await page.waitForTimeout(1300);
    await page.mouse.up();
    await until("it was sent", 20_000, () => ears.recordings.length > 0);
    const wav = wavHeard();
    assert.equal(wav.readUInt32LE(24), 16_000);
    assert.ok(wav.length > 16_000, `${wav.length} bytes of sound`);
  });

  test("G5: push to talk in noise at 10 dB: clicked, and not a word of the sentence is cut", async () => {
    await open();
    room(withNoise(ONE_SENTENCE, 10, hiss(1000, 0.1)));
    rig.heard.length = 0;
    await page.locator('[data-testid="talk"]').click(WAIT);
    await until("the words came", 20_000, () => words() !== "");
    assert.equal(words(), SAID);
    // The page is told a moment after the mind.
    await page.locator('[data-testid="talk-state"]', { hasText: SAID }).waitFor(WAIT);
  });

  test("without a speech-to-text server the page says what to set, before anybody speaks", async () => {
    await open();
    const deaf = { state: "off", text: "No ears: set BUDDY_STT_URL." };
    rig.services.change((state) => (state.voice = { ...state.voice, ears: deaf }));
    assert.match(await text("talk-ears"), /BUDDY_STT_URL/);
    for (const id of ["talk", "hands-free"]) {
      assert.ok(await page.locator(`[data-testid="${id}"]`).isDisabled(WAIT), id);
    }
    rig.services.change((state) => (state.voice = rig.voice.state()));
    await page.waitForSelector('[data-testid="talk"]:not([disabled])', WAIT);
    assert.match(await text("talk-state"), /Click and speak/);
  });

  test("hands-free: nothing is loaded before; a spoken sentence is heard by itself, by the model", async () => {
    await open();
    room(ONE_SENTENCE);
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    rig.heard.length = 0;
    assert.equal(await page.locator('[data-testid="talk-judge"]').count(), 0);
    await page.locator('[data-testid="hands-free"]').click(WAIT);
    await until("the words came", 20_000, () => rig.heard.includes(SAID));
    assert.equal(rig.heard[0], "(listening)", "Buddy is silent from the first word on");
    assert.match(await text("talk-judge"), /Silero model, in this browser/);
    assert.ok(
      loaded.some((path) => /^\/assets\/weights-.*\.bin$/.test(path)),
      loaded.join(" "),
    );
    const wav = wavHeard();
    const heardS = (wav.length - 44) / 32_000;
    assert.ok(heardS > 2 && heardS < 5, `the sentence and little else: ${heardS} s`);
    // It goes on listening; turned off it does so no more.
    await until("it hears the next one", 20_000, () => rig.heard.length >= 4);
    await page.locator('[data-testid="hands-free"]').click(WAIT);
    await page.getByRole("button", { name: "Talk to Buddy", exact: true }).waitFor(WAIT);
  });

  test("G5: called by name, over a pause that cuts and after somebody else: every word for Buddy and no other", async () => {
    await open();
    room(sceneOf(quiet(3000), question, quiet(2000), call, quiet(1300), question, quiet(4000)));
    rig.heard.length = 0;
    await page.locator('[data-testid="hands-free"]').click(WAIT);
    await page.locator('[data-testid="call-needed"]').check(WAIT);
    await until("all of it came", 30_000, () => words() === SAID);
    assert.equal(ears.recordings.length, 3, "what was for nobody was heard, and not told");
    await page.locator('[data-testid="hands-free"]').click(WAIT);
  });

  test("G5: who speaks over Buddy silences it, and no word of theirs is lost", async () => {
    await open();
    await page.locator("h1").click(WAIT);
    await until("the sound is on", 20_000, () => rig.voice.state().state === "hum");
    // Buddy speaks from before the first word until long behind the last.
    room(sceneOf(quiet(4000), sentence, quiet(4000)));
    rig.heard.length = 0;
    const speaking = rig.voice.speak(`${TEXT} `.repeat(20), rig.options(0, "t5"));
    await until("it sounds", 20_000, () => sent.some((message) => message["type"] === "started"));
    await page.locator('[data-testid="hands-free"]').click(WAIT);
    assert.equal((await speaking).outcome, "stopped");
    await until("the words came", 20_000, () => words() !== "");
    assert.equal(words(), SAID);
    await page.locator('[data-testid="hands-free"]').click(WAIT);
  });

  test("hands-free without the model's file: loudness hears the sentence, and the page says so", async () => {
    await open();
    room(ONE_SENTENCE);
    await page.route("**/weights*", (route) => route.fulfill({ status: 404, body: "" }));
    rig.heard.length = 0;
    await page.locator('[data-testid="hands-free"]').click(WAIT);
    await until("the words came", 20_000, () => rig.heard.includes(SAID));
    assert.match(await text("talk-judge"), /by loudness alone .*answered 404.*music or a fan/);
  });
});
