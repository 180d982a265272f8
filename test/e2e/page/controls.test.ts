/** The controls of Play in a real browser: every one reaches the robot and shows its answer. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { browserSuite } from "../../support/browser.js";
import { DESK, testPage, WAIT } from "../../support/page.js";

const PLAY = { ...DESK, view: "play" } as const;

describe("the page's controls", browserSuite("the page's controls"), () => {
  const rig = testPage();

  it("has no dead control: each button's command reaches the robot and its answer shows", async () => {
    await rig.open(PLAY);
    await rig.page.locator('[data-testid="more"] > summary').click();
    const lines = await rig.page
      .locator("[data-line]")
      .all()
      .then((all) => Promise.all(all.map((b) => b.getAttribute("data-line").then(String))));
    assert.ok(lines.length >= 35, `${lines.length} controls`);
    for (const line of lines) {
      await rig.page.locator(`[data-line="${line}"]`).first().click();
      await rig.page.waitForSelector(`[data-line="${line}"][data-status="ok"]`, WAIT);
      assert.equal(rig.services.lines.at(-1), line);
    }
    for (const verb of ["ATTENTION:left", "NOD:2", "SHAKE:2", "CELEBRATE", "EXPRESS:curious"]) {
      assert.ok(lines.includes(verb), verb);
    }
    for (const verb of ["THINKING", "SPEAKING", "STOP_THINKING", "STOP_SPEAKING", "RESET_PID"]) {
      assert.ok(lines.includes(verb), verb);
    }
  });

  it("the pad looks where it is dragged, the newest aim last, to the robot's left on the right", async () => {
    await rig.open(PLAY);
    await rig.page.locator('[data-testid="look-pad"]').scrollIntoViewIfNeeded();
    const box = await rig.page.locator('[data-testid="look-pad"]').boundingBox();
    assert.ok(box);
    await rig.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await rig.page.mouse.down();
    // The first answer makes room for itself and moves the pad.
    await rig.seen(".replies li", /LOOK:\d+,\d+.*done/);
    const moved = await rig.page.locator('[data-testid="look-pad"]').boundingBox();
    assert.ok(moved);
    const to = { x: moved.x + moved.width * 0.9, y: moved.y + moved.height * 0.1 };
    await rig.page.mouse.move(to.x, to.y, { steps: 10 });
    await rig.page.mouse.up();
    // 90 % of 10..170 and 10 % of 80..150, give or take a pixel.
    await rig.seen(".replies li", /LOOK:15[345],8[678].*done/);
    assert.match(rig.services.lines.at(-1) ?? "", /^LOOK:15[345],8[678]$/);
  });

  it("the sliders look with the keyboard", async () => {
    await rig.open(PLAY);
    await rig.page.getByRole("slider", { name: "Pan" }).focus();
    await rig.page.keyboard.press("ArrowRight");
    await rig.seen(".replies li", /LOOK:91,115.*done/);
    await rig.page.getByRole("slider", { name: "Nod" }).focus();
    await rig.page.keyboard.press("ArrowLeft");
    await rig.seen(".replies li", /LOOK:91,114.*done/);
    assert.deepEqual(rig.services.lines, ["LOOK:91,115", "LOOK:91,114"]);
  });

  it("any command can be typed, and its answer is read", async () => {
    await rig.open(PLAY);
    rig.services.answer = async () => '{"emotion":"CURIOUS","arousal":0.5}';
    await rig.page.locator('[data-testid="more"] > summary').click();
    await rig.page.getByLabel("Any command").fill("QUERY");
    await rig.page.getByRole("button", { name: "Send" }).click();
    await rig.seen(".replies li", /QUERY.*"emotion":"CURIOUS"/);
  });

  it("the first click of a rig.page, which turns sound on, reaches the button it was made on", async () => {
    await rig.open();
    await rig.page.waitForSelector('[data-testid="unlock"]', WAIT);
    const button = rig.page.getByRole("button", { name: "Nod", exact: true });
    await button.hover();
    await rig.page.mouse.down();
    // As long as a slow hand holds it: what would move away would do so now.
    await systemClock.sleep(400);
    await rig.page.mouse.up();
    await rig.page.waitForSelector('[data-testid="unlock"]', { ...WAIT, state: "detached" });
    await until("it to be said", WAIT.timeout, () => rig.services.mind.told.includes("nod"));
  });

  it("shows pending, then the robot's refusal in its own and in plain words", async () => {
    await rig.open(PLAY);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    rig.services.answer = async () => {
      await gate;
      return '{"ok":false,"reason":"tracking_active"}';
    };
    await rig.page.locator('[data-line="CELEBRATE"]').click();
    await rig.page.waitForSelector('[data-line="CELEBRATE"][data-status="pending"]', WAIT);
    release();
    await rig.page.waitForSelector('[data-line="CELEBRATE"][data-status="refused"]', WAIT);
    await rig.seen('[data-testid="toast"]', /CELEBRATE.*tracking_active: it is following a face/);
  });

  it("is disabled with the reason while the robot is not linked, but for what stops it, and back after", async () => {
    await rig.open(PLAY);
    rig.services.change((s) => (s.robot.linked = false));
    await rig.seen(".why", /robot is not linked/);
    await rig.onlyStopsWork();
    rig.services.change((s) => (s.robot.linked = true));
    await rig.page.waitForSelector('[data-line="NOD:2"]:not([disabled])', WAIT);
  });
});
