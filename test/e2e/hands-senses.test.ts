/** The page for eyes and ears of every kind, in a real browser: what is read out is read out once; all text can be read, at any size; a phone. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { systemClock } from "../../src/time/clock.js";
import { eventfulHour } from "../support/health.js";
import { livingRobot } from "../support/life.js";
import type { FakeServices } from "../support/services.js";
import { VIEWS } from "../../src/page/ui/views.js";
import { browserSuite } from "../support/browser.js";
import { DESK, type PageOptions, TestPage, PHONE, turn, WAIT } from "../support/page.js";
import { LOW_CONTRAST, READ_OUT } from "../support/page-looks.js";

describe("the page for eyes and ears", browserSuite("the page for eyes and ears"), () => {
  const rig = new TestPage();
  let services: FakeServices;
  let page: Page;
  before(() => rig.start());
  after(() => rig.stop());
  beforeEach(async () => (services = await rig.begin()));
  afterEach(() => rig.end());
  const open = async (options?: PageOptions): Promise<void> => {
    page = await rig.open(options);
  };

  it("what is read out is read out once: no age, no word by word, no drag", async () => {
    services.details = eventfulHour(systemClock.wallMs());
    services.frame(
      Buffer.from(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z",
        "base64",
      ),
    );
    await open();
    await page.waitForSelector(".old-picture", WAIT);
    await page.evaluate(READ_OUT);
    services.mind.tell({ type: "turn", turn: turn("t1") });
    const stopMs = systemClock.nowMs() + 4000;
    for (let i = 0; systemClock.nowMs() < stopMs; i++) {
      services.mind.tell({ type: "words", turnId: "t1", text: ` word${i}` });
      services.details = { ...services.details, wallMs: systemClock.wallMs() + i * 1000 };
      services.change((s) => (s.uptimeS = i));
      await systemClock.sleep(50);
    }
    const heard = (await page.evaluate("window.readOut")) as string[];
    // The turn and what stands for its beginning.
    assert.ok(heard.length <= 4, heard.join("\n"));
    await rig.go("health");
    await page.waitForSelector('[data-health="process-vision"]', WAIT);
    await page.evaluate("window.readOut.splice(0)");
    await systemClock.sleep(4500);
    assert.deepEqual(await page.evaluate("window.readOut"), []);
    await rig.go("play");
    await page.evaluate("window.readOut.splice(0)");
    for (let i = 0; i < 10; i++) {
      await page.getByRole("slider", { name: "Pan" }).focus();
      await page.keyboard.press("ArrowRight");
    }
    await rig.seen(".replies li", /LOOK:100,115.*done/);
    assert.deepEqual(await page.evaluate("window.readOut"), []);
  });

  it("all text can be read, in both themes, also what is old", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      services.details = eventfulHour(systemClock.wallMs());
      services.change((s) => Object.assign(s.robot, livingRobot(systemClock.wallMs())));
      services.mind.turnList = [
        turn("t1", {
          phase: "over",
          doneMs: 9,
          sentences: [{ text: "Cut.", speech: "", outcome: "stopped", by: "" }],
        }),
      ];
      await open({ ...DESK, colorScheme });
      const faint = async (what: string): Promise<void> => {
        for (const view of VIEWS) {
          await rig.go(view);
          if (view === "health" && what === "") {
            await page.waitForSelector('[data-health="process-vision"]', WAIT);
          }
          await page.evaluate(
            "document.querySelectorAll('details').forEach((e) => (e.open = true))",
          );
          const found = await page.evaluate(LOW_CONTRAST);
          assert.deepEqual(found, [], `${colorScheme}, ${view} ${what}`);
        }
      };
      await faint("");
      const { back } = await rig.lose();
      await faint("old");
      await back();
    }
  });

  it("text grows with the size that a person has set, and nothing is cut off at the side", async () => {
    await open();
    const grown = await page.evaluate(`(() => {
    const body = () => parseFloat(getComputedStyle(document.body).fontSize);
    const before = body();
    document.documentElement.style.fontSize = "200%";
    return body() / before;
  })()`);
    assert.equal(grown, 2);
    for (const view of VIEWS) {
      await rig.go(view);
      const width = await page.evaluate("document.documentElement.scrollWidth");
      assert.equal(width, 1280, view);
    }
  });

  it("G9: phone: what asks for a tap is in the view and covers nothing; all that is needed to talk is in sight", async () => {
    services.change((s) => (s.voice = { state: "locked", text: "No sound before a click." }));
    await open(PHONE);
    await page.waitForSelector('[data-testid="unlock"]', WAIT);
    const bar = await page.locator("nav.views").boundingBox();
    for (const id of ["thought", "say", "talk", "unlock"]) {
      const box = await page.locator(`[data-testid="${id}"]`).boundingBox();
      assert.ok(box && bar && box.y > 0 && box.y + box.height <= bar.y, id);
    }
    const hit = await page.evaluate(`(() => {
      const { left, top, width, height } = document.querySelector('[data-testid="say"]').getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2)?.dataset.testid;
    })()`);
    assert.equal(hit, "say");
    const text = "Buddy has no ears yet, and this is how it gets some. ".repeat(4);
    services.change((s) => {
      s.voice = { state: "locked", text, ears: { state: "off", text } };
    });
    await page.waitForSelector('[data-testid="talk-ears"]', WAIT);
    const spill = `(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector(".chat"))`;
    assert.equal(await page.evaluate(spill), 0, "long words stay in the card");
  });

  it("phone: a field that is tapped does not make the browser enlarge the page", async () => {
    await open({ ...PHONE, view: "settings" });
    await page.locator('[name="models"]').waitFor(WAIT);
    const small =
      await page.evaluate(`[...document.querySelectorAll("input:not([type=checkbox]):not([type=range]), select")]
    .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 16).map((e) => e.outerHTML)`);
    assert.deepEqual(small, []);
  });
});
