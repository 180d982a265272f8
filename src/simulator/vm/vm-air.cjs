/**
 * Bad air between the robot and its access point, as TCP lets a program feel it: what is lost comes late, since it is sent
 * again, and everything behind it waits. Or half open: what the robot sends arrives, and nothing comes to it.
 */
"use strict";

/**
 * When a segment is sent again: first by a probe some round trips later (RFC 8985 §7.2; 50 ms is a guess for a WiFi at home), then
 * after Linux's shortest timeout of 200 ms, which is doubled each time that one is lost, too.
 */
const RESENDS_MS = [50, 200, 400, 800, 1600, 3200];

/** Air that does nothing. */
const GOOD = { delayMs: 0, lossPercent: 0, isDeaf: false, seed: 1 };

class Air {
  /** @param order `{ delayMs, lossPercent, isDeaf, seed }`: one way; of each segment; nothing comes in. */
  constructor({ delayMs, lossPercent, isDeaf, seed } = GOOD) {
    this.delayMs = delayMs;
    this.lossShare = lossPercent / 100;
    this.isDeaf = isDeaf;
    this.random = mulberry32(seed);
  }

  /** How much later than in good air something comes through, ms. */
  lateMs() {
    let ms = this.delayMs;
    for (const resendMs of RESENDS_MS) {
      if (this.random() >= this.lossShare) break;
      ms += resendMs;
    }
    return ms;
  }
}

/** One direction of a connection: what is carried comes out in its order, however late. */
class Lane {
  constructor() {
    this.waiting = [];
    this.freeMs = 0;
  }

  /** Does `act` after all that is carried already; at once if nothing is and the air is good: what it gives is returned then. */
  carry(lateMs, act) {
    const nowMs = performance.now();
    this.freeMs = Math.max(nowMs + lateMs, this.freeMs);
    if (this.waiting.length === 0 && this.freeMs <= nowMs) return act();
    this.waiting.push({ dueMs: this.freeMs, act });
    if (this.waiting.length === 1) this.arm();
    return undefined;
  }

  arm() {
    const [next] = this.waiting;
    if (next === undefined) return;
    setTimeout(() => {
      this.waiting.shift();
      next.act();
      this.arm();
    }, next.dueMs - performance.now());
  }
}

/** A small generator by a seed, so that a drill can be run again. */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

module.exports = { Air, Lane };
