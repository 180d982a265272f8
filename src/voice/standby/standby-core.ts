/**
 * The hot standby's decisions, pure: which renderer is read, when the other one takes over, when one is rebuilt.
 *
 *   starting ──first good buffer──▶ ready ──dead, hung, damaged──▶ down ──(at once, or after a wait)──▶ starting
 *
 * Rules (D1, D2):
 * - A slot is judged dead always, but hung only after its first good buffer, and never for time it had no CPU. The last one
 *   that works is judged late, and one that was replaced soon is given twice as long: slow is not hung.
 * - A switch goes only to a slot that is ready and, while something is spoken, holds the very buffer the reader needs
 *   next. Until there is one the reader waits; the first slot that can takes over.
 * - A failure is handled when it is seen, each one: there is no time in which a second is overlooked.
 * - The switch comes first, then the ring of the failed slot is cleared and its renderer rebuilt, active or not.
 */
import { grown } from "../../resilience/patience.js";
import {
  afterLife,
  BOTH,
  damageIn,
  forgiven,
  hasFailed,
  hasNext,
  isAble,
  judge,
  judgeWait,
  other,
} from "./standby-judge.js";
import {
  newSpeech,
  SLOT_NAMES,
  STANDBY,
  type Slot,
  type SlotIndex,
  type Speech,
  type Standby,
  type StandbyEffect,
  type StandbyEvent,
  type StandbyStep,
} from "./standby-types.js";

/** One event. Events of a process that was replaced change nothing. */
export function stepStandby(state: Standby, event: StandbyEvent, nowMs: number): StandbyStep {
  const work = new Work(state, nowMs);
  work.take(event);
  return { state: work.state, effects: work.effects };
}

/** One step in the making: a state that is replaced, never changed, and the effects in their order. */
class Work {
  readonly effects: StandbyEffect[] = [];

  constructor(
    public state: Standby,
    private readonly nowMs: number,
  ) {}

  take(event: StandbyEvent): void {
    if ("generation" in event) {
      if (this.slot(event.slot).generation !== event.generation) return;
      this.heard(event.slot);
    }
    switch (event.type) {
      case "start":
        return BOTH.forEach((slot) => this.spawn(slot));
      case "ready":
        return this.ready(event.slot);
      case "heard":
        return;
      case "buffer":
        return this.buffer(event);
      case "damaged":
        return this.fail(event.slot, "damaged", event.why);
      case "refused":
        return this.refused(event.slot, event.utterance, event.why);
      case "exit":
        return this.fail(event.slot, "dead", event.why);
      case "tick":
        return this.tick(event.starvedMs);
      case "speak":
        return this.speak(event.id);
      case "cancel":
        return this.endSpeech();
      case "pull":
        return this.pull();
    }
  }

  private slot(index: SlotIndex): Slot {
    return this.state.slots[index];
  }

  private change(index: SlotIndex, change: Partial<Slot>): void {
    const slots: [Slot, Slot] = [...this.state.slots];
    slots[index] = { ...slots[index], ...change };
    this.state = { ...this.state, slots };
  }

  private speech(change: Partial<Speech>): void {
    const { speech } = this.state;
    if (speech) this.state = { ...this.state, speech: { ...speech, ...change } };
  }

  private heard(index: SlotIndex): void {
    const { phase } = this.slot(index);
    if (phase.kind !== "ready") return;
    this.change(index, { phase: { ...phase, heardMs: Math.max(phase.heardMs, this.nowMs) } });
  }

  private spawn(index: SlotIndex): void {
    const generation = this.slot(index).generation + 1;
    const startMsMax = grown(STANDBY.startMsMax, this.slot(index).shortLives);
    const phase = { kind: "starting", startMsMax, untilMs: this.nowMs + startMsMax } as const;
    this.change(index, { generation, phase, refused: undefined });
    this.effects.push({ type: "spawn", slot: index, generation });
  }

  private ready(index: SlotIndex): void {
    const { phase, failedMs } = this.slot(index);
    if (phase.kind !== "starting") return;
    const { nowMs } = this;
    this.change(index, {
      phase: { kind: "ready", sinceMs: nowMs, heardMs: nowMs },
      failedMs: undefined,
    });
    if (failedMs !== undefined) {
      const tookMs = nowMs - failedMs;
      this.effects.push({ type: "rebuilt", slot: index, tookMs });
      this.line(`renderer ${SLOT_NAMES[index]} is ready again after ${Math.round(tookMs)} ms`);
    }
    if (this.state.speech) this.command(index);
    this.settle("the active renderer is not there");
  }

  /** Hands the utterance to a slot, from where its ring ends. */
  private command(index: SlotIndex): void {
    const { speech } = this.state;
    const { phase, until, isWhole } = this.slot(index);
    if (!speech || isWhole || phase.kind !== "ready") return;
    const from = Math.max(speech.next, until);
    this.change(index, { until: from, phase: { ...phase, heardMs: this.nowMs + STANDBY.wakeMs } });
    this.effects.push({ type: "command", slot: index, from, room: speech.room });
  }

  private buffer(event: Extract<StandbyEvent, { type: "buffer" }>): void {
    const { speech } = this.state;
    // Of an utterance that is over: it was on its way when we said so.
    if (!speech || event.utterance !== speech.id) return;
    const damage = damageIn(speech, this.slot(event.slot), event.index);
    if (damage !== undefined) return this.fail(event.slot, "damaged", damage);
    this.change(event.slot, { until: event.index + 1, isWhole: event.isLast });
    if (event.index >= speech.next) this.effects.push({ type: "keep", slot: event.slot });
    this.settle("the active renderer is not there");
  }

  private refused(index: SlotIndex, utterance: number, why: string): void {
    const { speech } = this.state;
    if (utterance !== speech?.id) return;
    this.change(index, { refused: why });
    this.line(`renderer ${SLOT_NAMES[index]} could not render utterance ${utterance}: ${why}`);
    this.settle(why);
    if (BOTH.every((slot) => this.slot(slot).refused !== undefined)) this.giveUp(why);
  }

  private speak(id: number): void {
    this.endSpeech();
    this.state = { ...this.state, speech: newSpeech(id), tickedMs: this.nowMs };
    for (const slot of BOTH) {
      this.change(slot, { until: 0, isWhole: false, refused: undefined });
      this.command(slot);
    }
  }

  private endSpeech(): void {
    if (!this.state.speech) return;
    this.state = { ...this.state, speech: undefined };
    for (const slot of BOTH) {
      this.effects.push({ type: "silence", slot }, { type: "clear", slot });
    }
    this.settle("the active renderer is not there");
  }

  private giveUp(why: string): void {
    const { speech } = this.state;
    if (!speech) return;
    this.endSpeech();
    this.effects.push({ type: "failed", id: speech.id, why });
    this.line(`utterance ${speech.id} was given up: ${why}; it is said in another way`);
  }

  private pull(): void {
    const { speech, active } = this.state;
    if (!speech) return;
    if (!hasNext(this.state, active)) {
      this.speech({ wantedMs: speech.wantedMs ?? this.nowMs });
      return;
    }
    const next = speech.next + 1;
    this.effects.push({ type: "deliver", slot: active, index: speech.next });
    const isDue = next + STANDBY.ringBuffers - speech.room >= STANDBY.roomStep;
    const room = isDue ? next + STANDBY.ringBuffers : speech.room;
    this.speech({ next, room, deaths: 0, wantedMs: undefined });
    const { isWhole, until } = this.slot(active);
    if (isWhole && next === until) {
      this.endSpeech();
      this.effects.push({ type: "finished", id: speech.id, buffers: next });
      return;
    }
    if (isDue) for (const slot of BOTH) this.effects.push({ type: "room", slot, until: room });
  }

  private tick(starvedMs: readonly [number, number]): void {
    const { nowMs } = this;
    const periodMs = this.state.speech ? STANDBY.tickMs : STANDBY.tickIdleMs;
    const lateMs = nowMs - this.state.tickedMs - periodMs;
    this.state = { ...this.state, tickedMs: nowMs };
    for (const slot of BOTH) {
      // We did not run: what they said meanwhile was not heard yet.
      if (lateMs > STANDBY.lateMs)
        this.change(slot, { phase: forgiven(this.slot(slot).phase, lateMs) });
      this.watch(slot, starvedMs[slot]);
    }
    this.watchReader();
  }

  private watch(index: SlotIndex, starvedMs: number): void {
    const { verdict, why } = judge(this.state, index, starvedMs, this.nowMs);
    if (verdict === "again") this.spawn(index);
    if (verdict === "hung") this.fail(index, "hung", why);
  }

  /** A renderer may live and beat and yet not deliver. */
  private watchReader(): void {
    const { active } = this.state;
    const { verdict, waitedMs } = judgeWait(this.state, this.nowMs);
    const waited = `had ${verdict === "giveUp" ? "anything" : "nothing"} for ${Math.round(waitedMs)} ms`;
    if (verdict === "giveUp") this.giveUp(`no renderer ${waited}`);
    if (verdict === "switch") this.switchTo(other(active), `${SLOT_NAMES[active]} ${waited}`);
  }

  private fail(index: SlotIndex, how: "dead" | "hung" | "damaged", why: string): void {
    const { phase } = this.slot(index);
    if (phase.kind === "down") return;
    const { nowMs } = this;
    const silentMs = phase.kind === "ready" ? Math.max(0, nowMs - phase.heardMs) : 0;
    this.effects.push({ type: "lost", slot: index, how, silentMs });
    const { shortLives, waitMs } = afterLife(this.slot(index), nowMs);
    this.change(index, {
      phase: { kind: "down", againMs: nowMs + waitMs },
      shortLives,
      failedMs: this.slot(index).failedMs ?? nowMs,
    });
    const role = index === this.state.active ? "active" : "standby";
    const next = waitMs === 0 ? "a new one starts now" : `a new one starts in ${waitMs} ms`;
    this.line(`renderer ${SLOT_NAMES[index]} (${role}) is ${how}: ${why}; ${next}`);
    this.settle(`${SLOT_NAMES[index]} is ${how}`);
    // What it had sent stays good; as long as nobody else can take over, the reader goes on with that.
    if (this.state.active !== index && role === "standby") this.clean(index);
    if (how !== "dead") this.effects.push({ type: "kill", slot: index });
    this.countDeath(why);
    if (waitMs === 0) this.spawn(index);
  }

  private countDeath(why: string): void {
    const { speech } = this.state;
    if (!speech) return;
    this.speech({ deaths: speech.deaths + 1 });
    if (speech.deaths + 1 >= STANDBY.deathsMax) {
      this.giveUp(`it killed ${STANDBY.deathsMax} renderers (${why})`);
    }
  }

  /** Leaves an active slot that has failed, if the other one can take over now. */
  private settle(why: string): void {
    const { active } = this.state;
    const rest = other(active);
    if (hasFailed(this.state, active) && isAble(this.state, rest)) this.switchTo(rest, why);
  }

  private switchTo(to: SlotIndex, why: string): void {
    const at = this.state.speech ? ` at buffer ${this.state.speech.next}` : "";
    this.state = { ...this.state, active: to };
    this.speech({ wantedMs: undefined });
    this.effects.push({ type: "switched", to, why });
    this.line(`the reader goes over to renderer ${SLOT_NAMES[to]}${at}: ${why}`);
    // Only now, after the reader has left it.
    if (this.slot(other(to)).phase.kind !== "ready") this.clean(other(to));
  }

  private clean(index: SlotIndex): void {
    this.effects.push({ type: "clear", slot: index });
    this.change(index, { until: this.state.speech?.next ?? 0, isWhole: false });
  }

  private line(text: string): void {
    this.effects.push({ type: "line", text });
  }
}
