/**
 * The behaviour engine, the silence contract and WiFi supervision in the VM: the same code that Node's tests
 * prove, compiled by the firmware's compiler, living some minutes.
 */
import * as ds from "@devicescript/core";
import { describe, expect, test } from "@devicescript/test";
import { zeroPose } from "../../devs/body/pose";
import { Silence, SessionGate } from "../../devs/body/silence";
import { LivingMind } from "../../devs/character/living";
import { newState } from "../../src/wire/state";
import {
  DIAL_NOW,
  HANG_UP,
  mayDial,
  READ_ADDRESS,
  READ_SWITCH,
  SWITCH_OFF,
  SWITCH_ON,
  WifiState,
  wifiStep,
} from "../../devs/wifi/wifi-core";

/** mulberry32's first half: enough chance for a test, the same each run. */
let seed = 7;
function dice(): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return seed / 0x80000000;
}

const offset = zeroPose();

describe("mind", () => {
  test("lives ten minutes, chooses, moves, breathes, and knows why", async () => {
    const mind = new LivingMind(newState(), dice, 0, offset);
    const sense = { baseDeg: 90, isTracking: false, isAnimating: false };
    let moves = 0;
    let low = 0;
    let high = 0;
    for (let i = 1; i <= 1200; i++) {
      mind.live(sense, "here", i * 500);
      if (mind.mind.motion !== "") moves++;
      mind.mind.motion = "";
      mind.breathe(i * 500, true);
      const nod = offset.nod;
      if (nod < low) low = nod;
      if (nod > high) high = nod;
      if (i % 20 === 0) await ds.sleep(10);
    }
    expect(moves > 10).toBe(true);
    expect(high - low > 2).toBe(true);
    expect(mind.mind.social > 0.75).toBe(true);
    expect(mind.causesJson(20).indexOf("chose") > 0).toBe(true);
  });
  test("O-14: SATISFY lowers hunger, and a wish to speak is fulfilled", () => {
    const mind = new LivingMind(newState(), dice, 0, offset);
    mind.live({ baseDeg: 90, isTracking: false, isAnimating: false }, "here", 1000);
    const before = mind.mind.social;
    expect(Math.abs(before - mind.feedNeed("social", 0.15) - 0.27) < 0.001).toBe(true);
    mind.feelPresence();
    expect(mind.mind.wantsToSpeak).toBe(true);
    expect(mind.mind.speechTrigger).toBe("greeting");
    mind.spoke();
    expect(mind.mind.wantsToSpeak).toBe(false);
  });
  test("D4: silence and sessions", () => {
    const silence = new Silence(0);
    expect(silence.step(true, 100).isBack).toBe(true);
    silence.step(false, 200);
    expect(silence.step(false, 2200).endsLoop).toBe(true);
    expect(silence.step(false, 30200).stage).toBe("alone");
    expect(silence.step(false, 300200).stage).toBe("resting");
    const gate = new SessionGate();
    gate.openGate(3);
    expect(gate.admits(3)).toBe(true);
    gate.closeGate();
    expect(gate.admits(3)).toBe(false);
  });
  test("WiFi: online when there is an address, lost when it goes", () => {
    const wifi = new WifiState(0);
    expect(wifiStep(wifi, "gotIp", 0, 10)).toBe(READ_ADDRESS);
    expect(wifiStep(wifi, "address", "10.0.0.2", 20)).toBe(DIAL_NOW | READ_SWITCH);
    expect(wifiStep(wifi, "switch", 1, 25)).toBe(0);
    expect(wifiStep(wifi, "address", "10.0.0.2", 28)).toBe(0);
    expect(mayDial(wifi, 30)).toBe(true);
    expect(wifiStep(wifi, "lostIp", 0, 40)).toBe(HANG_UP);
    expect(wifi.phase).toBe("lost");
    expect(wifiStep(wifi, "tick", 0, wifi.restartMs)).toBe(SWITCH_OFF);
    expect(wifiStep(wifi, "tick", 0, wifi.offUntilMs)).toBe(SWITCH_ON | READ_ADDRESS);
  });
});
