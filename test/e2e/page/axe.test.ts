/** axe on every view of the page: light and dark, at first visit and with trouble, wide and as a phone. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { VIEWS } from "../../../src/page/ui/views.js";
import { systemClock } from "../../../src/time/clock.js";
import { browserSuite } from "../../support/browser.js";
import { eventfulHour } from "../../support/health.js";
import { livingRobot } from "../../support/life.js";
import { DESK, over, PHONE, testPage, WAIT } from "../../support/page.js";
import { healthPart } from "../../support/services.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What is there once a view has all that it shows. */
const FILLED = {
  talk: '[data-testid="mind-model"]',
  play: ".replies",
  inside: ".cause-list, .causes .dim",
  health: '[data-testid="engine"]',
  settings: '[name="models"]',
} as const;
/** Violations of WCAG 2.2 A and AA, each with its first place. */
const VIOLATIONS = `axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map(({ id, help, nodes }) => id + ": " + help + " " + nodes[0].html.slice(0, 120)))`;

describe("axe on the page", browserSuite("axe on the page"), () => {
  const rig = testPage();

  const found = async (state: string): Promise<string[]> => {
    const all: string[] = [];
    await rig.page.evaluate(AXE);
    for (const view of VIEWS) {
      await rig.go(view);
      await rig.page.waitForSelector(FILLED[view], { ...WAIT, state: "attached" });
      await rig.page.evaluate(
        "document.querySelectorAll('details').forEach((e) => (e.open = true))",
      );
      const violations = (await rig.page.evaluate(VIOLATIONS)) as string[];
      all.push(...violations.map((one) => `${view}, ${state}: ${one}`));
    }
    return all;
  };

  it("G9: axe finds nothing in the five views, at first visit, light, on a desk", async () => {
    await rig.open({ ...DESK, colorScheme: "light" });
    assert.deepEqual(await found("first"), []);
  });

  it("G9: axe finds nothing in the five views in German, nor in Japanese settings with a question open", async () => {
    rig.services.backups.add(Date.UTC(2030, 0, 1));
    await rig.open({ ...DESK, colorScheme: "dark", locale: "de-DE" });
    assert.deepEqual(await found("German"), []);
    await rig.open({ ...DESK, colorScheme: "light", locale: "ja-JP", view: "settings" });
    await rig.page.evaluate(AXE);
    await rig.page.locator('[data-testid="backups"] li button').click(WAIT);
    await rig.page.waitForSelector('[data-testid="backup-question"]', WAIT);
    assert.deepEqual(await rig.page.evaluate(VIOLATIONS), []);
  });

  it("G9: axe finds nothing in the five views while a model is offered, nor where the offer has failed", async () => {
    const text = "I can fetch a language model once (492 MB), which runs here.";
    rig.services.change((s) => {
      s.vision.camera.source = { kind: "demo" };
      s.mind.brain = { state: "offered", text, share: null };
    });
    await rig.open({ ...PHONE, colorScheme: "light" });
    await rig.page.waitForSelector('[data-testid="brain-offer"]', { ...WAIT, state: "attached" });
    assert.deepEqual(await found("offer"), []);
    rig.services.change((s) => (s.mind.brain = { state: "failed", text, share: null }));
    await rig.go("talk");
    await rig.page.waitForSelector('[data-state="failed"]', { ...WAIT, state: "attached" });
    assert.deepEqual(await rig.page.evaluate(VIOLATIONS), []);
    rig.services.change((s) => (s.mind.brain = { state: "fetching", text, share: 0.4 }));
    await rig.page.waitForSelector('[data-state="fetching"]', WAIT);
    assert.deepEqual(await rig.page.evaluate(VIOLATIONS), []);
  });

  it("G9: axe finds nothing in the five views, with trouble and much to show, dark, on a phone", async () => {
    rig.services.details = eventfulHour(systemClock.wallMs());
    rig.services.change((s) => {
      Object.assign(s.robot, livingRobot(systemClock.wallMs()));
      const camera = healthPart("camera", "Camera", "bad", "No pictures.", "Check its power.");
      s.vision.camera = { state: "down", text: "The camera gives no pictures.", framesPerS: 0 };
      s.health = { level: "bad", state: "red", text: "Camera: No pictures.", parts: [camera] };
      s.voice = { state: "locked", text: "No sound before a click." };
    });
    rig.services.mind.turnList = [over("t1", "Hello.")];
    rig.services.mind.factList = [{ name: "Ann", text: "likes tea", wallMs: 1 }];
    await rig.open({ ...PHONE, colorScheme: "dark" });
    assert.deepEqual(await found("trouble"), []);
    rig.services.change((s) => (s.robot.linked = false));
    await rig.seen('[data-testid="summary"]', /away/);
    assert.deepEqual(await found("no robot"), []);
    const { back } = await rig.lose();
    const lost = (await rig.page.evaluate(VIOLATIONS)) as string[];
    assert.deepEqual(lost, []);
    await back();
  });
});
