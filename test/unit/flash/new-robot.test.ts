/** *New robot* from the page's end of the relay to a simulated chip: everything but the browser. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { test, type TestContext } from "node:test";
import { NewRobot } from "../../../src/flash/new-robot.js";
import { networksIn } from "../../../src/flash/wifi-scan.js";
import { standInRuntime } from "../../../src/flash/stand-in.js";
import {
  SerialRelay,
  type BrowserPort,
  type RelayNews,
} from "../../../src/page/live/serial-relay.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { PtyError } from "../../../src/usb/pty.js";
import { WebPort } from "../../../src/usb/serial-port.js";
import { TestBoard } from "../../support/board.js";
import { scratch } from "../../support/simulator.js";
import { WIFI } from "../../support/wifi.js";

const STEP_MS_MAX = 60_000;
const deps = { refusal: "", clock: systemClock, log: () => undefined };

/** This machine's port as a browser would have it; it never goes away. */
function browserPort(path: string): BrowserPort {
  let port = new WebPort({ path });
  return {
    get readable() {
      return port.readable;
    },
    get writable() {
      return port.writable;
    },
    getInfo: () => ({}),
    async open(options) {
      port = new WebPort({ path });
      await port.open(options);
    },
    close: () => port.end(),
    async setSignals(signals) {
      await port.setSignals(signals);
      if (!port.hasSignals) throw new Error("no such lines");
    },
    addEventListener: () => undefined,
  };
}

interface OpenPage {
  readonly relay: SerialRelay;
  readonly news: RelayNews[];
  readonly closed: { readonly code: number; readonly why: string }[];
  /** What the page sends beside its relay. */
  send(data: string | Uint8Array): void;
  leave(): void;
}

/** A page at that port, with a line that keeps the order of what it carries, as a WebSocket does. */
function openPage(robot: NewRobot, port: BrowserPort): OpenPage {
  const news: RelayNews[] = [];
  const closed: OpenPage["closed"] = [];
  const handle = robot.add({
    send: (data) => {
      const copy = typeof data === "string" ? data : new Uint8Array(data).buffer;
      setImmediate(() => relay.take(copy));
    },
    close: (code, why) => {
      setImmediate(() => {
        closed.push({ code, why });
        handle.closed();
      });
    },
  });
  const send = (data: string | Uint8Array): void =>
    void setImmediate(() => (typeof data === "string" ? handle.text(data) : handle.bytes(data)));
  const relay = new SerialRelay(port, { send }, (one) => news.push(one));
  return { relay, news, closed, send, leave: () => handle.closed() };
}

function boardOf(t: TestContext): TestBoard | undefined {
  try {
    const board = new TestBoard("esp32s3", 1);
    t.after(() => board.close());
    return board;
  } catch (error) {
    if (!(error instanceof PtyError)) throw error;
    t.skip(`NOT RUN: ${error.message}`);
    return undefined;
  }
}

test("F2: a board at a page's computer that is for another chip is refused in words, with nothing written", async (t) => {
  const board = boardOf(t);
  if (!board) return;
  const robot = new NewRobot({ ...deps, dataDir: board.dataDir });
  const page = openPage(robot, browserPort(board.sim.path));
  const before = board.content();
  page.relay.begin({ what: "all", board: "buddy_c3", wifi: WIFI }, undefined);
  await until("the end", STEP_MS_MAX, () => page.closed.length > 0);
  await page.relay.end();
  const last = page.news.at(-1);
  assert.ok(last?.type === "failed", JSON.stringify(page.news));
  assert.equal(last.code, "FLASH_CHIP");
  assert.ok(last.next.length > 10, "a remedy is told");
  assert.ok(board.content().equals(before), "nothing was written");
  assert.ok(!JSON.stringify(page.news).includes(WIFI.password));

  // The page that comes next has the place and the port, and the wrong choice is not remembered.
  const content = new Uint8Array(standInRuntime("esp32c3"));
  const sha256 = createHash("sha256").update(content).digest("hex");
  const left = (): number =>
    readdirSync(tmpdir()).filter((name) => name.startsWith("buddy-runtime-")).length;
  const leftBefore = left();
  const again = openPage(robot, browserPort(board.sim.path));
  const file = { bytes: content.length, sha256 };
  again.relay.begin({ what: "all", board: "", wifi: WIFI, file }, content);
  await until("the end", STEP_MS_MAX, () => again.closed.length > 0);
  await again.relay.end();
  const end = again.news.at(-1);
  assert.ok(end?.type === "failed", JSON.stringify(again.news));
  assert.match(end.message, /runtime.bin is for the ESP32-C3, the board has an ESP32-S3/);
  assert.ok(again.news.some((one) => one.type === "step" && one.text.startsWith("buddy_s3;")));
  assert.equal(left(), leftBefore, "the copy of its file is gone");
  assert.ok(board.content().equals(before), "nothing was written");
});

test("F2: one page at a time; what is not understood, or where there is no robot to be made, ends in words", async () => {
  const nowhere = browserPort("/dev/ttyNoBoard");
  const robot = new NewRobot({ ...deps, dataDir: scratch() });
  const first = openPage(robot, nowhere);
  const second = openPage(robot, nowhere);
  await until("the answer", STEP_MS_MAX, () => second.news.length > 0);
  assert.ok(second.news[0]?.type === "failed" && /another page/.test(second.news[0].message));
  first.send('{"type":"begin","what":"everything"}');
  await until("the close", STEP_MS_MAX, () => first.closed.length > 0);
  assert.deepEqual(first.closed, [{ code: 1008, why: "not understood" }]);

  const third = openPage(robot, nowhere);
  third.relay.begin({ what: "all", board: "", wifi: WIFI }, undefined);
  await until("the end", STEP_MS_MAX, () => third.closed.length > 0);
  const last = third.news.at(-1);
  assert.ok(last?.type === "failed" && last.code === "FLASH_PORT", JSON.stringify(third.news));

  const refusing = new NewRobot({ ...deps, dataDir: scratch(), refusal: "a simulated robot" });
  const page = openPage(refusing, nowhere);
  await until("the refusal", STEP_MS_MAX, () => page.news.length > 0);
  assert.ok(page.news[0]?.type === "failed" && /simulated/.test(page.news[0].message));
  assert.equal((await refusing.about()).refusal, "a simulated robot");
});

test("F2: networks to choose from are those of the robot's band, the strongest first, each once", () => {
  const list = [
    "home:2437 MHz:40",
    "home:2412 MHz:70",
    "with\\:colon:2462 MHz:90",
    "fast only:5180 MHz:99",
    ":2437 MHz:99",
    "nonsense",
    "",
  ].join("\n");
  assert.deepEqual(networksIn(list), ["with:colon", "home"]);
});
