/** What the page shows of the robot, in a real browser: camera, head, needs, saved state, life, health; in any width. */
import assert from "node:assert/strict";
import sharp from "sharp";
import { afterEach, describe, it } from "node:test";
import { VIEWS } from "../../../src/page/ui/views.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { browserSuite } from "../../support/browser.js";
import { eventfulHour } from "../../support/health.js";
import { livingRobot } from "../../support/life.js";
import { DESK, NARROW, testPage, WAIT } from "../../support/page.js";
import { moveFakes, type MovingFakes } from "../../support/served-page.js";
import { healthPart, NO_DETAILS } from "../../support/services.js";

/** The colour of the face box, counted in the camera's canvas. */
const BOX_PIXELS = `(() => {
  const canvas = document.querySelector(".picture canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] < 90 && data[i + 1] > 180 && data[i + 2] > 150 && data[i + 2] < 220) count++;
  }
  return count;
})()`;

/** What shows that a view has all that it shows. */
const FILLED: Readonly<Record<(typeof VIEWS)[number], string>> = {
  talk: '[data-testid="mind-model"]',
  play: ".replies",
  inside: ".cause-list",
  health: '[data-part="camera"]',
  settings: '[data-testid="mind-text"]',
};

describe("what the page shows", browserSuite("what the page shows"), () => {
  const rig = testPage();

  /** The 3-D head as it is on the screen, as far as the camera's picture, which moves by itself, does not cover it. */
  const headPicture = async (): Promise<Buffer> => {
    const box = await rig.page.locator(".head canvas").boundingBox();
    assert.ok(box);
    return rig.page.screenshot({
      clip: { ...box, width: box.width * 0.55, height: box.height * 0.6 },
    });
  };

  let moving: MovingFakes | undefined;
  afterEach(() => moving?.stop());

  it("shows camera with the face box and its age, the head, the plots and the robot's state", async () => {
    moving = await moveFakes();
    await rig.server.close();
    rig.services = moving.services;
    await rig.serve();
    await rig.open({ ...DESK, hasHead: true });
    await rig.seen('[data-testid="face-age"]', /^Face, \d+ ms ago$/);
    await rig.seen('[data-testid="thought"]', /I follow you, because a face is there\./);
    await rig.holds(`${BOX_PIXELS} > 100`);
    const first = await until("a head to be drawn", WAIT.timeout, async () => {
      const picture = await headPicture();
      const { channels } = await sharp(picture).stats();
      return Math.max(...channels.map((c) => c.stdev)) > 20 && picture;
    });
    // Drawn in software, a picture may be as old as the one before it: the wait is for another one.
    await until("the head to move", WAIT.timeout, async () => {
      return (await headPicture()).compare(first) !== 0;
    });
    await rig.seen('[data-testid="summary"]', /Buddy is curious and follows a face\./);
    await rig.go("health");
    const pan = await rig.text('[data-figure="Pan"]');
    await rig.holds(
      `document.querySelector('[data-figure="Pan"]').textContent !== ${JSON.stringify(pan)}`,
    );
    await rig.seen('[data-testid="chart-latency"]', /now \d+ ms/);
    await rig.seen('[data-testid="chart-error"]', /now \d+\.\d°/);
    assert.deepEqual(rig.problems, []);
  });

  it("B1, B2: shows the stage that it shares with others, and silences all of them by a button", async () => {
    await rig.open({ ...DESK, view: "inside" });
    await rig.holds(`document.querySelector(".fleet") === null`);
    rig.services.change((s) => {
      s.fleet = {
        stage: "home",
        state: "there",
        text: "On stage home.",
        id: "0000000a",
        name: "Ada",
        holder: { id: "0000000b", name: "Bob", token: 17, leftMs: 12_300 },
        queue: ["Ada"],
        members: [
          { id: "0000000a", name: "Ada" },
          { id: "0000000b", name: "Bob" },
        ],
        mode: "paused",
        director: "00000d1e",
        scriptLeft: 0,
        turns: 1,
        outbox: { waiting: 3, dropped: 0, bad: 0 },
        redis: "7.0.15",
        room: { state: "resuming", listeners: 2 },
      };
    });
    await rig.seen('[data-fact="speaks"]', /^Bob, for up to 13 s, number 17$/);
    await rig.seen('[data-fact="wait"]', /^Ada$/);
    await rig.seen('[data-fact="director"]', /^00000d1e$/);
    await rig.seen('[data-fact="outbox"]', /^3 events$/);
    await rig.seen('[data-fact="room"]', /being resumed, 2 people$/);
    await rig.page.locator(".fleet button").click();
    await until("the robot to be told", WAIT.timeout, () =>
      rig.services.mind.told.includes("Quiet, everyone!"),
    );
    assert.deepEqual(rig.problems, []);
  });

  it("says how each part is, with an icon, a word and the next step; trouble first, what is well when asked", async () => {
    await rig.open({ ...DESK, view: "health" });
    rig.services.change((s) => {
      s.health = {
        level: "bad",
        state: "red",
        text: "Camera: no pictures.",
        parts: [
          healthPart("camera", "Camera", "bad", "No pictures.", "Check it."),
          healthPart("vision", "Detector", "off", "Not wanted."),
        ],
      };
    });
    await rig.seen('[data-part="camera"]', /Camera trouble.*No pictures\..*→ Check it\./s);
    assert.equal(await rig.page.locator('[data-part="camera"] .icon-bad').count(), 1);
    await rig.seen('[data-part="vision"]', /off.*Not wanted/s);
    await rig.seen('[data-testid="health-mark"]', /Trouble: Camera: no pictures\./);
    await rig.seen('[data-testid="trouble"]', /^Camera/);
    assert.equal(await rig.page.locator('[data-part="vision"]').isVisible(), false);
    await rig.page.locator('[data-testid="well"] > summary').click();
    await rig.page.locator('[data-part="vision"]').waitFor(WAIT);
  });

  it("A2: shows the five needs with one polarity, the emotion, and what it does and why, as it changes", async () => {
    await rig.open({ ...DESK, view: "inside" });
    rig.services.change((s) => {
      s.robot.social = 0.75;
      s.robot.energy = 0.75;
      s.robot.valence = -0.5;
      s.robot.emotion = "ANXIOUS";
    });
    await rig.seen(".mood", /Idle, anxious/);
    const meter = (name: string): Promise<string | null> =>
      rig.page.getByRole("meter", { name }).getAttribute("aria-valuenow");
    // QUERY's hunger of 0.75 is a need met to a quarter.
    await until("the figures, which come once a second", WAIT.timeout, async () => {
      return (await meter("Company")) === "0.25";
    });
    assert.equal(await meter("Energy"), "0.75");
    assert.equal(await meter("Valence"), "-0.5");
    await rig.seen('[data-testid="emotion"]', /anxious/);
    await rig.seen(".causes", /does not tell why/);
    rig.services.change((s) => Object.assign(s.robot, livingRobot(Date.now())));
    await rig.seen(
      '[data-testid="choice"]',
      /Seeking company for 14 s, because it wants company\./,
    );
    await rig.seen(
      '[data-testid="causes"] li:first-child',
      /4 s ago.*moved a little 6×: it breathes/s,
    );
    rig.services.change((s) =>
      s.robot.causes?.unshift({
        agoS: 0,
        did: "chose REST",
        why: "it is tired",
        figure: 0.8,
        times: 1,
      }),
    );
    await rig.seen('[data-testid="choice"]', /Resting for 0 s, because it is tired\./);
    assert.equal(await rig.page.locator('[data-testid="causes"] li').count(), 8);
  });

  it("A5: shows the saved generation, its age and where it lives, and what the mirror gave back", async () => {
    await rig.open({ ...DESK, view: "inside" });
    await rig.seen(".saved", /does not tell what it keeps/);
    rig.services.change((s) => Object.assign(s.robot, livingRobot(Date.now())));
    await rig.seen(".saved", /Generation 57.*Saved 4 min ago, in the robot's settings store/s);
    await rig.seen(".saved", /took it back from the mirror/);
    await rig.seen(".saved", /Generation 56 was offered.*the robot took it/s);
    rig.services.change((s) => {
      const { saved } = s.robot;
      if (saved?.mirror) Object.assign(saved, { generation: 58, ageS: 1, place: "fram" });
    });
    await rig.seen(".saved", /Generation 58.*1 s ago, in the robot's FRAM chip/s);
    await rig.seen('[data-testid="mirror"]', /keeps generation 57/);
    rig.services.change((s) => {
      s.robot.linked = false;
      s.robot.saved = { generation: 57, place: "mirror", took: "", error: "" };
    });
    await rig.seen(".saved.is-old", /in the mirror on this computer.*No copy is kept here/s);
  });

  it("A2, A1: shows WiFi and boots, and what has happened, on a timeline", async () => {
    await rig.open({ ...DESK, view: "health" });
    await rig.seen(".life", /does not tell about its WiFi.*Nothing has happened/s);
    rig.services.change((s) => Object.assign(s.robot, livingRobot(Date.now())));
    await rig.seen('[data-testid="wifi"]', /On the network/);
    await rig.seen(".life", /Lost once since it started, the last time for 35 s/);
    await rig.seen('[data-testid="boots"]', /Started 12 times, alive for 4 days in all, 1 panic/);
    await rig.seen('[data-testid="life"] li:first-child', /Not linked for 37 s/);
    assert.equal(await rig.page.locator(".timeline i").count(), 5);
    rig.services.change((s) => {
      s.robot.linked = false;
      s.robot.safeMode = true;
    });
    await rig.seen(".life.is-old", /Not linked.*Last seen: On the network.*Safe mode/s);
  });

  it("no view is wider than a phone or a laptop, with the longest words", async () => {
    const long = "x".repeat(300);
    for (const width of [390, 1280]) {
      await rig.open({ viewport: { width, height: 844 } });
      rig.services.logs.add({ wallMs: 0, level: "error", part: long, message: long });
      rig.services.change((s) => {
        s.health.parts = [healthPart("camera", long, "bad", long, long)];
        s.health.level = "bad";
        s.health.text = long;
        s.robot.emotion = "x".repeat(40);
        s.robot.speechTrigger = "x".repeat(40);
        Object.assign(s.robot, livingRobot(0));
        s.robot.causes = [{ agoS: 1e6, did: long, why: long, figure: 9, times: 255 }];
        s.robot.bootReasons = [long];
        s.robot.failing = [long];
        s.mind.models = [{ name: long, state: "down", text: long }];
        s.mind.text = s.mind.doing = long;
      });
      await rig.seen('[data-testid="health-mark"]', /xxx/);
      for (const view of VIEWS) {
        await rig.go(view);
        // Not by clicks: what is opened moves what is to be clicked next.
        await rig.page.evaluate(
          "document.querySelectorAll('details').forEach((e) => (e.open = true))",
        );
        await rig.page.waitForSelector(FILLED[view], WAIT);
        const [wide, inner] = (await rig.page.evaluate(
          "[document.documentElement.scrollWidth, window.innerWidth]",
        )) as [number, number];
        assert.equal(wide, inner, `${view}, ${width} px`);
      }
      if (width === 390) await rig.page.close();
    }
  });

  it("E3: health has each part's hour, alerts, breakers and processes in words, and both ways to help by hand", async () => {
    const details = eventfulHour(systemClock.wallMs());
    const evil = `<img src=x>${"x".repeat(300)}`;
    const [robot, ...others] = details.breakers;
    assert.ok(robot);
    const broken = { ...robot.breaker, state: "open", retryInMs: 12_000 } as const;
    const breakers = [{ ...robot, breaker: broken, text: evil, next: evil }, ...others];
    rig.services.details = { ...details, breakers };
    await rig.open({ ...NARROW, view: "health" });
    await rig.seen('[data-health="process-vision"]', /given up.*→ No more restarts; see its log/s);
    assert.equal(await rig.page.locator('[data-fix="vision"]').innerText(), "Start it again");
    const label = (id: string): Promise<string | null> =>
      rig.page.locator(`[data-health="${id}"] [role=img]`).getAttribute("aria-label");
    assert.equal(await label("robot"), "Robot in the last hour: trouble once, 60 s in all");
    assert.equal(await label("process-gateway"), "Gateway in the last hour: worked all the time");
    assert.equal(await rig.page.locator('[data-health="robot"] rect.strip-bad').count(), 1);
    await rig.seen('[data-testid="alerts"]', /Alerts so far: 1.*Face detector was given up/s);
    await rig.seen('[data-breaker="ollama"]', /is left alone.*1,290 calls, 9 failed, 14 not made/s);
    await rig.seen('[data-process="vision"]', /was given up.*5 of 5 allowed restarts/s);
    const wide = await rig.page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    assert.deepEqual(wide, [390, 390]);
    assert.equal(await rig.page.locator('img[src="x"]').count(), 0);
    await rig.page.locator('[data-testid="engine"] > summary').click();
    await rig.page.locator('[data-breaker="robot"] button').click();
    await rig.page.locator('[data-process="vision"] button').click();
    for (let i = 0; i < 200 && rig.services.resets.length < 2; i++) await systemClock.sleep(25);
    assert.deepEqual([...rig.services.resets].sort(), ["robot", "vision"]);
    rig.services.details = NO_DETAILS;
    await rig.holds(`document.querySelector('[data-health="robot"]') === null`);
    await rig.page.close();
  });
});
