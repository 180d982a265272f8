/**
 * `npm run page:looks -- [FOLDER] [WORD…]`: photographs of the page, in each view, language and look, as wide as a phone, a tablet, two
 * desks and a desk at 200 %: at a first visit, with an offer to answer, in the middle of things, in trouble, with the robot away, and in
 * a room. With words only those whose name has all of them (`talk-first-390-dark-de`). For looking at: nothing is judged, but what is
 * wider than the screen, cut off or too low for a finger is listed.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { FLEET } from "../support/fleet-state.js";
import { eventfulHour } from "../support/health.js";
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
/** As a desk of 1280×800 is at 200 %. */
const ZOOMED: PageOptions = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
const SCREENS = { ...WIDTHS, zoom: ZOOMED };
const LOOKS: Readonly<Record<string, PageOptions>> = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  forced: { forcedColors: "active", contrast: "more" },
  still: { reducedMotion: "reduce" },
};
const LOCALES = { en: "en-GB", de: "de-DE", es: "es-ES", ja: "ja-JP" } as const;

/** Where something is wider than the screen, cut off, or lower than a finger needs. */
const STANDS_OUT = `(() => {
  const found = [];
  const say = (what, e) => found.push(what + ": " + e.tagName.toLowerCase() + "." + e.className + " " + e.textContent.slice(0, 50));
  const screen = document.documentElement;
  const isWide = screen.scrollWidth > innerWidth;
  if (isWide) found.push("wider than the screen: " + screen.scrollWidth);
  for (const e of document.body.querySelectorAll("*")) {
    const { width, height, right } = e.getBoundingClientRect();
    if (width < 2 || height < 2) continue;
    if (isWide && right > innerWidth + 1) say("sticks out", e);
    const clips = getComputedStyle(e).overflowX;
    if ((clips === "hidden" || clips === "clip") && e.scrollWidth > e.clientWidth + 2) say("cut off", e);
    if (e.matches("button, select, summary") && Math.min(width, height) < 43.5) say(Math.round(width) + "x" + Math.round(height), e);
  }
  return [...found, "tall: " + (screen.scrollHeight / innerHeight).toFixed(1)];
})()`;

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
    services.details = eventfulHour(systemClock.wallMs());
    const camera = healthPart("camera", "Camera", "bad", "No pictures.", "Check its power.");
    services.change((s) => {
      s.vision.camera = { state: "down", text: "The camera gives no pictures.", framesPerS: 0 };
      s.vision.faces = 0;
      s.health = { level: "bad", state: "red", text: "Camera: No pictures.", parts: [camera] };
    });
  },
  away: (services) =>
    services.change((s) => {
      s.robot.linked = false;
      s.voice = { state: "locked", text: "No sound before a click." };
    }),
  room: (services) => services.change((s) => (s.fleet = FLEET)),
};

interface Shot {
  readonly view: ViewName;
  readonly name: string;
  readonly options: PageOptions;
}

/** All pictures of a state whose names have all words, those of one page beside each other. */
function shotsOf(state: string, words: readonly string[]): Shot[] {
  const views: readonly ViewName[] = state === "room" ? ["room"] : VIEWS;
  return Object.entries(LOCALES).flatMap(([language, locale]) =>
    Object.entries(LOOKS).flatMap(([look, how]) =>
      Object.entries(SCREENS).flatMap(([screen, size]) => {
        const options = { ...size, ...how, locale, hasHead: true };
        return views
          .map((view) => ({ view, options, name: [view, state, screen, look, language].join("-") }))
          .filter(({ name }) => words.every((word) => name.split("-").includes(word)));
      }),
    ),
  );
}

async function photograph(
  rig: TestPage,
  folder: string,
  words: readonly string[],
): Promise<number> {
  let count = 0;
  for (const [state, prepare] of Object.entries(STATES)) {
    const shots = shotsOf(state, words);
    if (shots.length === 0) continue;
    const moving = await moveFakes();
    // What seems to move has a picture by then.
    await until("a picture", 20_000, () => moving.services.frames.latest() !== undefined);
    if (state !== "busy") moving.stop();
    rig.services = moving.services;
    prepare(rig.services);
    await rig.serve();
    let opened = "";
    for (const { view, name, options } of shots) {
      const isOpen = opened === JSON.stringify(options);
      if (!isOpen) await rig.open(options);
      opened = JSON.stringify(options);
      await rig.go(view);
      // The head and the plots come by themselves; this is for looking at.
      await systemClock.sleep(1500);
      const path = join(folder, `${name}.png`);
      await rig.page.screenshot({ path, fullPage: view !== "talk", ...WAIT });
      const found = (await rig.page.evaluate(STANDS_OUT)) as string[];
      console.log([name, ...found].join("\n  "));
      count++;
    }
    moving.stop();
    await rig.end();
  }
  return count;
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
