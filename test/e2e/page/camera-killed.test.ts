/**
 * The camera's process of a running Buddy is killed, and its next one stands still: somebody who has just opened the page finds out
 * what is broken within three actions, with a mouse and without one.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { Probe } from "../../../src/drill/run/probe.js";
import { signalIfThere } from "../../../src/drill/run/processes.js";
import { until } from "../../../src/time/until.js";
import { browserSuite, launchBrowser, withoutHead } from "../../support/browser.js";
import { type BuddyProcess, startBuddy } from "../../support/buddy-process.js";
import { CONNECTED, DESK, WAIT } from "../../support/page.js";
import { ACTIONS_MAX, Person, Typist } from "../../support/person.js";

const BACK_MS_MAX = 60_000;

describe("the camera is killed", browserSuite("the page while the camera is dead"), () => {
  let buddy: BuddyProcess;
  let browser: Browser;
  let probe: Probe;
  let nextPid: number | undefined;

  before(async () => {
    buddy = await startBuddy();
    probe = new Probe(buddy);
    browser = await launchBrowser();
    const pid = await probe.pid("camera");
    process.kill(pid, "SIGKILL");
    nextPid = await until("the camera's next process", BACK_MS_MAX, async () => {
      const next = await probe.pidIfThere("camera");
      return next !== pid && next;
    });
    process.kill(nextPid, "SIGSTOP");
  });

  after(async () => {
    await browser.close();
    if (nextPid !== undefined) signalIfThere(nextPid, "SIGCONT");
    await buddy.stop();
  });

  for (const [how, Someone] of [
    ["a mouse", Person],
    ["the keyboard", Typist],
  ] as const) {
    it(`G9: by ${how} it is found what is broken after the camera was killed`, async () => {
      const page = await (await browser.newContext(DESK)).newPage();
      await withoutHead(page);
      await page.goto(`http://${buddy.runtime.page}/`);
      await page.waitForSelector(CONNECTED, WAIT);
      const person = new Someone(page);
      const text = (selector: string): Promise<string | null> =>
        page.locator(selector).textContent(WAIT);
      await until("the mark to say so", WAIT.timeout, async () =>
        /Trouble/.test((await text('[data-testid="health-mark"]')) ?? ""),
      );
      await person.click('[data-testid="health-mark"]');
      await until("the reason and the next step", WAIT.timeout, async () =>
        /^Camera.+No camera: .+→ .+/s.test((await text('[data-testid="trouble"]')) ?? ""),
      );
      assert.ok(person.actions <= ACTIONS_MAX, `${person.actions} actions`);
      await page.context().close();
    });
  }
});
