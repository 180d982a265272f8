// A large file comes whole or not at all (G10): cut and resumed it is byte-identical; what is wrong, refused or has no room is
// named with a remedy, and no half file ever stands in its place.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { BrainError } from "../../../src/brain/brain-error.js";
import { download, type DownloadDeps, type Progress } from "../../../src/brain/download.js";
import { hubUrl, proxyFor } from "../../../src/brain/hub.js";
import { seededChance } from "../../../src/time/chance.js";
import { systemClock, type Clock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { HubDouble } from "../../support/hub.js";

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
/** Waits between tries are not waited for. */
const HASTY: Clock = { ...systemClock, sleep: (_, signal) => systemClock.sleep(0, signal) };

describe("a download from the hub", () => {
  let hub: HubDouble;
  let folder: string;
  let path: string;
  before(async () => {
    hub = await HubDouble.open(CONTENT);
  });
  after(() => hub.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "buddy-hub-"));
    path = join(folder, "models", "m.gguf");
    hub.asked.splice(0);
  });

  const fetchIt = async (deps: Partial<DownloadDeps> = {}, sha256 = SHA256): Promise<void> => {
    const wish = { url: `${hub.url}/m.gguf`, path, bytes: CONTENT.length, sha256 };
    const chance = seededChance(1);
    const signal = new AbortController().signal;
    await download(wish, { clock: HASTY, chance, environment: {}, signal, ...deps });
  };
  const failsWith = async (work: Promise<void>, code: string, words: RegExp): Promise<void> => {
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof BrainError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, words);
      assert.ok(error.next.length > 10, "with a remedy");
      return true;
    });
    assert.equal(existsSync(path), false, "no half file in its place");
  };
  const isWhole = (): void => {
    assert.deepEqual(readFileSync(path), CONTENT);
    assert.equal(existsSync(`${path}.part`), false);
    rmSync(folder, { recursive: true });
  };

  it("G10: comes whole, and tells how far it is", async () => {
    const told: Progress[] = [];
    await fetchIt({ onProgress: (progress) => told.push(progress) });
    assert.deepEqual(hub.asked, [""]);
    assert.equal(told.at(-1)?.bytes, CONTENT.length);
    assert.equal(told.at(-1)?.of, CONTENT.length);
    await fetchIt();
    assert.deepEqual(hub.asked, [""], "what is there already is not fetched again");
    isWhole();
  });

  it("G10: cut at five places it goes on where it stopped, and is byte-identical", async () => {
    hub.next(...[1, 5000, 0, 100_000, 77_777].map((bytes) => ({ kind: "cut", bytes }) as const));
    await fetchIt();
    const from = hub.asked.map((range) => Number(/\d+/.exec(range)?.[0] ?? 0));
    assert.equal(from.length, 6);
    for (const [i, at] of from.entries()) {
      if (i > 0) assert.ok(at >= (from[i - 1] as number), `never back: ${from.join(" ")}`);
    }
    isWhole();
  });

  it("G10: ended by its owner it is kept, and another run goes on with it", async () => {
    const owner = new AbortController();
    hub.next({ kind: "silent" });
    const first = fetchIt({ signal: owner.signal });
    // The part is opened before the first byte.
    await until("the request", 5000, () => hub.asked.length === 1);
    owner.abort(new Error("Ctrl-C"));
    await failsWith(first, "BRAIN_CANCELLED", /ended/);
    writeFileSync(`${path}.part`, CONTENT.subarray(0, 123_456));
    await fetchIt();
    assert.equal(hub.asked.at(-1), "bytes=123456-");
    isWhole();
  });

  it("G10: a hub that gives all of it anew is believed", async () => {
    hub.next({ kind: "cut", bytes: 1000 }, { kind: "whole" });
    await fetchIt();
    isWhole();
  });

  it("G10: a part that is longer than the file, or of another piece, is begun anew", async () => {
    await fetchIt();
    writeFileSync(`${path}.part`, Buffer.alloc(CONTENT.length + 1));
    rmSync(path);
    hub.asked.splice(0);
    await fetchIt();
    assert.deepEqual(hub.asked, [""]);
    rmSync(path);
    hub.next({ kind: "cut", bytes: 100 }, { kind: "wrongPiece" });
    await fetchIt();
    isWhole();
  });

  it("G10: another hash, and another length, are refused and leave nothing", async () => {
    await failsWith(fetchIt({}, "0".repeat(64)), "BRAIN_HASH", new RegExp(`SHA-256 is ${SHA256}`));
    assert.equal(existsSync(`${path}.part`), false);
    hub.next({ kind: "body", body: Buffer.alloc(10) });
    await failsWith(fetchIt(), "BRAIN_HASH", /it has 10 bytes, expected 300000/);
    hub.next({ kind: "body", body: Buffer.alloc(0) });
    await failsWith(fetchIt(), "BRAIN_HASH", /it has 0 bytes, expected 300000/);
    assert.equal(existsSync(`${path}.part`), false);
  });

  it("G10: a refusal, a redirect to http and endless redirects are said", async () => {
    hub.next({ kind: "status", status: 403 });
    await failsWith(fetchIt(), "BRAIN_HUB", /answers 403/);
    hub.next({ kind: "redirect", to: "http://elsewhere.example/m.gguf" });
    await failsWith(fetchIt(), "BRAIN_HUB", /leads to http:\/\/elsewhere\.example, which is not/);
    const round = Array.from({ length: 6 }, () => ({ kind: "redirect", to: "/m.gguf" }) as const);
    hub.next(...round);
    await failsWith(fetchIt(), "BRAIN_HUB", /leads on and on/);
    hub.next({ kind: "redirect", to: "/m.gguf" });
    await fetchIt();
    isWhole();
  });

  it("G10: one that is busy is asked again, and given up after tries that bring nothing", async () => {
    hub.next({ kind: "status", status: 429 }, { kind: "status", status: 503 });
    await fetchIt();
    rmSync(path);
    hub.asked.splice(0);
    hub.next(...Array.from({ length: 9 }, () => ({ kind: "status", status: 500 }) as const));
    await failsWith(fetchIt(), "BRAIN_HUB", /gave nothing in 5 tries: it answers 500/);
    assert.equal(hub.asked.length, 5);
    hub.next();
  });

  it("G10: without room nothing is asked for", async () => {
    const roomBytes = (): Promise<number> => Promise.resolve(100_000_000);
    await failsWith(fetchIt({ roomBytes }), "BRAIN_DISK", /room for 100 MB, 301 MB are needed/);
    assert.deepEqual(hub.asked, []);
  });
});

describe("the hub's address", () => {
  it("G10: is https, or on this machine", () => {
    assert.equal(hubUrl({}), "https://huggingface.co");
    assert.equal(hubUrl({ HF_ENDPOINT: "https://mirror.example/" }), "https://mirror.example");
    assert.equal(hubUrl({ HF_ENDPOINT: "http://127.0.0.1:8000" }), "http://127.0.0.1:8000");
    assert.throws(() => hubUrl({ HF_ENDPOINT: "http://mirror.example" }), /expected an https/);
  });

  it("G10: a proxy is used where the environment names one for it", () => {
    const url = new URL("https://huggingface.co/x");
    const of = (environment: Record<string, string>): string | undefined =>
      proxyFor(url, environment)?.href;
    assert.equal(of({}), undefined);
    assert.equal(of({ HTTPS_PROXY: "http://proxy:3128" }), "http://proxy:3128/");
    assert.equal(of({ https_proxy: "proxy:3128" }), "http://proxy:3128/");
    assert.equal(
      of({ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "a.b,.huggingface.co" }),
      undefined,
    );
    assert.equal(of({ HTTPS_PROXY: "http://p:1", NO_PROXY: "co" }), undefined);
    assert.equal(of({ HTTPS_PROXY: "http://p:1", NO_PROXY: "face.co" }), "http://p:1/");
    assert.equal(proxyFor(new URL("http://127.0.0.1/x"), { HTTPS_PROXY: "http://p:1" }), undefined);
    assert.throws(() => of({ HTTPS_PROXY: "socks5://p:1" }), /only proxies by http/);
  });
});
