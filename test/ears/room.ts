/** A page in Chromium whose microphone hears a scene, Buddy's voice and ears behind it, and a real Whisper behind those. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { until } from "../../src/time/until.js";
import { launchBrowser, withoutHead } from "../support/browser.js";
import { HearingDouble, soundOf } from "../support/hearing-double.js";
import type { RealEars } from "../support/real-ears.js";
import { type Scene, type SpokenWord, wordsIn } from "../support/scene.js";
import { wavOf } from "../support/sounds.js";
import { TestVoice } from "../support/voice.js";

const WAIT = { timeout: 60_000 };

/** One recording that a page has sent. */
export interface Hearing {
  /** Its words, by the samples of the scene. */
  readonly words: readonly SpokenWord[];
  /** As a person would write them, or Whisper; undefined while it does. */
  text: string | undefined;
  readonly wav: Buffer;
}

/** The ears behind a page: what comes is heard by its samples, and written by Whisper where there is one. */
export class Ears {
  heard: Hearing[] = [];
  readonly double = new HearingDouble();

  constructor(real?: RealEars) {
    this.double.answer = async (wav) => {
      const words = wordsIn(this.double.scene, soundOf(wav));
      const hearing: Hearing = { words, text: undefined, wav };
      this.heard.push(hearing);
      hearing.text = real ? await real.words(wav) : words.map(({ word }) => word).join(" ");
      return hearing.text;
    };
  }

  hear(scene: Scene): void {
    this.double.scene = scene;
    this.heard = [];
  }

  /** Words of the scene that no recording holds whole. */
  lost(): SpokenWord[] {
    const there = new Set(this.heard.flatMap(({ words }) => words));
    return this.double.scene.words.filter((word) => !there.has(word));
  }

  /** Whether the recording that holds the scene's last word has been written. */
  isOver(): boolean {
    const last = this.double.scene.words.at(-1);
    return this.heard.some(({ words, text }) => text !== undefined && words.at(-1) === last);
  }
}

/** A browser with a microphone that hears a file: from its beginning each time it is opened. */
export class MicrophoneBrowser {
  private readonly folder = mkdtempSync(join(tmpdir(), "buddy-room-"));
  private readonly file = join(this.folder, "room.wav");
  private browser: Browser | undefined;

  async start(): Promise<void> {
    this.browser = await launchBrowser([`--use-file-for-fake-audio-capture=${this.file}`]);
  }

  async stop(): Promise<void> {
    // What failed before it was started is the news, not that there is nothing to close.
    await this.browser?.close();
    rmSync(this.folder, { recursive: true });
  }

  hear({ sound }: Scene): void {
    writeFileSync(this.file, wavOf(sound));
  }

  async open(url: string): Promise<Page> {
    if (this.browser === undefined) throw new Error("the browser is not started");
    const page = await this.browser.newPage({ viewport: { width: 1280, height: 900 } });
    await withoutHead(page);
    await page.goto(url);
    await page.waitForSelector('[data-testid="talk"]:not([disabled])', WAIT);
    // Buddy's voice needs a gesture.
    await page.locator("h1").click(WAIT);
    return page;
  }
}

/** Switches hands-free on, with a name or without, or off. */
export async function handsFree(page: Page, how: "off" | "free" | "by name"): Promise<void> {
  await page.locator('[data-testid="hands-free"]').click(WAIT);
  if (how === "by name") await page.locator('[data-testid="call-needed"]').check(WAIT);
}

/**
 * Voice, ears and page without the rest of a Buddy. The ears answer by samples, so that a slow machine's Whisper changes nothing of what
 * the microphone does; it writes the recordings afterwards.
 */
export class Room {
  readonly browser = new MicrophoneBrowser();
  readonly rig: TestVoice;

  private constructor(
    readonly ears: Ears,
    url: string,
  ) {
    this.rig = new TestVoice({ BUDDY_VOICE: "hum", BUDDY_STT_URL: url }, "/usr/bin:/bin");
  }

  static async open(): Promise<Room> {
    const ears = new Ears();
    const room = new Room(ears, await ears.double.start());
    await room.rig.start();
    await room.browser.start();
    return room;
  }

  /** What was told to Buddy as words. */
  told(): string[] {
    return this.rig.heard.filter((text) => !text.startsWith("("));
  }

  /** A page in this scene, until its last word was written, or for as long as the limit. */
  async play(scene: Scene, act: (page: Page) => Promise<void>): Promise<void> {
    this.ears.hear(scene);
    this.browser.hear(scene);
    this.rig.heard.length = 0;
    const page = await this.browser.open(this.rig.door.url);
    try {
      await act(page);
      const limitMs = scene.sound.length / 16 + 30_000;
      await until("the last word", limitMs, () => this.ears.isOver()).catch(() => undefined);
    } finally {
      await page.close();
      this.rig.voice.stop();
    }
  }

  async stop(): Promise<void> {
    await this.browser.stop();
    await this.rig.stop();
    this.ears.double.stop();
  }
}
