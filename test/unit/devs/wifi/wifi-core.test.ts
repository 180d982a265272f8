/**
 * WiFi supervision: E1 access point gone 5 s, 60 s, an hour; E2 wrong password, later corrected; E3 the address
 * changes; events missing, doubled, late; a radio that was switched off. It follows and never fights the runtime,
 * which joins by itself.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  READ_ADDRESS,
  SWITCH_OFF,
  WifiState,
  LOOK_OFFLINE_MS,
  LOOK_ONLINE_MS,
  mayDial,
  NO_SERVICE_MS,
  RADIO_OFF_MS,
  RADIO_RESTART_MS,
  RADIO_RESTART_MS_MAX,
  wifiStep,
} from "../../../../devs/wifi/wifi-core.js";
import { CACHE_MS, Air } from "./air.js";

test("start: scanning, joining, online; the link is dialled at once and not before", () => {
  const air = new Air();
  air.run(1400);
  assert.equal(air.wifi.phase, "joining");
  assert.equal(mayDial(air.wifi, air.nowMs), false);
  air.run(200);
  assert.equal(air.wifi.phase, "online");
  assert.equal(mayDial(air.wifi, air.nowMs), true);
  assert.deepEqual(air.only("dial"), ["1500 dial"]);
  assert.equal(air.wifi.address, "192.168.1.20");
  air.run(60_000);
  assert.deepEqual(air.only("on"), [], "a radio that is on is not switched on");
});

for (const goneS of [5, 60, 3600]) {
  test(`A2: access point gone ${goneS} s: hung up at once, dialled within 100 ms of the address`, () => {
    const air = new Air().run(20_000);
    air.did.length = 0;
    air.isUp = false;
    const goneMs = air.nowMs;
    air.run(goneS * 1000);
    assert.deepEqual(air.only("hang up"), [`${goneMs} hang up`]);
    assert.equal(mayDial(air.wifi, air.nowMs), false);
    assert.ok(air.wifi.phase === "lost" || air.wifi.phase === "scanning", air.wifi.phase);
    air.isUp = true;
    air.run(12_000);
    assert.equal(air.wifi.phase, "online");
    assert.equal(air.only("dial").length, 1);
    assert.deepEqual([air.wifi.losses, air.wifi.joins], [1, 2]);
    assert.ok(
      air.wifi.lastOutageMs >= goneS * 1000 && air.wifi.lastOutageMs < goneS * 1000 + 12_000,
    );
  });
}

test("A2: the radio is restarted only as the last resort: 5 min, then 10, 20, 30, 30", () => {
  const air = new Air().run(20_000);
  air.isUp = false;
  air.did.length = 0;
  const goneMs = air.nowMs;
  air.run(3 * 3600_000);
  const times = air
    .only("restart")
    .map((line) => Math.round((parseInt(line, 10) - goneMs) / 60_000));
  assert.deepEqual(times, [5, 15, 35, 65, 95, 125, 155]);
  assert.equal(air.wifi.radioRestarts, 7);
  assert.ok(RADIO_RESTART_MS_MAX / 60_000 === 30);
  air.isUp = true;
  air.run(12_000);
  air.isUp = false;
  air.did.length = 0;
  const again = air.nowMs;
  air.run(RADIO_RESTART_MS + 10_000);
  assert.equal(
    Math.round((parseInt(air.only("restart")[0]!, 10) - again) / 60_000),
    5,
    "and from the beginning",
  );
});

test("A2: a wrong password shows as being thrown out again and again, and is over when it is corrected", () => {
  const air = new Air();
  air.isPasswordRight = false;
  air.run(60_000);
  assert.equal(air.wifi.phase, "joining");
  assert.match(air.wifi.reason, /password/);
  assert.equal(mayDial(air.wifi, air.nowMs), false);
  assert.deepEqual(air.only("dial"), []);
  air.isPasswordRight = true;
  air.run(12_000);
  assert.equal(air.wifi.phase, "online");
  assert.equal(air.wifi.refusals, 0);
});

test("A2: the address changes: the old session is hung up and a new one dialled at once", () => {
  const air = new Air().run(20_000);
  air.did.length = 0;
  air.address = "192.168.1.77";
  air.feed("gotIp");
  assert.deepEqual(
    air.did.filter((d) => /hang up|dial/.test(d)),
    [`${air.nowMs} hang up`, `${air.nowMs} dial`],
  );
  assert.deepEqual([air.wifi.addressChanges, air.wifi.phase], [1, "online"]);
  air.did.length = 0;
  air.run(60_000);
  assert.deepEqual(air.only("dial"), [], "once");
});

test("events that never come are made up for by looking, within the look's period", () => {
  const air = new Air();
  air.losesEvents = true;
  air.run(1500 + LOOK_OFFLINE_MS + 100);
  assert.equal(air.wifi.phase, "online");
  air.isUp = false;
  air.run(LOOK_ONLINE_MS + 100);
  assert.notEqual(air.wifi.phase, "online");
  assert.equal(air.wifi.losses, 1);
});

test("doubled and late events change nothing", () => {
  const air = new Air().run(20_000);
  air.did.length = 0;
  for (let i = 0; i < 5; i++) air.feed("gotIp");
  assert.deepEqual(
    air.did.filter((d) => /hang up|dial/.test(d)),
    [],
  );
  assert.deepEqual([air.wifi.joins, air.wifi.losses], [1, 0]);
  air.isUp = false;
  air.run(100);
  for (let i = 0; i < 2; i++) air.feed("lostIp");
  assert.equal(air.wifi.losses, 1);
});

test("an address read that is not answered in time blocks nothing and decides nothing", () => {
  const air = new Air().run(20_000);
  air.did.length = 0;
  for (let i = 0; i < 100; i++) air.feed("silent");
  assert.equal(air.wifi.phase, "online");
  assert.deepEqual(air.did, []);
});

for (const lost of [0, 1, 50]) {
  test(`a radio that we switched off is on again, also when ${lost} writes of that got lost`, () => {
    const air = new Air().run(20_000);
    air.isUp = false;
    air.run(RADIO_RESTART_MS - 500);
    air.did.length = 0;
    air.onWritesLost = lost;
    air.run(1000);
    const offMs = parseInt(air.only("restart")[0]!, 10);
    assert.equal(air.isSwitchedOn, false);
    air.isUp = true;
    air.run(RADIO_OFF_MS + lost * LOOK_OFFLINE_MS + 12_000);
    assert.equal(air.wifi.phase, "online");
    const writes = air.only("on").map((line) => parseInt(line, 10) - offMs);
    const expected = Array.from({ length: lost + 1 }, (_, i) => RADIO_OFF_MS + i * LOOK_OFFLINE_MS);
    assert.deepEqual(writes.slice(0, lost + 1), expected);
    assert.ok(writes.length <= lost + 2, "and no more, once it is on");
    air.did.length = 0;
    air.run(600_000);
    assert.deepEqual(air.only("on"), []);
  });
}

test("what the radio said before it was switched off does not pass for being on again", () => {
  const air = new Air().run(20_000);
  air.isUp = false;
  while (air.only("restart").length === 0) air.run(100);
  air.onWritesLost = 3;
  air.feed("switch", 1);
  air.run(RADIO_OFF_MS + 3 * LOOK_OFFLINE_MS + 100);
  assert.equal(air.isSwitchedOn, true);
});

test("a radio that is found off after a start is switched on: nobody may have done it but we", () => {
  const air = new Air();
  air.isSwitchedOn = false;
  air.run(12_000);
  assert.deepEqual(air.only("on"), [`${LOOK_OFFLINE_MS} on`]);
  assert.equal(air.wifi.phase, "online");
});

test("a radio that does not take the write says so", () => {
  const air = new Air();
  air.isUp = false;
  air.onWritesLost = Infinity;
  air.isSwitchedOn = false;
  air.feed("tick");
  air.nowMs = LOOK_OFFLINE_MS;
  wifiStep(air.wifi, "tick", 0, air.nowMs);
  air.feed("silent");
  assert.equal(air.wifi.reason, "the radio does not answer");
  assert.equal(air.wifi.phase, "scanning");
});

test("switched off by somebody and on again: seen at the next look, and left alone meanwhile", () => {
  const air = new Air().run(20_000);
  air.did.length = 0;
  air.isSwitchedOn = false;
  air.run(LOOK_OFFLINE_MS + 100);
  assert.deepEqual([air.wifi.phase, air.wifi.reason], ["off", "switched off"]);
  assert.equal(air.only("hang up").length, 1);
  assert.equal(air.wifi.losses, 1);
  air.feed("lostIp");
  assert.equal(air.wifi.phase, "off", "late events change nothing");
  air.run(400_000);
  assert.equal(air.wifi.phase, "off", "no restart of a radio that is off on purpose");
  assert.equal(air.wifi.radioRestarts, 0);
  assert.deepEqual(air.only("on"), []);
  assert.equal(mayDial(air.wifi, air.nowMs), false);
  air.isSwitchedOn = true;
  air.run(LOOK_OFFLINE_MS + 100);
  assert.notEqual(air.wifi.phase, "off");
  air.run(12_000);
  assert.equal(air.wifi.phase, "online");
});

test("a board without a WiFi service may dial after 10 s, and no radio is restarted for it", () => {
  const wifi = new WifiState(0);
  for (let nowMs = 0; nowMs < RADIO_RESTART_MS * 3; nowMs += 500) {
    const effects = wifiStep(wifi, "tick", 0, nowMs);
    if (effects & READ_ADDRESS) wifiStep(wifi, "silent", 0, nowMs);
    assert.equal(effects & SWITCH_OFF, 0);
    assert.equal(mayDial(wifi, nowMs), nowMs >= NO_SERVICE_MS);
  }
});

test("looks cost little: every 10 s online, every 2 s off it", () => {
  const air = new Air().run(20_000);
  air.did.length = 0;
  air.run(60_000);
  assert.ok(air.did.length <= 6);
  air.isUp = false;
  air.did.length = 0;
  air.run(60_000);
  assert.ok(air.only("look").length <= 31);
  assert.ok(air.did.length <= 2 * 31 + 1, "and the switch with each");
});

test("A2: the address that gotIp tells of is seen soon, also when the register was read just before", () => {
  // Looks and scans keep step here; how long a join takes decides how young the last look is when it is done.
  for (let takesMs = 0; takesMs < LOOK_OFFLINE_MS; takesMs += 100) {
    const air = new Air();
    air.cachesAddress = true;
    air.joinTakesMs = takesMs;
    air.run(60_000);
    air.isUp = false;
    air.run(35_000);
    air.isUp = true;
    while (air.address === "") air.run(100);
    const gotMs = air.nowMs;
    while (air.wifi.phase !== "online") air.run(100);
    assert.ok(air.nowMs - gotMs <= CACHE_MS + 250, `${takesMs}: ${air.nowMs - gotMs} ms`);
  }
});
