/**
 * The page under human hands, in a real browser: slow presses, the keyboard, a screen reader, a phone, a connection that
 * goes in the middle of a word. Holds: nothing moves under the pointer by itself; the focus and what is typed stay; what
 * is read out is read out once; all text can be read.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { newTrace, type TurnTrace } from "../../src/mind/turn-trace.js";
import { systemClock } from "../../src/time/clock.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import { eventfulHour } from "../support/health-fakes.js";
import { livingRobot } from "../support/life-fakes.js";
import { FakePorts } from "../support/web-fakes.js";
import { until } from "./buddy-process.js";
import { LOW_CONTRAST, PLACES, READ_OUT } from "./hands-watch.js";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--no-first-run",
  "--disable-component-update",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];
const ROOT = join(import.meta.dirname, "../..");
const WAIT = { timeout: 20_000 };
const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser) console.log(`NOT RUN: the page under human hands, no browser at ${CHROMIUM}`);

describe(
  "page under human hands",
  hasBrowser ? { timeout: 300_000 } : { skip: "no browser" },
  () => {
    let pageDir: string;
    let browser: Browser;
    let ports: FakePorts;
    let server: WebServer;
    let page: Page;

    before(async () => {
      pageDir = mkdtempSync(join(tmpdir(), "buddy-hands-"));
      await build({
        root: join(ROOT, "src/web/page"),
        configFile: join(ROOT, "src/web/page/vite.config.ts"),
        build: { outDir: pageDir },
        logLevel: "error",
      });
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, timeout: 60_000 });
    });
    after(async () => {
      await browser.close();
      rmSync(pageDir, { recursive: true, force: true });
    });
    beforeEach(async () => {
      ports = new FakePorts(systemClock);
      server = await serve();
    });
    afterEach(async () => {
      await page.context().close();
      await server.close();
    });

    function serve(port = 0): Promise<WebServer> {
      return startWebServer(
        { host: "127.0.0.1", port, version: "0.1.0", pageDir },
        { ports, clock: systemClock, log: () => undefined },
      );
    }

    async function open(options: BrowserContextOptions = DESK): Promise<void> {
      page = await (await browser.newContext(options)).newPage();
      await page.route("**/head-scene*", (route) =>
        route.fulfill({
          contentType: "text/javascript",
          body: "export const createHeadScene = () => ({ setPose() {}, setMood() {}, dispose() {} });",
        }),
      );
      await page.goto(server.url);
      await page.waitForSelector('[data-part="page"].level-ok', WAIT);
    }

    /** The connection goes; `back` brings it again, on the same port. */
    async function lose(): Promise<{ back: () => Promise<void> }> {
      const { port } = server;
      await server.close();
      await page.waitForSelector('[data-testid="lost"]', WAIT);
      const back = async (): Promise<void> => {
        server = await serve(port);
        await page.waitForSelector('[data-testid="lost"]', { ...WAIT, state: "detached" });
      };
      return { back };
    }

    const focused = (): Promise<unknown> =>
      page.evaluate(`(() => {
        const { dataset, name } = document.activeElement;
        return dataset.line ?? dataset.testid ?? name;
      })()`);
    const places = (): Promise<unknown> => page.evaluate(PLACES);
    const turn = (id: string, change: Partial<TurnTrace> = {}): TurnTrace => ({
      ...newTrace(id, "answer", "page", `said in ${id}`, undefined, systemClock.wallMs()),
      ...change,
    });
    const over = (id: string, text: string): TurnTrace =>
      turn(id, {
        phase: "over",
        outcome: "done",
        doneMs: 900,
        sentences: [{ text, outcome: "shown", by: "page" }],
      });

    describe("stays under the pointer", () => {
      it("a button that shows how its command went moves none of its neighbours", async () => {
        await open();
        await page.locator('[data-line="NOD:2"]').hover();
        const before = await places();
        await page.locator('[data-line="NOD:2"]').click({ delay: 300 });
        await page.waitForSelector('[data-line="NOD:2"][data-status="ok"]', WAIT);
        assert.deepEqual(await places(), before);
      });

      for (const [name, options] of [
        ["desk", DESK],
        ["phone", PHONE],
      ] as const) {
        it(`${name}: losing robot and companion, and getting them back, moves no control`, async () => {
          await open(options);
          const before = await places();
          ports.change((s) => (s.robot.linked = false));
          await page.waitForSelector(".why", WAIT);
          assert.deepEqual(await places(), before);
          const { back } = await lose();
          assert.deepEqual(await places(), before);
          ports.change((s) => (s.robot.linked = true));
          await back();
          await page.waitForSelector('[data-line="NOD:2"]:not([disabled])', WAIT);
          assert.deepEqual(await places(), before);
        });

        it(`${name}: a face, a reply and sound that comes on move no control`, async () => {
          ports.change((s) => (s.voice = { state: "locked", text: "No sound before a click." }));
          await open(options);
          await page.waitForSelector('[data-testid="unlock"]', WAIT);
          const before = await places();
          for (const reflex of ["acquire", "track", "lost"] as const) {
            const pose = { baseDeg: 136.4, nodDeg: 118.1, tiltDeg: 85, faceSeq: 1, faceAgeMs: 40 };
            ports.poses.push({ ...pose, reflex });
            await systemClock.sleep(300);
            assert.deepEqual(await places(), before, reflex);
          }
          for (let i = 0; i < 12; i++) {
            ports.mind.tell({ type: "turn", turn: over(`t${i}`, "word ".repeat(60)) });
          }
          await page.waitForSelector('[data-turn="t11"]', WAIT);
          assert.deepEqual(await places(), before);
          await page.locator("h2").first().click();
          await page.waitForSelector('[data-testid="unlock"]', { ...WAIT, state: "detached" });
          assert.deepEqual(await places(), before);
        });
      }

      it("the conversation, which stays in sight beside the controls, covers nothing below them", async () => {
        ports.details = eventfulHour(systemClock.wallMs());
        await open();
        await page.waitForSelector(".health-alert", WAIT);
        await page.evaluate("scrollTo(0, document.body.scrollHeight)");
        const covered = await page.evaluate(`(() => {
        const { bottom } = document.querySelector(".chat").getBoundingClientRect();
        return bottom - document.querySelector(".controls").getBoundingClientRect().bottom;
      })()`);
        assert.ok(Number(covered) <= 1, `it reaches ${String(covered)} px below the controls`);
      });

      it("what a small screen shows at first has the field to type in", async () => {
        await open({ viewport: { width: 1280, height: 720 } });
        const box = await page.locator('[data-testid="say"]').boundingBox();
        assert.ok(box && box.y + box.height <= 720, JSON.stringify(box));
      });

      it("the right button drags nothing and records nothing", async () => {
        await open();
        const pad = page.locator('[data-testid="look-pad"]');
        await pad.click({ button: "right" });
        await pad.hover({ position: { x: 20, y: 20 } });
        await page.locator('[data-testid="talk"]').click({ button: "right" });
        await page.locator('[data-line="NOD:2"]').click();
        await page.waitForSelector('[data-line="NOD:2"][data-status="ok"]', WAIT);
        assert.deepEqual(ports.lines, ["NOD:2"]);
        assert.equal(await page.locator('[data-testid="talk"]').innerText(), "Talk to Buddy");
      });

      it("a refusal that is shown over controls lets clicks through", async () => {
        await open();
        ports.answer = async () => '{"ok":false,"reason":"animating"}';
        await page.locator('[data-line="CELEBRATE"]').click();
        await page.waitForSelector('[data-testid="toast"]', WAIT);
        const hit = await page.evaluate(`(() => {
        const toast = document.querySelector('[data-testid="toast"]');
        const { left, top, width, height } = toast.getBoundingClientRect();
        return toast.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      })()`);
        assert.equal(hit, false);
      });
    });

    describe("keyboard", () => {
      it("the same button can be pressed again and again, also while its answer is slow", async () => {
        await open();
        ports.answer = async () => {
          await systemClock.sleep(150);
          return '{"ok":true}';
        };
        await page.locator('[data-line="NOD:2"]').focus();
        for (const count of [1, 2, 3]) {
          await page.keyboard.press("Enter");
          await page.waitForSelector('[data-line="NOD:2"][data-status="pending"]', WAIT);
          // Once more while it waits: that is not sent.
          await page.keyboard.press("Enter");
          await page.waitForSelector('[data-line="NOD:2"][data-status="ok"]', WAIT);
          assert.equal(ports.lines.length, count);
        }
      });

      it("the focus comes back with a control that was off, unless the person has gone on", async () => {
        await open();
        await page.locator('[data-line="NOD:2"]').focus();
        for (const where of ["NOD:2", "say"]) {
          ports.change((s) => (s.robot.linked = false));
          await page.waitForSelector('[data-line="NOD:2"][disabled]', WAIT);
          if (where === "say") await page.locator('[data-testid="say"]').focus();
          await systemClock.sleep(100);
          ports.change((s) => (s.robot.linked = true));
          await page.waitForSelector('[data-line="NOD:2"]:not([disabled])', WAIT);
          await systemClock.sleep(100);
          assert.equal(await focused(), where);
        }
      });

      it("nothing that is reached lies under the header", async () => {
        await open();
        await page.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))");
        await page.evaluate("scrollTo(0, document.body.scrollHeight)");
        await page.locator(".log ol").focus();
        const hidden = [];
        for (let i = 0; i < 60; i++) {
          await page.keyboard.press("Shift+Tab");
          const under = await page.evaluate(`(() => {
          const e = document.activeElement;
          const head = document.querySelector(".top");
          const { top, bottom } = e.getBoundingClientRect();
          if (e === document.body || head.contains(e) || bottom - top > 300) return "";
          return top < head.getBoundingClientRect().bottom ? e.outerHTML.slice(0, 90) : "";
        })()`);
          if (under !== "") hidden.push(under);
        }
        assert.deepEqual(hidden, []);
      });

      it("what has no pointer can talk: a screen reader's click opens the microphone", async () => {
        await open();
        const talk = page.locator('[data-testid="talk"]');
        const before = await page.locator('[data-testid="talk-state"]').innerText();
        await talk.dispatchEvent("click");
        await until("it to listen, or to say why not", WAIT.timeout, async () => {
          return (await page.locator('[data-testid="talk-state"]').innerText()) !== before;
        });
      });
    });

    describe("what is typed stays", () => {
      it("in the chat while the connection goes and comes, with caret and focus, and is not sent", async () => {
        await open();
        const say = page.locator('[data-testid="say"]');
        await say.click();
        await page.keyboard.type("hello wold");
        await page.keyboard.press("ArrowLeft");
        await page.keyboard.press("ArrowLeft");
        const { back } = await lose();
        await page.keyboard.type("r");
        await page.keyboard.press("Enter");
        await back();
        await page.waitForSelector(".say-send:not([disabled])", WAIT);
        assert.deepEqual(ports.mind.told, []);
        await page.keyboard.press("Enter");
        await until("it to be said", WAIT.timeout, () => ports.mind.told.length > 0);
        assert.deepEqual(ports.mind.told, ["hello world"]);
        // With the button as well: the next word goes where it is typed.
        await page.keyboard.type("again");
        await page.locator(".say-send").click({ delay: 200 });
        await page.keyboard.type("and more");
        assert.equal(await say.inputValue(), "and more");
      });

      it("a pasted text that is too long is kept whole, and it says so", async () => {
        await open();
        const say = page.locator('[data-testid="say"]');
        await say.focus();
        await page.keyboard.insertText("x".repeat(5000));
        assert.equal((await say.inputValue()).length, 5000);
        await page.waitForSelector('[data-testid="say-long"]', WAIT);
        await page.keyboard.press("Enter");
        assert.deepEqual(ports.mind.told, []);
        assert.match(await page.locator('[data-testid="say-long"]').innerText(), /5,000.*2,000/);
      });

      it("in the settings: over a loss, after Enter, and when it was not taken", async () => {
        await open();
        await page.locator(".mind-settings > summary").click();
        const models = page.locator('[name="models"]');
        await models.waitFor(WAIT);
        await models.click();
        await page.keyboard.type("ollama/half-typ");
        const { back } = await lose();
        await page.keyboard.type("ed");
        await back();
        await systemClock.sleep(300);
        assert.equal(await models.inputValue(), "ollama/half-typed");
        ports.mind.refusal = "No such model.";
        await page.keyboard.press("Enter");
        await page.locator('[data-testid="settings-note"]:has-text("No such model")').waitFor(WAIT);
        assert.equal(await models.inputValue(), "ollama/half-typed");
        assert.equal(await focused(), "models");
        ports.mind.refusal = undefined;
        await page.keyboard.press("Enter");
        await page.locator('[data-testid="settings-note"]:has-text("Saved.")').waitFor(WAIT);
        assert.equal(await focused(), "models");
        assert.equal(ports.mind.changes.length, 2);
        // Half a word of an input method is no Enter.
        await models.fill("ollama/にほ");
        await models.dispatchEvent("keydown", { key: "Enter", isComposing: true });
        await systemClock.sleep(200);
        assert.equal(ports.mind.changes.length, 2);
      });

      it("a key and a choice that were not taken: the key is there to be tried again, the choice is shown as it is", async () => {
        await open();
        await page.locator(".mind-settings > summary").click();
        const key = page.locator('[name="googleApiKey"]');
        await key.waitFor(WAIT);
        ports.mind.refusal = "The disk is full.";
        await key.fill("a-key");
        await page.keyboard.press("Enter");
        await page.locator('[data-testid="settings-note"]:has-text("disk is full")').waitFor(WAIT);
        assert.equal(await key.inputValue(), "a-key");
        const speaksUp = page.locator('[name="speaksUp"]');
        await speaksUp.click();
        await until("the box to say how it is", WAIT.timeout, () => speaksUp.isChecked());
        ports.mind.refusal = undefined;
        await key.focus();
        await page.keyboard.press("Enter");
        await until(
          "the key to be saved",
          WAIT.timeout,
          async () => (await key.inputValue()) === "",
        );
      });

      it("a panel that was opened to be read stays open while the page is put away, and over a loss", async () => {
        ports.details = eventfulHour(systemClock.wallMs());
        await open();
        const panel = page.locator('[data-testid="processes"] details');
        await panel.locator("summary").click();
        const isOpen = (): Promise<unknown> =>
          page.evaluate(`document.querySelector('[data-testid="processes"] details').open`);
        const hide = (isHidden: boolean): Promise<unknown> =>
          page.evaluate(`Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"))`);
        await hide(true);
        await systemClock.sleep(2500);
        await hide(false);
        assert.equal(await isOpen(), true);
        const { back } = await lose();
        await page.waitForSelector(".health.is-old", WAIT);
        assert.equal(await isOpen(), true);
        await back();
        await page.waitForSelector(".health:not(.is-old)", WAIT);
        assert.equal(await isOpen(), true);
      });
    });

    describe("conversation", () => {
      it("a page opened in the middle of a turn shows it, and no torn words", async () => {
        const begun = turn("t1", { firstTokenMs: 20, sentences: [] });
        ports.mind.turnList = [begun];
        await open();
        await page.waitForSelector('[data-turn="t1"]', WAIT);
        ports.mind.tell({ type: "words", turnId: "t1", text: "nd half of a sentence" });
        ports.mind.tell({ type: "turn", turn: { ...begun, bodyMs: 30 } });
        await systemClock.sleep(200);
        assert.equal(await page.locator(".tail").count(), 0);
        ports.mind.tell({ type: "turn", turn: over("t1", "The whole sentence.") });
        await page
          .locator('[data-turn="t1"] .sentence:has-text("The whole sentence.")')
          .waitFor(WAIT);
        ports.mind.tell({ type: "turn", turn: turn("t2") });
        ports.mind.tell({ type: "words", turnId: "t2", text: "From its" });
        ports.mind.tell({ type: "words", turnId: "t2", text: " beginning" });
        await page.locator('.tail:has-text("From its beginning")').waitFor(WAIT);
      });

      it("whoever reads back stays there, until they say something", async () => {
        ports.mind.turnList = Array.from({ length: 12 }, (_, i) =>
          over(`t${i}`, "word ".repeat(60)),
        );
        await open();
        await page.waitForSelector('[data-turn="t11"]', WAIT);
        const messages = page.locator(".messages");
        const top = (): Promise<number> => messages.evaluate((element) => element.scrollTop);
        await messages.hover();
        await page.mouse.wheel(0, -9000);
        await until("it to scroll", WAIT.timeout, async () => (await top()) === 0);
        ports.mind.tell({ type: "turn", turn: over("n1", "New.") });
        await page.waitForSelector('[data-turn="n1"]', WAIT);
        assert.equal(await top(), 0);
        await page.locator('[data-testid="say"]').fill("hello");
        await page.keyboard.press("Enter");
        ports.mind.tell({ type: "turn", turn: over("n2", "Newer.") });
        await until("the newest to be seen", WAIT.timeout, async () => (await top()) > 300);
      });

      it("Arabic and Hebrew run from the right, with what is around them untouched", async () => {
        ports.mind.turnList = [
          { ...over("t1", "שלום, מה שלומך?"), said: "مرحبا، كيف حالك؟ 👋🏽" },
          over("t2", "Hello."),
        ];
        await open();
        const way = (selector: string): Promise<unknown> =>
          page.evaluate(`getComputedStyle(document.querySelector('${selector}')).direction`);
        await page.waitForSelector('[data-turn="t2"]', WAIT);
        assert.equal(await way('[data-turn="t1"] .is-person'), "rtl");
        assert.equal(await way('[data-turn="t1"] .is-buddy'), "rtl");
        assert.equal(await way('[data-turn="t2"] .is-buddy'), "ltr");
      });
    });

    describe("for eyes and ears of every kind", () => {
      it("what is read out is read out once: no age, no word by word, no drag", async () => {
        ports.details = eventfulHour(systemClock.wallMs());
        ports.frame(
          Buffer.from(
            "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z",
            "base64",
          ),
        );
        await open();
        await page.waitForSelector(".old-picture", WAIT);
        await page.waitForSelector(".health-alert", WAIT);
        await page.evaluate(READ_OUT);
        ports.mind.tell({ type: "turn", turn: turn("t1") });
        const stopMs = systemClock.nowMs() + 4000;
        for (let i = 0; systemClock.nowMs() < stopMs; i++) {
          ports.mind.tell({ type: "words", turnId: "t1", text: ` word${i}` });
          ports.details = { ...ports.details, wallMs: systemClock.wallMs() + i * 1000 };
          ports.change((s) => (s.uptimeS = i));
          if (i % 5 === 0) {
            await page.getByRole("slider", { name: "Pan" }).focus();
            await page.keyboard.press("ArrowRight");
          }
          await systemClock.sleep(50);
        }
        const heard = (await page.evaluate("window.readOut")) as string[];
        // The turn and what stands for its beginning.
        assert.ok(heard.length <= 4, heard.join("\n"));
      });

      it("all text can be read, in both themes, also what is old", async () => {
        for (const colorScheme of ["light", "dark"] as const) {
          ports.details = eventfulHour(systemClock.wallMs());
          ports.change((s) => Object.assign(s.robot, livingRobot(systemClock.wallMs())));
          ports.mind.turnList = [
            turn("t1", {
              phase: "over",
              doneMs: 9,
              sentences: [{ text: "Cut.", outcome: "stopped", by: "" }],
            }),
          ];
          await open({ ...DESK, colorScheme });
          await page.waitForSelector(".health-alert", WAIT);
          assert.deepEqual(await page.evaluate(LOW_CONTRAST), [], colorScheme);
          const { back } = await lose();
          await systemClock.sleep(500);
          assert.deepEqual(await page.evaluate(LOW_CONTRAST), [], `${colorScheme}, old`);
          await back();
          if (colorScheme === "light") await page.context().close();
        }
      });

      it("text grows with the size that a person has set, and nothing is cut off at the side", async () => {
        await open();
        const sizes = (await page.evaluate(`(() => {
        const body = () => parseFloat(getComputedStyle(document.body).fontSize);
        const before = body();
        document.documentElement.style.fontSize = "200%";
        return [body() / before, document.documentElement.scrollWidth, innerWidth];
      })()`)) as [number, number, number];
        assert.deepEqual(sizes, [2, 1280, 1280]);
      });

      it("phone: what asks for a tap is in sight wherever the page is, and what is opened has its length", async () => {
        ports.change((s) => (s.voice = { state: "locked", text: "No sound before a click." }));
        await open(PHONE);
        await page.waitForSelector('[data-testid="unlock"]', WAIT);
        await page.evaluate("scrollTo(0, document.body.scrollHeight)");
        const box = await page.locator('[data-testid="unlock"]').boundingBox();
        assert.ok(box && box.y > 0 && box.y + box.height <= 844, JSON.stringify(box));
        await page.locator(".mind-settings > summary").tap();
        await page.locator('[name="models"]').waitFor(WAIT);
        const [whole, shown] = (await page.evaluate(`(() => {
          const { scrollHeight, clientHeight } = document.querySelector(".mind-settings");
          return [scrollHeight, clientHeight];
        })()`)) as [number, number];
        assert.equal(whole, shown);
      });

      it("phone: a field that is tapped does not make the browser enlarge the page", async () => {
        await open(PHONE);
        await page.locator(".mind-settings > summary").tap();
        await page.locator('[name="models"]').waitFor(WAIT);
        const small =
          await page.evaluate(`[...document.querySelectorAll("input:not([type=checkbox]):not([type=range]), select")]
        .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 16).map((e) => e.outerHTML)`);
        assert.deepEqual(small, []);
      });
    });
  },
);
