/** What an open page is sent, and how much of it: greeting, state, pictures, poses. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buddyState } from "../../../src/state/buddy-state.js";
import { systemClock } from "../../../src/time/clock.js";
import { FRAME_HEAD_BYTES } from "../../../src/web/live-limits.js";
import { JPEG, LIMIT, testWebDoor } from "../../support/web-door.js";

const web = testWebDoor();

describe("live", LIMIT, () => {
  it("greets with everything a page needs, then pushes what changes", async () => {
    await web.start();
    const page = await web.openLive();
    const hello = await page.message("hello");
    assert.equal(hello["version"], "1.2.3");
    assert.equal(hello["script"], "/assets/index-abc.js");
    buddyState.parse(hello["state"]);
    web.services.change((s) => (s.robot.emotion = "CURIOUS"));
    await page.until(
      () =>
        page.messages.some(
          (m) =>
            m["type"] === "state" &&
            (m["state"] as { robot: { emotion: string } }).robot.emotion === "CURIOUS",
        ),
      "the change",
    );
    page.send({ type: "wants", frames: false, poses: true });
    page.send({ type: "command", id: 1, line: "QUERY", seen: page.seen });
    await page.message("reply");
    web.services.poses.push({
      baseDeg: 91,
      nodDeg: 115,
      tiltDeg: 85,
      reflex: "track",
      faceAgeMs: 20,
    });
    assert.deepEqual((await page.message("pose"))["pose"], {
      baseDeg: 91,
      nodDeg: 115,
      tiltDeg: 85,
      reflex: "track",
      faceAgeMs: 20,
    });
  });

  it("pushes state at most 10 times a second, and the last change is not lost", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    const beganMs = systemClock.nowMs();
    for (let i = 1; i <= 100; i++) {
      web.services.change((s) => (s.uptimeS = 1000 + i));
      await systemClock.sleep(2);
    }
    const uptime = (m: Record<string, unknown>): number =>
      (m["state"] as { uptimeS: number } | undefined)?.uptimeS ?? 0;
    await page.until(() => page.messages.some((m) => uptime(m) === 1100), "the last change");
    const pushes = page.messages.filter((m) => m["type"] === "state").length;
    const tookS = (systemClock.nowMs() - beganMs) / 1000;
    assert.ok(pushes <= 10 * tookS + 2, `${pushes} in ${tookS} s`);
  });

  it("A12: pictures go one at a time, the newest after each ack", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    web.services.frame(JPEG);
    page.send({ type: "wants", frames: true, poses: false });
    await page.until(() => page.pictures.length === 1, "the first picture");
    for (let i = 0; i < 5; i++) web.services.frame(JPEG);
    page.send({ type: "command", id: 1, line: "QUERY", seen: page.seen });
    await page.message("reply");
    assert.equal(page.pictures.length, 1, "nothing before the ack");
    const first = page.pictures[0] as Buffer;
    page.send({ type: "ack", seq: first.readUInt32LE(0) });
    await page.until(() => page.pictures.length === 2, "the second picture");
    const second = page.pictures[1] as Buffer;
    assert.equal(second.readUInt32LE(0), 6, "the newest, not the next");
    assert.deepEqual(second.subarray(FRAME_HEAD_BYTES), JPEG);
  });

  it("a page hears the newest pose once it wants poses, and not before", async () => {
    await web.start();
    const newest = { baseDeg: 80, nodDeg: 110, tiltDeg: 80, reflex: "lost" } as const;
    web.services.poses.push(newest);
    const page = await web.openLive();
    await page.message("hello");
    page.send({ type: "command", id: 1, line: "QUERY", seen: systemClock.nowMs() });
    await page.message("reply");
    assert.ok(!page.messages.some((m) => m["type"] === "pose"));
    page.send({ type: "wants", frames: false, poses: true });
    assert.deepEqual((await page.message("pose"))["pose"], newest);
  });

  it("a hidden page gets neither pictures nor poses", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    web.services.frame(JPEG);
    web.services.poses.push({ baseDeg: 90, nodDeg: 115, tiltDeg: 85, reflex: "lost" });
    page.send({ type: "command", id: 1, line: "QUERY", seen: page.seen });
    await page.message("reply");
    assert.equal(page.pictures.length, 0);
    assert.ok(!page.messages.some((m) => m["type"] === "pose"));
  });

  it("G9: a page that names its view is sent what that shows, then changes of it only; hidden, nothing but beats", async () => {
    await web.start();
    const { services } = web;
    services.history.add({ atMs: 1, latencyMs: 12 });
    const page = await web.openLive();
    await page.message("hello");
    const arrive = async (view: string): Promise<Record<string, unknown>> => {
      page.messages.splice(0);
      page.send({ type: "view", view });
      await page.until(() => page.messages.some((m) => m["view"] === view), view);
      return page.messages.find((m) => m["view"] === view) ?? {};
    };
    const talk = (await arrive("talk"))["set"] as Record<string, Record<string, unknown>>;
    assert.equal(talk["robot"]?.["emotion"], "NEUTRAL");
    assert.equal(talk["link"], undefined);
    services.logs.add({ wallMs: 1, level: "info", part: "a", message: "nobody looks at the log" });
    services.mind.tell({ type: "forgot" });
    services.change((s) => (s.robot.emotion = "CURIOUS"));
    await page.until(() => page.messages.some((m) => m["type"] === "change" && !m["view"]), "it");
    const change = page.messages.find((m) => m["type"] === "change" && !m["view"]);
    assert.deepEqual(change?.["set"], { robot: { emotion: "CURIOUS" } });
    await page.message("mind");
    assert.ok(!page.messages.some((m) => ["state", "log", "past"].includes(String(m["type"]))));
    await arrive("health");
    const past = await page.message("past");
    assert.deepEqual(past["history"], [{ atMs: 1, latencyMs: 12 }]);
    assert.equal((past["logs"] as unknown[]).length, 1);
    await arrive("hidden");
    services.change((s) => (s.robot.emotion = "CONTENT"));
    services.mind.tell({ type: "forgot" });
    services.poses.push({ baseDeg: 90, nodDeg: 115, tiltDeg: 85, reflex: "lost" });
    services.frame(JPEG);
    await page.until(() => page.messages.filter((m) => m["type"] === "beat").length > 2, "beats");
    const heard = new Set(page.messages.map((m) => m["type"]));
    assert.deepEqual([...heard].sort(), ["beat", "change"]);
    assert.equal(page.messages.filter((m) => m["type"] === "change").length, 1);
    assert.equal(page.pictures.length, 0);
    const back = (await arrive("play"))["set"] as Record<string, Record<string, unknown>>;
    assert.equal(back["robot"]?.["emotion"], "CONTENT");
    await page.until(() => page.pictures.length === 1, "the newest picture");
  });
});
