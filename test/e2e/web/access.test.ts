/** Who is let in at the page's door (A14): names, origins, tokens, signing in. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../../src/time/clock.js";
import { startWebServer, WebServerError } from "../../../src/web/server.js";
import { code, json, LIMIT, testWebDoor, TOKEN } from "../../support/web-door.js";

const web = testWebDoor();

describe("A14: who may come in", LIMIT, () => {
  it("N2: refuses foreign Host names and malformed ones", async () => {
    await web.start();
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil", "[::1"]) {
      const answer = await web.ask("/api/state", { host });
      assert.equal(answer.status, 403, host);
      assert.equal(code(answer), "WEB_HOST_DENIED");
    }
    assert.match(await web.rawRequest("GET /api/state HTTP/1.0\r\n\r\n"), /^HTTP\/1.1 403 /);
    assert.equal(
      (await web.ask("/api/state", { host: `localhost:${web.server.port}` })).status,
      200,
    );
    assert.equal((await web.ask("/api/state", { host: "LOCALHOST:1" })).status, 200);
  });

  it("N2: refuses other sites by Origin and by Sec-Fetch, on routes and on the upgrade", async () => {
    await web.start();
    const own = `http://127.0.0.1:${web.server.port}`;
    for (const origin of [
      "http://evil.example",
      "null",
      "http://127.0.0.1:1",
      `${own}.evil.example`,
    ]) {
      assert.equal(
        code(await web.post({ line: "QUERY" }, { origin })),
        "WEB_ORIGIN_DENIED",
        origin,
      );
      const refused = await web.upgradeStatus({ origin });
      assert.equal(refused, 403, origin);
    }
    const embed = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    assert.equal((await web.ask("/snapshot.jpg", embed)).status, 403);
    const frame = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "iframe",
    };
    assert.equal((await web.ask("/", frame)).status, 403);
    const link = { ...frame, "sec-fetch-dest": "document" };
    assert.equal((await web.ask("/", link)).status, 200);
    assert.equal((await web.post({ line: "QUERY" }, { origin: own })).status, 200);
    assert.equal(await web.upgradeStatus({ origin: own }), 101);
    assert.equal(await web.upgradeStatus({ host: "evil.example" }), 403);
    assert.deepEqual(web.services.lines, ["QUERY"]);
  });

  it("a door that is not loopback does not open without a token", async () => {
    await web.start();
    const deps = { services: web.services, clock: systemClock, log: () => undefined };
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
    await web.start({ token: TOKEN });
    const routes = ["/", "/healthz", "/readyz", "/api/state", "/stream", "/snapshot.jpg"];
    for (const path of [...routes, "/metrics", "/assets/index-abc.js", "/nothing"]) {
      const answer = await web.ask(path, { authorization: "Bearer wrong-token-wrong-token" });
      assert.ok([401, 429].includes(answer.status), `${path}: ${answer.status}`);
    }
    assert.ok([401, 429].includes(await web.upgradeStatus({})));
    assert.ok([401, 429].includes((await web.post({ line: "QUERY" })).status));
    assert.deepEqual(web.services.lines, []);
    const bearer = { authorization: `Bearer ${TOKEN}` };
    assert.equal((await web.ask("/api/state", bearer)).status, 200);
    assert.equal((await web.post({ line: "QUERY" }, bearer)).status, 200);
    assert.equal(await web.upgradeStatus(bearer), 101);
  });

  it("N1: a path that is no address is turned away like any other, not a failure of ours", async () => {
    await web.start({ token: TOKEN });
    for (const path of ["//", "//[", "//x:99999", "/\\", "//?token=x"]) {
      assert.equal((await web.ask(path)).status, 401, path);
    }
    const known = await web.ask("//", { authorization: `Bearer ${TOKEN}` });
    assert.ok(known.status < 500, String(known.status));
  });

  it("N1: wrong tokens are slowed down, and the right one is let in all the same", async () => {
    await web.start({ token: TOKEN });
    const statuses: number[] = [];
    for (let i = 0; i < 15; i++) {
      statuses.push((await web.ask("/api/state", { authorization: `Bearer guess-${i}` })).status);
    }
    assert.deepEqual(statuses, [...Array(10).fill(401), ...Array(5).fill(429)]);
    assert.equal((await web.ask("/api/state", { authorization: `Bearer ${TOKEN}` })).status, 200);
  });

  it("a printed link signs one browser in, once, with a cookie scripts cannot read", async () => {
    await web.start({ token: TOKEN });
    const link = new URL(web.server.signInUrl());
    assert.ok(!link.href.includes(TOKEN));
    const first = await web.ask(link.pathname + link.search);
    assert.equal(first.status, 200);
    const cookie = String(first.headers["set-cookie"]);
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Strict/);
    assert.ok(!cookie.includes(TOKEN));
    assert.equal((await web.ask(link.pathname + link.search)).status, 401, "the link works once");
    const pair = cookie.split(";", 1)[0] ?? "";
    assert.equal((await web.ask("/api/state", { cookie: pair })).status, 200);
    assert.equal(await web.upgradeStatus({ cookie: pair }), 101);
    assert.equal((await web.ask("/api/state", { cookie: `${pair}0` })).status, 401);
    const forged = pair.replace(/=\d+/, "=9999999999");
    assert.equal((await web.ask("/api/state", { cookie: forged })).status, 401);
  });

  it("an unknown browser is asked for the token in a form", async () => {
    await web.start({ token: TOKEN });
    const form = await web.ask("/", { accept: "text/html" });
    assert.equal(form.status, 401);
    assert.match(form.body, /<form method="post" action="\/login">/);
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const wrong = await web.ask("/login", type, "POST", "token=nonsense");
    assert.equal(wrong.status, 401);
    const right = await web.ask("/login", type, "POST", `token=${TOKEN}`);
    assert.equal(right.status, 200);
    assert.ok(right.headers["set-cookie"]);
  });

  it("N7: the token is in no log and no answer", async () => {
    await web.start({ token: TOKEN });
    const answers = [
      await web.ask(`/?token=${TOKEN}x`),
      await web.ask(`/api/state?token=${TOKEN}`, { authorization: `Basic ${TOKEN}` }),
      await web.ask(`/%zz?token=${TOKEN}`),
      await web.ask("/login", json, "POST", JSON.stringify({ token: `${TOKEN}!` })),
      await web.ask(`/?token=${TOKEN}`),
      await web.ask("/api/state", { authorization: `Bearer ${TOKEN}` }),
      await web.ask("/metrics", { authorization: `Bearer ${TOKEN}` }),
    ];
    for (const answer of answers) {
      assert.ok(!(answer.body + JSON.stringify(answer.headers)).includes(TOKEN));
    }
    assert.ok(web.logs.length > 0);
    assert.ok(!web.logs.join("\n").includes(TOKEN));
  });
});
