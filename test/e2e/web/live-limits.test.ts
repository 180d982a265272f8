/** What open pages ask for: each command is answered, and how those that ask too much, or read nothing, are treated (A12). */
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { WebSocket } from "ws";
import { systemClock } from "../../../src/time/clock.js";
import type { LivePeer } from "../../support/live-peer.js";
import { LIMIT, testWebDoor } from "../../support/web-door.js";

const web = testWebDoor();

describe("what pages ask", LIMIT, () => {
  it("answers each command by its id: reply, refusal of the robot, failure", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    web.services.answer = async (line) =>
      line === "NOD:1" ? '{"ok":false,"reason":"tracking_active"}' : '{"ok":true}';
    page.send({ type: "command", id: 1, line: "LOOK:90,115", seen: page.seen });
    page.send({ type: "command", id: 2, line: "NOD:1", seen: page.seen });
    await page.until(() => page.messages.filter((m) => m["type"] === "reply").length === 2, "both");
    const replies = page.messages.filter((m) => m["type"] === "reply");
    assert.deepEqual(replies, [
      { type: "reply", id: 1, reply: { ok: true } },
      { type: "reply", id: 2, reply: { ok: false, reason: "tracking_active" } },
    ]);
    web.services.change((s) => (s.robot.linked = false));
    page.send({ type: "command", id: 3, line: "QUERY", seen: page.seen });
    const failed = await page.message("failed");
    assert.equal((failed["error"] as { code: string }).code, "ROBOT_AWAY");
  });

  it("K2: a command of a page that slept is refused, and the robot hears nothing", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    page.send({ type: "command", id: 1, line: "LOOK:10,80", seen: page.seen - 60_000 });
    const failed = await page.message("failed");
    assert.equal((failed["error"] as { code: string }).code, "WEB_COMMAND_STALE");
    assert.deepEqual(web.services.lines, []);
  });

  it("refuses more commands than the robot can take, by number and by rate", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    web.services.answer = async () => {
      await gate;
      return '{"ok":true}';
    };
    for (let id = 0; id < 12; id++)
      page.send({ type: "command", id, line: "QUERY", seen: page.seen });
    await page.until(() => page.messages.filter((m) => m["type"] === "failed").length === 4, "4");
    release();
    await page.until(() => page.messages.filter((m) => m["type"] === "reply").length === 8, "8");
    web.services.answer = async () => '{"ok":true}';
    const answers = (): number =>
      page.messages.filter((m) => m["type"] === "reply" || m["type"] === "failed").length;
    // Never more at once than may wait: the rate is all that can refuse them.
    for (let id = 100; id < 164; id += 8) {
      const before = answers();
      for (let i = 0; i < 8; i++)
        page.send({ type: "command", id: id + i, line: "QUERY", seen: page.seen });
      await page.until(() => answers() === before + 8, "eight answers");
    }
    const codes = page.messages.map((m) => (m["error"] as { code: string } | undefined)?.code);
    assert.ok(codes.includes("WEB_COMMAND_RATE"));
    assert.ok(web.services.lines.length < 60);
  });

  it("tells of messages it does not understand and closes a page that sends many", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    page.send({ type: "command", id: 5, line: "a\nb", seen: page.seen });
    const failed = await page.message("failed");
    assert.equal(failed["id"], 5);
    for (const bad of ["{", "[]", "null", '{"type":"fly"}', '{"type":"ack"}']) page.send(bad);
    page.socket.send(Buffer.from([1, 2, 3]));
    for (let i = 0; i < 5; i++) page.send("nonsense");
    const [closeCode] = (await once(page.socket, "close")) as [number];
    assert.equal(closeCode, 1008);
    assert.deepEqual(web.services.lines, []);
  });

  it("a message over the limit closes that page only", async () => {
    await web.start();
    const page = await web.openLive();
    const other = await web.openLive();
    await other.message("hello");
    page.socket.on("error", () => undefined);
    page.send("x".repeat(20_000));
    const [closeCode] = (await once(page.socket, "close")) as [number];
    assert.equal(closeCode, 1009);
    other.send({ type: "command", id: 1, line: "QUERY", seen: other.seen });
    await other.message("reply");
  });

  it("A14: a page that is one too many takes the seat of the oldest that has asked nothing, else it is told to come later", async () => {
    await web.start();
    const pages = await Promise.all(Array.from({ length: 32 }, () => web.openLive()));
    const ask = async (page: LivePeer): Promise<void> => {
      page.send({ type: "wants", frames: false, poses: false });
      page.send({ type: "command", id: 1, line: "QUERY", seen: systemClock.nowMs() });
      await page.message("reply");
    };
    const [silent, ...others] = pages as [LivePeer, ...LivePeer[]];
    await Promise.all(others.map(ask));
    const gone = once(silent.socket, "close");
    await ask(await web.openLive());
    await gone;
    const last = new WebSocket(`ws://127.0.0.1:${web.server.port}/live`);
    web.opened.push(last);
    const [closeCode] = (await once(last, "close")) as [number];
    assert.equal(closeCode, 1013);
  });

  it("a page that reads nothing is not sent more and more", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    page.send({ type: "wants", frames: false, poses: true });
    page.send({ type: "command", id: 1, line: "QUERY", seen: page.seen });
    await page.message("reply");
    page.socket.pause();
    const beforeBytes = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const message = "m".repeat(10_000);
    for (let i = 0; i < 5000; i++) {
      web.services.logs.add({ wallMs: i, level: "info", part: "test", message });
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const grownBytes =
      process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - beforeBytes;
    assert.ok(grownBytes < 40_000_000, `${grownBytes} of 50 MB were kept`);
    // It is behind, not lost: when it reads again it is there, and up to date.
    page.socket.resume();
    page.send({ type: "command", id: 2, line: "QUERY", seen: systemClock.nowMs() });
    await page.until(() => page.messages.some((m) => m["id"] === 2), "the reply after the pause");
  });
});
