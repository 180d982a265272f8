/**
 * A14: what a page of somebody else's can do to a Buddy in the same browser, at every door: nothing moves and nothing is read,
 * whether the page is in a sandboxed frame, has a name that resolves to this machine, or only posts a form.
 */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import type { Browser, Frame, Page } from "playwright-core";
import { type AllDoors, openAllDoors } from "../support/all-doors.js";
import { browserSuite, launchBrowser } from "../support/browser.js";

const WAIT = { timeout: 20_000 };
const NAME = "rebound.test";

type Kind = "socket" | "read" | "picture" | "post";
type Try = readonly [kind: Kind, url: string];

/** Runs in the browser, so as text: what a loader adds to a function is not there. Gives for each try what came of it. */
const ATTEMPT = `(tries) => Promise.all(tries.map(([kind, url]) => new Promise((resolve) => {
  if (kind === "socket") {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("refused");
  } else if (kind === "picture") {
    const image = new Image();
    image.onload = () => resolve("shown");
    image.onerror = () => resolve("refused");
    image.src = url;
  } else if (kind === "post") {
    const body = '{"line":"LOOK:60,100"}';
    fetch(url, { method: "POST", mode: "no-cors", body }).then(() => resolve("sent"), () => resolve("refused"));
  } else {
    fetch(url).then((answer) => resolve(String(answer.status)), () => resolve("refused"));
  }
})))`;

const attempt = (where: Frame | Page, tries: readonly Try[]): Promise<string[]> =>
  where.evaluate(`(${ATTEMPT})(${JSON.stringify(tries)})`);

describe("A14: pages of others", browserSuite("pages of others"), () => {
  let doors: AllDoors;
  let browser: Browser;
  let evil: Server;
  let evilUrl: string;

  before(async () => {
    doors = await openAllDoors();
    evil = createServer((request, response) => {
      response.setHeader("content-type", "text/html");
      const frame = '<iframe sandbox="allow-scripts" src="/inner"></iframe>';
      response.end(request.url === "/" ? frame : "<p>inner</p>");
    });
    await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
    evilUrl = `http://evil.test:${(evil.address() as AddressInfo).port}/`;
    browser = await launchBrowser(["--host-resolver-rules=MAP *.test 127.0.0.1"]);
  });
  after(async () => {
    await browser.close();
    evil.close();
    await doors.close();
  });

  /** Everything worth trying, by the name that the page calls this machine. */
  function tries(name: string): Try[] {
    const at = (port: number, path: string): string => `//${name}:${port}${path}`;
    const { page, visionPort, gateway } = doors;
    const sockets = [
      at(page.port, "/live"),
      at(page.port, "/audio"),
      at(gateway.tcpPort, "/"),
      at(gateway.tcpPort, "/v2"),
    ];
    const reads = [
      at(page.port, "/api/state"),
      at(page.port, "/api/memory"),
      at(page.port, "/healthz"),
      at(visionPort, "/state"),
      at(gateway.tcpPort, "/health"),
      at(gateway.linkPort, "/"),
    ];
    const pictures = [
      at(page.port, "/snapshot.jpg"),
      at(page.port, "/stream"),
      at(visionPort, "/snapshot"),
      at(visionPort, "/stream"),
    ];
    const posts = [
      at(page.port, "/api/command"),
      at(page.port, "/api/stop"),
      at(page.port, "/api/say"),
      at(page.port, "/mcp/owner"),
      at(visionPort, "/state"),
      at(gateway.tcpPort, "/"),
      at(gateway.linkPort, "/"),
    ];
    return [
      ...sockets.map((url): Try => ["socket", `ws:${url}`]),
      ...reads.map((url): Try => ["read", `http:${url}`]),
      ...pictures.map((url): Try => ["picture", `http:${url}`]),
      ...posts.map((url): Try => ["post", `http:${url}`]),
    ];
  }

  function assertUntouched(): void {
    const { services, gateway } = doors;
    assert.deepEqual([services.lines, services.mind.told, services.mind.stops], [[], [], 0]);
    assert.equal(gateway.gateway.status().streams, 0);
    assert.equal(gateway.gateway.status().linked, true);
  }

  async function assertRefused(where: Frame | Page, name: string): Promise<void> {
    const all = tries(name);
    const results = await attempt(where, all);
    for (const [index, result] of results.entries()) {
      const [kind, url] = all[index] as Try;
      // Without leave the browser cannot tell a post that was refused from one that was not: `assertUntouched` does.
      const fine = kind === "post" ? ["sent", "refused"] : ["refused", "403"];
      assert.ok(fine.includes(result), `${kind} ${url}: ${result}`);
    }
    assertUntouched();
  }

  it("a page of another site, and a sandboxed frame in it, whose origin is null", async () => {
    const page = await browser.newPage();
    await page.goto(evilUrl, WAIT);
    await assertRefused(page, "127.0.0.1");
    const [, inner] = page.frames();
    assert.ok(inner);
    await inner.waitForLoadState("load", WAIT);
    assert.equal(await inner.evaluate("origin"), "null");
    await assertRefused(inner, "127.0.0.1");
    await page.close();
  });

  it("a name of an attacker's that now resolves to this machine, at each door as its own origin", async () => {
    const { page: web, visionPort, gateway } = doors;
    for (const port of [web.port, visionPort, gateway.tcpPort]) {
      const page = await browser.newPage();
      // As it was before the name was rebound: from here on every request goes to the door itself.
      const lure = `http://${NAME}:${port}/lure`;
      await page.route(lure, (route) => route.fulfill({ contentType: "text/html", body: "hi" }));
      await page.goto(lure, WAIT);
      await assertRefused(page, NAME);
      await page.close();
    }
  });

  it("a form, posted to each door", async () => {
    const { page: web, visionPort, gateway } = doors;
    for (const [port, path] of [
      [web.port, "/api/command"],
      [web.port, "/api/stop"],
      [visionPort, "/state"],
      [gateway.tcpPort, "/"],
      [gateway.linkPort, "/"],
    ] as const) {
      const url = `http://127.0.0.1:${port}${path}`;
      const page = await browser.newPage();
      await page.goto(evilUrl, WAIT);
      await page.setContent(
        `<form action="${url}" method="post" enctype="text/plain"><input name='{"line":"LOOK:60,100","x":"' value='"}'></form>`,
      );
      const [sent] = await Promise.all([
        page.waitForRequest(url, WAIT),
        page.evaluate("document.forms[0].submit()"),
      ]);
      assert.ok([null, 403, 405].includes((await sent.response())?.status() ?? null), url);
      await page.close();
    }
    assertUntouched();
  });

  it("and what is refused to them is done for a page of ours and for a program", async () => {
    const page = await browser.newPage();
    await page.goto(doors.page.url, WAIT);
    const own = new URL(doors.page.url).host;
    const tried = [
      ["socket", `ws://${own}/live`],
      ["read", `http://${own}/api/state`],
    ] as const;
    const [live, state] = await attempt(page, tried);
    assert.deepEqual([live, state], ["open", "200"]);
    const robot = `127.0.0.1:${doors.gateway.tcpPort}`;
    await page.goto(`http://${robot}/health`, WAIT);
    assert.deepEqual(await attempt(page, [["socket", `ws://${robot}/`]]), ["open"]);
    await page.close();
  });
});

describe("A14: wrong tokens are slowed down at every door", () => {
  const TOKEN = "a-token-of-20-chars!";
  let doors: AllDoors;
  before(async () => (doors = await openAllDoors(TOKEN)));
  after(() => doors.close());

  it("ten a minute, then 429; the right one is let in all the while", async () => {
    const { page, visionPort, gateway } = doors;
    const paths = [
      [page.port, "/api/state"],
      [page.port, "/mcp"],
      [visionPort, "/state"],
      [gateway.tcpPort, "/health"],
    ] as const;
    const ask = async (port: number, path: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
    };
    for (const [port, path] of paths) {
      const seen = new Set<number>();
      for (let wrong = 0; wrong < 12; wrong++) seen.add(await ask(port, path, `wrong-${wrong}`));
      assert.ok(seen.has(429), `${path}: ${[...seen].join()}`);
      assert.ok(![401, 429].includes(await ask(port, path, TOKEN)), path);
    }
  });
});
