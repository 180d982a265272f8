/** The page's door through real sockets, with a fake robot behind it: what each route answers, and to what body. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TurnTrace } from "../../../src/conversation/turn/turn-trace.js";
import { RobotError } from "../../../src/robot/robot-error.js";
import { buddyState } from "../../../src/state/buddy-state.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { NO_DETAILS } from "../../support/services.js";
import { type Answer, code, json, LIMIT, testWebDoor } from "../../support/web-door.js";

const OTHER_SECOND_MS = 1100;

const web = testWebDoor();

describe("routes", LIMIT, () => {
  it("healthz says 200 while the process serves, readyz says what is missing", async () => {
    await web.start();
    assert.equal((await web.ask("/healthz")).status, 200);
    assert.equal((await web.ask("/readyz")).status, 200);
    web.services.notReady = ["The robot is not linked."];
    const answer = await web.ask("/readyz");
    assert.equal(answer.status, 503);
    const body = JSON.parse(answer.body) as { reasons: string[]; error: { message: string } };
    assert.deepEqual(body.reasons, ["The robot is not linked."]);
    assert.equal(body.error.message, "The robot is not linked.");
  });

  it("stops without a body whatever type it names, and says which turn an utterance became", async () => {
    await web.start();
    assert.equal((await web.ask("/api/stop", json, "POST")).status, 200);
    assert.equal(web.services.mind.stops, 1);
    assert.equal((await web.ask("/api/memory/today", json, "DELETE")).status, 200);
    const empty = await web.ask("/api/say", json, "POST");
    assert.equal(empty.status, 400);
    assert.match(empty.body, /WEB_BODY_INVALID/);
    const broken = await web.ask("/api/say", json, "POST", '{"text":');
    assert.match(broken.body, /WEB_BODY_INVALID/);
    const said = await web.ask("/api/say", json, "POST", '{"text":"hello","wait":false}');
    assert.equal(said.status, 202);
    assert.deepEqual(JSON.parse(said.body), { accepted: true, turn: "t1" });
  });

  it("G6: facts are read, corrected and forgotten; what is not there or not well formed is refused", async () => {
    await web.start();
    const put = (body: unknown): Promise<Answer> =>
      web.ask("/api/memory/facts", json, "PUT", JSON.stringify(body));
    const { mind } = web.services;
    const ann = { name: "Ann", text: "likes tea" };
    mind.factList = [{ ...ann, wallMs: 5 }];
    assert.match((await web.ask("/api/memory/facts")).body, /likes tea/);
    assert.match((await put({ ...ann, to: " likes coffee " })).body, /"likes coffee"/);
    const gone = await put({ ...ann, to: null });
    assert.deepEqual([gone.status, code(gone)], [404, "WEB_FACT_UNKNOWN"]);
    for (const to of ["", " ", "x".repeat(161), "a\nb", 7, undefined]) {
      const refused = await put({ name: "Ann", text: "likes coffee", to });
      assert.deepEqual([refused.status, code(refused)], [400, "WEB_BODY_INVALID"], String(to));
    }
    assert.equal((await put({ name: "Ann", text: "likes coffee", to: null })).status, 200);
    assert.deepEqual(mind.factList, []);
  });

  it("E3: healthz, api/state, api/health and metrics say the same; healthz is 200 all the same", async () => {
    await web.start();
    web.services.change((s) => {
      s.health.level = "bad";
      s.health.state = "red";
      s.health.text = "Camera: no pictures.";
    });
    web.services.details = {
      ...NO_DETAILS,
      level: "bad",
      state: "red",
      text: "Camera: no pictures.",
    };
    const answer = await web.ask("/healthz");
    assert.equal(answer.status, 200);
    const said = { level: "bad", state: "red", text: "Camera: no pictures." };
    assert.deepEqual(JSON.parse(answer.body), { ok: true, ...said });
    const { health } = JSON.parse((await web.ask("/api/state")).body) as { health: object };
    const details = JSON.parse((await web.ask("/api/health")).body) as object;
    for (const one of [health, details]) assert.deepEqual({ ...one, ...said }, one);
    assert.match((await web.ask("/metrics")).body, /^buddy_ready 1$/m);
  });

  it("E1, C3: a person resets a breaker and restarts a part by name; unknown ones are 404, other sites are refused", async () => {
    await web.start();
    const reset = (name: string, headers = {}): Promise<Answer> =>
      web.ask(`/api/breakers/${name}/reset`, headers, "POST");
    assert.equal((await web.ask("/api/parts/vision/restart", {}, "POST")).status, 200);
    assert.equal(code(await web.ask("/api/parts/nobody/restart", {}, "POST")), "WEB_PART_UNKNOWN");
    assert.equal((await reset("robot")).status, 200);
    assert.equal(code(await reset("nobody")), "WEB_BREAKER_UNKNOWN");
    assert.equal((await reset("robot", { origin: "http://evil.example" })).status, 403);
    assert.deepEqual(web.services.resets, ["vision", "robot"]);
  });

  it("N7: an error's words are redacted, by HTTP as on the page's socket", async () => {
    await web.start();
    web.services.answer = async () => {
      throw new RobotError("ROBOT_AWAY", "dialled with canary-secret");
    };
    const answer = await web.post({ line: "QUERY" });
    assert.match(answer.body, /dialled with \[redacted\]/);
  });

  it("N7: what was said and remembered is redacted in every answer, and on the page's socket", async () => {
    await web.start();
    const words = "my canary-secret is safe";
    web.services.mind.turnList = [{ id: "t1", said: words } as TurnTrace];
    web.services.mind.memory = () => ({ said: [{ text: words } as never], facts: [] });
    web.services.answer = async () => '{"ok":true,"note":"canary-secret"}';
    const page = await web.openLive();
    await page.message("hello");
    web.services.mind.tell({ type: "words", turn: "t1", text: words } as never);
    page.send({ type: "command", id: 1, line: "QUERY", seen: systemClock.nowMs() });
    const heard = [
      (await web.ask("/api/turns")).body,
      (await web.ask("/api/memory")).body,
      (await web.post({ line: "QUERY" })).body,
      JSON.stringify(await page.message("mind")),
      JSON.stringify(await page.message("reply")),
    ];
    for (const text of heard) {
      assert.match(text, /\[redacted\]/);
      assert.doesNotMatch(text, /canary-secret/);
    }
  });

  it("api/state is one object of the stable shape", async () => {
    await web.start();
    const answer = await web.ask("/api/state");
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
    await web.start();
    assert.equal((await web.post({ line: "LOOK:120,100" })).body, '{"ok":true}');
    web.services.answer = async () => '{"ok":false,"reason":"tracking_active"}';
    const refused = await web.post({ line: "NOD:2" });
    assert.equal(refused.status, 200);
    assert.deepEqual(JSON.parse(refused.body), { ok: false, reason: "tracking_active" });
    assert.deepEqual(web.services.lines, ["LOOK:120,100", "NOD:2"]);
    assert.deepEqual(web.services.owners, web.services.lines, "whoever has the page is the owner");
  });

  it("api/command says 503 while the robot is away and 502 when it answers nonsense", async () => {
    await web.start();
    web.services.change((s) => (s.robot.linked = false));
    const away = await web.post({ line: "QUERY" });
    assert.equal(away.status, 503);
    assert.equal(code(away), "ROBOT_AWAY");
    web.services.change((s) => (s.robot.linked = true));
    web.services.answer = async () => "not json";
    assert.equal(code(await web.post({ line: "QUERY" })), "ROBOT_REPLY");
    web.services.answer = async () => {
      throw new Error("canary-internal");
    };
    const bug = await web.post({ line: "QUERY" });
    assert.equal(bug.status, 500);
    assert.ok(!bug.body.includes("canary-internal"));
  });

  it("refuses bad bodies with the error that fits, and the robot hears nothing", async () => {
    await web.start();
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
      const answer = await web.ask("/api/command", { "content-type": type }, "POST", body);
      assert.equal(answer.status, status, body.slice(0, 40));
      assert.match(code(answer), /^[A-Z_]+$/);
    }
    assert.deepEqual(web.services.lines, []);
  });

  it("limits commands of one address a second", async () => {
    await web.start();
    const askMany = async (): Promise<Answer[] | false> => {
      const answers = await Promise.all(
        Array.from({ length: 60 }, () => web.post({ line: "QUERY" })),
      );
      const tooMany = answers.filter(({ status }) => status === 429);
      assert.ok(tooMany.length <= 20, `${tooMany.length} of 60 refused, but 40 are let in`);
      return tooMany.length > 0 && tooMany;
    };
    // A machine that takes more than a second for so many is asked again, in another second.
    const refused = await until("more than 40 in a second", 60_000, askMany, OTHER_SECOND_MS);
    assert.equal(code(refused[0] as Answer), "WEB_RATE");
  });

  it("STOP is never one too many: by its own request, as a command, on a page's socket; it comes however old", async () => {
    await web.start();
    const stops = Array.from({ length: 60 }, () => [
      web.ask("/api/stop", {}, "POST"),
      web.post({ line: "IDLE" }),
      web.post({ line: "STOP_SPEAKING" }),
    ]);
    for (const answer of await Promise.all(stops.flat())) assert.equal(answer.status, 200);
    assert.equal(web.services.mind.stops, 60);
    const page = await web.openLive();
    await page.message("hello");
    web.services.answer = () => new Promise(() => undefined);
    for (let id = 0; id < 8; id++)
      page.send({ type: "command", id, line: "QUERY", seen: page.seen });
    web.services.answer = async () => '{"ok":true}';
    for (let id = 100; id < 160; id++) {
      page.send({ type: "command", id, line: "IDLE", seen: page.seen - 60_000 });
    }
    await page.until(() => page.messages.some((m) => m["id"] === 159), "the last STOP's answer");
    assert.ok(!page.messages.some((m) => m["type"] === "failed"));
  });

  it("metrics are Prometheus text with the robot's figures", async () => {
    await web.start();
    const answer = await web.ask("/metrics");
    assert.match(String(answer.headers["content-type"]), /^text\/plain/);
    assert.match(answer.body, /^buddy_robot_linked 1$/m);
    assert.match(answer.body, /^process_cpu_seconds_total/m);
  });

  it("unknown paths and methods are 404 in the one error shape", async () => {
    await web.start();
    assert.equal(code(await web.ask("/nothing")), "WEB_NOT_FOUND");
    assert.equal(code(await web.ask("/api/state", {}, "DELETE")), "WEB_NOT_FOUND");
    assert.equal((await web.ask(`/${"a".repeat(3000)}`)).status, 414);
    assert.equal((await web.ask("/%zz")).status, 400);
  });

  it("a body that is no JSON, a WebSocket's path by plain HTTP, no Host: each in the one error shape", async () => {
    await web.start();
    for (const body of ["{bad", ""]) {
      const type = { "content-type": "application/json" };
      assert.equal(code(await web.ask("/api/command", type, "POST", body)), "WEB_BODY_INVALID");
    }
    for (const path of ["/live", "/audio"]) {
      const answer = await web.ask(path);
      assert.deepEqual([answer.status, code(answer)], [426, "WEB_UPGRADE_NEEDED"]);
    }
    const answer = await web.rawRequest("GET /healthz HTTP/1.1\r\n\r\n");
    assert.match(answer, /^HTTP\/1.1 400 [\s\S]*"code":"WEB_REQUEST_INVALID"/);
  });

  it("bytes that are not HTTP get 400 in the one error shape", async () => {
    await web.start();
    const answer = await web.rawRequest("\u0016\u0003\u0001 hello\r\n\r\n");
    assert.match(answer, /^HTTP\/1.1 400 [\s\S]*"code":"WEB_REQUEST_INVALID"/);
  });
});
