/**
 * The page under human hands, in a real browser: slow presses, the right button, the keyboard, a screen reader's click, a
 * phone. Holds: nothing moves under the pointer by itself, and every hand can press every control.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { systemClock } from "../../src/time/clock.js";
import type { FakeServices } from "../support/services.js";
import { until } from "../../src/time/until.js";
import { browserSuite } from "../support/browser.js";
import { DESK, type PageOptions, TestPage, over, PHONE, WAIT } from "../support/page.js";
import { PLACES } from "../support/page-looks.js";

const PLAY = { ...DESK, view: "play" } as const;

describe("page under human hands", browserSuite("the page under human hands"), () => {
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
  const places = (): Promise<unknown> => page.evaluate(PLACES);

  describe("stays under the pointer", () => {
    it("a button that shows how its command went moves none of its neighbours", async () => {
      await open(PLAY);
      await page.locator('[data-line="NOD:2"]').hover();
      const before = await places();
      await page.locator('[data-line="NOD:2"]').click({ delay: 300 });
      await page.waitForSelector('[data-line="NOD:2"][data-status="ok"]', WAIT);
      assert.deepEqual(await places(), before);
    });

    for (const [name, options] of [
      ["desk", DESK],
      ["phone", PHONE],
    ] as const) {
      it(`${name}: losing robot and companion, and getting them back, moves no control`, async () => {
        for (const [view, control] of [
          ["talk", ".say-chips button"],
          ["play", '[data-line="NOD:2"]'],
        ] as const) {
          await open({ ...options, view });
          const before = await places();
          services.change((s) => (s.robot.linked = false));
          await rig.seen('[data-testid="summary"]', /body is away/);
          assert.deepEqual(await places(), before);
          const { back } = await rig.lose();
          assert.deepEqual(await places(), before);
          services.change((s) => (s.robot.linked = true));
          await back();
          await page.waitForSelector(`${control}:not([disabled])`, WAIT);
          assert.deepEqual(await places(), before);
        }
      });

      it(`${name}: a face, a reply and sound that comes on move no control`, async () => {
        services.change((s) => (s.voice = { state: "locked", text: "No sound before a click." }));
        await open(options);
        await page.waitForSelector('[data-testid="unlock"]', WAIT);
        const before = await places();
        for (const reflex of ["acquire", "track", "lost"] as const) {
          const pose = { baseDeg: 136.4, nodDeg: 118.1, tiltDeg: 85, faceSeq: 1, faceAgeMs: 40 };
          services.poses.push({ ...pose, reflex });
          await systemClock.sleep(300);
          assert.deepEqual(await places(), before, reflex);
        }
        for (let i = 0; i < 12; i++) {
          services.mind.tell({ type: "turn", turn: over(`t${i}`, "word ".repeat(60)) });
        }
        await page.waitForSelector('[data-turn="t11"]', WAIT);
        assert.deepEqual(await places(), before);
        await page.locator("h1").first().click();
        await page.waitForSelector('[data-testid="unlock"]', { ...WAIT, state: "detached" });
        assert.deepEqual(await places(), before);
      });
    }

    it("Buddy, who stays in sight beside the controls, covers none of them", async () => {
      for (const options of [DESK, PHONE]) {
        await open({ ...options, view: "play" });
        await page.evaluate("document.querySelector('.more').open = true");
        await page.evaluate("scrollTo(0, document.body.scrollHeight)");
        await page.locator('[data-line="RESET_PID"]').click();
        await page.waitForSelector('[data-line="RESET_PID"][data-status="ok"]', WAIT);
      }
    });

    it("what a small screen shows at first has the field to type in", async () => {
      await open({ viewport: { width: 1280, height: 720 } });
      const box = await page.locator('[data-testid="say"]').boundingBox();
      assert.ok(box && box.y + box.height <= 720, JSON.stringify(box));
    });

    it("the right button drags nothing and records nothing", async () => {
      await open();
      await page.locator('[data-testid="talk"]').click({ button: "right" });
      assert.equal(await page.locator('[data-testid="talk"]').innerText(), "Talk to Buddy");
      await rig.go("play");
      const pad = page.locator('[data-testid="look-pad"]');
      await pad.click({ button: "right" });
      await pad.hover({ position: { x: 20, y: 20 } });
      await page.locator('[data-line="NOD:2"]').click();
      await page.waitForSelector('[data-line="NOD:2"][data-status="ok"]', WAIT);
      assert.deepEqual(services.lines, ["NOD:2"]);
    });

    it("a refusal that is shown over controls lets clicks through", async () => {
      await open(PLAY);
      services.answer = async () => '{"ok":false,"reason":"animating"}';
      await page.locator('[data-line="CELEBRATE"]').click();
      await page.waitForSelector('[data-testid="toast"]', WAIT);
      const hit = await page.evaluate(`(() => {
      const toast = document.querySelector('[data-testid="toast"]');
      const { left, top, width, height } = toast.getBoundingClientRect();
      return toast.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    })()`);
      assert.equal(hit, false);
    });
  });

  describe("keyboard", () => {
    it("the same button can be pressed again and again, also while its answer is slow", async () => {
      await open(PLAY);
      let reply: (text: string) => void = () => undefined;
      services.answer = () => new Promise((resolve) => (reply = resolve));
      await page.locator('[data-line="NOD:2"]').focus();
      for (const count of [1, 2, 3]) {
        await page.keyboard.press("Enter");
        await page.waitForSelector('[data-line="NOD:2"][data-status="pending"]', WAIT);
        // Once more while it waits: that is not sent.
        await page.keyboard.press("Enter");
        reply('{"ok":true}');
        await page.waitForSelector('[data-line="NOD:2"][data-status="ok"]', WAIT);
        assert.equal(services.lines.length, count);
      }
    });

    it("the focus comes back with a control that was off, unless the person has gone on", async () => {
      await open(PLAY);
      await page.locator('[data-line="NOD:2"]').focus();
      for (const where of ["NOD:2", "IDLE"]) {
        services.change((s) => (s.robot.linked = false));
        await page.waitForSelector('[data-line="NOD:2"][disabled]', WAIT);
        if (where === "IDLE") await page.locator('.top [data-line="IDLE"]').focus();
        await systemClock.sleep(100);
        services.change((s) => (s.robot.linked = true));
        await page.waitForSelector('[data-line="NOD:2"]:not([disabled])', WAIT);
        await systemClock.sleep(100);
        assert.equal(await rig.focused(), where);
      }
    });

    it("nothing that is reached lies under the header, nor under the bar of a phone", async () => {
      const hidden = [];
      for (const [options, view, last] of [
        [DESK, "health", ".log ol"],
        [PHONE, "play", ".own-line input"],
      ] as const) {
        await open({ ...options, view });
        await page.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))");
        await page.locator(last).focus();
        for (let i = 0; i < 45; i++) {
          await page.keyboard.press("Shift+Tab");
          const under = await page.evaluate(`(() => {
          const e = document.activeElement;
          const head = document.querySelector(".top");
          const { top, bottom, left, width } = e.getBoundingClientRect();
          if (e === document.body || head.contains(e) || bottom - top > 300 || e.matches(".skip")) return "";
          const hit = document.elementFromPoint(left + width / 2, (top + bottom) / 2);
          return hit !== null && (e.contains(hit) || hit.contains(e)) ? "" : e.outerHTML.slice(0, 90);
        })()`);
          if (under !== "") hidden.push(under);
        }
      }
      assert.deepEqual(hidden, []);
    });

    it("what has no pointer can talk: a screen reader's click opens the microphone", async () => {
      await open();
      const talk = page.locator('[data-testid="talk"]');
      const before = await page.locator('[data-testid="talk-state"]').innerText();
      await talk.dispatchEvent("click");
      await until("it to listen, or to say why not", WAIT.timeout, async () => {
        return (await page.locator('[data-testid="talk-state"]').innerText()) !== before;
      });
    });
  });
});
