/**
 * What people type, read and hear on the page, in a real browser. Holds: what is typed or opened stays, with its focus, over
 * a loss and a refusal; the conversation is whole; what is read out is read out once; all text can be read.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { systemClock } from "../../src/time/clock.js";
import { eventfulHour } from "../support/health.js";
import type { FakeServices } from "../support/services.js";
import { until } from "../../src/time/until.js";
import { browserSuite } from "../support/browser.js";
import { DESK, type PageOptions, TestPage, over, turn, WAIT } from "../support/page.js";

describe("words on the page", browserSuite("words on the page"), () => {
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

  describe("what is typed stays", () => {
    it("in the chat while the connection goes and comes, with caret and focus, and is not sent", async () => {
      await open();
      const say = page.locator('[data-testid="say"]');
      await say.click();
      await page.keyboard.type("hello wold");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      const { back } = await rig.lose();
      await page.keyboard.type("r");
      await page.keyboard.press("Enter");
      await back();
      await page.waitForSelector(".say-send:not([disabled])", WAIT);
      assert.deepEqual(services.mind.told, []);
      await page.keyboard.press("Enter");
      await until("it to be said", WAIT.timeout, () => services.mind.told.length > 0);
      assert.deepEqual(services.mind.told, ["hello world"]);
      // With the button as well: the next word goes where it is typed.
      await page.keyboard.type("again");
      await page.locator(".say-send").click({ delay: 200 });
      await page.keyboard.type("and more");
      assert.equal(await say.inputValue(), "and more");
      // Nor does it go when another view is looked at.
      await rig.go("health");
      await rig.go("talk");
      assert.equal(await say.inputValue(), "and more");
    });

    it("a pasted text that is too long is kept whole, and it says so", async () => {
      await open();
      const say = page.locator('[data-testid="say"]');
      await say.focus();
      await page.keyboard.insertText("x".repeat(5000));
      assert.equal((await say.inputValue()).length, 5000);
      await page.waitForSelector('[data-testid="say-long"]', WAIT);
      await page.keyboard.press("Enter");
      assert.deepEqual(services.mind.told, []);
      assert.match(await page.locator('[data-testid="say-long"]').innerText(), /5,000.*2,000/);
    });

    it("in the settings: over a loss, after Enter, and when it was not taken", async () => {
      await open({ ...DESK, view: "settings" });
      const models = page.locator('[name="models"]');
      await models.waitFor(WAIT);
      await models.click();
      await page.keyboard.type("ollama/half-typ");
      const { back } = await rig.lose();
      await page.keyboard.type("ed");
      await back();
      await systemClock.sleep(300);
      assert.equal(await models.inputValue(), "ollama/half-typed");
      services.mind.refusal = "No such model.";
      await page.keyboard.press("Enter");
      await page.locator('[data-testid="settings-note"]:has-text("No such model")').waitFor(WAIT);
      assert.equal(await models.inputValue(), "ollama/half-typed");
      assert.equal(await rig.focused(), "models");
      services.mind.refusal = undefined;
      await page.keyboard.press("Enter");
      await page.locator('[data-testid="settings-note"]:has-text("Saved.")').waitFor(WAIT);
      assert.equal(await rig.focused(), "models");
      assert.equal(services.mind.changes.length, 2);
      // Half a word of an input method is no Enter.
      await models.fill("ollama/にほ");
      await models.dispatchEvent("keydown", { key: "Enter", isComposing: true });
      await systemClock.sleep(200);
      assert.equal(services.mind.changes.length, 2);
    });

    it("G6: what Buddy knows of people: corrected with Enter, forgotten with its button", async () => {
      const facts = ["likes tea", "has a dog"].map((text) => ({ name: "Ann", text, wallMs: 1 }));
      services.mind.factList = facts;
      await open({ ...DESK, view: "inside" });
      let puts = 0;
      page.on("request", (request) => (puts += request.method() === "PUT" ? 1 : 0));
      const fact = page.locator('[data-testid="facts"] input').first();
      await fact.waitFor(WAIT);
      await fact.fill("likes coffee");
      await page.keyboard.press("Enter");
      await page.locator('[data-testid="facts-note"]:has-text("Saved.")').waitFor(WAIT);
      // The field keeps the focus, and leaving it saves nothing a second time.
      assert.equal(await rig.focused(), "fact");
      await page.keyboard.press("Tab");
      await page.getByRole("button", { name: "Forget of Ann: has a dog" }).click();
      await page.locator('[data-testid="facts-note"]:has-text("Forgotten.")').waitFor(WAIT);
      assert.deepEqual(services.mind.factList, [{ ...facts[0], text: "likes coffee" }]);
      assert.deepEqual([puts, await page.locator('[data-testid="facts"] input').count()], [2, 1]);
    });

    it("a key and a choice that were not taken: the key is there to be tried again, the choice is shown as it is", async () => {
      await open({ ...DESK, view: "settings" });
      const key = page.locator('[name="googleApiKey"]');
      await key.waitFor(WAIT);
      // What the service does not take is not saved, unless its owner says so.
      services.mind.keyRefusal = "status 401: bad key";
      await key.fill("a-key-of-mine");
      await page.keyboard.press("Enter");
      await rig.seen('[data-testid="trial-google"]', /Not saved\..*status 401: bad key/);
      assert.deepEqual(services.mind.changes, []);
      await page.getByRole("button", { name: "Save it anyway" }).waitFor(WAIT);
      services.mind.keyRefusal = "";
      services.mind.refusal = "The disk is full.";
      await key.focus();
      await page.keyboard.press("Enter");
      await page.locator('[data-testid="settings-note"]:has-text("disk is full")').waitFor(WAIT);
      assert.equal(await key.inputValue(), "a-key-of-mine");
      const speaksUp = page.locator('[name="speaksUp"]');
      await speaksUp.click();
      await until("the box to say how it is", WAIT.timeout, () => speaksUp.isChecked());
      services.mind.refusal = undefined;
      await key.focus();
      await page.keyboard.press("Enter");
      await until("the key to be saved", WAIT.timeout, async () => (await key.inputValue()) === "");
    });

    it("a panel that was opened to be read stays open while the page is put away, and over a loss", async () => {
      services.details = eventfulHour(systemClock.wallMs());
      await open({ ...DESK, view: "health" });
      const panel = page.locator('[data-testid="processes"] details');
      await page.locator('[data-testid="engine"] > summary').click();
      await panel.locator("summary").click();
      const isOpen = (): Promise<unknown> =>
        page.evaluate(`document.querySelector('[data-testid="processes"] details').open`);
      const hide = (isHidden: boolean): Promise<unknown> =>
        page.evaluate(`Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"))`);
      await hide(true);
      await systemClock.sleep(2500);
      await hide(false);
      assert.equal(await isOpen(), true);
      const { back } = await rig.lose();
      await page.waitForSelector(".health.is-old", WAIT);
      assert.equal(await isOpen(), true);
      await back();
      await page.waitForSelector(".health:not(.is-old)", WAIT);
      assert.equal(await isOpen(), true);
    });
  });

  describe("conversation", () => {
    it("a page opened in the middle of a turn shows it, and no torn words", async () => {
      const begun = turn("t1", { firstTokenMs: 20, sentences: [] });
      services.mind.turnList = [begun];
      await open();
      await page.waitForSelector('[data-turn="t1"]', WAIT);
      services.mind.tell({ type: "words", turnId: "t1", text: "nd half of a sentence" });
      services.mind.tell({ type: "turn", turn: { ...begun, bodyMs: 30 } });
      await systemClock.sleep(200);
      assert.equal(await page.locator(".tail").count(), 0);
      services.mind.tell({ type: "turn", turn: over("t1", "The whole sentence.") });
      await page
        .locator('[data-turn="t1"] .sentence:has-text("The whole sentence.")')
        .waitFor(WAIT);
      services.mind.tell({ type: "turn", turn: turn("t2") });
      services.mind.tell({ type: "words", turnId: "t2", text: "From its" });
      services.mind.tell({ type: "words", turnId: "t2", text: " beginning" });
      await page.locator('.tail:has-text("From its beginning")').waitFor(WAIT);
    });

    it("whoever reads back stays there, until they say something", async () => {
      services.mind.turnList = Array.from({ length: 12 }, (_, i) =>
        over(`t${i}`, "word ".repeat(60)),
      );
      await open();
      await page.waitForSelector('[data-turn="t11"]', WAIT);
      const messages = page.locator(".messages");
      const top = (): Promise<number> => messages.evaluate((element) => element.scrollTop);
      await messages.hover();
      await page.mouse.wheel(0, -9000);
      await until("it to scroll", WAIT.timeout, async () => (await top()) === 0);
      services.mind.tell({ type: "turn", turn: over("n1", "New.") });
      await page.waitForSelector('[data-turn="n1"]', WAIT);
      assert.equal(await top(), 0);
      await page.locator('[data-testid="say"]').fill("hello");
      await page.keyboard.press("Enter");
      services.mind.tell({ type: "turn", turn: over("n2", "Newer.") });
      await until("the newest to be seen", WAIT.timeout, async () => (await top()) > 300);
    });

    it("Arabic and Hebrew run from the right, with what is around them untouched", async () => {
      services.mind.turnList = [
        { ...over("t1", "שלום, מה שלומך?"), said: "مرحبا، كيف حالك؟ 👋🏽" },
        over("t2", "Hello."),
      ];
      await open();
      const way = (selector: string): Promise<unknown> =>
        page.evaluate(`getComputedStyle(document.querySelector('${selector}')).direction`);
      await page.waitForSelector('[data-turn="t2"]', WAIT);
      assert.equal(await way('[data-turn="t1"] .is-person'), "rtl");
      assert.equal(await way('[data-turn="t1"] .is-buddy'), "rtl");
      assert.equal(await way('[data-turn="t2"] .is-buddy'), "ltr");
    });
  });
});
