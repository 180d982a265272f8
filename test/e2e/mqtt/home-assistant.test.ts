// Home Assistant's door against mosquitto. Properties:
// - it introduces itself with retained messages, again at each birth of Home Assistant and after the broker's restart;
// - online and offline are true: at a stop, at a kill by the last will, against what others write there;
// - commands of the list are done, all others, retained ones and floods are refused with words; nothing hostile ends it;
// - the broker's password and certificate are asked for; a picture is not left on the broker.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { certify } from "../../../src/doors/authority.js";
import { EXPIRE_S } from "../../../src/mqtt/discovery.js";
import { startMqtt, type MqttDeps } from "../../../src/mqtt/start-mqtt.js";
import type { HealthSource } from "../../../src/state/health.js";
import { systemClock } from "../../../src/time/clock.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";
import { Broker, brokerOptions, mqttDeps } from "../../support/broker.js";
import { WAIT_MS, Watcher } from "../../support/mqtt-watcher.js";
import { FakeServices } from "../../support/services.js";

const options = brokerOptions();

describe("G8: Home Assistant", options, () => {
  const broker = new Broker();
  let services = new FakeServices(systemClock);
  let lines: string[] = [];
  let health: HealthSource | undefined;
  const watchers: Watcher[] = [];
  const ends: (() => Promise<void>)[] = [];

  before(() => broker.start());
  after(() => broker.close());
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    for (const { client } of watchers.splice(0)) await client.endAsync(true);
  });

  const url = (): string => `mqtt://127.0.0.1:${broker.port}`;
  async function startBuddy(change: Partial<MqttDeps> = {}): Promise<() => Promise<void>> {
    services = new FakeServices(systemClock);
    lines = [];
    const end = await startMqtt({
      ...mqttDeps(url(), services),
      watch: (source) => (health = source),
      log: (level, message) => lines.push(`${level} ${message}`),
      ...change,
    });
    ends.push(end);
    return end;
  }
  async function watch(): Promise<Watcher> {
    const watcher = await Watcher.open(broker.port);
    watchers.push(watcher);
    return watcher;
  }

  test("G8: it introduces itself, tells its state as it changes, and says goodbye", async () => {
    const end = await startBuddy();
    const home = await watch();
    await home.until("/availability", "online");
    const discovery = JSON.parse(home.last("/config") ?? "{}") as { components?: object };
    assert.ok(Object.keys(discovery.components ?? {}).includes("mood"));
    services.change(({ robot }) => void (robot.emotion = "CURIOUS"));
    await until("the mood", WAIT_MS, () => home.last("/state")?.includes('"mood":"curious"'));
    services.frame(Buffer.from([0xff, 0xd8, 0xff, 0xd9]));
    await home.client.publishAsync("homeassistant/status", "online", { qos: 1 });
    await until("the picture", WAIT_MS, () => home.count("/snapshot") > 0);
    await end();
    await home.until("/availability", "offline");
    const later = await watch();
    await later.until("/availability", "offline");
    assert.ok(later.seen.every(({ isRetained }) => isRetained));
    assert.equal(later.count("/snapshot"), 0, "no picture stays on the broker");
    assert.equal(later.count("/config"), 1, "it is still a device of Home Assistant");
  });

  test("G8: at each birth of Home Assistant it introduces itself again", async () => {
    await startBuddy();
    const home = await watch();
    await home.until("/availability", "online");
    const [configs, states] = [home.count("/config"), home.count("/state")];
    await home.client.publishAsync("homeassistant/status", "offline");
    await home.client.publishAsync("homeassistant/status", "online");
    await until(
      "both",
      WAIT_MS,
      () => home.count("/config") > configs && home.count("/state") > states,
    );
  });

  test("G8: its state is repeated while nothing changes, before Home Assistant takes it for lost", async () => {
    const clock = new FakeClock();
    await startBuddy({ clock });
    const home = await watch();
    await home.until("/availability", "online");
    const [states, last] = [home.count("/state"), home.last("/state")];
    await clock.advance((EXPIRE_S * 1000) / 2);
    await until("the same again", WAIT_MS, () => home.count("/state") > states);
    assert.equal(home.last("/state"), last);
  });

  test("G8: commands of the list are done; others, retained and hostile ones are refused in words", async () => {
    await startBuddy();
    const home = await watch();
    await home.until("/availability", "online");
    await home.command("nod", "PRESS");
    await home.command("express", "curious");
    await until("both lines", WAIT_MS, () => services.lines.length === 2);
    assert.deepEqual(services.lines, ["NOD:2", "EXPRESS:curious"]);
    await home.command("say", "The washing is done.");
    await until("the words", WAIT_MS, () => services.mind.told.length === 1);
    await home.command("quiet", "ON");
    await until("the switch", WAIT_MS, () => services.mind.changes.length === 1);
    await home.command("volume", "40");
    await until("the volume", WAIT_MS, () => services.mind.changes.length === 2);
    assert.deepEqual(services.mind.changes, [{ speaksUp: false }, { volume: 40 }]);
    await home.command("stop", "PRESS");
    await until(
      "the stop",
      WAIT_MS,
      () => services.mind.stops === 1 && services.lines.includes("IDLE"),
    );
    const before = services.lines.length;
    const refusals: [string, string | Buffer, boolean, string][] = [
      ["restart", "PRESS", false, "MQTT_COMMAND"],
      ["express", "curious\nRESTART", false, "MQTT_PAYLOAD"],
      ["say", Buffer.from([0xff, 0x00]), false, "MQTT_PAYLOAD"],
    ];
    for (const [name, payload, retain, code] of refusals) {
      const count = home.count("/refused");
      await home.command(name, payload, retain);
      await until(`${name}'s refusal`, WAIT_MS, () => home.count("/refused") > count);
      assert.match(home.last("/refused") ?? "", new RegExp(`"code":"${code}"`));
    }
    assert.equal(services.lines.length, before, "none of it reached the robot");
    services.change(({ robot }) => void (robot.linked = false));
    await home.command("nod", "PRESS");
    await until("its refusal", WAIT_MS, () => home.last("/refused")?.includes("ROBOT_AWAY"));
  });

  test("G8: a command that was left on the broker is not done at the next start", async () => {
    const end = await startBuddy();
    const home = await watch();
    await home.until("/availability", "online");
    await end();
    await home.command("nod", "PRESS", true);
    await home.command("celebrate", "PRESS", true);
    await startBuddy();
    await until(
      "their refusal",
      WAIT_MS,
      () => lines.filter((one) => one.includes("MQTT_RETAINED")).length === 2,
    );
    assert.deepEqual(services.lines, []);
    await home.command("nod", "", true);
    await home.command("celebrate", "", true);
  });

  test("G8: a flood of commands moves it as often as it may; a stop is never too often", async () => {
    await startBuddy();
    const home = await watch();
    await home.until("/availability", "online");
    await Promise.all(Array.from({ length: 200 }, () => home.command("nod", "PRESS")));
    for (let n = 0; n < 10; n++) await home.command("stop", "PRESS");
    await until("all stops", WAIT_MS, () => services.mind.stops === 10);
    const nods = services.lines.filter((line) => line === "NOD:2").length;
    // Five at once and one each two seconds of what this flood takes.
    assert.ok(nods >= 5 && nods < 30, `${nods}`);
    assert.ok(home.count("/refused") < 30, "and its refusals are no flood");
  });

  test("G8: killed, it is offline by its last will; what others write there is put right", async () => {
    const home = await watch();
    const child = fork(join(import.meta.dirname, "../../support/mqtt-buddy.ts"), [url()]);
    await home.until("/availability", "online");
    await home.client.publishAsync(`${home.base()}/availability`, "offline", {
      qos: 1,
      retain: true,
    });
    await until(
      "it again",
      WAIT_MS,
      () => home.seen.filter(({ text }) => text === "offline").length > 0,
    );
    await home.until("/availability", "online");
    child.kill("SIGKILL");
    await home.until("/availability", "offline");
  });

  test("G8: floods of births and of false availability make no flood, and it stays online", async () => {
    const clock = new FakeClock();
    await startBuddy({ clock });
    const home = await watch();
    await home.until("/availability", "online");
    const configs = home.count("/config");
    const at = `${home.base()}/availability`;
    for (let n = 0; n < 50; n++) {
      await home.client.publishAsync("homeassistant/status", "online", { qos: 1 });
      await home.client.publishAsync(at, `offline ${"x".repeat(n * 100)}`, {
        qos: 1,
        retain: true,
      });
    }
    // Commands come in the same order as the flood: its answer is behind all of it.
    await home.command("none", "");
    await until("its refusal", WAIT_MS, () => home.count("/refused") > 0);
    assert.equal(home.count("/config"), configs + 3);
    await clock.advance(10_000);
    await home.until("/availability", "online");
    await until("the last birth's answer", WAIT_MS, () => home.count("/config") === configs + 4);
  });

  test("G8: of two Buddies with one name each waits longer, and is told why", async () => {
    const told: string[][] = [[], []];
    for (const own of told) {
      await startBuddy({ log: (_level, message) => own.push(message) });
      await until("its start", WAIT_MS, () => own.some((line) => line.includes("connected")));
    }
    for (const own of told) {
      const isTold = (line: string): boolean =>
        /next try in [48] s; does another Buddy run with a copy of this data directory/.test(line);
      await until("the reason", WAIT_MS, () => own.some(isTold));
    }
  });

  test("G8: the broker is killed and comes back: it introduces itself again, and is online", async () => {
    await startBuddy();
    await until(
      "the connection",
      WAIT_MS,
      async () => (await health?.check(AbortSignal.timeout(WAIT_MS)))?.level === "ok",
    );
    await broker.kill();
    await until(
      "the finding",
      WAIT_MS,
      async () => (await health?.check(AbortSignal.timeout(WAIT_MS)))?.level === "warn",
    );
    services.change(({ robot }) => void (robot.emotion = "NEWEST"));
    await broker.start();
    const home = await watch();
    await home.until("/availability", "online");
    await until("the newest state", WAIT_MS, () =>
      home.last("/state")?.includes('"mood":"newest"'),
    );
    assert.ok((home.last("/config") ?? "").length > 100);
  });

  test("G8: a wrong password is told in words and tried again without a flood of lines", async () => {
    await startBuddy({ password: "wrong" });
    await until("the line", WAIT_MS, () => lines.some((line) => /Not authorized/i.test(line)));
    const finding = await health?.check(AbortSignal.timeout(WAIT_MS));
    assert.equal(finding?.level, "warn");
    assert.match(finding?.lastError ?? "", /Not authorized/i);
  });

  test("G8: by TLS with an authority of its own; a certificate that nobody knows is refused", async () => {
    const folder = mkdtempSync(join(tmpdir(), "buddy-mqtt-ca-"));
    const secure = new Broker();
    try {
      const { authority, certFile, keyFile } = await certify(folder, ["127.0.0.1"], Date.now());
      writeFileSync(join(folder, "ca.pem"), authority);
      const [cert, key] = [readFileSync(certFile, "utf8"), readFileSync(keyFile, "utf8")];
      await secure.start({ cert, key });
      const at = `mqtts://127.0.0.1:${secure.port}`;
      await startBuddy({ url: at, caFile: join(folder, "ca.pem") });
      await until("the connection", WAIT_MS, () =>
        lines.some((line) => line.includes("connected")),
      );
      await startBuddy({ url: at });
      await until("its refusal", WAIT_MS, () => lines.some((line) => /certificate/.test(line)));
      assert.ok(!lines.some((line) => line.includes("connected")));
    } finally {
      for (const end of ends.splice(0)) await end();
      await secure.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
