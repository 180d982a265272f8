/**
 * The page's door through real sockets, with a fake robot behind it: who is let in (A14), what each route
 * answers, how slow and hostile clients are treated (A12), and that it closes with everything open.
 */
import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { get, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { Gauge, Registry } from "prom-client";
import { WebSocket } from "ws";
import { RobotError } from "../../src/robot/robot-error.js";
import { systemClock } from "../../src/time/clock.js";
import { FRAME_HEAD_BYTES } from "../../src/web/live-limits.js";
import { buddyState } from "../../src/state/buddy-state.js";
import {
  startWebServer,
  type WebServer,
  WebServerError,
  type WebServerOptions,
} from "../../src/web/server.js";
import type { TurnTrace } from "../../src/conversation/turn/turn-trace.js";
import { FakeServices, NO_DETAILS } from "../support/services.js";

const TOKEN = "canary-token-0123456789abcdef";
const JPEG = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  Buffer.alloc(3000, 7),
  Buffer.from([0xff, 0xd9]),
]);

/** No test waits for ever. */
const LIMIT = { timeout: 60_000 };

let pageDir: string;
let services: FakeServices;
let logs: string[];
let server: WebServer;
const opened: WebSocket[] = [];

async function start(options: Partial<WebServerOptions> = {}): Promise<WebServer> {
  services = new FakeServices(systemClock);
  logs = [];
  const registry = new Registry();
  new Gauge({ name: "buddy_ready", help: "Of operations.", registers: [registry] }).set(1);
  server = await startWebServer(
    { host: "127.0.0.1", port: 0, version: "1.2.3", pageDir, ...options },
    {
      services,
      clock: systemClock,
      registry,
      log: (level, message) => logs.push(`${level} ${message}`),
    },
  );
  return server;
}

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

/** A request with any header, which `fetch` would not allow (Host, Origin, raw paths). */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = httpRequest(
      { host: "127.0.0.1", port: server.port, path, method, headers, agent: false },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    req.on("error", reject);
    req.end(body);
  });
}

const json = { "content-type": "application/json" };
const post = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask("/api/command", { ...json, ...headers }, "POST", JSON.stringify(body));
const code = (answer: Answer): string =>
  (JSON.parse(answer.body) as { error: { code: string } }).error.code;

/** Sends these bytes and reads until the server closes. */
async function rawRequest(bytes: string): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  socket.end(bytes);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString();
}

/** Opens /live and collects what comes. */
async function openLive(headers: Record<string, string> = {}): Promise<LivePeer> {
  const peer = new LivePeer(
    new WebSocket(`ws://127.0.0.1:${server.port}/live`, { headers, perMessageDeflate: false }),
  );
  opened.push(peer.socket);
  await once(peer.socket, "open");
  return peer;
}

class LivePeer {
  readonly messages: Array<Record<string, unknown>> = [];
  readonly pictures: Buffer[] = [];
  private readonly waiters = new Set<() => void>();

  constructor(readonly socket: WebSocket) {
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.pictures.push(data);
      else this.messages.push(JSON.parse(data.toString()) as Record<string, unknown>);
      for (const wake of [...this.waiters]) wake();
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Resolves when `isDone` holds after some message. */
  async until(isDone: () => boolean, what: string): Promise<void> {
    if (isDone()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited for ${what}`)), 3000);
      const wake = (): void => {
        if (!isDone()) return;
        clearTimeout(timer);
        this.waiters.delete(wake);
        resolve();
      };
      this.waiters.add(wake);
    });
  }

  async message(type: string): Promise<Record<string, unknown>> {
    await this.until(() => this.messages.some((m) => m["type"] === type), type);
    return this.messages.find((m) => m["type"] === type) ?? {};
  }

  /** The newest server time this peer has seen. */
  get seen(): number {
    return Math.max(...this.messages.map((m) => Number(m["t"] ?? 0)));
  }
}

before(() => {
  pageDir = mkdtempSync(join(tmpdir(), "buddy-page-"));
  mkdirSync(join(pageDir, "assets"));
  writeFileSync(
    join(pageDir, "index.html"),
    '<!doctype html><script type="module" src="/assets/index-abc.js"></script>',
  );
  writeFileSync(join(pageDir, "assets", "index-abc.js"), "export {};");
  writeFileSync(join(pageDir, "..", "buddy-outside.txt"), "canary outside");
});

after(() => {
  rmSync(join(pageDir, "..", "buddy-outside.txt"), { force: true });
  rmSync(pageDir, { recursive: true, force: true });
});

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate();
  await server.close();
});

describe("routes", LIMIT, () => {
  it("healthz says 200 while the process serves, readyz says what is missing", async () => {
    await start();
    assert.equal((await ask("/healthz")).status, 200);
    assert.equal((await ask("/readyz")).status, 200);
    services.notReady = ["The robot is not linked."];
    const answer = await ask("/readyz");
    assert.equal(answer.status, 503);
    const body = JSON.parse(answer.body) as { reasons: string[]; error: { message: string } };
    assert.deepEqual(body.reasons, ["The robot is not linked."]);
    assert.equal(body.error.message, "The robot is not linked.");
  });

  it("stops without a body whatever type it names, and says which turn an utterance became", async () => {
    await start();
    const json = { "content-type": "application/json" };
    assert.equal((await ask("/api/stop", json, "POST")).status, 200);
    assert.equal(services.mind.stops, 1);
    assert.equal((await ask("/api/memory/today", json, "DELETE")).status, 200);
    const empty = await ask("/api/say", json, "POST");
    assert.equal(empty.status, 400);
    assert.match(empty.body, /WEB_BODY_INVALID/);
    const broken = await ask("/api/say", json, "POST", '{"text":');
    assert.match(broken.body, /WEB_BODY_INVALID/);
    const said = await ask("/api/say", json, "POST", '{"text":"hello","wait":false}');
    assert.equal(said.status, 202);
    assert.deepEqual(JSON.parse(said.body), { accepted: true, turn: "t1" });
  });

  it("G6: facts are read, corrected and forgotten; what is not there or not well formed is refused", async () => {
    await start();
    const json = { "content-type": "application/json" };
    const put = (body: unknown): Promise<Answer> =>
      ask("/api/memory/facts", json, "PUT", JSON.stringify(body));
    const ann = { name: "Ann", text: "likes tea" };
    services.mind.factList = [{ ...ann, wallMs: 5 }];
    assert.match((await ask("/api/memory/facts")).body, /likes tea/);
    assert.match((await put({ ...ann, to: " likes coffee " })).body, /"likes coffee"/);
    const gone = await put({ ...ann, to: null });
    assert.deepEqual([gone.status, code(gone)], [404, "WEB_FACT_UNKNOWN"]);
    for (const to of ["", " ", "x".repeat(161), "a\nb", 7, undefined]) {
      const refused = await put({ name: "Ann", text: "likes coffee", to });
      assert.deepEqual([refused.status, code(refused)], [400, "WEB_BODY_INVALID"], String(to));
    }
    assert.equal((await put({ name: "Ann", text: "likes coffee", to: null })).status, 200);
    assert.deepEqual(services.mind.factList, []);
  });

  it("E3: healthz, api/state, api/health and metrics say the same; healthz is 200 all the same", async () => {
    await start();
    services.change((s) => {
      s.health.level = "bad";
      s.health.state = "red";
      s.health.text = "Camera: no pictures.";
    });
    services.details = { ...NO_DETAILS, level: "bad", state: "red", text: "Camera: no pictures." };
    const answer = await ask("/healthz");
    assert.equal(answer.status, 200);
    const said = { level: "bad", state: "red", text: "Camera: no pictures." };
    assert.deepEqual(JSON.parse(answer.body), { ok: true, ...said });
    const { health } = JSON.parse((await ask("/api/state")).body) as { health: object };
    const details = JSON.parse((await ask("/api/health")).body) as object;
    for (const one of [health, details]) assert.deepEqual({ ...one, ...said }, one);
    assert.match((await ask("/metrics")).body, /^buddy_ready 1$/m);
  });

  it("E1, C3: a person resets a breaker and restarts a part by name; unknown ones are 404, other sites are refused", async () => {
    await start();
    const reset = (name: string, headers = {}): Promise<Answer> =>
      ask(`/api/breakers/${name}/reset`, headers, "POST");
    assert.equal((await ask("/api/parts/vision/restart", {}, "POST")).status, 200);
    assert.equal(code(await ask("/api/parts/nobody/restart", {}, "POST")), "WEB_PART_UNKNOWN");
    assert.equal((await reset("robot")).status, 200);
    assert.equal(code(await reset("nobody")), "WEB_BREAKER_UNKNOWN");
    assert.equal((await reset("robot", { origin: "http://evil.example" })).status, 403);
    assert.deepEqual(services.resets, ["vision", "robot"]);
  });

  it("N7: an error's words are redacted, by HTTP as on the page's socket", async () => {
    await start();
    services.answer = async () => {
      throw new RobotError("ROBOT_AWAY", "dialled with canary-secret");
    };
    const answer = await post({ line: "QUERY" });
    assert.match(answer.body, /dialled with \[redacted\]/);
  });

  it("N7: what was said and remembered is redacted in every answer, and on the page's socket", async () => {
    await start();
    const words = "my canary-secret is safe";
    services.mind.turnList = [{ id: "t1", said: words } as TurnTrace];
    services.mind.memory = () => ({ said: [{ text: words } as never], facts: [] });
    services.answer = async () => '{"ok":true,"note":"canary-secret"}';
    const page = await openLive();
    await page.message("hello");
    services.mind.tell({ type: "words", turn: "t1", text: words } as never);
    page.send({ type: "command", id: 1, line: "QUERY", seen: systemClock.nowMs() });
    const heard = [
      (await ask("/api/turns")).body,
      (await ask("/api/memory")).body,
      (await post({ line: "QUERY" })).body,
      JSON.stringify(await page.message("mind")),
      JSON.stringify(await page.message("reply")),
    ];
    for (const text of heard) {
      assert.match(text, /\[redacted\]/);
      assert.doesNotMatch(text, /canary-secret/);
    }
  });

  it("api/state is one object of the stable shape", async () => {
    await start();
    const answer = await ask("/api/state");
    assert.equal(answer.status, 200);
    const state = buddyState.parse(JSON.parse(answer.body));
    assert.deepEqual(Object.keys(state).sort(), [
      "health",
      "link",
      "mind",
      "robot",
      "uptimeS",
      "version",
      "vision",
      "voice",
    ]);
    assert.equal(state.robot.generation, 3);
    assert.equal(state.robot.servoBase, 90);
  });

  it("api/command answers with the robot's reply, also when the robot refuses", async () => {
    await start();
    assert.equal((await post({ line: "LOOK:120,100" })).body, '{"ok":true}');
    services.answer = async () => '{"ok":false,"reason":"tracking_active"}';
    const refused = await post({ line: "NOD:2" });
    assert.equal(refused.status, 200);
    assert.deepEqual(JSON.parse(refused.body), { ok: false, reason: "tracking_active" });
    assert.deepEqual(services.lines, ["LOOK:120,100", "NOD:2"]);
    assert.deepEqual(services.owners, services.lines, "whoever has the page is the owner");
  });

  it("api/command says 503 while the robot is away and 502 when it answers nonsense", async () => {
    await start();
    services.change((s) => (s.robot.linked = false));
    const away = await post({ line: "QUERY" });
    assert.equal(away.status, 503);
    assert.equal(code(away), "ROBOT_AWAY");
    services.change((s) => (s.robot.linked = true));
    services.answer = async () => "not json";
    assert.equal(code(await post({ line: "QUERY" })), "ROBOT_REPLY");
    services.answer = async () => {
      throw new Error("canary-internal");
    };
    const bug = await post({ line: "QUERY" });
    assert.equal(bug.status, 500);
    assert.ok(!bug.body.includes("canary-internal"));
  });

  it("refuses bad bodies with the error that fits, and the robot hears nothing", async () => {
    await start();
    const cases: Array<[string, string, number]> = [
      ["{", "application/json", 400],
      ["{}", "application/json", 400],
      ['{"line":7}', "application/json", 400],
      ['{"line":""}', "application/json", 400],
      ['{"line":"QUERY\\r\\nNOD:1"}', "application/json", 400],
      ['{"line":"QUERY","more":1}', "application/json", 400],
      [JSON.stringify({ line: "x".repeat(2001) }), "application/json", 400],
      [JSON.stringify({ line: "x".repeat(20_000) }), "application/json", 413],
      ['{"line":"QUERY"}', "text/plain", 415],
      ['{"line":"QUERY"}', "application/xml", 415],
      ["line=QUERY", "application/x-www-form-urlencoded", 415],
    ];
    for (const [body, type, status] of cases) {
      const answer = await ask("/api/command", { "content-type": type }, "POST", body);
      assert.equal(answer.status, status, body.slice(0, 40));
      assert.match(code(answer), /^[A-Z_]+$/);
    }
    assert.deepEqual(services.lines, []);
  });

  it("limits commands of one address a second", async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 60 }, () => post({ line: "QUERY" })));
    const refused = answers.filter((a) => a.status === 429);
    assert.equal(refused.length, 20);
    assert.equal(code(refused[0] as Answer), "WEB_RATE");
  });

  it("STOP is never one too many: by its own request, as a command, on a page's socket; it comes however old", async () => {
    await start();
    const stops = Array.from({ length: 60 }, () => [
      ask("/api/stop", {}, "POST"),
      post({ line: "IDLE" }),
      post({ line: "STOP_SPEAKING" }),
    ]);
    for (const answer of await Promise.all(stops.flat())) assert.equal(answer.status, 200);
    assert.equal(services.mind.stops, 60);
    const page = await openLive();
    await page.message("hello");
    services.answer = () => new Promise(() => undefined);
    for (let id = 0; id < 8; id++)
      page.send({ type: "command", id, line: "QUERY", seen: page.seen });
    services.answer = async () => '{"ok":true}';
    for (let id = 100; id < 160; id++) {
      page.send({ type: "command", id, line: "IDLE", seen: page.seen - 60_000 });
    }
    await page.until(() => page.messages.some((m) => m["id"] === 159), "the last STOP's answer");
    assert.ok(!page.messages.some((m) => m["type"] === "failed"));
  });

  it("metrics are Prometheus text with the robot's figures", async () => {
    await start();
    const answer = await ask("/metrics");
    assert.match(String(answer.headers["content-type"]), /^text\/plain/);
    assert.match(answer.body, /^buddy_robot_linked 1$/m);
    assert.match(answer.body, /^process_cpu_seconds_total/m);
  });

  it("unknown paths and methods are 404 in the one error shape", async () => {
    await start();
    assert.equal(code(await ask("/nothing")), "WEB_NOT_FOUND");
    assert.equal(code(await ask("/api/state", {}, "DELETE")), "WEB_NOT_FOUND");
    assert.equal((await ask(`/${"a".repeat(3000)}`)).status, 414);
    assert.equal((await ask("/%zz")).status, 400);
  });

  it("a body that is no JSON, a WebSocket's path by plain HTTP, no Host: each in the one error shape", async () => {
    await start();
    for (const body of ["{bad", ""]) {
      const type = { "content-type": "application/json" };
      assert.equal(code(await ask("/api/command", type, "POST", body)), "WEB_BODY_INVALID");
    }
    for (const path of ["/live", "/audio"]) {
      const answer = await ask(path);
      assert.deepEqual([answer.status, code(answer)], [426, "WEB_UPGRADE_NEEDED"]);
    }
    const answer = await rawRequest("GET /healthz HTTP/1.1\r\n\r\n");
    assert.match(answer, /^HTTP\/1.1 400 [\s\S]*"code":"WEB_REQUEST_INVALID"/);
  });

  it("bytes that are not HTTP get 400 in the one error shape", async () => {
    await start();
    const answer = await rawRequest("\u0016\u0003\u0001 hello\r\n\r\n");
    assert.match(answer, /^HTTP\/1.1 400 [\s\S]*"code":"WEB_REQUEST_INVALID"/);
  });
});

describe("page files", LIMIT, () => {
  it("serves the page with a policy that works over plain HTTP", async () => {
    await start();
    const answer = await ask("/");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["cache-control"], "no-cache");
    const policy = String(answer.headers["content-security-policy"]);
    assert.ok(!policy.includes("upgrade-insecure-requests"));
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.equal(answer.headers["strict-transport-security"], undefined);
    const script = await ask("/assets/index-abc.js");
    assert.match(String(script.headers["cache-control"]), /immutable/);
  });

  it("N4: no form of traversal leaves the folder", async () => {
    symlinkSync(join(pageDir, "..", "buddy-outside.txt"), join(pageDir, "link.txt"));
    writeFileSync(join(pageDir, ".secret"), "canary dotfile");
    await start();
    const paths = [
      "/../buddy-outside.txt",
      "/assets/../../buddy-outside.txt",
      "/%2e%2e/buddy-outside.txt",
      "/%2e%2e%2fbuddy-outside.txt",
      "/..%2fbuddy-outside.txt",
      "/..%5cbuddy-outside.txt",
      "/%252e%252e%252fbuddy-outside.txt",
      "/assets/..%252f..%252fbuddy-outside.txt",
      "/%c0%ae%c0%ae/buddy-outside.txt",
      "/index.html%00.jpg",
      "/buddy-outside.txt%00",
      "//buddy-outside.txt",
      `/${encodeURIComponent(join(pageDir, "..", "buddy-outside.txt"))}`,
      "/link.txt",
      "/.secret",
      "/assets/",
    ];
    for (const path of paths) {
      const answer = await ask(path);
      assert.ok([400, 403, 404].includes(answer.status), `${path}: ${answer.status}`);
      assert.ok(!answer.body.includes("canary"), path);
    }
    rmSync(join(pageDir, "link.txt"));
    rmSync(join(pageDir, ".secret"));
  });

  it("says how to build the page when it is missing, and serves the API all the same", async () => {
    await start({ pageDir: join(pageDir, "nowhere") });
    assert.equal(code(await ask("/")), "WEB_PAGE_MISSING");
    assert.equal((await ask("/api/state")).status, 200);
  });
});

describe("A14: who may come in", LIMIT, () => {
  it("N2: refuses foreign Host names and malformed ones", async () => {
    await start();
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil", "[::1"]) {
      const answer = await ask("/api/state", { host });
      assert.equal(answer.status, 403, host);
      assert.equal(code(answer), "WEB_HOST_DENIED");
    }
    assert.match(await rawRequest("GET /api/state HTTP/1.0\r\n\r\n"), /^HTTP\/1.1 403 /);
    assert.equal((await ask("/api/state", { host: `localhost:${server.port}` })).status, 200);
    assert.equal((await ask("/api/state", { host: "LOCALHOST:1" })).status, 200);
  });

  it("N2: refuses other sites by Origin and by Sec-Fetch, on routes and on the upgrade", async () => {
    await start();
    const own = `http://127.0.0.1:${server.port}`;
    for (const origin of [
      "http://evil.example",
      "null",
      "http://127.0.0.1:1",
      `${own}.evil.example`,
    ]) {
      assert.equal(code(await post({ line: "QUERY" }, { origin })), "WEB_ORIGIN_DENIED", origin);
      const refused = await upgradeStatus({ origin });
      assert.equal(refused, 403, origin);
    }
    const embed = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    assert.equal((await ask("/snapshot.jpg", embed)).status, 403);
    const frame = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "iframe",
    };
    assert.equal((await ask("/", frame)).status, 403);
    const link = { ...frame, "sec-fetch-dest": "document" };
    assert.equal((await ask("/", link)).status, 200);
    assert.equal((await post({ line: "QUERY" }, { origin: own })).status, 200);
    assert.equal(await upgradeStatus({ origin: own }), 101);
    assert.equal(await upgradeStatus({ host: "evil.example" }), 403);
    assert.deepEqual(services.lines, ["QUERY"]);
  });

  it("a door that is not loopback does not open without a token", async () => {
    await start();
    const deps = { services, clock: systemClock, log: () => undefined };
    for (const token of [undefined, "short"]) {
      await assert.rejects(
        startWebServer(
          { host: "0.0.0.0", port: 0, version: "1", ...(token === undefined ? {} : { token }) },
          deps,
        ),
        (error: unknown) => error instanceof WebServerError && error.code === "WEB_TOKEN",
      );
    }
  });

  it("N1: with a token every route and the upgrade ask for it", async () => {
    await start({ token: TOKEN });
    const routes = ["/", "/healthz", "/readyz", "/api/state", "/stream", "/snapshot.jpg"];
    for (const path of [...routes, "/metrics", "/assets/index-abc.js", "/nothing"]) {
      const answer = await ask(path, { authorization: "Bearer wrong-token-wrong-token" });
      assert.ok([401, 429].includes(answer.status), `${path}: ${answer.status}`);
    }
    assert.ok([401, 429].includes(await upgradeStatus({})));
    assert.ok([401, 429].includes((await post({ line: "QUERY" })).status));
    assert.deepEqual(services.lines, []);
    const bearer = { authorization: `Bearer ${TOKEN}` };
    assert.equal((await ask("/api/state", bearer)).status, 200);
    assert.equal((await post({ line: "QUERY" }, bearer)).status, 200);
    assert.equal(await upgradeStatus(bearer), 101);
  });

  it("N1: a path that is no address is turned away like any other, not a failure of ours", async () => {
    await start({ token: TOKEN });
    for (const path of ["//", "//[", "//x:99999", "/\\", "//?token=x"]) {
      assert.equal((await ask(path)).status, 401, path);
    }
    const known = await ask("//", { authorization: `Bearer ${TOKEN}` });
    assert.ok(known.status < 500, String(known.status));
  });

  it("N1: wrong tokens are slowed down, and the right one is let in all the same", async () => {
    await start({ token: TOKEN });
    const statuses: number[] = [];
    for (let i = 0; i < 15; i++) {
      statuses.push((await ask("/api/state", { authorization: `Bearer guess-${i}` })).status);
    }
    assert.deepEqual(statuses, [...Array(10).fill(401), ...Array(5).fill(429)]);
    assert.equal((await ask("/api/state", { authorization: `Bearer ${TOKEN}` })).status, 200);
  });

  it("a printed link signs one browser in, once, with a cookie scripts cannot read", async () => {
    await start({ token: TOKEN });
    const link = new URL(server.signInUrl());
    assert.ok(!link.href.includes(TOKEN));
    const first = await ask(link.pathname + link.search);
    assert.equal(first.status, 200);
    const cookie = String(first.headers["set-cookie"]);
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Strict/);
    assert.ok(!cookie.includes(TOKEN));
    assert.equal((await ask(link.pathname + link.search)).status, 401, "the link works once");
    const pair = cookie.split(";", 1)[0] ?? "";
    assert.equal((await ask("/api/state", { cookie: pair })).status, 200);
    assert.equal(await upgradeStatus({ cookie: pair }), 101);
    assert.equal((await ask("/api/state", { cookie: `${pair}0` })).status, 401);
    const forged = pair.replace(/=\d+/, "=9999999999");
    assert.equal((await ask("/api/state", { cookie: forged })).status, 401);
  });

  it("an unknown browser is asked for the token in a form", async () => {
    await start({ token: TOKEN });
    const form = await ask("/", { accept: "text/html" });
    assert.equal(form.status, 401);
    assert.match(form.body, /<form method="post" action="\/login">/);
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const wrong = await ask("/login", type, "POST", "token=nonsense");
    assert.equal(wrong.status, 401);
    const right = await ask("/login", type, "POST", `token=${TOKEN}`);
    assert.equal(right.status, 200);
    assert.ok(right.headers["set-cookie"]);
  });

  it("N7: the token is in no log and no answer", async () => {
    await start({ token: TOKEN });
    const answers = [
      await ask(`/?token=${TOKEN}x`),
      await ask(`/api/state?token=${TOKEN}`, { authorization: `Basic ${TOKEN}` }),
      await ask(`/%zz?token=${TOKEN}`),
      await ask("/login", json, "POST", JSON.stringify({ token: `${TOKEN}!` })),
      await ask(`/?token=${TOKEN}`),
      await ask("/api/state", { authorization: `Bearer ${TOKEN}` }),
      await ask("/metrics", { authorization: `Bearer ${TOKEN}` }),
    ];
    for (const answer of answers) {
      assert.ok(!(answer.body + JSON.stringify(answer.headers)).includes(TOKEN));
    }
    assert.ok(logs.length > 0);
    assert.ok(!logs.join("\n").includes(TOKEN));
  });
});

/** Status of an upgrade on /live with these headers: 101, or the refusal. */
async function upgradeStatus(headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`, { headers });
  opened.push(socket);
  return new Promise((resolve, reject) => {
    socket.on("open", () => resolve(101));
    socket.on("unexpected-response", (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on("error", reject);
  });
}

describe("camera", LIMIT, () => {
  it("says 503 before the first picture, and shows the newest with its age", async () => {
    await start();
    assert.equal(code(await ask("/snapshot.jpg")), "WEB_CAMERA_AWAY");
    assert.equal(code(await ask("/stream")), "WEB_CAMERA_AWAY");
    services.frame(JPEG);
    const answer = await ask("/snapshot.jpg");
    assert.equal(answer.headers["content-type"], "image/jpeg");
    assert.ok(Number(answer.headers["x-frame-age-ms"]) < 5000);
    services.frames.push({ jpeg: JPEG, seq: 9, capturedMs: systemClock.nowMs() - 60_000 });
    assert.equal(code(await ask("/snapshot.jpg")), "WEB_CAMERA_AWAY");
  });

  it("A13: viewers share the one source, and each gets whole pictures", async () => {
    await start();
    services.frame(JPEG);
    const viewers = await Promise.all([1, 2, 3].map(() => openStream()));
    services.frame(JPEG);
    for (const viewer of viewers) {
      await untilBytes(viewer, 2 * JPEG.length);
      viewer.destroy();
    }
  });

  it("A12: a viewer that does not read costs no memory, and the others go on", async () => {
    await start();
    const big = Buffer.alloc(500_000, 1);
    services.frame(big);
    const stuck = await openStream();
    stuck.pause();
    const good = await openStream();
    let goodBytes = 0;
    good.on("data", (chunk: Buffer) => (goodBytes += chunk.length));
    const skipped = async (): Promise<number> => {
      const { body } = await ask("/metrics");
      return Number(/frames_total\{outcome="skipped"\} (\d+)/.exec(body)?.[1] ?? 0);
    };
    const untilMs = systemClock.nowMs() + 20_000;
    while (goodBytes < 20 * big.length || (await skipped()) < 20) {
      assert.ok(systemClock.nowMs() < untilMs, `${goodBytes} bytes, ${await skipped()} skipped`);
      for (let i = 0; i < 5; i++) {
        services.frame(big);
        await systemClock.sleep(5);
      }
    }
    stuck.destroy();
    good.destroy();
  });
});

function openStream(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port: server.port, path: "/stream", agent: false }, (response) => {
      response.on("error", () => undefined);
      resolve(response);
    }).on("error", reject);
  });
}

async function untilBytes(stream: IncomingMessage, bytes: number): Promise<void> {
  let got = 0;
  for await (const chunk of stream) {
    got += (chunk as Buffer).length;
    if (got >= bytes) return;
  }
  throw new Error(`the stream ended after ${got} bytes`);
}

describe("live", LIMIT, () => {
  it("greets with everything a page needs, then pushes what changes", async () => {
    await start();
    services.history.add({ atMs: 1, latencyMs: 12 });
    const page = await openLive();
    const hello = await page.message("hello");
    assert.equal(hello["version"], "1.2.3");
    assert.equal(hello["script"], "/assets/index-abc.js");
    buddyState.parse(hello["state"]);
    assert.deepEqual(hello["history"], [{ atMs: 1, latencyMs: 12 }]);
    services.change((s) => (s.robot.emotion = "CURIOUS"));
    await page.until(
      () =>
        page.messages.some(
          (m) =>
            m["type"] === "state" &&
            (m["state"] as { robot: { emotion: string } }).robot.emotion === "CURIOUS",
        ),
      "the change",
    );
    page.send({ type: "view", frames: false, poses: true });
    page.send({ type: "command", id: 1, line: "QUERY", seen: page.seen });
    await page.message("reply");
    services.poses.push({ baseDeg: 91, nodDeg: 115, tiltDeg: 85, reflex: "track", faceAgeMs: 20 });
    assert.deepEqual((await page.message("pose"))["pose"], {
      baseDeg: 91,
      nodDeg: 115,
      tiltDeg: 85,
      reflex: "track",
      faceAgeMs: 20,
    });
  });

  it("pushes state at most 20 times a second, and the last change is not lost", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    const beganMs = systemClock.nowMs();
    for (let i = 1; i <= 100; i++) {
      services.change((s) => (s.uptimeS = 1000 + i));
      await systemClock.sleep(2);
    }
    const uptime = (m: Record<string, unknown>): number =>
      (m["state"] as { uptimeS: number } | undefined)?.uptimeS ?? 0;
    await page.until(() => page.messages.some((m) => uptime(m) === 1100), "the last change");
    const pushes = page.messages.filter((m) => m["type"] === "state").length;
    const tookS = (systemClock.nowMs() - beganMs) / 1000;
    assert.ok(pushes <= 20 * tookS + 2, `${pushes} in ${tookS} s`);
  });

  it("A12: pictures go one at a time, the newest after each ack", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    services.frame(JPEG);
    page.send({ type: "view", frames: true, poses: false });
    await page.until(() => page.pictures.length === 1, "the first picture");
    for (let i = 0; i < 5; i++) services.frame(JPEG);
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
    await start();
    const newest = { baseDeg: 80, nodDeg: 110, tiltDeg: 80, reflex: "lost" } as const;
    services.poses.push(newest);
    const page = await openLive();
    await page.message("hello");
    page.send({ type: "command", id: 1, line: "QUERY", seen: systemClock.nowMs() });
    await page.message("reply");
    assert.ok(!page.messages.some((m) => m["type"] === "pose"));
    page.send({ type: "view", frames: false, poses: true });
    assert.deepEqual((await page.message("pose"))["pose"], newest);
  });

  it("a hidden page gets neither pictures nor poses", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    services.frame(JPEG);
    services.poses.push({ baseDeg: 90, nodDeg: 115, tiltDeg: 85, reflex: "lost" });
    page.send({ type: "command", id: 1, line: "QUERY", seen: page.seen });
    await page.message("reply");
    assert.equal(page.pictures.length, 0);
    assert.ok(!page.messages.some((m) => m["type"] === "pose"));
  });

  it("answers each command by its id: reply, refusal of the robot, failure", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    services.answer = async (line) =>
      line === "NOD:1" ? '{"ok":false,"reason":"tracking_active"}' : '{"ok":true}';
    page.send({ type: "command", id: 1, line: "LOOK:90,115", seen: page.seen });
    page.send({ type: "command", id: 2, line: "NOD:1", seen: page.seen });
    await page.until(() => page.messages.filter((m) => m["type"] === "reply").length === 2, "both");
    const replies = page.messages.filter((m) => m["type"] === "reply");
    assert.deepEqual(replies, [
      { type: "reply", id: 1, reply: { ok: true } },
      { type: "reply", id: 2, reply: { ok: false, reason: "tracking_active" } },
    ]);
    services.change((s) => (s.robot.linked = false));
    page.send({ type: "command", id: 3, line: "QUERY", seen: page.seen });
    const failed = await page.message("failed");
    assert.equal((failed["error"] as { code: string }).code, "ROBOT_AWAY");
  });

  it("K2: a command of a page that slept is refused, and the robot hears nothing", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    page.send({ type: "command", id: 1, line: "LOOK:10,80", seen: page.seen - 60_000 });
    const failed = await page.message("failed");
    assert.equal((failed["error"] as { code: string }).code, "WEB_COMMAND_STALE");
    assert.deepEqual(services.lines, []);
  });

  it("refuses more commands than the robot can take, by number and by rate", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    services.answer = async () => {
      await gate;
      return '{"ok":true}';
    };
    for (let id = 0; id < 12; id++)
      page.send({ type: "command", id, line: "QUERY", seen: page.seen });
    await page.until(() => page.messages.filter((m) => m["type"] === "failed").length === 4, "4");
    release();
    await page.until(() => page.messages.filter((m) => m["type"] === "reply").length === 8, "8");
    services.answer = async () => '{"ok":true}';
    for (let id = 100; id < 160; id++) {
      page.send({ type: "command", id, line: "QUERY", seen: page.seen });
    }
    await page.until(
      () =>
        page.messages.filter((m) => m["type"] === "reply" || m["type"] === "failed").length === 72,
      "all answers",
    );
    const codes = page.messages.map((m) => (m["error"] as { code: string } | undefined)?.code);
    assert.ok(codes.includes("WEB_COMMAND_RATE"));
    assert.ok(services.lines.length < 60);
  });

  it("tells of messages it does not understand and closes a page that sends many", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    page.send({ type: "command", id: 5, line: "a\nb", seen: page.seen });
    const failed = await page.message("failed");
    assert.equal(failed["id"], 5);
    for (const bad of ["{", "[]", "null", '{"type":"fly"}', '{"type":"ack"}']) page.send(bad);
    page.socket.send(Buffer.from([1, 2, 3]));
    for (let i = 0; i < 5; i++) page.send("nonsense");
    const [closeCode] = (await once(page.socket, "close")) as [number];
    assert.equal(closeCode, 1008);
    assert.deepEqual(services.lines, []);
  });

  it("a message over the limit closes that page only", async () => {
    await start();
    const page = await openLive();
    const other = await openLive();
    await other.message("hello");
    page.socket.on("error", () => undefined);
    page.send("x".repeat(20_000));
    const [closeCode] = (await once(page.socket, "close")) as [number];
    assert.equal(closeCode, 1009);
    other.send({ type: "command", id: 1, line: "QUERY", seen: other.seen });
    await other.message("reply");
  });

  it("A14: a page that is one too many takes the seat of the oldest that has asked nothing, else it is told to come later", async () => {
    await start();
    const pages = await Promise.all(Array.from({ length: 32 }, () => openLive()));
    const ask = async (page: LivePeer): Promise<void> => {
      page.send({ type: "view", frames: false, poses: false });
      page.send({ type: "command", id: 1, line: "QUERY", seen: systemClock.nowMs() });
      await page.message("reply");
    };
    const [silent, ...others] = pages as [LivePeer, ...LivePeer[]];
    await Promise.all(others.map(ask));
    const gone = once(silent.socket, "close");
    await ask(await openLive());
    await gone;
    const last = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
    opened.push(last);
    const [closeCode] = (await once(last, "close")) as [number];
    assert.equal(closeCode, 1013);
  });

  it("a page that reads nothing is not sent more and more", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    page.send({ type: "view", frames: false, poses: true });
    page.send({ type: "command", id: 1, line: "QUERY", seen: page.seen });
    await page.message("reply");
    page.socket.pause();
    const beforeBytes = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const message = "m".repeat(10_000);
    for (let i = 0; i < 5000; i++) {
      services.logs.add({ wallMs: i, level: "info", part: "test", message });
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

describe("opening and closing", LIMIT, () => {
  it("closes at once with streams, pages and half-sent requests open, and leaves nothing", async () => {
    await start();
    services.frame(JPEG);
    const stream = await openStream();
    stream.resume();
    const page = await openLive();
    await page.message("hello");
    const half = connect(server.port, "127.0.0.1");
    half.on("error", () => undefined);
    half.write("POST /api/command HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{");
    await once(half, "connect");
    const closed = once(page.socket, "close");
    const { port } = server;
    const beganMs = systemClock.nowMs();
    await server.close();
    // A stream ends by itself after 10 s of silence; closing must not wait for that.
    assert.ok(systemClock.nowMs() - beganMs < 5000);
    const [closeCode] = (await closed) as [number];
    assert.equal(closeCode, 1001);
    assert.equal(services.listenerCount, 0);
    const again = createServer();
    again.listen(port, "127.0.0.1");
    await once(again, "listening");
    again.close();
  });

  it("closes although a page does not answer its goodbye", async () => {
    await start();
    const page = await openLive();
    await page.message("hello");
    page.socket.pause();
    await server.close();
  });

  it("L2: a taken port is named, and the first owner stays untouched", async () => {
    await start();
    await assert.rejects(
      startWebServer(
        { host: "127.0.0.1", port: server.port, version: "1", pageDir },
        { services: new FakeServices(systemClock), clock: systemClock, log: () => undefined },
      ),
      (error: unknown) => error instanceof WebServerError && error.code === "WEB_PORT_TAKEN",
    );
    assert.equal((await ask("/healthz")).status, 200);
  });
});
