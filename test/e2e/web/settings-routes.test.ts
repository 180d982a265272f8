/** What the page's settings ask of its door, through real sockets: backups, and a model's key that is tried. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Answer, code, json, LIMIT, testWebDoor } from "../../support/web-door.js";

const web = testWebDoor();

describe("routes of the settings", LIMIT, () => {
  it("C6: backups are listed, made, taken away and wanted back; one that is not there, and trouble, is said", async () => {
    await web.start();
    const { backups } = web.services;
    const ask = (path: string, method?: string): Promise<Answer> =>
      web.ask(`/api/backups${path}`, {}, method);
    assert.deepEqual(JSON.parse((await ask("")).body), { backups: [], wanted: null });
    const made = JSON.parse((await ask("", "POST")).body) as { backups: { name: string }[] };
    const name = made.backups[0]?.name ?? "";
    const archive = await ask(`/${name}`);
    assert.equal(archive.headers["content-type"], "application/gzip");
    assert.match(
      String(archive.headers["content-disposition"]),
      /attachment; filename="buddy-2030/,
    );
    assert.match((await ask(`/${name}/restore`, "POST")).body, new RegExp(`"wanted":"${name}"`));
    assert.match((await ask("/wanted", "DELETE")).body, /"wanted":null/);
    for (const [path, method] of [
      ["/..%2Flink.key", "GET"],
      ["/nothing.tar.gz", "GET"],
    ] as const) {
      const answer = await ask(path, method);
      assert.deepEqual([answer.status, code(answer)], [404, "WEB_BACKUP_UNKNOWN"]);
    }
    backups.trouble = { kind: "failed", text: "ENOSPC: no space left" };
    const failed = await ask("", "POST");
    assert.deepEqual([failed.status, code(failed)], [500, "WEB_BACKUP_FAILED"]);
    assert.match(failed.body, /no space left/);
  });

  it("a key is tried and stands in no answer; a body that is none is refused without a word of it", async () => {
    await web.start();
    const post = (body: unknown): Promise<Answer> =>
      web.ask("/api/mind/key", json, "POST", JSON.stringify(body));
    const key = "sk-0123456789";
    assert.match((await post({ provider: "openai", key })).body, /"ok":true.*"words":"Hello\."/);
    assert.deepEqual(web.services.mind.tried, [["openai", key]]);
    const bad = await post({ provider: "none", key: "canary key" });
    assert.deepEqual([bad.status, code(bad)], [400, "WEB_BODY_INVALID"]);
    assert.doesNotMatch(bad.body, /canary/);
  });
});
