/**
 * The robot's own life as a duty: five times a second the contract of silence is looked at and the mind lives on,
 * link or no link. Implements the verbs of PROTOCOL §2.3 and tells what `/health` says beyond its nine lines.
 */
import { Silence, SessionGate } from "../body/silence";
import type { CompanionStage } from "../body/silence";
import { bootReasonName } from "../store/boot";
import { nowMs } from "../runtime/clock";
import { escapeJson, whole, wholePair } from "../runtime/text";
import type { LifePort } from "../command/views";
import { failingDuties, faultCount, load, startJob } from "../runtime/duty";
import { beatAfter } from "../runtime/scheduler";
import type { Link } from "../link/link";
import { IDLE_MOTION_OFF } from "../../src/wire/state";
import type { Parts } from "./parts";

/** A fifth of a second is soon enough for a mind; who it sees and what it is told reaches it between two steps. */
const TICK_MS = 200;

export class Life implements LifePort {
  /** Which session commands belong to. */
  readonly gate = new SessionGate();
  private readonly silence = new Silence(nowMs());
  private stage: CompanionStage = "here";

  constructor(private readonly parts: Parts) {}

  begin(link: Link): void {
    const self = this;
    startJob("life", 3500, (now) => {
      self.step(link.sessionGeneration() !== 0, now);
      return beatAfter(now, TICK_MS);
    });
  }

  private step(isLinked: boolean, now: number): void {
    const { body, duty, mind, memory } = this.parts;
    const change = this.silence.step(isLinked, now);
    this.stage = change.stage;
    if (change.endsLoop) duty.move("none", 0, 0);
    if (!memory.isAwake()) return;
    mind.live(body.sense(), change.stage, now);
    mind.moveBody(duty);
    if (mind.takeChange()) memory.noteLater("learned");
  }

  setIdleMotion(isOn: boolean): void {
    const { memory } = this.parts;
    const { state } = memory;
    state.flags = (state.flags & 7) | (isOn ? 0 : IDLE_MOTION_OFF);
    memory.noteLater("soon");
  }

  whyJson(count: number): string {
    return this.parts.mind.causesJson(count);
  }

  shutdownSoon(): number {
    return this.parts.memory.prepareStop();
  }

  restartAfterSave(): void {
    this.parts.memory.restartSoon();
  }

  noteCommand(now: number): void {
    this.parts.mind.yieldTo(now);
  }

  selfJson(): string {
    const { gate } = this;
    const { wifi, memory, duty } = this.parts;
    const { state, keeper } = memory;
    const radio =
      `"phase":"${wifi.phase}","reason":"${wifi.reason}"` +
      wholePair("sinceS", ageS(wifi.sinceMs)) +
      wholePair("joins", wifi.joins) +
      wholePair("losses", wifi.losses) +
      wholePair("refusals", wifi.refusals) +
      wholePair("addressChanges", wifi.addressChanges) +
      wholePair("radioRestarts", wifi.radioRestarts) +
      wholePair("outageMs", wifi.lastOutageMs);
    let reasons = "";
    for (const code of state.reasons) {
      if (code > 0) reasons += (reasons === "" ? "" : ",") + `"${bootReasonName(code)}"`;
    }
    const boot =
      `"count":${state.boots},"safe":${memory.isInSafeMode()}` +
      wholePair("bad", state.badBoots) +
      wholePair("panics", state.panics) +
      wholePair("uptimeTotalS", state.uptimeTotalS) +
      `,"reasons":[${reasons}]`;
    const saved =
      keeper === undefined
        ? ""
        : `"generation":${keeper.journal.generation}` +
          wholePair("ageS", keeper.savedMs < 0 ? -1 : ageS(keeper.savedMs)) +
          `,"place":"${keeper.place}","origin":"${keeper.origin}","offer":"${memory.offerResult}"` +
          `,"error":"${escapeJson(keeper.trouble())}"`;
    const companion =
      `"stage":"${this.stage}"` +
      wholePair("silenceS", this.silence.lastSilenceMs / 1000) +
      wholePair("refused", gate.refused);
    const duties =
      `"faults":${faultCount()},"failing":"${failingDuties()}"` +
      wholePair("pauseMs", duty.worstLateMs);
    const late =
      `"ms":${whole(load.meanMs)}` +
      wholePair("worstMs", load.worstMs) +
      wholePair("level", load.level) +
      wholePair("reliefs", load.reliefs);
    return (
      `,"idleMotion":${(state.flags & IDLE_MOTION_OFF) === 0},"wifi":{${radio}},"boot":{${boot}},"saved":{${saved}}` +
      `,"companion":{${companion}},"duties":{${duties}},"late":{${late}}`
    );
  }

  /** PROTOCOL §2.5. */
  healthLines(): string {
    const { wifi, memory, duty } = this.parts;
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
    const duties = `\nfaults:${faultCount()}\npause:${duty.worstLateMs}\nlate:${Math.round(load.meanMs)}\nlate_level:${load.level}`;
    return radio + boot + safe + saved + `\nstage:${this.stage}` + duties;
  }
}

function ageS(sinceMs: number): number {
  return Math.floor((nowMs() - sinceMs) / 1000);
}
