// Talking with Buddy as a person does: `npm start` with nothing installed, the page in a real browser. Rows A3, B3 (safe
// mode answers and moves), A11 (stop), and that every control of the conversation reaches what it says (no dead ones).
// SHOT=folder keeps pictures of the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { browserSuite, launchBrowser, withoutHead } from "../../support/browser.js";
import { CONNECTED } from "../../support/page.js";
import { type BuddyProcess, getJson, startBuddy } from "../../support/buddy-process.js";
import { until } from "../../../src/time/until.js";

/** Generous: the machine that runs this may be busy with everything else. */
const WAIT = { timeout: 30_000 };
const CANARY = "sk-canary-0123456789abcdef";

const STOP_WHEN_SPEAKING = `new MutationObserver((_changes, observer) => {
  const stop = document.querySelector('[data-testid="say-stop"]');
  if (stop.disabled || !document.querySelector('.turn[data-outcome="speaking"] .sentence')) return;
  observer.disconnect();
  stop.click();
}).observe(document.body, { subtree: true, childList: true, attributes: true })`;

interface Turn {
  readonly id: string;
  readonly said: string;
  readonly outcome?: string;
  readonly isSafeMode: boolean;
  readonly bodyMs?: number;
  readonly sentences: readonly { readonly text: string; readonly outcome: string }[];
}

describe("talking", browserSuite("talking"), () => {
  let buddy: BuddyProcess;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  before(async () => {
    // Nothing is installed: no model on this machine, no key, no voice.
    const env = {
      BUDDY_MODELS: "",
      OLLAMA_HOST: "127.0.0.1:1",
      OPENAI_API_KEY: "",
      OPENAI_BASE_URL: "http://127.0.0.1:1/v1",
      BUDDY_VOICE: "text",
    };
    buddy = await startBuddy(["--camera", "none"], { env });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.on("pageerror", (error) => problems.push(error.message));
    await withoutHead(page);
    await page.goto(`http://${buddy.runtime.page}/`);
    await page.waitForSelector(CONNECTED, WAIT);
  });
  after(async () => {
    await browser?.close();
    await buddy?.stop();
  });

  const turns = async (): Promise<readonly Turn[]> =>
    (await getJson(buddy.runtime.page, "/api/turns"))["turns"] as readonly Turn[];
  const robot = async (): Promise<Record<string, unknown>> =>
    (await getJson(buddy.runtime.page, "/api/state"))["robot"] as Record<string, unknown>;
  const say = async (text: string): Promise<void> => {
    await page.fill('[data-testid="say"]', text);
    await page.press('[data-testid="say"]', "Enter");
  };
  const shot = async (name: string): Promise<void> => {
    const folder = process.env["SHOT"];
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
  };

  it("A3, B3: hello is answered in words, marked as safe mode, and the robot moves", async () => {
    const before = await robot();
    let hasMoved = false;
    await say("hello");
    await page.waitForSelector('[data-outcome="done"] .is-buddy .sentence', WAIT);
    const [turn] = await turns();
    assert.equal(turn?.outcome, "done");
    assert.equal(turn?.isSafeMode, true);
    assert.ok((turn?.bodyMs ?? 1e9) < 2000, "the body answers first");
    await until("the robot's move", 10_000, async () => {
      if (!hasMoved) await fetch(`http://${buddy.runtime.page}/api/say`, sayRequest("nod"));
      const now = await robot();
      hasMoved = now["servoNod"] !== before["servoNod"] || now["animating"] === true;
      return hasMoved;
    });
    assert.match(await page.innerText('[data-testid="mind-model"]'), /own words/);
    assert.match(await page.innerText(".turn .is-person"), /hello/);
  });

  it("shows words as they come, the timeline and what stopped; Stop reaches the mind", async () => {
    // Pressed from within, in the moment that something is being said: this test may be slower than the reply.
    await page.evaluate(STOP_WHEN_SPEAKING);
    await say("what can you do?");
    await page.waitForSelector('.turn[data-outcome="stopped"] .sentence.is-stopped', WAIT);
    await shot("stopped");
    const last = (await turns()).at(-1);
    assert.equal(last?.outcome, "stopped");
    await page.locator(".turn-line summary").last().click();
    await page.waitForSelector(".turn-line[open] dl", WAIT);
    assert.match(await page.locator(".turn-line[open] dl").innerText(), /thought with\s+offline/);
    await until("rest", 5000, async () => (await robot())["animating"] === false);
  });

  it("settings persist on the server, keys never come back", async () => {
    await page.click('[data-nav="settings"]');
    const saved = async (): Promise<Record<string, unknown>> =>
      getJson(buddy.runtime.page, "/api/mind/settings");
    const field = (name: string): string => `[data-testid="mind-settings"] [name="${name}"]`;
    await page.waitForSelector(field("gapS"), WAIT);
    await shot("settings");
    await page.click(field("speaksUp"));
    await until("speaksUp", 5000, async () => (await saved())["speaksUp"] === false);
    for (const [name, value, expected] of [
      ["gapS", "120", 120],
      ["perHourMax", "3", 3],
      ["budgetS", "20", 20],
      ["models", "ollama/none-such", "ollama/none-such"],
    ] as const) {
      await page.fill(field(name), value);
      await page.press(field(name), "Enter");
      await page.locator(field(name)).blur();
      await until(name, 8000, async () => (await saved())[name] === expected);
    }
    await page.selectOption(field("picture"), "never");
    await until("picture", 5000, async () => (await saved())["picture"] === "never");
    await page.fill(field("openaiApiKey"), CANARY);
    await page.locator(field("openaiApiKey")).blur();
    // Nobody answers there: what was not tried with success is saved when its owner says so.
    await page.getByRole("button", { name: "Save it anyway" }).click();
    await until("the key", 8000, async () => (await saved())["hasOpenaiKey"] === true);
    for (const path of ["/api/mind/settings", "/api/state", "/api/turns", "/api/health"]) {
      const text = JSON.stringify(await getJson(buddy.runtime.page, path));
      assert.doesNotMatch(text, /canary/, path);
    }
    assert.doesNotMatch(await page.content(), /canary/);
    assert.doesNotMatch(buddy.output(), /canary/);
    // It holds before it is on the disk.
    await until("the key on the disk", 5000, () =>
      readFileSync(join(buddy.dataDir, "mind.json"), "utf8").includes(CANARY),
    );
    const bad = await fetch(`http://${buddy.runtime.page}/api/mind/settings`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: '{"budgetS":1}',
    });
    assert.equal(bad.status, 400);
  });

  it("the memory can be read and today forgotten", async () => {
    const memory = (): Promise<Record<string, unknown>> =>
      getJson(buddy.runtime.page, "/api/memory");
    assert.ok(((await memory())["said"] as unknown[]).length > 0);
    await page.click('[data-testid="forget"]');
    await page.getByRole("button", { name: "Click again to forget all of today" }).waitFor(WAIT);
    assert.ok(((await memory())["said"] as unknown[]).length > 0, "one click forgets nothing");
    await page.click('[data-testid="forget"]');
    await until("the empty memory", 5000, async () => {
      return ((await memory())["said"] as unknown[]).length === 0;
    });
    await page.click('[data-nav="talk"]');
    await page.waitForSelector('[data-testid="opening"]', WAIT);
    assert.deepEqual(await turns(), []);
    assert.deepEqual(problems, []);
  });

  it("on a phone nothing is wider than the page", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await say("hello again");
    await page.waitForSelector('[data-outcome="done"]', WAIT);
    await shot("phone");
    const width = await page.evaluate("document.documentElement.scrollWidth");
    assert.ok(Number(width) <= 390, `${String(width)} px`);
  });

  it("refuses what is no utterance, and answers an utterance with its outcome", async () => {
    const url = `http://${buddy.runtime.page}/api/say`;
    for (const body of ["{}", '{"text":""}', `{"text":"${"x".repeat(2001)}"}`, "[]"]) {
      const answer = await fetch(url, { ...sayRequest(""), body });
      assert.equal(answer.status, 400, body.slice(0, 40));
    }
    const report = (await (await fetch(url, sayRequest("look left"))).json()) as Record<
      string,
      unknown
    >;
    assert.equal(report["outcome"], "done");
    assert.equal(report["safeMode"], true);
    assert.match(String(report["turn"]), /^t\d+$/);
  });
});

function sayRequest(text: string): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(20_000),
  };
}
