/** Properties: the first certificate of a camera is the one that is taken from then on, over restarts too; nothing is lost unsaid. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { CertificateFile } from "../../../../src/vision/camera/certificates.js";

const folder = mkdtempSync(join(tmpdir(), "buddy-certificates-"));
after(() => rmSync(folder, { recursive: true }));

const fingerprint = (pair: string): string => Array<string>(32).fill(pair).join(":");
const [FIRST, OTHER] = [fingerprint("A1"), fingerprint("B2")];

async function open(path: string | undefined): Promise<{ file: CertificateFile; said: string[] }> {
  const said: string[] = [];
  const file = new CertificateFile(path, (level, message) => said.push(`${level} ${message}`));
  await file.load();
  return { file, said };
}

test("the first is taken and told, any other is not, also after a restart", async () => {
  const path = join(folder, "kept.json");
  const { file, said } = await open(path);
  assert.equal(file.judge("cam:443", FIRST), "new");
  assert.equal(file.judge("cam:443", FIRST), "known");
  assert.equal(file.judge("cam:443", OTHER), "changed");
  assert.equal(file.judge("cam:8443", OTHER), "new", "another door, another camera");
  await file.close();
  assert.match(said[0] ?? "", /^info the camera at cam:443 has a certificate of its own/);
  assert.equal(said.length, 2);
  const again = await open(path);
  assert.equal(again.file.judge("cam:443", OTHER), "changed");
  assert.equal(again.file.judge("cam:443", FIRST), "known");
  assert.deepEqual(again.said, []);
});

test("without a file it is remembered for this run", async () => {
  const { file } = await open(undefined);
  assert.equal(file.judge("cam:443", FIRST), "new");
  assert.equal(file.judge("cam:443", OTHER), "changed");
});

test("a damaged file, and one that cannot be written, are told", async () => {
  const damaged = join(folder, "damaged.json");
  writeFileSync(damaged, '{"cam:443": "no fingerprint"}');
  const { file, said } = await open(damaged);
  assert.match(said[0] ?? "", /^warn .*damaged\.json cannot be read, so any certificate is new/);
  assert.equal(file.judge("cam:443", FIRST), "new");
  const nowhere = await open(join(folder, "none", "x.json"));
  nowhere.file.judge("cam:443", FIRST);
  await nowhere.file.close();
  assert.match(
    nowhere.said.at(-1) ?? "",
    /^warn the camera's certificate is not remembered: .*ENOENT/,
  );
});

test("more than 100 cameras are not remembered, and that is told", async () => {
  const path = join(folder, "many.json");
  const { file, said } = await open(path);
  for (let i = 0; i <= 100; i++) file.judge(`cam-${i}:443`, FIRST);
  await file.close();
  assert.match(said.at(-1) ?? "", /^warn more than 100 cameras/);
  const again = await open(path);
  assert.equal(again.file.judge("cam-99:443", OTHER), "changed");
  assert.equal(again.file.judge("cam-100:443", OTHER), "new");
});
