/**
 * The robot's own life as a duty: ten times a second the contract of silence is looked at and the mind lives on,
 * link or no link. Implements the verbs of PROTOCOL §2.3 and tells what `/health` says beyond its nine lines.
 */
import * as ds from "@devicescript/core";
import type { Body } from "../body/body";
import type { BodyDuty } from "../body/body-duty";
import { Silence, SessionGate } from "../body/silence";
import type { CompanionStage } from "../body/silence";
import { bootReasonName } from "../store/boot";
import { nowMs } from "../runtime/clock";
import { pairs, wholePair, wholePairs } from "../runtime/text";
import type { LifePort } from "../command/views";
import { failingDuties, faultCount, startDuty } from "../runtime/duty";
import type { Link } from "../link/link";
import type { LivingMind } from "../character/living";
import { IDLE_MOTION_OFF } from "../../src/wire/state";
import type { WifiState } from "../wifi/wifi-core";
import type { Memory } from "./memory";

const TICK_MS = 100;

export class Life implements LifePort {
  /** Which session commands belong to. */
  readonly gate = new SessionGate();
  private readonly silence = new Silence(nowMs());
  private stage: CompanionStage = "here";

  constructor(
    private readonly body: Body,
    private readonly bodyDuty: BodyDuty,
    private readonly mind: LivingMind,
    private readonly memory: Memory,
    private readonly wifi: WifiState,
  ) {}

  startLife(link: Link): void {
    const self = this;
    startDuty("life", async () => {
      for (;;) {
        await ds.sleep(TICK_MS);
        self.stepLife(link.sessionGeneration() !== 0, nowMs());
      }
    });
  }

  private stepLife(isLinked: boolean, now: number): void {
    const change = this.silence.stepSilence(isLinked, now);
    this.stage = change.stage;
    if (change.endsLoop) this.body.loop("none");
    if (!this.memory.isAwake()) return;
    this.mind.liveTo(this.body.sense(), change.stage, now);
    this.mind.moveBody(this.body);
    if (this.mind.takeChange()) this.memory.noteLater("learned");
  }

  setIdleMotion(isOn: boolean): void {
    const { state } = this.memory;
    state.flags = (state.flags & 7) | (isOn ? 0 : IDLE_MOTION_OFF);
    this.memory.noteLater("soon");
  }

  whyJson(count: number): string {
    return this.mind.causesJson(count);
  }

  shutdownSoon(): number {
    return this.memory.prepareStop();
  }

  restartAfterSave(): void {
    this.memory.restartSoon();
  }

  noteCommand(now: number): void {
    this.mind.yieldTo(now);
  }

  selfJson(): string {
    const { wifi, memory } = this;
    const state = memory.state;
    const keeper = memory.keeper;
    let radio = pairs(wifi, "phase|reason|") + wholePair("sinceS", ageS(wifi.sinceMs));
    radio += wholePairs(wifi, "joins|losses|refusals|addressChanges|radioRestarts|");
    radio += wholePair("outageMs", wifi.lastOutageMs);
    let boot = wholePair("count", state.boots) + `,"safe":${memory.isInSafeMode()}`;
    boot += wholePair("bad", state.badBoots) + wholePairs(state, "panics|uptimeTotalS|");
    let reasons = "";
    for (const code of state.reasons) {
      if (code > 0) reasons += `,"${bootReasonName(code)}"`;
    }
    boot += `,"reasons":[${reasons.slice(1)}]`;
    let saved = "";
    if (keeper !== undefined) {
      saved = wholePair("generation", keeper.journal.generation) + this.savedAge();
      saved += pairs(keeper, "place|origin|") + pairs({ offer: memory.offerResult }, "offer|");
      saved += pairs({ error: keeper.trouble() }, "error|");
    }
    let companion = `,"stage":"${this.stage}"`;
    companion += wholePair("silenceS", this.silence.lastSilenceMs / 1000);
    companion += wholePairs(this.gate, "refused|");
    let duties = wholePair("faults", faultCount()) + `,"failing":"${failingDuties()}"`;
    duties += wholePair("pauseMs", this.bodyDuty.worstPauseMs);
    const own =
      `,"idleMotion":${(state.flags & IDLE_MOTION_OFF) === 0}` +
      object("wifi", radio) +
      object("boot", boot);
    return own + object("saved", saved) + object("companion", companion) + object("duties", duties);
  }

  private savedAge(): string {
    const savedMs = this.memory.keeper.savedMs;
    return wholePair("ageS", savedMs < 0 ? -1 : ageS(savedMs));
  }

  /** PROTOCOL §2.5. */
  healthLines(): string {
    const { wifi, memory } = this;
    const { boots, lastReason } = memory.state;
    const keeper = memory.keeper;
    const radio = `\nwifi_phase:${wifi.phase}\nwifi_losses:${wifi.losses}`;
    const boot = `\nboots:${boots}\nboot_reason:${bootReasonName(lastReason)}`;
    const safe = `\nsafe:${memory.isInSafeMode() ? 1 : 0}`;
    let saved = "";
    if (keeper !== undefined) {
      const age = keeper.savedMs < 0 ? -1 : ageS(keeper.savedMs);
      saved = `\ngeneration:${keeper.journal.generation}\nsaved_in:${keeper.place}\nsaved_age:${age}`;
    }
    const duties = `\nfaults:${faultCount()}\npause:${this.bodyDuty.worstPauseMs}`;
    return radio + boot + safe + saved + `\nstage:${this.stage}` + duties;
  }
}

function ageS(sinceMs: number): number {
  return Math.floor((nowMs() - sinceMs) / 1000);
}

/** An object as a pair, its own pairs after a comma each. */
function object(name: string, inner: string): string {
  return `,"${name}":{${inner.slice(1)}}`;
}
