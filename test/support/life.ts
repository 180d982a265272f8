/** A robot that tells of its inner life, for tests of the page and for looking at it. */
import type { RobotLife } from "../../src/state/robot-life.js";

/** As of `wallMs`; everything that `/api/state` can say of it. */
export function livingRobot(wallMs: number): RobotLife {
  const before = (minutes: number): number => wallMs - minutes * 60_000;
  return {
    saved: {
      generation: 57,
      ageS: 252,
      place: "settings",
      origin: "mirror",
      took: "taken",
      error: "",
      mirror: {
        generation: 57,
        ageS: 252,
        images: 41,
        offered: { generation: 56, agoS: 1290, result: "taken" },
      },
    },
    boots: 12,
    bootReasons: ["power", "asked", "update", "panic", "power", "first"],
    panics: 1,
    uptimeTotalS: 401_230,
    safeMode: false,
    stage: "here",
    idleMotion: true,
    failing: [],
    wifi: {
      phase: "online",
      reason: "has an address",
      sinceS: 1180,
      joins: 2,
      losses: 1,
      refusals: 0,
      addressChanges: 0,
      radioRestarts: 0,
      outageMs: 35_200,
    },
    causes: [
      { agoS: 4, did: "moved a little", why: "it breathes and shifts", figure: 0.3, times: 6 },
      {
        agoS: 9,
        did: "looked",
        why: "it looks for people where they usually are",
        figure: 0.62,
        times: 1,
      },
      { agoS: 14, did: "chose SOCIAL_ENGAGE", why: "it wants company", figure: 0.71, times: 1 },
      { agoS: 31, did: "felt different", why: "its emotion changed", figure: 0.55, times: 1 },
      { agoS: 48, did: "wanted to speak", why: "its thoughts wander", figure: 0.74, times: 1 },
      { agoS: 95, did: "chose EXPLORE", why: "it wants something to do", figure: 0.52, times: 1 },
      { agoS: 170, did: "companion", why: "the companion is back", figure: 1, times: 1 },
    ],
    traits: {
      curiosity: 0.75,
      caution: 0.48,
      sociability: 0.58,
      playfulness: 0.6,
      excitability: 0.5,
      persistence: 0.7,
      expressiveness: 0.66,
    },
    life: [
      { wallMs: before(310), durationMs: 0, kind: "boot", text: "Started with a new firmware" },
      { wallMs: before(170), durationMs: 61_000, kind: "link", text: "Not linked" },
      { wallMs: before(22), durationMs: 0, kind: "boot", text: "Started after its power was off" },
      { wallMs: before(20.3), durationMs: 35_200, kind: "wifi", text: "Without WiFi" },
      { wallMs: before(20.3), durationMs: 36_900, kind: "link", text: "Not linked" },
    ],
    selfAgeMs: 800,
  };
}
