import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { NewRobot, serialTrouble } from "../../../../src/page/live/new-robot.js";

const WISH = { what: "all", board: "", wifi: { ssid: "home", password: "secret 123" } } as const;

/** The line to Buddy: what the page said, and a way to answer. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readonly readyState = FakeSocket.OPEN;
  binaryType = "";
  readonly said: string[] = [];

  constructor(readonly url: string) {
    super();
    FakeSocket.made.push(this);
  }

  send(data: string): void {
    this.said.push(data);
  }

  close(): void {
    this.dispatchEvent(new Event("close"));
  }

  hear(message: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
}

/** What the page finds in its browser. */
function inBrowser(t: TestContext, serial: object | undefined, isSecure = true): void {
  const globals: Record<string, unknown> = {
    navigator: { serial },
    window: { isSecureContext: isSecure },
    location: { origin: "https://buddy.local:8443", host: "buddy.local:8443" },
    WebSocket: FakeSocket,
  };
  FakeSocket.made = [];
  for (const [name, value] of Object.entries(globals)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true });
    t.after(() => {
      if (before) Object.defineProperty(globalThis, name, before);
      else Reflect.deleteProperty(globalThis, name);
    });
  }
}

const troubleOf = ({ view }: NewRobot): string =>
  view.kind === "ready" ? view.trouble : `(${view.kind})`;

const PORT = { getInfo: () => ({ usbVendorId: 0x303a }), addEventListener: () => undefined };

test("F2: a browser without Web Serial says which ones have it, and nothing is asked of it", async (t) => {
  inBrowser(t, undefined);
  assert.match(serialTrouble(), /Chrome, Edge and Opera do, on a computer/);
  const robot = new NewRobot();
  await robot.make(WISH);
  assert.match(troubleOf(robot), /no USB port/);
  assert.equal(FakeSocket.made.length, 0);
});

test("F2: a page that came by plain HTTP is told to come by https", (t) => {
  inBrowser(t, undefined, false);
  assert.match(serialTrouble(), /https:\/\/buddy\.local:8443\//);
});

test("F2: a person who chooses no port is back at the form, with a remedy", async (t) => {
  const requestPort = (): Promise<never> => Promise.reject(new Error("no port selected"));
  inBrowser(t, { requestPort });
  const robot = new NewRobot();
  await robot.make(WISH);
  assert.deepEqual(robot.view, {
    kind: "ready",
    trouble: "No port was chosen.",
    next: "Plug the board in with a cable that has data lines.",
  });
});

test("F2: steps, a failure, a lost line, a cancel and the end show as what they are", async (t) => {
  inBrowser(t, { requestPort: () => Promise.resolve(PORT) });
  const robot = new NewRobot();
  const begin = async (): Promise<FakeSocket> => {
    await robot.make(WISH);
    const socket = FakeSocket.made.at(-1);
    assert.ok(socket);
    return socket;
  };
  let socket = await begin();
  assert.equal(socket.url, "wss://buddy.local:8443/new-robot");
  socket.dispatchEvent(new Event("open"));
  const usb = { usbVendorId: 0x303a };
  assert.deepEqual(JSON.parse(socket.said[0] ?? ""), { ...WISH, type: "begin", usb });
  socket.hear({ type: "step", name: "chip", text: "ESP32-S3" });
  socket.hear({ type: "step", name: "write-runtime", text: "runtime", share: 0.25 });
  socket.hear({ type: "step", name: "write-runtime", text: "runtime", share: 0.5 });
  const steps = [
    { name: "chip", text: "ESP32-S3", share: undefined },
    { name: "write-runtime", text: "runtime", share: 0.5 },
  ];
  assert.deepEqual(robot.view, { kind: "running", steps });
  socket.hear({ type: "failed", code: "FLASH_VERIFY", message: "another", next: "try again" });
  const failed = { kind: "ready", trouble: "another.", next: "try again." };
  assert.deepEqual(robot.view, failed);
  socket.close();
  assert.deepEqual(robot.view, failed, "the end of its line says nothing new");

  socket = await begin();
  socket.close();
  assert.match(troubleOf(robot), /line to Buddy was lost/);
  await begin();
  robot.cancel();
  assert.match(troubleOf(robot), /Ended by you/);

  socket = await begin();
  socket.hear({ type: "done", deviceId: "fe02bdd1aabbccff", board: "buddy_s3" });
  assert.deepEqual(robot.view, { kind: "done", deviceId: "fe02bdd1aabbccff", steps: [] });
  robot.again();
  assert.deepEqual(robot.view, { kind: "ready", trouble: "", next: "" });
});
