// The doctor names what is missing and the command that mends it, and never a secret.
import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { startOptionsSchema } from "../../../src/companion/options.js";
import { writeRuntime } from "../../../src/datadir/runtime-file.js";
import { checkData, stillStanding } from "../../../src/doctor/data.js";
import { checkLock, checkNode, checkPieces } from "../../../src/doctor/install.js";
import { type Line, lineText } from "../../../src/doctor/line.js";
import { checkBuddyDb } from "../../../src/doctor/database.js";
import { checkPorts, ownerIn } from "../../../src/doctor/ports.js";
import { checkRunning } from "../../../src/doctor/running.js";
import { checkModels, checkTools } from "../../../src/doctor/tools.js";
import { Database } from "../../../src/store/database.js";
import { MIGRATIONS } from "../../../src/store/migrations.js";
import { systemClock } from "../../../src/time/clock.js";
import { startWebServer } from "../../../src/web/server.js";
import { FakeServices } from "../../support/services.js";

const WALL_MS = Date.UTC(2026, 0, 31, 12);

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "buddy-doctor-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const find = (lines: readonly Line[], id: string): Line => {
  const found = lines.find((one) => one.id === id);
  assert.ok(found !== undefined, `no line ${id}: ${JSON.stringify(lines)}`);
  return found;
};

test("an old Node is named with what is needed", () => {
  assert.equal(checkNode("20.19.0").state, "ok");
  assert.equal(checkNode("22.1.0").state, "ok");
  const old = checkNode("20.18.3");
  assert.equal(old.state, "mend");
  assert.match(old.text, /20\.18\.3; Buddy needs 20\.19/);
});

test("what is not built or not installed is named, with its command", () => {
  const lines = checkPieces(dir);
  assert.ok(lines.every(({ state, next }) => state === "mend" && next !== ""));
  assert.match(find(lines, "firmware").text, /dist\/firmware\/sim\.devs/);
  assert.equal(find(lines, "libraries").next, "npm run setup");
  assert.equal(checkLock(dir).state, "note");
  writeFileSync(join(dir, "package-lock.json"), "{}");
  mkdirSync(join(dir, "node_modules"));
  writeFileSync(join(dir, "node_modules/.package-lock.json"), "{}");
  writeFileSync(join(dir, "node_modules/.buddy-lock"), "another");
  assert.equal(checkLock(dir).state, "mend");
});

test("optional programs are notes with their command, and those in the PATH are found", () => {
  const none = checkTools(dir);
  assert.ok(none.every(({ state }) => state === "note"));
  assert.equal(find(none, "espeak-ng").next, "apt install espeak-ng");
  writeFileSync(join(dir, "flite"), "", { mode: 0o755 });
  assert.equal(find(checkTools(dir), "flite").state, "ok");
});

test("A14: variables of the models are named and their values never shown", () => {
  const secret = "sk-canary-0123456789abcdef";
  const found = checkModels({ OPENAI_API_KEY: secret, BUDDY_MODELS: "ollama/gemma3:4b" });
  assert.deepEqual([found.state, found.text], ["ok", "Set: BUDDY_MODELS, OPENAI_API_KEY."]);
  assert.equal(checkModels({}).state, "note");
  const wrong = checkModels({ BUDDY_MODELS: "nobody" });
  assert.equal(wrong.state, "mend");
  assert.match(wrong.text, /got "nobody"/);
});

test("C6: the data directory: keys that others can read, backups, alerts that stand", async () => {
  const fresh = await checkData(join(dir, "new"), WALL_MS);
  assert.equal(find(fresh, "data").state, "note");
  writeFileSync(join(dir, "link.key"), "secret-canary");
  chmodSync(join(dir, "link.key"), 0o644);
  writeFileSync(join(dir, "mind.json"), "{}", { mode: 0o644 });
  mkdirSync(join(dir, "backups"));
  writeFileSync(join(dir, "backups/buddy-20260128T120000Z.tar.gz"), "");
  const record = {
    wallMs: WALL_MS,
    event: "raised",
    key: "part vision",
    severity: "critical",
    text: "Face detector was given up: it died.",
    next: "See its log.",
    sinceWallMs: WALL_MS,
    count: 1,
  };
  const old = { ...record, key: "backup", text: "There is no backup." };
  writeFileSync(
    join(dir, "alerts.log"),
    `${[record, old].map((one) => JSON.stringify(one)).join("\n")}\ntorn`,
  );
  const lines = await checkData(dir, WALL_MS);
  assert.equal(find(lines, "data").state, "ok");
  assert.equal(find(lines, "keys").state, "mend");
  assert.match(find(lines, "keys").next, /chmod 600 .*link\.key.*mind\.json/);
  assert.deepEqual(
    [find(lines, "backup").state, find(lines, "backup").next],
    ["note", "`buddy backup`"],
  );
  assert.match(find(lines, "backup").text, /3\.0 days old/);
  assert.match(find(lines, "alerts").text, /Face detector was given up/);
  assert.doesNotMatch(find(lines, "alerts").text, /backup/, "it has a line of its own");
  const asked = await checkData(dir, WALL_MS, false);
  assert.ok(!asked.some(({ id }) => id === "alerts"), "a Buddy that answers tells its own");
  assert.doesNotMatch(JSON.stringify(lines), /secret-canary/);
});

test("A14: keys and settings that a start could not use are named without a character of them", async () => {
  const content = (): Promise<string> =>
    checkData(dir, WALL_MS).then((all) => lineText(find(all, "keys")));
  for (const name of ["link.key", "token", "mcp.token"]) {
    for (const [text, why] of [
      ["", /expected \d+ hex digits, found 0/],
      ["canary-canary", /expected \d+ hex digits, found 13/],
    ] as const) {
      writeFileSync(join(dir, name), text, { mode: 0o600 });
      assert.match(await content(), new RegExp(`^MEND.*${name} is damaged: .*${why.source}`));
    }
    rmSync(join(dir, name));
  }
  for (const text of [
    "",
    "{",
    '{"openaiApiKey": canary-0123456789}',
    '{"openaiApiKey":"canary-0123456789" "',
    '{"openaiApiKey":"canary"}',
    '{"perHourMax":"canary"}',
  ]) {
    writeFileSync(join(dir, "mind.json"), text, { mode: 0o600 });
    const told = await content();
    assert.match(told, /^MEND.*mind\.json is damaged: .*\n.*next: mind\.json: correct it/);
    assert.doesNotMatch(told, /canary/);
  }
  rmSync(join(dir, "mind.json"));
  mkdirSync(join(dir, "link.key"));
  assert.match(await content(), /^MEND.*link\.key cannot be read \(EISDIR\)/);
});

test("a data directory that is none, or lies below a file, is one line with what to do", async () => {
  writeFileSync(join(dir, "file"), "");
  for (const path of ["file", "file/below", "file/below/deep"]) {
    const [only, ...others] = await checkData(join(dir, path), WALL_MS);
    assert.deepEqual([only?.id, only?.state, others.length], ["data", "mend", 0]);
    assert.match(only?.text ?? "", /file is not a directory/);
    assert.match(only?.next ?? "", /--data/);
  }
});

test("a mind.json or buddy.db that is gone where Buddy has run is named, with the way back", async () => {
  const keys = async (): Promise<Line> => find(await checkData(dir, WALL_MS), "keys");
  // Nothing has run here: nothing was lost.
  assert.deepEqual([(await keys()).state, (await checkBuddyDb(dir)).state], ["ok", "ok"]);
  writeFileSync(join(dir, "breakers.json"), "{}");
  assert.match(lineText(await keys()), /^MEND.*mind\.json is not there.*\n.*buddy restore/);
  assert.match(
    lineText(await checkBuddyDb(dir)),
    /^MEND.*buddy\.db is not there.*\n.*there is no backup; the next start begins a new one/,
  );
  writeFileSync(join(dir, "buddy.db"), "");
  writeFileSync(join(dir, "mind.json"), "{}", { mode: 0o600 });
  assert.equal((await keys()).state, "ok");
  assert.match((await checkBuddyDb(dir)).text, /buddy\.db is empty, though Buddy has run here/);
  mkdirSync(join(dir, "backups"));
  writeFileSync(join(dir, "backups/buddy-20260128T120000Z.tar.gz"), "");
  assert.match((await checkBuddyDb(dir)).next, /`buddy restore .*20260128.* --data .* --force`/);
});

test("what cannot be looked at is a line of its own and hides no other", async () => {
  writeFileSync(join(dir, "backups"), "");
  mkdirSync(join(dir, "alerts.log"));
  const lines = await checkData(dir, WALL_MS);
  for (const id of ["backup", "alerts"]) {
    assert.equal(find(lines, id).state, "mend");
    assert.match(find(lines, id).text, /could not be looked at: E(NOTDIR|ISDIR)/);
  }
  assert.equal(find(lines, "keys").state, "ok");
});

test("a damaged database is named, with the backup that mends it, and not a byte is changed", async () => {
  assert.equal((await checkBuddyDb(dir)).state, "ok");
  const path = join(dir, "buddy.db");
  const db = Database.open(path, MIGRATIONS);
  try {
    db.run("CREATE TABLE words (word TEXT)");
    for (let i = 0; i < 200; i++) db.run("INSERT INTO words VALUES (?)", "x".repeat(100));
    const before = readdirSync(dir).sort();
    assert.equal(
      (await checkBuddyDb(dir)).state,
      "ok",
      "also what is in the write-ahead file only",
    );
    assert.deepEqual(readdirSync(dir).sort(), before);
  } finally {
    db.close();
  }
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4096, 12_288);
  writeFileSync(path, bytes);
  const files = readdirSync(dir).sort();
  const none = await checkBuddyDb(dir);
  assert.equal(none.state, "mend");
  assert.match(lineText(none), /database is damaged.*\n.*there is no backup/);
  mkdirSync(join(dir, "backups"));
  writeFileSync(join(dir, "backups/buddy-20260128T120000Z.tar.gz"), "");
  assert.match((await checkBuddyDb(dir)).next, /`buddy restore .*20260128.* --data .* --force`/);
  assert.deepEqual(readFileSync(path), bytes);
  assert.deepEqual(readdirSync(dir).sort(), ["backups", ...files]);
});

test("an alert that was cleared does not stand, one raised again does", () => {
  const severity = "warning" as const;
  const base = { wallMs: 1, severity, text: "t", next: "", sinceWallMs: 1, count: 1 };
  const of = (key: string, event: "raised" | "cleared") => ({ ...base, key, event }) as const;
  const records = [of("a", "raised"), of("b", "raised"), of("a", "cleared"), of("b", "cleared")];
  assert.deepEqual(stillStanding(records), []);
  assert.equal(stillStanding([...records, of("a", "raised")])[0]?.key, "a");
});

test("L2: an address that is not ours and a port given twice are told as what they are", async () => {
  const base = { port: 0, visionPort: 0, wsPort: 0, udpPort: 0, linkPort: 0, data: dir };
  const far = startOptionsSchema.parse({ ...base, host: "192.0.2.7" });
  const [host, ...others] = await checkPorts(far, undefined);
  assert.deepEqual([host?.id, host?.state, others.length], ["host", "mend", 0]);
  assert.match(
    lineText(host as Line),
    /192\.0\.2\.7 is not an address of this machine.*\n.*--host/,
  );
  const twice = startOptionsSchema.parse({ ...base, port: 39_001, wsPort: 39_001 });
  const line = find(await checkPorts(twice, undefined), "port-ws-port");
  assert.equal(line.state, "mend");
  assert.match(
    lineText(line),
    /given to --port and to --ws-port.*\n.*choose another with --ws-port/,
  );
});

test("L2: a port in use is named with its option, and by whom where the system tells", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const free = { visionPort: 0, wsPort: 0, udpPort: 0, linkPort: 0 };
    const options = startOptionsSchema.parse({ ...free, port, data: dir });
    const taken = find(await checkPorts(options, undefined), "port-port");
    assert.equal(taken.state, "mend");
    assert.match(taken.text, /--port: in use by (another program|\S+ \(process \d+\))/);
    const door = "127.0.0.1:1";
    const page = `127.0.0.1:${port}`;
    const ours = { pid: 1, page, visionApi: door, robotWs: door, robotUdp: door, link: door };
    assert.equal(find(await checkPorts(options, ours), "port-port").state, "ok");
  } finally {
    server.close();
  }
  assert.equal(
    ownerIn('LISTEN 0 5 127.0.0.1:5000 0.0.0.0:* users:(("python3",pid=12,fd=3))'),
    "python3 (process 12)",
  );
});

test("a Buddy that runs is asked; one that ended badly or does not answer is told as that", async () => {
  assert.equal(find((await checkRunning(dir)).lines, "running").state, "note");
  const door = "127.0.0.1:1";
  const doors = { visionApi: door, robotWs: door, robotUdp: door, link: door };
  writeRuntime(dir, { pid: 2 ** 22 + 1, page: door, ...doors });
  assert.match(find((await checkRunning(dir)).lines, "running").text, /ended without cleaning up/);
  writeRuntime(dir, { pid: process.pid, page: door, ...doors });
  const silent = find((await checkRunning(dir)).lines, "running");
  assert.equal(silent.state, "mend");
  assert.match(silent.text, /does not answer/);
  const server = await startWebServer(
    { host: "127.0.0.1", port: 0, version: "1" },
    { services: new FakeServices(systemClock), clock: systemClock, log: () => undefined },
  );
  try {
    writeRuntime(dir, { pid: process.pid, page: `127.0.0.1:${server.port}`, ...doors });
    const { lines } = await checkRunning(dir);
    assert.equal(find(lines, "running").state, "ok", JSON.stringify(lines));
    assert.equal(find(lines, "health").state, "ok");
  } finally {
    await server.close();
  }
});
