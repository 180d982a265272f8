/** The page in a real browser when its connection fails: the server's end is said within 2 s and the page comes back by
 * itself (K1); nothing is sent late (K2); an old page asks for a reload (K4). */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { browserSuite } from "../../support/browser.js";
import { DESK, testPage, WAIT } from "../../support/page.js";

describe("when the page's connection fails", browserSuite("the page's connection"), () => {
  const rig = testPage();

  const setHidden = (isHidden: boolean): Promise<unknown> =>
    rig.page
      .evaluate(`Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"))`);

  it("K1: says so within 2 s of the server's end and is back by itself, with the whole state anew", async () => {
    await rig.open({ ...DESK, view: "play" });
    const { port } = rig.server;
    const lost = rig.page.waitForSelector('[data-testid="lost"]', WAIT);
    await rig.server.close();
    await lost;
    assert.ok(((await rig.losses())[0] ?? Infinity) <= 2000, String(await rig.losses()));
    await rig.seen(".why", /Not connected/);
    await rig.onlyStopsWork();
    rig.services.change((s) => (s.robot.emotion = "EXCITED"));
    await rig.serve(port);
    await rig.page.waitForSelector('[data-testid="lost"]', { ...WAIT, state: "detached" });
    await rig.seen('[data-testid="summary"]', /excited/);
    await rig.page.locator('[data-line="NOD:2"]').click();
    await rig.seen(".replies li", /NOD:2.*done/);
  });

  it("K1: a server that holds the socket but says nothing is noticed within 2 s", async () => {
    let isSilent = false;
    await rig.open({
      ...DESK,
      prepare: async (page) => {
        await page.routeWebSocket(/\/live$/, (route) => {
          const upstream = route.connectToServer();
          upstream.onMessage((message) => {
            if (!isSilent) route.send(message);
          });
        });
      },
    });
    isSilent = true;
    await rig.page.waitForSelector('[data-testid="lost"]', WAIT);
    assert.ok(((await rig.losses())[0] ?? Infinity) <= 2000, String(await rig.losses()));
    isSilent = false;
    await rig.page.waitForSelector('[data-testid="lost"]', { ...WAIT, state: "detached" });
  });

  it("K2: a page that is put away lets go of the pad and sends nothing when it wakes", async () => {
    await rig.open({ ...DESK, view: "play" });
    rig.services.answer = () => new Promise(() => undefined);
    await rig.page.locator('[data-testid="look-pad"]').scrollIntoViewIfNeeded();
    const box = await rig.page.locator('[data-testid="look-pad"]').boundingBox();
    assert.ok(box);
    await rig.page.mouse.move(box.x + 20, box.y + 20);
    await rig.page.mouse.down();
    await rig.page.mouse.move(box.x + 60, box.y + 40, { steps: 5 });
    await rig.seen(".replies code", /^LOOK/);
    await setHidden(true);
    await rig.page.mouse.move(box.x + 90, box.y + 50, { steps: 5 });
    await setHidden(false);
    await rig.page.mouse.move(box.x + 120, box.y + 60, { steps: 5 });
    await rig.page.mouse.up();
    const sent = rig.services.lines.length;
    rig.services.answer = async () => '{"ok":true}';
    await rig.page.locator('[data-line="NOD:2"]').click();
    await rig.seen(".replies li", /NOD:2.*done/);
    assert.equal(sent, 1);
    assert.deepEqual(rig.services.lines.slice(1), ["NOD:2"]);
  });

  it("K4: a page older than the server asks for a reload", async () => {
    await rig.open();
    const { port } = rig.server;
    await rig.server.close();
    const newer = mkdtempSync(join(tmpdir(), "buddy-newer-"));
    const index = readFileSync(join(rig.pageDir, "index.html"), "utf8");
    writeFileSync(
      join(newer, "index.html"),
      index.replace(/assets\/index-[^"]+\.js/, "assets/new.js"),
    );
    await rig.serve(port, newer);
    await rig.seen('[data-testid="reload"]', /this page is older.*Reload/);
    rmSync(newer, { recursive: true, force: true });
  });
});
