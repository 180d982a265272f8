// Turns at the developer tools' fixed ports. Properties that must hold:
// - a port that another program has is named, and the turn given back;
// - who comes second waits for the first, and not for one that was killed;
// - who waits too long is told for whom.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { takeDevtoolsPorts } from "../../support/devtools/ports.js";

const scratch = mkdtempSync(join(tmpdir(), "buddy-ports-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
let locks = 0;
const newLock = (): string => join(scratch, `lock-${locks++}`);

test("a port that another program holds is named, and the turn is given back", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const lock = newLock();
  await assert.rejects(takeDevtoolsPorts({ lock, ports: [port] }), {
    message: new RegExp(
      `^port ${port} is taken \\(EADDRINUSE\\): these tests need 8081, 8082, 8083`,
    ),
  });
  assert.equal(existsSync(lock), false);
  other.close();
  await once(other, "close");
  (await takeDevtoolsPorts({ lock, ports: [port] }))();
});

test("the second waits until the first has given the ports back", async () => {
  const lock = newLock();
  const release = await takeDevtoolsPorts({ lock, ports: [] });
  const order: string[] = [];
  const second = takeDevtoolsPorts({ lock, ports: [] }).then((giveBack) => {
    order.push("second");
    giveBack();
  });
  await assert.rejects(takeDevtoolsPorts({ lock, ports: [], waitMsMax: 0 }), {
    message: new RegExp(`^process ${process.pid} has had the developer tools' ports for 0 ms`),
  });
  order.push("first");
  release();
  await second;
  assert.deepEqual(order, ["first", "second"]);
});

test("a turn whose process was killed is nobody's", async () => {
  const lock = newLock();
  const { pid } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(lock, String(pid));
  (await takeDevtoolsPorts({ lock, ports: [], waitMsMax: 5000 }))();
});
