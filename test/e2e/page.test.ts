/**
 * The page in a real browser, against the real server with a fake robot. Holds: what the robot does is
 * shown; every control reaches the robot and shows its answer; the server's end is said within 2 s and the
 * page comes back by itself (K1); nothing is sent late (K2); foreign text stays text (K3); an old page asks for a
 * reload (K4); nothing is wider than a phone.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { build } from "vite";
import { systemClock } from "../../src/time/clock.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import { eventfulHour } from "../support/health.js";
import { livingRobot } from "../support/life.js";
import { FakeServices, healthPart, NO_DETAILS } from "../support/services.js";
import { isStopLine } from "../../src/robot/stop-lines.js";
import { until } from "../../src/time/until.js";
import { type MovingFakes, moveFakes } from "../support/served-page.js";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--no-first-run",
  "--disable-component-update",
  "--disable-sync",
];
const ROOT = join(import.meta.dirname, "../..");
/** Generous: the machine that runs this may be busy with everything else. */
const WAIT = { timeout: 20_000 };

const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser) {
  console.log(`NOT RUN: page tests, no browser at ${CHROMIUM} (set CHROMIUM to its path)`);
  if (process.env["CI"]) process.exitCode = 1;
}

let pageDir: string;
let browser: Browser;
let services: FakeServices;
let server: WebServer;
let page: Page;
let problems: string[];

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, timeout: 60_000 });
}

function serve(port = 0, dir = pageDir): Promise<WebServer> {
  return startWebServer(
    { host: "127.0.0.1", port, version: "0.1.0", pageDir: dir },
    { services, clock: systemClock, log: () => undefined },
  );
}

/** Opens the page. The 3-D head is left out where it is not the matter: in software it draws slowly. */
async function open(
  width = 1280,
  hasHead = false,
  prepare: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  page = await browser.newPage({ viewport: { width, height: 844 } });
  // Before the watch, so that the watch sees what the page sees.
  await prepare();
  await page.addInitScript(WATCH_LOSS);
  if (!hasHead) {
    const body =
      "export const createHeadScene = () => ({ setPose() {}, setMood() {}, dispose() {} });";
    await page.route("**/head-scene*", (route) =>
      route.fulfill({ contentType: "text/javascript", body }),
    );
  }
  problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(server.url);
  await page.waitForSelector('[data-part="page"].level-ok', WAIT);
}

const text = (selector: string): Promise<string> => page.locator(selector).innerText();

/** Waits until an expression, run in the page, holds. (The page's policy forbids polling inside it.) */
async function holds(expression: string, shown = "undefined"): Promise<void> {
  const untilMs = performance.now() + WAIT.timeout;
  while (!(await page.evaluate(`Boolean(${expression})`))) {
    if (performance.now() > untilMs) {
      assert.fail(`waited for: ${expression}; there is: ${String(await page.evaluate(shown))}`);
    }
    await systemClock.sleep(25);
  }
}

/** Waits until the page's own text in this place matches. */
async function seen(place: string, pattern: RegExp): Promise<void> {
  const shown = `document.querySelector(${JSON.stringify(place)})?.textContent`;
  await holds(`${String(pattern)}.test(${shown})`, shown);
}

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

const NAMELESS = `[...document.querySelectorAll("button, input, [role=img], [role=meter]")]
  .filter((e) => {
    const name = e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent;
    return (name ?? "").trim() === "";
  })
  .map((e) => e.outerHTML)`;

const FOREIGN = `({
  images: document.querySelectorAll('img[src="x"]').length,
  scripts: [...document.querySelectorAll("script")].filter((s) => s.src === "").length,
  pwned: "pwned" in window,
})`;

/** Notes in the page when the newest message came and when the loss was shown. */
const WATCH_LOSS = `(() => {
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url) {
      super(url);
      this.addEventListener("message", () => {
        if (!document.querySelector('[data-testid="lost"]')) window.heardAtMs = performance.now();
      });
    }
  };
  window.lossesMs = [];
  new MutationObserver(() => {
    const isLost = document.querySelector('[data-testid="lost"]') !== null;
    if (isLost && !window.wasLost) window.lossesMs.push(performance.now() - window.heardAtMs);
    window.wasLost = isLost;
  }).observe(document, { subtree: true, childList: true });
})()`;

/** How long after the newest message each loss was shown, ms. */
/** Of all controls, those that end what is under way go by a request of their own and are never off. */
async function onlyStopsWork(): Promise<void> {
  const enabled = await page.locator("[data-line]:not([disabled])").all();
  const lines = await Promise.all(enabled.map((one) => one.getAttribute("data-line")));
  assert.ok(lines.length > 0);
  assert.deepEqual(
    lines.filter((line) => !isStopLine(line ?? "")),
    [],
  );
}

const losses = async (): Promise<number[]> => (await page.evaluate("window.lossesMs")) as number[];

const setHidden = (isHidden: boolean): Promise<unknown> =>
  page.evaluate(`Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"))`);

/** The 3-D head as it is on the screen. */
const headPicture = (): Promise<Buffer> => page.locator(".stage canvas").screenshot();

/** No test waits for ever. */
const options = hasBrowser ? { timeout: 300_000 } : { skip: "no browser" };

describe("page", options, () => {
  before(async () => {
    pageDir = mkdtempSync(join(tmpdir(), "buddy-page-"));
    await build({
      root: join(ROOT, "src/page"),
      configFile: join(ROOT, "src/page/vite.config.ts"),
      build: { outDir: pageDir },
      logLevel: "error",
    });
    browser = await launch();
  });

  after(async () => {
    await browser.close();
    rmSync(pageDir, { recursive: true, force: true });
  });

  beforeEach(async () => {
    // A browser that crashed fails its own test, not all that follow.
    if (!browser.isConnected()) browser = await launch();
    services = new FakeServices(systemClock);
    server = await serve();
  });

  afterEach(async () => {
    await page.close();
    await server.close();
  });

  describe("what it shows", () => {
    let moving: MovingFakes | undefined;
    afterEach(() => moving?.stop());

    it("shows camera with the face box and its age, the head, the plots and the robot's state", async () => {
      moving = await moveFakes();
      await server.close();
      services = moving.services;
      server = await serve();
      await open(1280, true);
      await seen('[data-testid="face-age"]', /^\d+ ms$/);
      await holds(`${BOX_PIXELS} > 100`);
      const pan = await text('[data-testid="pan"]');
      await holds(
        `document.querySelector('[data-testid="pan"]').textContent !== ${JSON.stringify(pan)}`,
      );
      const first = await headPicture();
      const { channels } = await sharp(first).stats();
      assert.ok(Math.max(...channels.map((c) => c.stdev)) > 20, "a head is drawn");
      // Drawn in software, a picture may be as old as the one before it: the wait is for another one.
      await until("the head to move", WAIT.timeout, async () => {
        return (await headPicture()).compare(first) !== 0;
      });
      await seen('[data-testid="chart-latency"]', /now \d+ ms/);
      await seen('[data-testid="chart-error"]', /now \d+\.\d°/);
      await seen('[data-testid="summary"]', /Following a face, curious/);
      assert.deepEqual(problems, []);
    });

    it("says how each part is, with an icon, a word and the next step", async () => {
      await open();
      services.change((s) => {
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
      await seen('[data-part="camera"]', /Camera trouble.*No pictures\..*→ Check it\./s);
      assert.equal(await page.locator('[data-part="camera"] .icon-bad').count(), 1);
      await seen('[data-part="vision"]', /off.*Not wanted/s);
      await seen('[data-testid="summary"]', /Camera: no pictures\./);
    });

    it("A2: shows the five needs with one polarity, the emotion, and what it does and why, as it changes", async () => {
      await open();
      services.change((s) => {
        s.robot.social = 0.75;
        s.robot.energy = 0.75;
        s.robot.valence = -0.5;
        s.robot.emotion = "ANXIOUS";
      });
      await seen(".mood", /Idle, anxious/);
      const meter = (name: string): Promise<string | null> =>
        page.getByRole("meter", { name }).getAttribute("aria-valuenow");
      // QUERY's hunger of 0.75 is a need met to a quarter.
      assert.equal(await meter("Company"), "0.25");
      assert.equal(await meter("Energy"), "0.75");
      assert.equal(await meter("Valence"), "-0.5");
      await seen('[data-testid="emotion"]', /anxious/);
      await seen(".causes", /does not tell why/);
      services.change((s) => Object.assign(s.robot, livingRobot(Date.now())));
      await seen('[data-testid="choice"]', /Seeking company for 14 s, because it wants company\./);
      await seen(
        '[data-testid="causes"] li:first-child',
        /4 s ago.*moved a little 6×: it breathes/s,
      );
      services.change((s) =>
        s.robot.causes?.unshift({
          agoS: 0,
          did: "chose REST",
          why: "it is tired",
          figure: 0.8,
          times: 1,
        }),
      );
      await seen('[data-testid="choice"]', /Resting for 0 s, because it is tired\./);
      assert.equal(await page.locator('[data-testid="causes"] li').count(), 8);
    });

    it("A5: shows the saved generation, its age and where it lives, and what the mirror gave back", async () => {
      await open();
      await seen(".saved", /does not tell what it keeps/);
      services.change((s) => Object.assign(s.robot, livingRobot(Date.now())));
      await seen(".saved", /Generation 57.*Saved 4 min ago, in the robot's settings store/s);
      await seen(".saved", /took it back from the mirror/);
      await seen(".saved", /Generation 56 was offered.*the robot took it/s);
      services.change((s) => {
        const { saved } = s.robot;
        if (saved?.mirror) Object.assign(saved, { generation: 58, ageS: 1, place: "fram" });
      });
      await seen(".saved", /Generation 58.*1 s ago, in the robot's FRAM chip/s);
      await seen('[data-testid="mirror"]', /keeps generation 57/);
      services.change((s) => {
        s.robot.linked = false;
        s.robot.saved = { generation: 57, place: "mirror", took: "", error: "" };
      });
      await seen(".saved.is-old", /in the mirror on this computer.*No copy is kept here/s);
    });

    it("A2, A1: shows WiFi and boots, and what has happened, on a timeline", async () => {
      await open();
      await seen(".life", /does not tell about its WiFi.*Nothing has happened/s);
      services.change((s) => Object.assign(s.robot, livingRobot(Date.now())));
      await seen('[data-testid="wifi"]', /On the network/);
      await seen(".life", /Lost once since it started, the last time for 35 s/);
      await seen('[data-testid="boots"]', /Started 12 times, alive for 4 days in all, 1 panic/);
      await seen('[data-testid="life"] li:first-child', /Not linked for 37 s/);
      assert.equal(await page.locator(".timeline i").count(), 5);
      services.change((s) => {
        s.robot.linked = false;
        s.robot.safeMode = true;
      });
      await seen(".life.is-old", /Not linked.*Last seen: on the network.*Safe mode/s);
    });

    it("is not wider than a phone or a laptop, with the longest words", async () => {
      const long = "x".repeat(300);
      for (const width of [390, 1280]) {
        await open(width);
        services.logs.add({ wallMs: 0, level: "error", part: long, message: long });
        services.change((s) => {
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
        await seen('[data-part="camera"]', /xxx/);
        // Not by clicks: what is opened moves what is to be clicked next.
        await page.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))");
        await page.waitForSelector('[data-testid="mind-text"]', WAIT);
        const [wide, inner] = (await page.evaluate(
          "[document.documentElement.scrollWidth, window.innerWidth]",
        )) as [number, number];
        assert.equal(wide, inner, `${width} px`);
        if (width === 390) await page.close();
      }
    });

    it("E3: health has each part's hour, alerts, breakers and processes in words, and both ways to help by hand", async () => {
      const details = eventfulHour(systemClock.wallMs());
      const evil = `<img src=x>${"x".repeat(300)}`;
      const [robot, ...others] = details.breakers;
      assert.ok(robot);
      const broken = { ...robot.breaker, state: "open", retryInMs: 12_000 } as const;
      const breakers = [{ ...robot, breaker: broken, text: evil, next: evil }, ...others];
      services.details = { ...details, breakers };
      await open(390);
      await seen('[data-health="process-vision"]', /given up.*→ No more restarts; see its log/s);
      const label = (id: string): Promise<string | null> =>
        page.locator(`[data-health="${id}"] [role=img]`).getAttribute("aria-label");
      assert.equal(await label("robot"), "Robot in the last hour: trouble once, 60 s in all");
      assert.equal(await label("process-gateway"), "Gateway in the last hour: worked all the time");
      assert.equal(await page.locator('[data-health="robot"] rect.strip-bad').count(), 1);
      await seen('[data-testid="alerts"]', /Face detector was given up.*→ See its log/s);
      await seen('[data-breaker="ollama"]', /is left alone.*1,290 calls, 9 failed, 14 not made/s);
      await seen('[data-process="vision"]', /was given up.*5 of 5 allowed restarts/s);
      const wide = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
      assert.deepEqual(wide, [390, 390]);
      assert.equal(await page.locator('img[src="x"]').count(), 0);
      await page.locator('[data-breaker="robot"] button').click();
      await page.locator('[data-process="vision"] button').click();
      for (let i = 0; i < 200 && services.resets.length < 2; i++) await systemClock.sleep(25);
      assert.deepEqual([...services.resets].sort(), ["robot", "vision"]);
      services.details = NO_DETAILS;
      await holds(`document.querySelector('[data-health="robot"]') === null`);
      await page.close();
    });

    it("gives every control a name and works without a mouse", async () => {
      await open();
      const nameless = await page.evaluate(NAMELESS);
      assert.deepEqual(nameless, []);
      await page.waitForSelector('[data-line="NOD:2"]:not([disabled])', WAIT);
      await page.locator('[data-line="NOD:2"]').focus();
      await page.keyboard.press("Enter");
      await seen(".replies li", /NOD:2.*done/);
      assert.deepEqual(services.lines, ["NOD:2"]);
    });
  });

  describe("controls", () => {
    it("has no dead control: each button's command reaches the robot and its answer shows", async () => {
      await open();
      const lines = await page
        .locator("[data-line]")
        .all()
        .then((all) => Promise.all(all.map((b) => b.getAttribute("data-line").then(String))));
      assert.ok(lines.length >= 35, `${lines.length} controls`);
      for (const line of lines) {
        await page.locator(`[data-line="${line}"]`).first().click();
        await page.waitForSelector(`[data-line="${line}"][data-status="ok"]`, WAIT);
        assert.equal(services.lines.at(-1), line);
      }
      for (const verb of ["ATTENTION:left", "NOD:2", "SHAKE:2", "CELEBRATE", "EXPRESS:curious"]) {
        assert.ok(lines.includes(verb), verb);
      }
      for (const verb of ["THINKING", "SPEAKING", "STOP_THINKING", "STOP_SPEAKING", "RESET_PID"]) {
        assert.ok(lines.includes(verb), verb);
      }
    });

    it("the pad looks where it is dragged, the newest aim last, to the robot's left on the right", async () => {
      await open();
      await page.locator('[data-testid="look-pad"]').scrollIntoViewIfNeeded();
      const box = await page.locator('[data-testid="look-pad"]').boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      // The first answer makes room for itself and moves the pad.
      await seen(".replies li", /LOOK:\d+,\d+.*done/);
      const moved = await page.locator('[data-testid="look-pad"]').boundingBox();
      assert.ok(moved);
      const to = { x: moved.x + moved.width * 0.9, y: moved.y + moved.height * 0.1 };
      await page.mouse.move(to.x, to.y, { steps: 10 });
      await page.mouse.up();
      // 90 % of 10..170 and 10 % of 80..150, give or take a pixel.
      await seen(".replies li", /LOOK:15[345],8[678].*done/);
      assert.match(services.lines.at(-1) ?? "", /^LOOK:15[345],8[678]$/);
    });

    it("the sliders look with the keyboard", async () => {
      await open();
      await page.getByRole("slider", { name: "Pan" }).focus();
      await page.keyboard.press("ArrowRight");
      await seen(".replies li", /LOOK:91,115.*done/);
      await page.getByRole("slider", { name: "Nod" }).focus();
      await page.keyboard.press("ArrowLeft");
      await seen(".replies li", /LOOK:91,114.*done/);
      assert.deepEqual(services.lines, ["LOOK:91,115", "LOOK:91,114"]);
    });

    it("any command can be typed, and its answer is read", async () => {
      await open();
      services.answer = async () => '{"emotion":"CURIOUS","arousal":0.5}';
      await page.getByLabel("Any command").fill("QUERY");
      await page.getByRole("button", { name: "Send" }).click();
      await seen(".replies li", /QUERY.*"emotion":"CURIOUS"/);
    });

    it("the first click of a page, which turns sound on, reaches the button it was made on", async () => {
      await open();
      await page.waitForSelector('[data-testid="unlock"]', WAIT);
      const button = page.locator('[data-line="CELEBRATE"]');
      await button.hover();
      await page.mouse.down();
      // As long as a slow hand holds it: what would move away would do so now.
      await systemClock.sleep(400);
      await page.mouse.up();
      await page.waitForSelector('[data-testid="unlock"]', { ...WAIT, state: "detached" });
      await until("the robot to hear it", WAIT.timeout, () => services.lines.includes("CELEBRATE"));
    });

    it("shows pending, then the robot's refusal in its own and in plain words", async () => {
      await open();
      let release: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (release = resolve));
      services.answer = async () => {
        await gate;
        return '{"ok":false,"reason":"tracking_active"}';
      };
      await page.locator('[data-line="CELEBRATE"]').click();
      await page.waitForSelector('[data-line="CELEBRATE"][data-status="pending"]', WAIT);
      release();
      await page.waitForSelector('[data-line="CELEBRATE"][data-status="refused"]', WAIT);
      await seen('[data-testid="toast"]', /CELEBRATE.*tracking_active: it is following a face/);
    });

    it("is disabled with the reason while the robot is not linked, but for what stops it, and back after", async () => {
      await open();
      services.change((s) => (s.robot.linked = false));
      await seen(".why", /robot is not linked/);
      await onlyStopsWork();
      services.change((s) => (s.robot.linked = true));
      await page.waitForSelector('[data-line="NOD:2"]:not([disabled])', WAIT);
    });
  });

  describe("when the connection fails", () => {
    it("K1: says so within 2 s of the server's end and is back by itself, with the whole state anew", async () => {
      await open();
      const { port } = server;
      const lost = page.waitForSelector('[data-testid="lost"]', WAIT);
      await server.close();
      await lost;
      assert.ok(((await losses())[0] ?? Infinity) <= 2000, String(await losses()));
      await seen(".why", /Not connected/);
      await onlyStopsWork();
      services.change((s) => (s.robot.emotion = "EXCITED"));
      server = await serve(port);
      await page.waitForSelector('[data-testid="lost"]', { ...WAIT, state: "detached" });
      await seen(".mood", /excited/);
      await page.locator('[data-line="NOD:2"]').click();
      await page.waitForSelector('[data-line="NOD:2"][data-status="ok"]', WAIT);
    });

    it("K1: a server that holds the socket but says nothing is noticed within 2 s", async () => {
      let isSilent = false;
      await open(1280, false, async () => {
        await page.routeWebSocket(/\/live$/, (route) => {
          const upstream = route.connectToServer();
          upstream.onMessage((message) => {
            if (!isSilent) route.send(message);
          });
        });
      });
      isSilent = true;
      await page.waitForSelector('[data-testid="lost"]', WAIT);
      assert.ok(((await losses())[0] ?? Infinity) <= 2000, String(await losses()));
      isSilent = false;
      await page.waitForSelector('[data-testid="lost"]', { ...WAIT, state: "detached" });
    });

    it("K2: a page that is put away lets go of the pad and sends nothing when it wakes", async () => {
      await open();
      services.answer = () => new Promise(() => undefined);
      await page.locator('[data-testid="look-pad"]').scrollIntoViewIfNeeded();
      const box = await page.locator('[data-testid="look-pad"]').boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + 20, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + 60, box.y + 40, { steps: 5 });
      await seen(".replies code", /^LOOK/);
      await setHidden(true);
      await page.mouse.move(box.x + 90, box.y + 50, { steps: 5 });
      await setHidden(false);
      await page.mouse.move(box.x + 120, box.y + 60, { steps: 5 });
      await page.mouse.up();
      const sent = services.lines.length;
      services.answer = async () => '{"ok":true}';
      await page.locator('[data-line="NOD:2"]').click();
      await page.waitForSelector('[data-line="NOD:2"][data-status="ok"]', WAIT);
      assert.equal(sent, 1);
      assert.deepEqual(services.lines.slice(1), ["NOD:2"]);
    });

    it("K4: a page older than the server asks for a reload", async () => {
      await open();
      const { port } = server;
      await server.close();
      const newer = mkdtempSync(join(tmpdir(), "buddy-newer-"));
      const index = readFileSync(join(pageDir, "index.html"), "utf8");
      writeFileSync(
        join(newer, "index.html"),
        index.replace(/assets\/index-[^"]+\.js/, "assets/new.js"),
      );
      server = await serve(port, newer);
      await seen('[data-testid="reload"]', /this page is older.*Reload/);
      rmSync(newer, { recursive: true, force: true });
    });
  });

  it("K3: foreign text is shown as text, wherever it comes from", async () => {
    await open();
    const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
    services.answer = async () => JSON.stringify({ ok: false, reason: evil });
    services.change((s) => {
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
    services.faces.push({ x: 9, y: 9, w: 9, h: 9, confidence: 1, seq: 1, ageMs: 0, name: evil });
    services.logs.add({ wallMs: 0, level: "error", part: evil, message: evil });
    // Seen first, then clicked: what is long moves the buttons, and a click that it overtakes hits nothing.
    for (const place of ['[data-part="camera"]', ".log", ".doing", ".summary"]) {
      await seen(place, /<img src=x/);
    }
    await page.locator('[data-line="NOD:2"]').click();
    await page.waitForSelector('[data-line="NOD:2"][data-status="refused"]', WAIT);
    await seen(".replies li", /<img src=x/);
    const found = await page.evaluate(FOREIGN);
    assert.deepEqual(found, { images: 0, scripts: 0, pwned: false });
    assert.deepEqual(problems, []);
  });

  it("the build holds no inline code, so the door's policy lets all of it run", async () => {
    await open();
    const index = readFileSync(join(pageDir, "index.html"), "utf8");
    assert.ok(!/<script(?![^>]*src=)/.test(index));
    assert.ok(readdirSync(join(pageDir, "assets")).some((name) => name.startsWith("head-scene")));
  });
});
