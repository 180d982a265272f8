/**
 * `npm run page:looks -- [FOLDER] [WORD…]`: photographs of the page, in each view, light and dark, as wide as a phone, a tablet and two
 * desks: at a first visit, with an offer to answer, in the middle of things, and with the camera killed. With words only those whose
 * name has all of them (`talk-first-390-dark`). For looking at: nothing is judged.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { PageOptions } from "../support/page.js";
import { over, PHONE, TestPage, turn, WAIT } from "../support/page.js";
import { VIEWS, type ViewName } from "../../src/page/ui/views.js";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { healthPart, type FakeServices } from "../support/services.js";
import { moveFakes } from "../support/served-page.js";
import { noBrowser } from "../support/browser.js";

const WIDTHS: Readonly<Record<string, PageOptions>> = {
  390: PHONE,
  768: { viewport: { width: 768, height: 1024 } },
  1280: { viewport: { width: 1280, height: 800 } },
  1920: { viewport: { width: 1920, height: 1080 } },
};
const THEMES = ["light", "dark"] as const;

/** What is there to be seen. */
const STATES: Readonly<Record<string, (services: FakeServices) => void>> = {
  first: (services) =>
    services.change((s) => {
      s.vision.camera.source = { kind: "demo" };
      const text =
        "Buddy has no ears yet: set BUDDY_STT_URL to a Whisper-compatible server and start again. Typing works.";
      s.voice = {
        state: "ready",
        text: "Speaks with espeak-ng.",
        ears: { state: "off", text },
      };
    }),
  offer: (services) =>
    services.change((s) => {
      s.vision.camera.source = { kind: "demo" };
      s.mind.brain = {
        state: "offered",
        text:
          "I have only my own small head. I can fetch a language model once " +
          "(Qwen2.5 0.5B Instruct, Apache-2.0, 492 MB, runs here, nothing you say leaves this machine).",
        share: null,
      };
    }),
  busy: (services) => {
    const { mind } = services;
    mind.turnList = [
      over("t1", "Hello there. I am Buddy, and I can see you."),
      over(
        "t2",
        "A face, a little to the left, and a window behind it. It seems to be a bright day where you are.",
      ),
      turn("t3", { said: "Nod, please." }),
    ];
  },
  trouble: (services) => {
    const camera = healthPart("camera", "Camera", "bad", "No pictures.", "Check its power.");
    services.change((s) => {
      s.vision.camera = { state: "down", text: "The camera gives no pictures.", framesPerS: 0 };
      s.vision.faces = 0;
      s.health = { level: "bad", state: "red", text: "Camera: No pictures.", parts: [camera] };
    });
  },
};

async function photograph(
  rig: TestPage,
  folder: string,
  words: readonly string[],
): Promise<number> {
  let count = 0;
  for (const [state, prepare] of Object.entries(STATES)) {
    const names = (theme: string, width: string): ViewName[] =>
      VIEWS.filter((view) =>
        words.every((word) => fileOf(view, state, width, theme).includes(word)),
      );
    if (THEMES.every((theme) => Object.keys(WIDTHS).every((w) => names(theme, w).length === 0)))
      continue;
    const moving = await moveFakes();
    // What seems to move has a picture by then.
    await until("a picture", 20_000, () => moving.services.frames.latest() !== undefined);
    if (state !== "busy") moving.stop();
    rig.services = moving.services;
    prepare(rig.services);
    await rig.serve();
    for (const colorScheme of THEMES) {
      for (const [width, options] of Object.entries(WIDTHS)) {
        const views = names(colorScheme, width);
        if (views.length === 0) continue;
        await rig.open({ ...options, colorScheme, hasHead: true });
        for (const view of views) {
          await rig.go(view);
          // The head and the plots come by themselves; this is for looking at.
          await systemClock.sleep(1500);
          const path = join(folder, fileOf(view, state, width, colorScheme));
          await rig.page.screenshot({ path, fullPage: view !== "talk", ...WAIT });
          count++;
        }
      }
    }
    moving.stop();
    await rig.end();
  }
  return count;
}

function fileOf(view: string, state: string, width: string, theme: string): string {
  return `${view}-${state}-${width}-${theme}.png`;
}

if (noBrowser !== undefined) {
  console.log(`NOT RUN: ${noBrowser}`);
  process.exit(1);
}
const [folder = "node_modules/.cache/page-looks", ...words] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const rig = new TestPage();
await rig.start();
console.log(`${await photograph(rig, folder, words)} photographs in ${folder}`);
await rig.stop();
