/** Foreign text stays text in the page (K3), whose own build has no code that its policy would refuse. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { browserSuite } from "../../support/browser.js";
import { testPage, WAIT } from "../../support/page.js";
import { healthPart } from "../../support/services.js";

const FOREIGN = `({
  images: document.querySelectorAll('img[src="x"]').length,
  scripts: [...document.querySelectorAll("script")].filter((s) => s.src === "").length,
  pwned: "pwned" in window,
})`;

/** Where foreign text is seen, in each view. */
const PLACES = [
  ["talk", ['[data-testid="thought"]', '[data-testid="health-mark"]', ".mood-line"]],
  ["inside", [".doing"]],
  ["health", ['[data-part="camera"]', ".log"]],
] as const;

describe("foreign text on the page", browserSuite("foreign text on the page"), () => {
  const rig = testPage();

  it("K3: foreign text is shown as text, wherever it comes from", async () => {
    await rig.open();
    const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
    rig.services.answer = async () => JSON.stringify({ ok: false, reason: evil });
    rig.services.change((s) => {
      s.robot.emotion = evil.slice(0, 40);
      s.robot.behavior = evil.slice(0, 40);
      s.robot.tracking = true;
      s.vision.face = { x: 1, y: 1, w: 1, h: 1, confidence: 1, seq: 1, ageMs: 0, name: evil };
      s.vision.camera.text = evil;
      s.health.parts = [healthPart("camera", evil, "bad", evil, evil)];
      s.health.text = evil;
      s.health.level = "bad";
      s.version = evil;
    });
    rig.services.faces.push({
      x: 9,
      y: 9,
      w: 9,
      h: 9,
      confidence: 1,
      seq: 1,
      ageMs: 0,
      name: evil,
    });
    rig.services.logs.add({ wallMs: 0, level: "error", part: evil, message: evil });
    for (const [view, places] of PLACES) {
      await rig.go(view);
      for (const place of places) await rig.seen(place, /<img src=x/);
    }
    // Seen first, then clicked: what is long moves the buttons, and a click that it overtakes hits nothing.
    await rig.go("play");
    await rig.page.locator('[data-line="NOD:2"]').click();
    await rig.page.waitForSelector('[data-line="NOD:2"][data-status="refused"]', WAIT);
    await rig.seen(".replies li", /<img src=x/);
    const found = await rig.page.evaluate(FOREIGN);
    assert.deepEqual(found, { images: 0, scripts: 0, pwned: false });
    assert.deepEqual(rig.problems, []);
  });

  it("the build holds no inline code, so the door's policy lets all of it run", async () => {
    await rig.open();
    const index = readFileSync(join(rig.pageDir, "index.html"), "utf8");
    assert.ok(!/<script(?![^>]*src=)/.test(index));
    assert.ok(
      readdirSync(join(rig.pageDir, "assets")).some((name) => name.startsWith("head-scene")),
    );
  });
});
