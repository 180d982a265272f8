/**
 * The first minute of five people, on a desk, on a phone, and on a desk without a mouse: each gets what they came for within three
 * actions. With the keyboard, what is pressed and typed is an action, the way to it by Tab is not; it has an end, though.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VIEWS } from "../../../src/page/ui/views.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { browserSuite } from "../../support/browser.js";
import { eventfulHour } from "../../support/health.js";
import { livingRobot } from "../../support/life.js";
import { over, type PageOptions, PHONE, testPage, WAIT } from "../../support/page.js";
import { ACTIONS_MAX, Person, Typist } from "../../support/person.js";
import { healthPart } from "../../support/services.js";

const DESK = { viewport: { width: 1280, height: 800 } };

describe("first minute on the page", browserSuite("the first minute on the page"), () => {
  const rig = testPage();

  const play = async (
    { options, Someone }: { options: PageOptions; Someone: typeof Person },
    what: string,
    act: (person: Person) => Promise<void>,
  ): Promise<void> => {
    await rig.open(options);
    const person = new Someone(rig.page);
    await act(person);
    assert.ok(person.actions <= ACTIONS_MAX, `${what}: ${person.actions} actions`);
  };

  for (const [name, how] of [
    ["desk", { options: DESK, Someone: Person }],
    ["phone", { options: PHONE, Someone: Person }],
    ["keyboard", { options: DESK, Someone: Typist }],
  ] as const) {
    it(`G9: ${name}: says hello and is answered, without scrolling`, async () => {
      await play(how, "hello", async (person) => {
        await person.click(".say-chips li:first-child button");
        await until("it to be heard", WAIT.timeout, () => rig.services.mind.told.includes("hello"));
        rig.services.mind.tell({ type: "turn", turn: over("t1", "Hello there.") });
        const answer = rig.page.locator('[data-turn="t1"] .sentence');
        await answer.waitFor(WAIT);
        assert.equal(await rig.page.evaluate("scrollY"), 0);
        const box = await answer.boundingBox();
        const field = await rig.page.locator('[data-testid="say"]').boundingBox();
        assert.ok(box && field && box.y > 0 && box.y + box.height <= field.y);
      });
    });

    it(`G9: ${name}: makes it nod; sees why it looks away; finds out what is broken; sets a key`, async () => {
      await play(how, "nod", async (person) => {
        await person.click('[data-nav="play"]');
        await person.click('[data-line="NOD:2"]');
        await until("the nod", WAIT.timeout, () => rig.services.lines.includes("NOD:2"));
      });
      await play(how, "why", async (person) => {
        rig.services.change((s) => Object.assign(s.robot, livingRobot(systemClock.wallMs())));
        await rig.seen('[data-testid="thought"]', /I look for company, because I want company\./);
        await person.click('[data-testid="thought"] a');
        await rig.seen('[data-testid="causes"]', /looked.*it looks for people/s);
      });
      await play(how, "broken", async (person) => {
        const camera = healthPart("camera", "Camera", "bad", "No pictures.", "Check its power.");
        rig.services.change((s) => {
          s.health = { level: "bad", state: "red", text: "Camera: No pictures.", parts: [camera] };
        });
        await rig.seen('[data-testid="health-mark"]', /Trouble/);
        await person.click('[data-testid="health-mark"]');
        await rig.seen('[data-testid="trouble"]', /^Camera.*No pictures\..*→ Check its power\./s);
      });
      await play(how, "key", async (person) => {
        await person.click('[data-nav="settings"]');
        await person.type('[name="googleApiKey"]', "a-key-of-mine");
        await person.press("Enter");
        await rig.seen('[data-testid="settings-note"]', /Saved\./);
        await rig.seen('[data-testid="trial-google"]', /google\/model answered in 812 ms: Hello\./);
        assert.deepEqual(rig.services.mind.tried.at(-1), ["google", "a-key-of-mine"]);
        assert.deepEqual(rig.services.mind.changes, [{ googleApiKey: "a-key-of-mine" }]);
      });
    });
  }

  it("G9: phone: an offer to fetch a model takes no room from the conversation, and is answered there", async () => {
    await rig.open(PHONE);
    const height = "document.querySelector('.messages').clientHeight";
    const before = await rig.page.evaluate(height);
    const text = "I can fetch a language model once, which runs here. ".repeat(4);
    rig.services.change((s) => (s.mind.brain = { state: "offered", text, share: null }));
    const offer = rig.page.locator('.messages [data-testid="brain-offer"]');
    await offer.waitFor({ ...WAIT, state: "attached" });
    assert.equal(await rig.page.evaluate(height), before);
    // It is a question: it is seen without looking for it, with its answers.
    await rig.holds(`(() => {
      const inside = document.querySelector(".messages").getBoundingClientRect();
      return [...document.querySelectorAll('[data-testid="brain-offer"] button')].every((button) => {
        const { top, bottom } = button.getBoundingClientRect();
        return top >= inside.top && bottom <= inside.bottom;
      });
    })()`);
    const asked = rig.page.waitForRequest("**/api/brain", WAIT);
    await offer.locator("button").nth(1).click(WAIT);
    assert.equal((await asked).postData(), '{"answer":"later"}');
  });

  it("G9: no view is longer than two screens of a small desk", async () => {
    rig.services.details = eventfulHour(systemClock.wallMs());
    rig.services.change((s) => Object.assign(s.robot, livingRobot(systemClock.wallMs())));
    await rig.open(DESK);
    for (const view of VIEWS) {
      await rig.go(view);
      if (view === "health") await rig.page.waitForSelector('[data-testid="engine"]', WAIT);
      if (view === "settings") await rig.page.waitForSelector('[name="models"]', WAIT);
      const height = Number(await rig.page.evaluate("document.documentElement.scrollHeight"));
      assert.ok(height <= 1600, `${view}: ${height} px`);
    }
  });
});
