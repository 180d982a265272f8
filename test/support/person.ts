/** People who use the page, with a mouse or without one; what they do is counted. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { WAIT } from "./page.js";

export const ACTIONS_MAX = 3;
/** From one control of a view to any other. */
const TABS_MAX = 40;

/** Does what a person does, and counts it. */
export class Person {
  actions = 0;

  constructor(protected readonly page: Page) {}

  async click(selector: string): Promise<void> {
    this.actions++;
    await this.page.locator(selector).click(WAIT);
  }

  async type(selector: string, text: string): Promise<void> {
    this.actions++;
    await this.page.locator(selector).fill(text, WAIT);
  }

  async press(key: string): Promise<void> {
    this.actions++;
    await this.page.keyboard.press(key);
  }
}

/** Has no mouse. */
export class Typist extends Person {
  override async click(selector: string): Promise<void> {
    await this.reach(selector);
    await this.press("Enter");
  }

  override async type(selector: string, text: string): Promise<void> {
    this.actions++;
    await this.reach(selector);
    await this.page.keyboard.insertText(text);
  }

  private async reach(selector: string): Promise<void> {
    await this.page.locator(selector).waitFor(WAIT);
    const isThere = `document.activeElement.matches(${JSON.stringify(selector)})`;
    for (let tabs = 0; tabs < TABS_MAX; tabs++) {
      await this.page.keyboard.press("Tab");
      if (await this.page.evaluate(isThere)) return;
    }
    assert.fail(`${selector} is not reached by ${TABS_MAX} tabs`);
  }
}
