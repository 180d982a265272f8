// Voice and ears in a real browser. A9: after a reconnect the browser refuses sound; the page says so, the reply is
// kept, and one click plays it. Push to talk and hands-free: what the browser hears of a sentence reaches a
// Whisper-compatible server as WAV, and its words reach the mind; a page without the speech model says so.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { hum } from "../../../src/voice/standby/hum.js";
import { hiss, joined, speech, wavOf } from "../../support/sounds.js";
import { browserSuite, buildPage, launchBrowser, withoutHead } from "../../support/browser.js";
import { until } from "../../../src/time/until.js";
import { TestVoice } from "../../support/voice.js";

const WAIT = { timeout: 20_000 };
const TEXT = "Hello, can you hear me?";

describe("voice in a browser", browserSuite("the voice in a browser"), () => {
  const pageDir = mkdtempSync(join(tmpdir(), "buddy-voice-page-"));
  const soundDir = mkdtempSync(join(tmpdir(), "buddy-voice-sound-"));
  const soundFile = join(soundDir, "room.wav");
  let ears: Server;
  let recording: Buffer | undefined;
  let rig: TestVoice;
  let browser: Browser;
  let page: Page;
  let sent: Record<string, unknown>[];

  before(async () => {
    ears = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        recording = Buffer.concat(pieces);
        response.end('{"text":"how are you"}');
      });
    });
    await new Promise<void>((resolve) => ears.listen(0, "127.0.0.1", resolve));
    const { port } = ears.address() as AddressInfo;
    await buildPage(pageDir);
    rig = new TestVoice(
      { BUDDY_VOICE: "hum", BUDDY_STT_URL: `http://127.0.0.1:${port}/v1` },
      "/usr/bin:/bin",
    );
    await rig.start(pageDir);
    // What the browser takes for its microphone: a sentence in a quiet room, again and again.
    writeFileSync(soundFile, wavOf(joined(hiss(300, 0.003), speech(), hiss(1500, 0.003))));
    browser = await launchBrowser([`--use-file-for-fake-audio-capture=${soundFile}`]);
  });

  afterEach(async () => {
    rig.voice.stop();
    await page.close();
  });

  after(async () => {
    await browser.close();
    await rig.stop();
    ears.closeAllConnections();
    ears.close();
    rmSync(pageDir, { recursive: true, force: true });
    rmSync(soundDir, { recursive: true, force: true });
  });

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
  const wavHeard = (): Buffer => recording?.subarray(recording.indexOf("RIFF")) ?? Buffer.alloc(0);
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
    assert.match(await text("unlock"), /plays no sound before a click.*did not hear/s);
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
    // Asked again and again from here: the page's policy lets nothing wait in it that is made of a text.
    const isAt = (gain: number) =>
      until(`the gain ${gain}`, WAIT.timeout, () =>
        page.evaluate(`window.gains.some(({ gain }) => Math.abs(gain.value - ${gain}) < 0.001)`),
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

  test("push to talk: held, let go, understood; Buddy is silent meanwhile and hears the words", async () => {
    await open();
    const button = await page.locator('[data-testid="talk"]').boundingBox();
    assert.ok(button);
    await page.mouse.move(button.x + 20, button.y + 10);
    await page.mouse.down();
    await until("Buddy listens", 10_000, () => rig.heard.includes("(listening)"));
    await page.waitForTimeout(1300);
    await page.mouse.up();
    await until("the words came", 20_000, () => rig.heard.includes("how are you"));
    // The page is told a moment after the mind.
    await page.locator('[data-testid="talk-state"]', { hasText: "how are you" }).waitFor(WAIT);
    const wav = wavHeard();
    assert.equal(wav.readUInt32LE(24), 16_000);
    assert.ok(wav.length > 16_000, `${wav.length} bytes of sound`);
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
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    rig.heard.length = 0;
    assert.equal(await page.locator('[data-testid="talk-judge"]').count(), 0);
    await page.locator('[data-testid="hands-free"]').click(WAIT);
    await until("the words came", 20_000, () => rig.heard.includes("how are you"));
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

  test("hands-free without the model's file: loudness hears the sentence, and the page says so", async () => {
    await open();
    await page.route("**/weights*", (route) => route.fulfill({ status: 404, body: "" }));
    rig.heard.length = 0;
    await page.locator('[data-testid="hands-free"]').click(WAIT);
    await until("the words came", 20_000, () => rig.heard.includes("how are you"));
    assert.match(await text("talk-judge"), /by loudness alone .*answered 404.*music or a fan/);
  });
});
