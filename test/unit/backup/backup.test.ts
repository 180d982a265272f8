// C6: what is backed up comes back byte for byte, while others write; and an archive that is not whole, or was made to do
// harm, changes nothing. Properties: no byte of an archive can be changed or cut without a refusal; nothing is
// ever written outside the directory; a refused restore leaves the directory as it was.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { BackupError } from "../../../src/backup/backup-error.js";
import { readArchive } from "../../../src/backup/read-archive.js";
import { restoreArchive } from "../../../src/backup/restore.js";
import { GZIP_HEAD_BYTES, TAR_END, tarHead } from "../../../src/backup/tar.js";
import { writeArchive } from "../../../src/backup/write-archive.js";
import { Database } from "../../../src/store/database.js";
import { type Entry, forge, summed, pack, packBytes } from "./forged-archive.js";
import { contents, fillData, spawnWriter } from "./data-folder.js";

const WALL_MS = Date.UTC(2026, 0, 31, 12);

let folder: string;
let dataDir: string;
let archive: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "buddy-backup-"));
  dataDir = join(folder, "data");
  archive = join(folder, "a.tar.gz");
  fillData(dataDir);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const make = (to = archive): Promise<unknown> =>
  writeArchive({ dataDir, to, buddyVersion: "1.2.3", wallMs: WALL_MS });
const restore = (
  target: string,
  from = archive,
  isForced = false,
): ReturnType<typeof restoreArchive> =>
  restoreArchive({ archive: from, dataDir: target, isForced, wallMs: WALL_MS });

test("C6: a fresh directory gets identical content, readable by its owner only", async () => {
  await make();
  const target = join(folder, "new");
  const { manifest, movedTo } = await restore(target);
  assert.deepEqual(contents(target), contents(dataDir));
  assert.equal(movedTo, undefined);
  assert.equal(manifest.files.length, 4);
  assert.equal(statSync(archive).mode & 0o777, 0o600);
  assert.equal(statSync(join(target, "link.key")).mode & 0o777, 0o600);
  assert.equal(statSync(target).mode & 0o077, 0);
  assert.deepEqual(readdirSync(folder).sort(), ["a.tar.gz", "data", "new"]);
});

test("C6: what only a running Buddy means, what can be made again and what grows is left out", async () => {
  for (const name of ["runtime.json", "alerts.log", "alerts.log.2", "x.new", "buddy.db.part"]) {
    writeFileSync(join(dataDir, name), "no");
  }
  for (const name of ["logs", "backups", "cache", "robot/.devicescript/bin"]) {
    mkdirSync(join(dataDir, name), { recursive: true });
    writeFileSync(join(dataDir, name, "f"), "no");
  }
  writeFileSync(join(folder, "outside"), "secret of another");
  symlinkSync(join(folder, "outside"), join(dataDir, "link"));
  await make();
  const manifest = await readArchive(archive, undefined);
  assert.deepEqual(
    manifest.files.map(({ path }) => path),
    ["breakers.json", "empty", "link.key", "robot/.devicescript/flash/sim.bin"],
  );
});

test("C6: a person can look into it with tar", async () => {
  await make();
  const listed = execFileSync("tar", ["tzf", archive], { encoding: "utf8" });
  assert.match(listed, /^breakers\.json\nempty\nlink\.key\n.*sim\.bin\nmanifest\.json\n$/s);
});

test("C6: while another process writes, the database is one moment of it, and restored identical", async () => {
  const path = join(dataDir, "buddy.db");
  Database.open(path, ["CREATE TABLE a (n INTEGER); CREATE TABLE b (n INTEGER)"]).close();
  const writer = spawnWriter(path);
  const gone = once(writer, "exit");
  try {
    await once(writer.stdout, "data");
    await make();
  } finally {
    writer.kill("SIGKILL");
    await gone;
  }
  const target = join(folder, "new");
  await restore(target);
  const db = Database.openReadOnly(join(target, "buddy.db"));
  const a = db.all("SELECT n FROM a ORDER BY rowid").map(({ n }) => n);
  const b = db.all("SELECT n FROM b ORDER BY rowid").map(({ n }) => n);
  db.close();
  assert.ok(a.length > 20, `${a.length} rows`);
  assert.deepEqual(a, b);
  assert.deepEqual(a, [...a.keys()]);
  const again = join(folder, "again.tar.gz");
  await writeArchive({ dataDir: target, to: again, buddyVersion: "1.2.3", wallMs: WALL_MS });
  const [first, second] = [
    await readArchive(archive, undefined),
    await readArchive(again, undefined),
  ];
  const others = ({ path }: { path: string }): boolean => path !== "buddy.db";
  assert.deepEqual(second.files.filter(others), first.files.filter(others));
});

async function refusal(from: string): Promise<string> {
  const target = join(folder, "target");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "mine"), "stays");
  const before = readdirSync(folder).sort();
  const error = await restore(target, from, true).then(
    () => assert.fail("it was restored"),
    (why: unknown) => why,
  );
  assert.ok(error instanceof BackupError, String(error));
  assert.deepEqual(contents(target), { mine: Buffer.from("stays").toString("base64") });
  assert.deepEqual(readdirSync(folder).sort(), before);
  return `${error.code}: ${error.message}`;
}

test("C6: not one byte of an archive can be changed, and it cannot be cut or made longer", async () => {
  await make();
  const whole = readFileSync(archive);
  const broken = join(folder, "broken.tar.gz");
  const offsets = new Set<number>();
  for (let i = 0; i < 24; i++) offsets.add(i).add(whole.length - 1 - i);
  for (let i = 0; i < whole.length; i += 37) offsets.add(i);
  for (const offset of offsets) {
    const bytes = Buffer.from(whole);
    bytes[offset] = (bytes[offset] as number) ^ 0x20;
    writeFileSync(broken, bytes);
    const answer = await readArchive(broken, undefined).then(
      () => "taken",
      (error: unknown) => (error instanceof BackupError ? error.code : String(error)),
    );
    assert.equal(answer, "STORE_BACKUP_DAMAGED", `byte ${offset} of ${whole.length}`);
  }
  for (const length of [0, 1, 9, 10, 200, whole.length >> 1, whole.length - 8, whole.length - 1]) {
    writeFileSync(broken, whole.subarray(0, length));
    assert.match(await refusal(broken), /^STORE_BACKUP_DAMAGED: /, `${length} bytes`);
  }
  for (const tail of [Buffer.from("x"), Buffer.alloc(512), whole]) {
    writeFileSync(broken, whole);
    appendFileSync(broken, tail);
    assert.match(await refusal(broken), /^STORE_BACKUP_DAMAGED: /, `${tail.length} more bytes`);
  }
  writeFileSync(broken, "PK not a backup".repeat(9));
  assert.match(await refusal(broken), /does not begin as a backup of Buddy does/);
  assert.match(await refusal(join(folder, "nowhere")), /STORE_BACKUP_FAILED: .*ENOENT/);
});

test("C6: a forged archive writes nothing outside, follows no link and is refused with its reason", async () => {
  assert.equal((await readArchive(forge(folder, [["a", "1"]]), undefined)).files.length, 1);
  for (const path of ["../evil", "a/../../evil", "/etc/evil", "a//b", "a/", "./a", "a\\b", "a b"]) {
    assert.match(await refusal(forge(folder, [[path, "x"]])), /STORE_BACKUP_DAMAGED/, path);
  }
  assert.equal(existsSync(join(folder, "evil")), false);
  const twice: Entry[] = [
    ["a", "1"],
    ["a", "2"],
  ];
  assert.match(await refusal(forge(folder, twice)), /a is there twice/);
  const clash = "robot is a file, and the folder of robot/flash/sim.bin";
  const [file, inside]: Entry[] = [
    ["robot", "1"],
    ["robot/flash/sim.bin", "2"],
  ];
  for (const order of [
    [file, inside],
    [inside, file],
  ] as Entry[][]) {
    assert.match(await refusal(forge(folder, order)), new RegExp(clash));
    await assert.rejects(readArchive(forge(folder, order), undefined), new RegExp(clash));
  }
  const link = tarHead({ path: "a", bytes: 0 });
  link.write("2", 156, "latin1");
  link.write("/etc/passwd", 157, "latin1");
  assert.match(
    await refusal(pack(folder, [summed(link), TAR_END])),
    /the head of a is not one of ours/,
  );
  const huge = tarHead({ path: "a", bytes: 3 * 2 ** 30 });
  assert.match(
    await refusal(pack(folder, [huge])),
    /STORE_BACKUP_LIMIT: at a the archive holds 1 files of 3221225472 bytes.* at most 10000 of 2147483648/,
  );
});

test("C6: a disk without room for the archive is named before it is full", async () => {
  await make();
  const into = join(folder, "into");
  mkdirSync(into);
  const room = (bytes: number) => readArchive(archive, into, () => Promise.resolve(bytes));
  await assert.rejects(room(2999), {
    code: "STORE_BACKUP_LIMIT",
    message: /sim\.bin needs 3000 bytes, and the disk of .* has 2999 left; make room there/,
  });
  assert.equal(existsSync(join(into, "robot")), false);
  rmSync(into, { recursive: true });
  mkdirSync(into);
  assert.equal((await room(3000)).files.length, 4);
});

test("C6: a manifest that does not fit is refused, and one of a newer Buddy says so", async () => {
  const one: Entry[] = [["a", "1"]];
  const sha256 = "0".repeat(64);
  const file = { path: "a", bytes: 1, sha256 };
  assert.match(await refusal(forge(folder, one, { files: [file] })), /a has another content/);
  assert.match(await refusal(forge(folder, one, { files: [] })), /a is not in its manifest/);
  const more = [{ path: "b", bytes: 0, sha256 }];
  assert.match(await refusal(forge(folder, [], { files: more })), /b is missing/);
  assert.match(
    await refusal(forge(folder, one, { version: 2 })),
    /STORE_BACKUP_NEWER: .*update Buddy/,
  );
  assert.match(await refusal(forge(folder, one, { version: "1" })), /its manifest: /);
  assert.match(await refusal(forge(folder, one, { extra: true })), /its manifest: /);
  const body = gzipSync(Buffer.concat([tarHead({ path: "a", bytes: 0 }), TAR_END]));
  const cut = packBytes(folder, body.subarray(GZIP_HEAD_BYTES, -9));
  assert.match(await refusal(cut), /STORE_BACKUP_DAMAGED: /);
  const tail = packBytes(folder, Buffer.concat([body.subarray(GZIP_HEAD_BYTES), Buffer.from("x")]));
  assert.match(await refusal(tail), /STORE_BACKUP_DAMAGED: /);
  const without = [tarHead({ path: "a", bytes: 0 }), TAR_END];
  assert.match(await refusal(pack(folder, without)), /no manifest/);
});

test("C6: a database that is damaged inside a whole archive is refused too", async () => {
  await assert.rejects(
    restore(join(folder, "t"), forge(folder, [["buddy.db", "not a database"]])),
    {
      code: "STORE_DB_DAMAGED",
    },
  );
  assert.equal(existsSync(join(folder, "t")), false);
});

test("C6: a directory with content is replaced only by force, and then moved aside", async () => {
  await make();
  const target = join(folder, "target");
  mkdirSync(target);
  await restore(target);
  writeFileSync(join(target, "mine"), "kept");
  await assert.rejects(restore(target), { code: "STORE_BACKUP_TARGET" });
  const { movedTo } = await restore(target, archive, true);
  assert.equal(movedTo, `${target}.before-restore-20260131T120000Z`);
  assert.equal(readFileSync(join(movedTo ?? "", "mine"), "utf8"), "kept");
  assert.deepEqual(contents(target), contents(dataDir));
});

test("C6: an archive that exists is not overwritten, and a failed one leaves nothing behind", async () => {
  await make();
  await assert.rejects(make(), { code: "STORE_BACKUP_TARGET" });
  mkdirSync(join(dataDir, "sub"));
  writeFileSync(join(dataDir, "sub", "strange name"), "");
  const other = join(folder, "b.tar.gz");
  await assert.rejects(make(other), { code: "STORE_BACKUP_LIMIT" });
  rmSync(join(dataDir, "sub"), { recursive: true });
  writeFileSync(join(dataDir, "buddy.db"), "no database");
  chmodSync(join(dataDir, "buddy.db"), 0o600);
  await assert.rejects(make(other), { code: "STORE_DB_DAMAGED" });
  assert.deepEqual(readdirSync(folder).sort(), ["a.tar.gz", "data"]);
});

test("C6: no data directory is no backup: it is said and nothing is made", async () => {
  const none = join(folder, "typo");
  const to = join(none, "backups/a.tar.gz");
  await assert.rejects(writeArchive({ dataDir: none, to, buddyVersion: "1", wallMs: WALL_MS }), {
    code: "STORE_BACKUP_FAILED",
    message: /there is no data directory .*typo.*--data/,
  });
  assert.deepEqual(readdirSync(folder), ["data"]);
});
