/** The five views of the page, in a real browser: each has an address, and every control a name and a key. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { VIEWS } from "../../../src/page/ui/views.js";
import { browserSuite } from "../../support/browser.js";
import { testPage, WAIT } from "../../support/page.js";

const NAMELESS = `[...document.querySelectorAll("button, input, [role=img], [role=meter]")]
  .filter((e) => {
    const name = e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent;
    return (name ?? "").trim() === "";
  })
  .map((e) => e.outerHTML)`;

describe("the views of the page", browserSuite("the views of the page"), () => {
  const rig = testPage();

  it("gives every control a name and works without a mouse", async () => {
    await rig.open();
    for (const view of [...VIEWS].reverse()) {
      await rig.go(view);
      assert.deepEqual(await rig.page.evaluate(NAMELESS), [], view);
    }
    await rig.go("play");
    await rig.page.waitForSelector('[data-line="NOD:2"]:not([disabled])', WAIT);
    await rig.page.locator('[data-line="NOD:2"]').focus();
    await rig.page.keyboard.press("Enter");
    await rig.seen(".replies li", /NOD:2.*done/);
    assert.deepEqual(rig.services.lines, ["NOD:2"]);
  });

  it("G9: speaks the browser's language, and another one when it is chosen, also after a reload", async () => {
    const lang = (): Promise<unknown> => rig.page.evaluate("document.documentElement.lang");
    await rig.open({ locale: "de-AT", view: "settings" });
    await rig.seen("h1", /^Optionen$/);
    assert.equal(await lang(), "de");
    await rig.page.locator('[name="language"]').selectOption("ja");
    await rig.seen("h1", /^設定$/);
    await rig.page.reload();
    await rig.seen("h1", /^設定$/);
    assert.deepEqual([await lang(), await rig.page.title()], ["ja", "設定 · Buddy"]);
    assert.deepEqual(rig.problems, []);
  });

  it("G5: the browser's recognition hears the language that was chosen for the page", async () => {
    const ears = { state: "off", text: "No ears." } as const;
    rig.services.change((s) => (s.voice = { state: "ready", text: "Speaks.", ears }));
    const recognition = `window.SpeechRecognition = class {
      start() { window.heardIn = this.lang; }
      stop() {}
      abort() {}
    }`;
    const prepare = async (page: Page): Promise<void> => {
      await page.addInitScript(recognition);
    };
    await rig.open({ locale: "en-US", view: "settings", prepare });
    await rig.page.locator('[name="language"]').selectOption("ja");
    await rig.seen("h1", /^設定$/);
    await rig.go("talk");
    await rig.page.locator('[data-testid="browser-ears"] button').click(WAIT);
    await rig.page.locator('[data-testid="talk"]').click(WAIT);
    await rig.holds(`window.heardIn === "ja"`, "window.heardIn");
  });

  it("C6: makes a backup and goes back to one only when asked twice, which can be taken back", async () => {
    rig.services.backups.add(Date.UTC(2030, 0, 1));
    await rig.open({ view: "settings" });
    const card = rig.page.locator('[data-testid="backups"]');
    await card.getByRole("button", { name: "Make one now" }).click();
    await rig.seen('[data-testid="backups-note"]', /made and checked/);
    assert.equal(await card.locator("li").count(), 2);
    const link = card.getByRole("link", { name: /^Download/ }).first();
    const href = await link.getAttribute("href");
    assert.match(href ?? "", /^\/api\/backups\/buddy-20300102T\d+Z\.tar\.gz$/);
    await card
      .getByRole("button", { name: /^Go back to it/ })
      .last()
      .click();
    await rig.seen(
      '[data-testid="backup-question"]',
      /Jan 1, 2030.* replaces what Buddy remembers/,
    );
    assert.equal(rig.services.backups.wanted, null);
    await card.getByRole("button", { name: "Go back at the next start" }).click();
    await rig.seen('[data-testid="backup-wanted"]', /goes back to Jan 1, 2030/);
    assert.match(rig.services.backups.wanted ?? "", /^buddy-20300101/);
    await card.getByRole("button", { name: "Do not go back" }).click();
    await rig.page.waitForSelector('[data-testid="backup-wanted"]', { ...WAIT, state: "detached" });
    assert.equal(rig.services.backups.wanted, null);
  });

  it("G9: each view has an address: links, back, forward and a reload keep it; its heading has the focus", async () => {
    await rig.open();
    const at = (): Promise<unknown> =>
      rig.page.evaluate(`({
      view: document.querySelector("main").dataset.view,
      hash: location.hash,
      title: document.title,
      heading: document.activeElement.tagName === "H1" ? document.activeElement.textContent : "",
      headings: document.querySelectorAll("h1").length,
    })`);
    const health = { view: "health", hash: "#health", title: "Health · Buddy", headings: 1 };
    await rig.go("play");
    await rig.go("health");
    assert.deepEqual(await at(), { ...health, heading: "Health" });
    await rig.page.goBack();
    await rig.page.waitForSelector('main[data-view="play"]', WAIT);
    await rig.page.goForward();
    await rig.page.waitForSelector('main[data-view="health"]', WAIT);
    assert.deepEqual(await at(), { ...health, heading: "Health" });
    await rig.page.reload();
    await rig.page.waitForSelector('main[data-view="health"]', WAIT);
    // Who has just opened the page is left where the browser puts them; the first stop of the keyboard leads past the header.
    assert.deepEqual(await at(), { ...health, heading: "" });
    await rig.page.keyboard.press("Tab");
    await rig.page.keyboard.press("Enter");
    assert.deepEqual(await at(), { ...health, heading: "Health" });
    await rig.page.goto(`${rig.server.url}#nonsense`);
    await rig.page.waitForSelector('main[data-view="talk"]', WAIT);
  });
});
