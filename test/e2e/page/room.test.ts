/** The room of several robots as a view of the page, with a robot that is made up: LiveKit itself is in `fleet/room-page.test.ts`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { browserSuite } from "../../support/browser.js";
import { FLEET } from "../../support/fleet-state.js";
import { DESK, PHONE, testPage, WAIT } from "../../support/page.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIOLATIONS = `axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map(({ id, help, nodes }) => id + ": " + help + " " + nodes[0].html.slice(0, 120)))`;

describe("the room in the page", browserSuite("the room in the page"), () => {
  const rig = testPage();

  it("G9: without a room there is no way to one, and its address says nothing but that", async () => {
    await rig.open();
    assert.equal(await rig.page.locator('[data-nav="room"]').count(), 0);
    const { room: _none, ...alone } = FLEET;
    rig.services.change((s) => (s.fleet = alone));
    await rig.open({ view: "room" });
    await rig.page.waitForSelector('[data-robot="0000000a"]', WAIT);
    assert.equal(await rig.page.locator(".room-join button").isDisabled(), true);
  });

  it("B2, G9: who has the floor, who waits; axe finds nothing, and on a phone all six ways fit", async () => {
    rig.services.change((s) => (s.fleet = FLEET));
    for (const look of [
      { ...DESK, colorScheme: "light", locale: "en-GB" },
      { ...PHONE, colorScheme: "dark", locale: "de-DE" },
      { ...PHONE, colorScheme: "light", locale: "es-ES" },
    ] as const) {
      await rig.open(look);
      await rig.go("room");
      await rig.page.waitForSelector('[data-robot="0000000b"].has-floor', WAIT);
      const turns = await rig.page.locator(".room-turn").allInnerTexts();
      assert.deepEqual(
        [/1/.test(turns[0] ?? ""), /2/.test(turns[2] ?? "")],
        [true, true],
        turns.join(),
      );
      await rig.page.evaluate(AXE);
      assert.deepEqual(await rig.page.evaluate(VIOLATIONS), []);
      const heights = (await rig.page.evaluate(
        `[...document.querySelectorAll(".views a span")].map((e) => e.getClientRects().length)`,
      )) as number[];
      assert.deepEqual(heights, [1, 1, 1, 1, 1, 1], `words of one line, ${look.locale}`);
    }
    rig.services.change((s) => (s.fleet = { ...FLEET, holder: undefined, queue: [] }));
    await rig.page.waitForSelector(".has-floor", { ...WAIT, state: "detached" });
  });

  it("B2: a room that lets nobody in, or is not reached, says so, and the microphone stays closed", async () => {
    rig.services.change((s) => (s.fleet = FLEET));
    const guests = rig.services as { guests?: unknown };
    guests.guests = {
      url: "ws://127.0.0.1:9",
      invite: () => Promise.reject(new Error("Nobody may come in")),
    };
    await rig.end();
    await rig.serve();
    await rig.open({ ...DESK, view: "room" });
    await rig.page.locator(".room-join button").click(WAIT);
    await rig.seen('[data-testid="room-trouble"]', /^Nobody may come in\.$/);
    guests.guests = {
      url: "ws://127.0.0.1:9",
      invite: () => Promise.resolve({ url: "ws://127.0.0.1:9", token: "x.y.z" }),
    };
    await rig.end();
    await rig.serve();
    await rig.open({ ...DESK, view: "room" });
    await rig.page.locator(".room-join button").click(WAIT);
    await rig.seen('[data-testid="room-trouble"]', /does not reach the room/);
    assert.equal(await rig.page.locator('[name="room-name"]').inputValue(), "Guest");
    assert.equal(await rig.page.locator(".open-microphone").count(), 0);
  });
});
