/** *New robot* as a person does it: Buddy without a robot, its page in a browser, a blank board; then it is linked and follows a face. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findRunning } from "../../src/datadir/running.js";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { TestBoard } from "./board.js";
import { launchBrowser, noBrowser } from "./browser.js";
import { getJson, launchBuddy } from "./buddy-process.js";
import { scratch } from "./simulator.js";
import { standInForSerial } from "./web-serial.js";
import { WIFI } from "./wifi.js";

const STEP_MS_MAX = 90_000;

/** A folder whose `nmcli` sees the network of the tests. */
function airAround(): string {
  const folder = join(scratch(), "bin");
  mkdirSync(folder, { recursive: true });
  const list = `neighbours:2412 MHz:31\\n${WIFI.ssid}:2437 MHz:80\\nfast only:5180 MHz:90\\n`;
  writeFileSync(join(folder, "nmcli"), `#!/bin/sh\nprintf '${list}'\n`, { mode: 0o755 });
  return folder;
}

export async function flashFromPage(): Promise<object> {
  if (noBrowser !== undefined) return { run: `NOT RUN: ${noBrowser}` };
  const dataDir = join(scratch(), "data");
  const env = { PATH: `${airAround()}:${process.env["PATH"] ?? ""}` };
  const buddy = launchBuddy(["--robot", "board"], { dataDir, env });
  const board = new TestBoard("esp32s3", undefined, {}, "buddy_s3", dataDir);
  const browser = await launchBrowser();
  try {
    const door = await until("its page", STEP_MS_MAX, () => buddy.page());
    await until("its doors", STEP_MS_MAX, () => findRunning(dataDir).kind === "running");
    const page = await browser.newPage();
    page.setDefaultTimeout(STEP_MS_MAX);
    await standInForSerial(page, board.sim.path);
    await page.goto(`http://${door}/#settings`);
    await page.click('[data-testid="new-robot"] summary');
    const form = page.locator('[data-testid="new-robot"] form');
    await form.waitFor();
    const options = await form.locator("datalist option").all();
    const names = await Promise.all(options.map((option) => option.getAttribute("value")));
    assert.deepEqual(names, [WIFI.ssid, "neighbours"], "the strongest of the robot's band first");

    // A board for another chip is refused in words, and nothing has been written.
    const before = board.content();
    await form.locator("[name=board]").selectOption("buddy_c3");
    await form.locator("[name=ssid]").fill(WIFI.ssid);
    await form.locator("[name=password]").fill(WIFI.password);
    await form.locator('button[type="submit"]').click();
    const refusal = await page.textContent('[data-testid="new-robot-failed"]');
    assert.match(refusal ?? "", /buddy_c3 is for the ESP32-C3, the board has an ESP32-S3/);
    assert.match(refusal ?? "", /What to do: choose a board with that chip/);
    assert.ok(board.content().equals(before), "nothing was written");

    await form.locator("[name=board]").selectOption("");
    await form.locator("[name=ssid]").fill(WIFI.ssid);
    await form.locator("[name=password]").fill(WIFI.password);
    const beganMs = systemClock.nowMs();
    await form.locator('button[type="submit"]').click();
    await page.waitForSelector('[data-testid="new-robot"] ol');
    const ending = '[data-testid="new-robot-done"], [data-testid="new-robot-failed"]';
    const said = await page.waitForSelector(ending).catch(() => undefined);
    const isDone = (await said?.getAttribute("data-testid")) === "new-robot-done";
    assert.ok(isDone, await page.innerText('[data-testid="new-robot"]'));
    const ms = Math.round(systemClock.nowMs() - beganMs);
    const shown = (await page.textContent("main")) ?? "";
    assert.ok(shown.includes(board.sim.deviceId));
    assert.ok(!shown.includes(WIFI.password), "no password is shown");
    assert.equal(board.store()?.entries.get("wifi_ssid")?.toString(), `${WIFI.ssid}\0`);
    await until("a face to be followed", STEP_MS_MAX, async () => {
      const robot = (await getJson(door, "/api/state"))["robot"] as Record<string, unknown>;
      return robot["linked"] === true && robot["tracking"] === true;
    });
    return { pageMs: ms };
  } finally {
    await browser.close();
    await board.close();
    await buddy.stop();
  }
}
