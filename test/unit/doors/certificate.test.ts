/** Properties (G2): our authority's certificate is one that clients take, lasts, and is renewed; what cannot be used is named. */
import assert from "node:assert/strict";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { certify } from "../../../src/doors/authority.js";
import { loadTls, TlsError, TlsFiles } from "../../../src/doors/tls-files.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const DAY_MS = 24 * 3_600_000;
const NAMES = ["buddy.local", "192.168.1.7", "fd00::2", "localhost"];
const folder = mkdtempSync(join(tmpdir(), "buddy-tls-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const nowMs = Date.now();
let count = 0;
const newDir = (): string => join(folder, String(++count));

test("G2: a client that trusts the authority takes the door's certificate by name and by address", async (t) => {
  const made = await certify(newDir(), NAMES, nowMs);
  const { pem } = loadTls(made, nowMs);
  const server = createServer(pem, (_request, response) => response.end("ok")).listen(0);
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const ask = async (servername: string): Promise<string> => {
    const { authority: ca } = made;
    const asked = request({
      host: "127.0.0.1",
      port,
      servername,
      ca,
      agent: false,
      headers: { host: servername },
    });
    asked.end();
    const outcome = await once(asked, "response").then(
      () => "ok",
      (error: NodeJS.ErrnoException) => error.code ?? "",
    );
    asked.destroy();
    return outcome;
  };
  assert.equal(await ask("buddy.local"), "ok");
  assert.equal(await ask("evil.example"), "ERR_TLS_CERT_ALTNAME_INVALID");
  const leaf = new X509Certificate(pem.cert);
  assert.equal(leaf.checkIP("192.168.1.7"), "192.168.1.7");
  assert.ok(leaf.checkIP("fd00::2"));
  const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / DAY_MS;
  assert.ok(days <= 398, `${days} days; phones take no more`);
});

test("the keys are readable by their owner alone; what is good is kept, authority and all", async () => {
  const dir = newDir();
  const first = await certify(dir, NAMES, nowMs);
  for (const name of ["authority.key", "door.key"]) {
    assert.equal(statSync(join(dir, name)).mode & 0o777, 0o600, name);
  }
  const cert = readFileSync(first.certFile, "utf8");
  const again = await certify(dir, NAMES, nowMs + 300 * DAY_MS);
  assert.equal(again.authority, first.authority);
  assert.equal(readFileSync(again.certFile, "utf8"), cert);
});

test("a new name, an end that is near, a damaged or foreign certificate: made anew by the same authority", async () => {
  const dir = newDir();
  const { authority, certFile } = await certify(dir, NAMES, nowMs);
  const other = await certify(newDir(), NAMES, nowMs);
  const injuries: (() => readonly [readonly string[], number])[] = [
    () => [[...NAMES, "10.0.0.9"], nowMs],
    () => [NAMES, nowMs + 370 * DAY_MS],
    () => (writeFileSync(certFile, "no certificate"), [NAMES, nowMs]),
    () => (writeFileSync(certFile, readFileSync(other.certFile)), [NAMES, nowMs]),
  ];
  for (const injure of injuries) {
    const before = readFileSync(certFile, "utf8");
    const [names, wallMs] = injure();
    const made = await certify(dir, names, wallMs);
    assert.equal(made.authority, authority);
    assert.notEqual(readFileSync(certFile, "utf8"), before);
    const leaf = new X509Certificate(readFileSync(certFile, "utf8"));
    assert.ok(leaf.verify(new X509Certificate(authority).publicKey));
    for (const name of names) assert.ok(leaf.checkHost(name) ?? leaf.checkIP(name), name);
  }
});

test("an authority that cannot be used is named and never replaced", async () => {
  const dir = newDir();
  await certify(dir, NAMES, nowMs);
  writeFileSync(join(dir, "authority.key"), "gone");
  await assert.rejects(
    certify(dir, NAMES, nowMs),
    /authority\.key cannot be used.*backup.*delete both/,
  );
  const late = newDir();
  await certify(late, NAMES, nowMs);
  await assert.rejects(certify(late, NAMES, nowMs + 3700 * DAY_MS), /it has expired/);
});

test("files that are missing, of another kind, mismatched or no PEM are named with what is wrong", async () => {
  const made = await certify(newDir(), NAMES, nowMs);
  const key = join(folder, "other.key");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(key, privateKey.export({ type: "pkcs8", format: "pem" }));
  const text = join(folder, "text");
  writeFileSync(text, "hello");
  const cases: [Parameters<typeof loadTls>[0], RegExp][] = [
    [{ ...made, certFile: "/nowhere/x.pem" }, /\/nowhere\/x\.pem cannot be read \(ENOENT\)/],
    [{ ...made, certFile: folder }, /is a folder, not a file/],
    [{ ...made, keyFile: "/dev/null" }, /\/dev\/null is a device, not a file/],
    [{ ...made, keyFile: key }, /other\.key is not the key of .*door\.crt/],
    [{ ...made, certFile: text }, /text holds no certificate/],
    [{ ...made, keyFile: text }, /text holds no private key/],
  ];
  for (const [paths, words] of cases) {
    assert.throws(
      () => loadTls(paths, nowMs),
      (error: unknown) => {
        assert.ok(error instanceof TlsError);
        assert.match(error.message, words);
        return true;
      },
    );
  }
  assert.match(loadTls(made, nowMs + 391 * DAY_MS).warning ?? "", /expired on \d{4}-\d\d-\d\d/);
  assert.match(loadTls(made, nowMs + 385 * DAY_MS).warning ?? "", /ends on .*renew it/);
  assert.match(loadTls(made, nowMs - 2 * DAY_MS).warning ?? "", /valid from .* on only/);
  assert.equal(loadTls(made, nowMs).warning, undefined);
});

test("G2: files that change are taken, bad ones are told once and the last good ones serve on", async () => {
  const [one, two] = [
    await certify(newDir(), NAMES, nowMs),
    await certify(newDir(), ["a.example"], nowMs),
  ];
  const clock = new FakeClock();
  const told: string[] = [];
  const taken: string[] = [];
  const files = new TlsFiles(one, clock, (level, line) => told.push(`${level} ${line}`));
  files.onTaken(({ cert }) => taken.push(cert));
  told.splice(0);
  const [cert, key] = [readFileSync(two.certFile, "utf8"), readFileSync(two.keyFile, "utf8")];
  const before = files.pem;
  writeFileSync(one.certFile, cert);
  for (let i = 0; i < 3; i++) await clock.advance(5000);
  assert.equal(told.length, 1);
  assert.match(
    told[0] ?? "",
    /^warn .*is not the key of .*the last one that worked goes on serving/,
  );
  assert.deepEqual(files.pem, before);
  writeFileSync(one.keyFile, key);
  await clock.advance(5000);
  assert.deepEqual(taken, [cert]);
  assert.deepEqual(files.names, ["a.example"]);
  files.close();
});
