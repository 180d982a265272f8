// The edge in the real Workers runtime, as `npm run edge` starts it. Properties:
// - it takes what its key signed, once, and nothing else: forged, replayed, malformed, oversized, of another home;
// - every answer to a visitor is 200 or 404 and has its age, home or no home, before the first push and after an erase;
// - what was pushed outlives the runtime; an erase leaves nothing; nothing from outside becomes markup.
// Long forms, with figures: test/edge/forged.ts, test/edge/visitors.ts.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { startEdge, type RunningEdge } from "../../../edge/runtime.js";
import type { PublicAnswer } from "../../../edge/home-core.js";
import { EdgeClient } from "../../../src/edge/client.js";
import { PUSH_BYTES_MAX, type EdgePush } from "../../../src/edge/push.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { launchBrowser, noBrowser } from "../../support/browser.js";
import { descendants, isAlive } from "../../support/processes.js";
import { EDGE_KEY, HOME, pushOf, signed, type SignedRequest } from "../../support/edge.js";

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
const LIMIT = () => AbortSignal.timeout(20_000);

let data = "";
let edge: RunningEdge;
let timeMs = 0;

before(async () => {
  data = mkdtempSync(join(tmpdir(), "buddy-edge-data-"));
  edge = await startEdge({ key: EDGE_KEY, port: 0, data });
});

after(async () => {
  await edge.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Later than every one before it. */
function nextMs(): number {
  timeMs = Math.max(Date.now(), timeMs + 1);
  return timeMs;
}

async function send(request: SignedRequest): Promise<{ status: number; code: string }> {
  const response = await fetch(new URL("push", edge.url), { ...request, signal: LIMIT() });
  const text = await response.text();
  const code = text === "" ? "" : (JSON.parse(text) as { code: string }).code;
  return { status: response.status, code };
}

const push = async (change: Partial<EdgePush> = {}) =>
  send(await signed(JSON.stringify(pushOf(change)), nextMs()));

const get = (path: string, method = "GET") =>
  fetch(new URL(path, edge.url), { method, signal: LIMIT() });

const publicNow = async () => (await (await get("api/public")).json()) as PublicAnswer;
const PATHS = ["", "api/public", "page.css", "page.js", "icon.svg", "snapshot.jpg", "nothing"];

/** Every path answers, with an age. */
async function everyAnswerHasItsAge(): Promise<void> {
  for (const path of PATHS) {
    for (const method of ["GET", "HEAD"]) {
      const response = await get(path, method);
      assert.ok([200, 404].includes(response.status), `${method} ${path}: ${response.status}`);
      assert.match(response.headers.get("age") ?? "", /^\d+$/, `${method} ${path}`);
      await response.arrayBuffer();
    }
  }
}

describe("C4: edge", { timeout: 240_000 }, () => {
  test("C4: before the first push it says so, on every path, with an age", async () => {
    await everyAnswerHasItsAge();
    assert.deepEqual([(await publicNow()).state, (await publicNow()).asOf], [null, null]);
  });

  test("C4: a signed push is shown, with its age, on the page and to programs", async () => {
    const picture = { jpeg: JPEG.toString("base64"), ageMs: 5000 };
    assert.deepEqual(await push({ picture }), { status: 204, code: "" });
    const { isHome, ageS, state, snapshot } = await publicNow();
    assert.equal(isHome, true);
    assert.ok(ageS !== null && ageS <= 20, `${ageS}`);
    assert.deepEqual(state, { awake: "awake", mood: "CONTENT", thought: "Buddy listens." });
    assert.ok(snapshot !== null && snapshot.ageS >= 5);
    const shown = await get("snapshot.jpg");
    assert.ok(Number(shown.headers.get("age")) >= 5);
    assert.deepEqual(Buffer.from(await shown.arrayBuffer()), JPEG);
    assert.match(await (await get("")).text(), /<dd id="mood">content<\/dd>/);
    await everyAnswerHasItsAge();
  });

  test("C4: what is forged, replayed, malformed or too large is refused, and changes nothing", async () => {
    await push({ state: { mood: "TRUE" } });
    const lie = JSON.stringify(pushOf({ state: { mood: "LIE" } }));
    const good = await signed(lie, nextMs());
    const replay = await signed(JSON.stringify(pushOf({ state: { mood: "TRUE" } })), nextMs());
    assert.equal((await send(replay)).status, 204);
    const bare = { method: "POST", headers: {}, body: lie };
    const now = Date.now();
    const wide = pushOf({ state: { mood: "x".repeat(41) } });
    const large = JSON.stringify(lie.padEnd(PUSH_BYTES_MAX + 1));
    const refused: [SignedRequest, number, string][] = [
      [bare, 401, "EDGE_SIGNATURE"],
      [{ ...good, body: lie.replace("LIE", "LIF") }, 401, "EDGE_SIGNATURE"],
      [{ ...good, headers: { ...good.headers, "x-buddy-time": `${now}` } }, 401, "EDGE_SIGNATURE"],
      [{ ...good, headers: { ...good.headers, "x-buddy-time": "9e9" } }, 401, "EDGE_SIGNATURE"],
      [{ method: "DELETE", headers: good.headers }, 401, "EDGE_SIGNATURE"],
      [await signed(lie, nextMs(), { key: "y".repeat(32) }), 401, "EDGE_SIGNATURE"],
      [replay, 409, "EDGE_REPLAY"],
      [await signed(lie, now - 61_000), 401, "EDGE_TIME"],
      [await signed(lie, now + 120_000), 401, "EDGE_TIME"],
      [await signed("{", nextMs()), 400, "EDGE_FORM"],
      [await signed("null", nextMs()), 400, "EDGE_FORM"],
      [await signed(JSON.stringify(wide), nextMs()), 400, "EDGE_FORM"],
      [await signed(JSON.stringify({ ...pushOf(), more: 1 }), nextMs()), 400, "EDGE_FORM"],
      [
        await signed(JSON.stringify(pushOf({ picture: { jpeg: "R0lGOD==", ageMs: 0 } })), nextMs()),
        400,
        "EDGE_FORM",
      ],
      [{ method: "PUT", headers: {}, body: lie }, 405, "EDGE_METHOD"],
      [
        await signed(JSON.stringify(pushOf({ home: "ffffffffffffffff" })), nextMs()),
        409,
        "EDGE_OTHER_HOME",
      ],
    ];
    // What is too long is not read; the sender may find the connection closed before it has the answer.
    const long = await send(await signed(large, nextMs())).catch(() => undefined);
    assert.equal(long?.code ?? "EDGE_TOO_LARGE", "EDGE_TOO_LARGE");
    for (const [request, status, code] of refused) {
      assert.deepEqual(await send(request), { status, code });
    }
    assert.equal((await publicNow()).state?.mood, "TRUE");
  });

  test("a body without an announced length is read no further than the limit", async () => {
    let chunks = 0;
    const endless = new ReadableStream({
      pull(controller) {
        // Far beyond the limit; a Worker that read on would never answer.
        if (chunks++ > 400) controller.close();
        else controller.enqueue(new Uint8Array(65_536));
      },
    });
    const { headers } = await signed("", nextMs());
    const init = { method: "POST", headers, body: endless, duplex: "half", signal: LIMIT() };
    const answer = await fetch(new URL("push", edge.url), init as RequestInit).then(
      ({ status }) => status,
      () => "closed",
    );
    assert.ok(answer === 413 || answer === "closed", `${answer}`);
    assert.ok((await publicNow()).state !== null);
  });

  test("C4: home is gone: visitors see the last with its age, then since when; home is back: at once", async () => {
    await push({ periodS: 1, state: { mood: "LAST" } });
    let visits = 0;
    const away = await until("home to be away", 30_000, async () => {
      const response = await get("api/public");
      const answer = (await response.json()) as PublicAnswer;
      visits++;
      assert.equal(response.status, 200);
      const trueAgeS = Math.floor((Date.now() - Date.parse(answer.asOf ?? "")) / 1000);
      const ageS = answer.ageS ?? -1;
      // Within the second that an answer may be read before it is given, and what a slow machine adds.
      assert.ok(ageS <= trueAgeS && ageS >= trueAgeS - 5, `${ageS}, not ${trueAgeS}`);
      assert.equal(response.headers.get("age"), String(ageS));
      assert.equal(answer.isHome, ageS < 2 || (ageS === 2 && answer.isHome));
      return answer.isHome ? undefined : answer;
    });
    assert.ok(visits > 1);
    assert.equal(away.awaySince, away.asOf);
    assert.equal(away.state?.mood, "LAST");
    assert.match(await (await get("")).text(), /Home is away since 20\d\d-/);
    await push({ state: { mood: "BACK" } });
    const back = await publicNow();
    assert.deepEqual([back.isHome, back.state?.mood], [true, "BACK"]);
  });

  test("C4: another home takes over when the first was silent for two periods", async () => {
    await push({ periodS: 1 });
    const other = "ffffffffffffffff";
    assert.equal((await push({ home: other })).code, "EDGE_OTHER_HOME");
    await until("its turn", 30_000, async () => (await push({ home: other })).status === 204, 200);
    assert.equal((await push({ home: HOME })).code, "EDGE_OTHER_HOME");
  });

  test("C4: a home whose clock is an hour ahead, or behind, is taken at its second try", async () => {
    await send(await signed("", nextMs(), { method: "DELETE" }));
    for (const skewMs of [3_600_000, -3_600_000]) {
      const clock = { ...systemClock, wallMs: () => Date.now() + skewMs };
      const mood = `SKEW ${skewMs}`;
      const client = new EdgeClient(edge.url, EDGE_KEY, clock);
      await client.push(pushOf({ state: { mood } }), LIMIT());
      const { state, ageS } = await publicNow();
      assert.equal(state?.mood, mood);
      assert.ok((ageS ?? 99) < 20);
    }
  });

  test("C4: what was pushed outlives the runtime, and so does which push was the last", async () => {
    await push({ state: { mood: "KEPT" } });
    const old = await signed(JSON.stringify(pushOf({ state: { mood: "KEPT" } })), timeMs);
    await edge.stop();
    edge = await startEdge({ key: EDGE_KEY, port: 0, data });
    assert.equal((await publicNow()).state?.mood, "KEPT");
    assert.equal((await send(old)).code, "EDGE_REPLAY");
  });

  test("C4: an erase leaves nothing, and nothing from before it can be sent again", async () => {
    const before = await signed(JSON.stringify(pushOf()), nextMs());
    await new EdgeClient(edge.url, EDGE_KEY, systemClock).erase(LIMIT());
    timeMs = Math.max(timeMs, Date.now());
    const { state, snapshot, asOf } = await publicNow();
    assert.deepEqual([state, snapshot, asOf], [null, null, null]);
    assert.equal((await get("snapshot.jpg")).status, 404);
    assert.equal((await send(before)).code, "EDGE_REPLAY");
    await everyAnswerHasItsAge();
  });

  test("C4: the page in a browser: words of others stay words, and it says when home is away", async (t) => {
    if (noBrowser !== undefined) return t.skip(noBrowser);
    const thought = '<img src=x onerror="document.title=1"></dd><script>document.title=2</script>';
    const picture = { jpeg: JPEG.toString("base64"), ageMs: 0 };
    await push({ state: { mood: "<b>", thought }, picture, periodS: 1 });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const wrong: string[] = [];
      page.on("pageerror", (error) => wrong.push(String(error)));
      await page.clock.install();
      await page.goto(edge.url, { timeout: 60_000 });
      assert.equal(await page.locator("#thought").textContent(), thought);
      assert.equal(await page.locator("#mood").textContent(), "<b>");
      assert.equal(await page.title(), "Buddy");
      await until("home to be away", 30_000, async () => !(await publicNow()).isHome);
      // Its own script asks again, each 10 s.
      await page.clock.fastForward(10_000);
      await page.locator("#text.away").waitFor({ timeout: 60_000 });
      assert.match((await page.locator("#text").textContent()) ?? "", /away since/);
      assert.equal(await page.locator("#thought").textContent(), thought);
      assert.equal(await page.title(), "Buddy");
      assert.deepEqual(wrong, []);
    } finally {
      await browser.close();
    }
  });

  test("`npm run edge` prints its address, serves, and ends with nothing left; without a key it says so", async () => {
    const main = join(import.meta.dirname, "../../../edge/main.ts");
    const run = (key: string) =>
      spawn(process.execPath, ["--import", "tsx", main, "--port", "0"], {
        env: { ...process.env, BUDDY_EDGE_KEY: key },
        stdio: ["ignore", "pipe", "pipe"],
      });
    const child = run(EDGE_KEY);
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const url = /^ready (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(line)?.[1];
    assert.ok(url !== undefined, line);
    assert.equal((await fetch(`${url}api/public`, { signal: LIMIT() })).status, 200);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    await assert.rejects(fetch(url, { signal: LIMIT() }));
    const killed = run(EDGE_KEY);
    await once(createInterface({ input: killed.stdout }), "line");
    const below = descendants(killed.pid as number);
    assert.ok(below.length >= 2, `${below.length} processes`);
    killed.kill("SIGKILL");
    await until("no process to be left", 20_000, () => !below.some(isAlive));
    const refused = run("short");
    let told = "";
    refused.stderr.on("data", (chunk) => (told += String(chunk)));
    assert.deepEqual(await once(refused, "close"), [2, null]);
    assert.match(told, /BUDDY_EDGE_KEY: expected at least 32 characters, got 5/);
  });
});
