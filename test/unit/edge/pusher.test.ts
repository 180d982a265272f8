// The pusher against an edge that records. Properties: a push each period, at once on a change of mood within the budget,
// never two at a time, always the newest; a clock that is wrong is told once and corrected; nothing of a failure is queued.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, beforeEach, test } from "node:test";
import { CHANGES, PERIOD_S, Pusher } from "../../../src/edge/pusher.js";
import { edgePush, type EdgePush } from "../../../src/edge/push.js";
import { verify } from "../../../src/edge/signature.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";
import { EDGE_KEY, HOME } from "../../support/edge.js";
import { policiesOf } from "../../support/policies.js";
import { FakeServices } from "../../support/services.js";

interface Got {
  readonly push: EdgePush;
  readonly timeMs: number;
}

class RecordingEdge {
  readonly got: Got[] = [];
  readonly forged: string[] = [];
  answer: () => { status: number; body?: object } = () => ({ status: 204 });
  /** Resolves before a push is answered. */
  gate: Promise<unknown> = Promise.resolve();
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void (async () => {
        const body = Uint8Array.from(Buffer.concat(chunks));
        const timeMs = Number(request.headers["x-buddy-time"]);
        const signature = String(request.headers["x-buddy-signature"]);
        const signed = { method: request.method ?? "", path: request.url ?? "", timeMs, body };
        if (!(await verify(EDGE_KEY, signature, signed))) this.forged.push(signature);
        this.got.push({ push: edgePush.parse(JSON.parse(Buffer.from(body).toString())), timeMs });
        await this.gate;
        const { status, body: words } = this.answer();
        response.writeHead(status).end(words && JSON.stringify(words));
      })();
    });
  });

  async open(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  count(count: number): Promise<unknown> {
    return until(
      () => `${count} pushes, got ${this.got.length}`,
      20_000,
      () => this.got.length >= count,
    );
  }
}

let edge: RecordingEdge;
let clock: FakeClock;
let services: FakeServices;
let lines: string[];
let pusher: Pusher;
let settled: () => Promise<unknown>;

beforeEach(async () => {
  edge?.close();
  pusher?.stop();
  edge = new RecordingEdge();
  clock = new FakeClock();
  services = new FakeServices(clock);
  lines = [];
  const resilience = new Resilience({ clock });
  pusher = new Pusher({
    url: await edge.open(),
    key: EDGE_KEY,
    home: HOME,
    show: { words: ["awake", "mood", "thought"], picture: "blurred" },
    clock,
    policies: policiesOf(resilience),
    state: services.state,
    frames: services.frames,
    log: (level, message) => lines.push(`${level} ${message}`),
  });
  settled = () =>
    until("no push on its way", 20_000, () => resilience.view().operations[0]?.inFlight === 0);
});

after(() => {
  pusher.stop();
  edge.close();
});

const mood = (emotion: string): void =>
  services.change(({ robot }) => void (robot.emotion = emotion));

test("C4: it pushes at its start and each period, signed, each time later than the one before", async () => {
  pusher.start();
  await edge.count(1);
  await settled();
  await clock.advance(PERIOD_S * 1000 - 1);
  assert.equal(edge.got.length, 1);
  await clock.advance(1);
  await edge.count(2);
  assert.deepEqual(edge.forged, []);
  const [first, second] = edge.got;
  assert.ok((second?.timeMs ?? 0) > (first?.timeMs ?? 0));
  assert.deepEqual(first?.push, {
    version: 1,
    home: HOME,
    periodS: PERIOD_S,
    state: { awake: "awake", mood: "NEUTRAL", thought: "" },
    picture: null,
  });
  assert.match(lines[0] ?? "", /everybody .* can see: awake, mood, thought, a blurred picture/);
});

test("C4: a change of mood goes out at once; beyond the budget the newest one goes, when it may", async () => {
  pusher.start();
  await edge.count(1);
  await settled();
  for (let change = 0; change < CHANGES.burst; change++) {
    mood(`M${change}`);
    await edge.count(change + 2);
    await settled();
  }
  const spent = edge.got.length;
  mood("EARLIER");
  mood("NEWEST");
  await clock.advance(60_000 / CHANGES.perMinute - 1);
  assert.equal(edge.got.length, spent, "the budget is spent");
  await clock.advance(1);
  await edge.count(spent + 1);
  await settled();
  assert.deepEqual(
    edge.got.map(({ push }) => push.state.mood),
    ["NEUTRAL", "M0", "M1", "M2", "NEWEST"],
  );
});

test("what changes while a push is on its way goes out after it, once, and only the newest", async () => {
  let open = (): void => undefined;
  edge.gate = new Promise<void>((resolve) => (open = resolve));
  pusher.start();
  await edge.count(1);
  for (const word of ["A", "B", "C"]) mood(word);
  open();
  await edge.count(2);
  await settled();
  assert.deepEqual(
    edge.got.map(({ push }) => push.state.mood),
    ["NEUTRAL", "C"],
  );
});

test("C4: a wrong clock is corrected by what the edge says, and the push goes out again at once", async () => {
  const nowMs = clock.wallMs() + 3_600_000;
  let refusals = 1;
  edge.answer = () =>
    refusals-- > 0
      ? { status: 401, body: { code: "EDGE_TIME", message: "", nowMs, lastMs: nowMs + 20 } }
      : { status: 204 };
  pusher.start();
  await edge.count(2);
  await settled();
  assert.equal(edge.got[1]?.timeMs, nowMs + 21);
  await clock.advance(PERIOD_S * 1000);
  await edge.count(3);
  assert.equal(edge.got[2]?.timeMs, nowMs + 21 + PERIOD_S * 1000);
});

test("a lying edge that names another time again and again is asked twice a period, no more", async () => {
  edge.answer = () => ({
    status: 401,
    body: { code: "EDGE_TIME", message: "no", nowMs: 5, lastMs: edge.got.length * 1000 },
  });
  pusher.start();
  await edge.count(2);
  await settled();
  assert.equal(edge.got.length, 2);
  assert.match(lines.join("\n"), /nothing was pushed: EDGE_TIME: no/);
});

test("a refusal is told once until it is over; nothing of it is queued", async () => {
  edge.answer = () => ({ status: 409, body: { code: "EDGE_OTHER_HOME", message: "another home" } });
  pusher.start();
  await edge.count(1);
  await settled();
  await clock.advance(PERIOD_S * 1000);
  await edge.count(2);
  await settled();
  edge.answer = () => ({ status: 204 });
  await clock.advance(PERIOD_S * 1000);
  await edge.count(3);
  await until("the recovery", 20_000, () => lines.length >= 3);
  assert.deepEqual(lines.slice(1), [
    "warn nothing was pushed: EDGE_OTHER_HOME: another home",
    "info the edge takes pushes again",
  ]);
});

test("an answer that is none of ours, and long, is no push and no flood", async () => {
  edge.answer = () => ({ status: 500, body: { words: "x".repeat(1_000_000) } });
  pusher.start();
  await edge.count(1);
  await until("the line", 20_000, () => lines.length >= 2);
  assert.match(lines[1] ?? "", /the edge answered 500, which is no word of ours/);
});

test("a picture goes with its age, and where it is switched off none does", async () => {
  const { default: sharp } = await import("sharp");
  const create = { width: 64, height: 48, channels: 3, background: "#888" } as const;
  services.frame(await sharp({ create }).jpeg().toBuffer());
  await clock.advance(1500);
  pusher.start();
  await edge.count(1);
  const { picture } = edge.got[0]?.push ?? {};
  assert.equal(picture?.ageMs, 1500);
  assert.equal(Buffer.from(picture?.jpeg ?? "", "base64").readUInt16BE(0), 0xffd8);
});
