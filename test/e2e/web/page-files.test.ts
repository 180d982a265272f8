/** The page's own files at its door: what is served with which headers, and that nothing else of the disk is. */
import assert from "node:assert/strict";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { code, LIMIT, testWebDoor } from "../../support/web-door.js";

const web = testWebDoor();

describe("page files", LIMIT, () => {
  it("serves the page with a policy that works over plain HTTP", async () => {
    await web.start();
    const answer = await web.ask("/");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["cache-control"], "no-cache");
    const policy = String(answer.headers["content-security-policy"]);
    assert.ok(!policy.includes("upgrade-insecure-requests"));
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.equal(answer.headers["strict-transport-security"], undefined);
    const script = await web.ask("/assets/index-abc.js");
    assert.match(String(script.headers["cache-control"]), /immutable/);
  });

  it("G9: gives a browser that takes it the compressed file, and any other the file", async () => {
    const path = join(web.pageDir, "assets", "index-abc.js.gz");
    writeFileSync(path, gzipSync("export {};"));
    await web.start();
    const plain = await web.ask("/assets/index-abc.js");
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.equal(plain.body, "export {};");
    const small = await web.ask("/assets/index-abc.js", { "accept-encoding": "gzip, deflate" });
    assert.equal(small.headers["content-encoding"], "gzip");
    assert.match(String(small.headers["content-type"]), /javascript/);
    assert.match(String(small.headers["cache-control"]), /immutable/);
    assert.equal(small.headers["vary"], "accept-encoding");
    rmSync(path);
  });

  it("N4: no form of traversal leaves the folder", async () => {
    symlinkSync(join(web.pageDir, "..", "buddy-outside.txt"), join(web.pageDir, "link.txt"));
    writeFileSync(join(web.pageDir, ".secret"), "canary dotfile");
    await web.start();
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
      `/${encodeURIComponent(join(web.pageDir, "..", "buddy-outside.txt"))}`,
      "/link.txt",
      "/.secret",
      "/assets/",
    ];
    for (const path of paths) {
      const answer = await web.ask(path);
      assert.ok([400, 403, 404].includes(answer.status), `${path}: ${answer.status}`);
      assert.ok(!answer.body.includes("canary"), path);
    }
    rmSync(join(web.pageDir, "link.txt"));
    rmSync(join(web.pageDir, ".secret"));
  });

  it("says how to build the page when it is missing, and serves the API all the same", async () => {
    await web.start({ pageDir: join(web.pageDir, "nowhere") });
    assert.equal(code(await web.ask("/")), "WEB_PAGE_MISSING");
    assert.equal((await web.ask("/api/state")).status, 200);
  });
});
