/**
 * A robot in its fleet: joins what it says and hears with the stage. It takes the floor before it speaks and gives it back
 * after its turn, tells others what was heard of it, and answers them when it is its turn to.
 */
import { randomBytes } from "node:crypto";
import type { Company, ConversationEvent } from "../conversation/conversation-types.js";
import { asksForQuiet } from "../conversation/memory/memory-words.js";
import type { ConversationService } from "../conversation/service.js";
import { heardWords, type TurnTrace } from "../conversation/turn/turn-trace.js";
import { cutText } from "../host/cut-text.js";
import type { Policies } from "../resilience/policies.js";
import type { FleetState } from "../state/fleet-state.js";
import type { AlertFacts, Finding, HealthSource } from "../state/health.js";
import type { Chance } from "../time/chance.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { VoiceService } from "../voice/service.js";
import type { SpeakOptions, Spoken, Voice } from "../voice/speech/speech.js";
import { byQuiet, type Episode, type Member } from "./director/director-core.js";
import { entryMs, TEXT_CHARS_MAX, type StageEvent } from "./events/event-forms.js";
import type { Sql } from "./events/sql.js";
import { URGENCY, type Urgency } from "./floor/floor-core.js";
import type { FleetAddress } from "./redis/address.js";
import { FLEET_NEXT } from "./redis/fleet-error.js";
import { fleetStateOf, stageFinding } from "./fleet-words.js";
import { RoomGuests } from "./room/room-guests.js";
import { loadRoomLibrary, type RoomLibrary } from "./room/room-library.js";
import type { RoomOptions } from "./room/room-stay.js";
import { VoiceRoom } from "./room/voice-room.js";
import { StageMember } from "./stage/stage-member.js";
import { afterCutOff, cutOffBy } from "./talk/cut-off.js";
import { lineOf } from "./talk/lines.js";
import { conductOf } from "./talk/safe-mode-core.js";
import { handOver, namedIn, TURNS_MAX, whoAnswers, type TalkView } from "./talk/who-answers.js";

/** What was said longer ago is not answered any more. */
const STALE_MS = 30_000;
/** The floor is given back this long after the last word, if nothing follows in the turn. */
const REST_MS = 2500;

export interface FleetDeps {
  readonly address: FleetAddress;
  readonly stage: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** 8 hex digits, the same after a restart. */
  readonly id: string;
  /** On the stage; undefined: its persona's. */
  readonly name?: string | undefined;
  /** Where it is heard beside its page; undefined: nowhere. */
  readonly room?: RoomOptions | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly policies: Policies;
  readonly voice: VoiceService;
  readonly sql: Sql;
  readonly alerts: { raise(facts: AlertFacts): void; clear(key: string, text: string): void };
  log(level: "info" | "warn", message: string): void;
  onChange(): void;
}

export class Fleet implements Company {
  readonly health: HealthSource = { id: "fleet", title: "Fleet", check: () => this.finding() };
  /** The voice as the conversation is to use it. */
  readonly voice: Voice;
  /** Lets people into the room; undefined where there is none. */
  readonly guests: RoomGuests | undefined;
  private readonly member: StageMember;
  private readonly room: VoiceRoom | undefined;
  private mind: ConversationService | undefined;
  private turn: TurnTrace | undefined;
  private turns = TURNS_MAX;
  private speaking = 0;
  private cancelAnswer: CancelTimer = () => undefined;
  private cancelRest: CancelTimer = () => undefined;
  private endMind: () => void = () => undefined;
  private wasSafe = false;
  /** It was cut off in the middle of a word, then, and has not said so. */
  private cutOffMs: number | undefined;

  constructor(private readonly deps: FleetDeps) {
    const { voice } = deps;
    this.voice = {
      speak: (sentence, options) => this.speak(sentence, options),
      stop: () => voice.stop(),
    };
    this.member = new StageMember({
      ...deps,
      name: () => this.name,
      isSounding: () => this.speaking > 0,
      onGate: (isOver) => voice.fenceChanged(isOver),
      onLost: (why) => this.lost(why),
      onEvent: (event) => void this.heard(event),
      onHush: () => this.hushed(),
      onChange: () => this.changed(),
    });
    voice.fenceBy(this.member.seat);
    const load = (): Promise<RoomLibrary> => loadRoomLibrary(process.env);
    this.guests = deps.room && new RoomGuests({ ...deps.room, load });
    this.room =
      deps.room &&
      new VoiceRoom({
        ...deps.room,
        id: deps.id,
        name: () => this.name,
        clock: deps.clock,
        chance: deps.chance,
        voice: voice.port,
        load,
        isEar: () => this.isEar,
        onMuted: () => this.silence(),
        log: deps.log,
        onChange: () => {
          this.tellCutOff();
          deps.onChange();
        },
      });
  }

  begin(mind: ConversationService): void {
    this.mind = mind;
    this.endMind = mind.subscribe((event) => this.minded(event));
    this.member.start();
    this.room?.start();
  }

  async close(): Promise<void> {
    this.endMind();
    this.cancelAnswer();
    this.cancelRest();
    await Promise.all([this.room?.close(), this.member.close()]);
  }

  /** Somebody spoke into a microphone: before it, or in a room with several robots. */
  heardByVoice(text: string, answer: () => void): void {
    const { member, deps } = this;
    const self = { id: deps.id, name: this.name, seenMs: 0, spokeMs: 0 };
    const isNamed = namedIn(text, [self]).length > 0;
    const occasion = member.isSafeMode ? (isNamed ? "named" : "other") : "person";
    const conduct = conductOf(member.reach, occasion, deps.clock.nowMs());
    // In a room all hear it; one of them makes words of it, and who is named answers.
    const others = member.stage?.members.filter(({ id }) => id !== deps.id) ?? [];
    if (this.room !== undefined && !isNamed && !member.isAway && namedIn(text, others).length > 0) {
      this.mind?.unheard();
      return member.tell({ type: "heard", text: cutText(text, TEXT_CHARS_MAX) });
    }
    if (conduct === "converse") return answer();
    this.mind?.unheard();
    if (conduct === "silent") return deps.log("info", "fleet safe mode: not spoken to by name");
    this.mind?.sayByItself(lineOf("alone", this.language));
  }

  /** A person begins to speak: everybody else is quiet. */
  listen(): void {
    this.hush("a person speaks");
  }

  handOver(reply: string): string | undefined {
    if (this.member.isAway || this.member.stage === undefined) return undefined;
    return handOver(reply, this.language, this.view());
  }

  maySpeakUp(): boolean {
    const { member, deps } = this;
    const { stage } = member;
    if (member.isAway || stage === undefined || stage.mode !== "running") return false;
    return stage.lead === undefined || stage.lead === deps.id;
  }

  state(): FleetState {
    const { member, deps, name, turns } = this;
    const { room } = this;
    return fleetStateOf({ member, stage: deps.stage, id: deps.id, name, turns, room });
  }

  /** `EPISODE_READY`: with these words this robot opens a topic, when the director lets it. @returns why not, or undefined */
  async prepare({
    title,
    opening,
  }: Pick<Episode, "title" | "opening">): Promise<string | undefined> {
    const { member, deps } = this;
    if (member.isAway) return `The stage ${deps.stage} is away.`;
    const episode = { id: randomBytes(4).toString("hex"), title, opening, robot: deps.id };
    const { answer } = await member.call({ op: "append", episode });
    if (answer.kind === "full") return "The script is full.";
    deps.log("info", `EPISODE_READY: "${title}"`);
    return undefined;
  }

  private get name(): string {
    return this.deps.name ?? this.mind?.character().name ?? "Buddy";
  }

  private get language(): string {
    return this.mind?.character().language ?? "en";
  }

  private async speak(sentence: string, options: SpeakOptions): Promise<Spoken> {
    const { member, deps } = this;
    this.cancelRest();
    this.speaking += 1;
    try {
      // While the stage is away nobody shares the floor: the person before it is answered without.
      const isGranted =
        member.isAway || (await member.seat.ask(this.urgency(options.turnId), options.signal));
      if (!isGranted) {
        const isStopped = options.signal.aborted;
        const reason = isStopped ? "It was stopped." : "Others have the floor.";
        const outcome = isStopped ? "stopped" : "shown";
        return { outcome, firstSoundMs: undefined, by: "floor", reason };
      }
      this.room?.caption(sentence, member.seat.token);
      const spoken = await deps.voice.speak(sentence, options);
      this.cutOffMs = cutOffBy(this.cutOffMs, spoken, this.room?.state, deps.clock.nowMs());
      return spoken;
    } finally {
      this.speaking -= 1;
      this.rest();
    }
  }

  /** Back in its room: by the floor as ever, when it has nothing else to say. */
  private tellCutOff(): void {
    const { room, deps } = this;
    const what = afterCutOff(this.cutOffMs, room, deps.clock.nowMs());
    if (what === "nothing") this.cutOffMs = undefined;
    if (what !== "say" || this.member.isAway) return;
    if (this.mind?.sayByItself(lineOf("cutOff", this.language))) this.cutOffMs = undefined;
  }

  private urgency(turnId: string): Urgency {
    const { turn } = this;
    if (turn === undefined || turn.id !== turnId) return URGENCY.answer;
    if (turn.kind === "own") return URGENCY.wish;
    return turn.source === "robot" ? URGENCY.answer : URGENCY.person;
  }

  /** Gives the floor back when the turn is over, or when nothing follows. */
  private rest(): void {
    this.cancelRest();
    if (this.speaking > 0) return;
    if (this.turn === undefined || this.turn.phase === "over") return this.member.seat.done();
    this.cancelRest = this.deps.clock.after(REST_MS, () => this.member.seat.done());
  }

  private minded(event: ConversationEvent): void {
    if (event.type !== "turn") return;
    const { turn } = event;
    const isNew = turn.id !== this.turn?.id;
    const wasOver = this.turn?.phase === "over";
    this.turn = turn;
    // Quiet for all is a stop here, and over at once.
    if (isNew && (turn.phase !== "over" || asksForQuiet(turn.said))) this.began(turn);
    if (turn.phase === "over" && (isNew || !wasOver)) this.ended(turn);
  }

  private began({ kind, source, said }: TurnTrace): void {
    this.cancelAnswer();
    if (kind !== "answer" || source === "robot") return;
    this.turns = 0;
    const { holder } = this.member.stage ?? {};
    const isOthers = holder !== undefined && holder.robot !== this.deps.id;
    if (asksForQuiet(said)) this.hush("a person asked for quiet");
    else if (isOthers) this.hush("a person speaks");
    if (said !== "") this.member.tell({ type: "heard", text: cutText(said, TEXT_CHARS_MAX) });
  }

  private ended(turn: TurnTrace): void {
    this.rest();
    // The mind is idle only after whoever hears of this.
    queueMicrotask(() => this.tellCutOff());
    const text = cutText(heardWords(turn), TEXT_CHARS_MAX);
    if (turn.kind === "answer" && turn.source !== "robot" && asksForQuiet(turn.said)) return;
    if (text === "" || this.member.isAway) return;
    this.turns += 1;
    const { token } = this.member;
    this.member.tell({ type: "said", text, token });
  }

  private hush(why: string): void {
    if (!this.member.isAway) this.member.hush(why);
  }

  /** A person speaks elsewhere. */
  private hushed(): void {
    this.cancelAnswer();
    this.mind?.stop();
  }

  private lost(why: "taken" | "lapsed"): void {
    this.deps.log(
      "warn",
      `the floor was ${why === "taken" ? "taken away" : "not renewed in time"}`,
    );
    this.silence();
  }

  private silence(): void {
    this.deps.voice.stop();
    this.mind?.stop();
  }

  private async heard({ entryId, from, body }: StageEvent): Promise<void> {
    const { member, deps } = this;
    const { stage } = member;
    if (body.type === "muted" && body.robot === deps.id) {
      return deps.log("warn", `FLEET_MUTED: ${from} muted this robot in the room: ${body.why}`);
    }
    if (stage === undefined || stage.nowMs - entryMs(entryId) > STALE_MS) return;
    if (body.type === "joined") return this.greet(from, body.name);
    if (body.type === "cue") {
      // Of all robots: else those that had ended their conversation would not answer the one that opens a new one.
      this.turns = 0;
      if (body.robot === deps.id && this.maySpeakUp()) this.open(body.episode.opening);
      return;
    }
    if (body.type !== "said" && body.type !== "heard") return;
    // A token that the stage has not given: it is asked once, since it may have been given just now.
    if (body.type === "said" && body.token > member.token) {
      await member.call({ op: "look" }).catch(() => undefined);
      if (body.token > member.token) {
        return deps.log("warn", `FLEET_BAD_ENTRY: ${from} names a token that was never given`);
      }
    }
    const speaker = member.stage?.members.find(({ id }) => id === from);
    if (speaker === undefined) return deps.log("info", `${from} speaks and is not on the stage`);
    // By the order of the stream, the same for all; what a sender counted may be of before a person spoke.
    this.turns = body.type === "heard" ? 0 : Math.min(TURNS_MAX, this.turns + 1);
    this.consider(speaker, body.text, body.type === "heard" ? "person" : "robot");
  }

  private consider(speaker: Member, text: string, by: "person" | "robot"): void {
    this.cancelAnswer();
    if (this.member.isBeforeOwnStop) return;
    const { clock } = this.deps;
    const answering = whoAnswers({ by, robot: speaker.id, text }, this.view());
    if (!answering.answers) return;
    const heardMs = this.member.stage?.nowMs ?? 0;
    this.cancelAnswer = clock.after(answering.waitMs, () => {
      const { holder } = this.member.stage ?? {};
      // Another one was sooner.
      const isTaken =
        holder !== undefined && holder.robot !== speaker.id && holder.sinceMs > heardMs;
      // And what it says to a person is never interrupted for another robot.
      const isBusy = this.turn !== undefined && this.turn.phase !== "over";
      if (isTaken || isBusy || this.member.isAway) return;
      const name = by === "robot" ? speaker.name : undefined;
      void this.mind?.say(text, { source: "robot", name });
    });
  }

  private greet(from: string, name: string): void {
    const { stage } = this.member;
    const others = (stage?.members ?? []).filter(({ id }) => id !== from);
    if (byQuiet(others)[0]?.id !== this.deps.id || !this.maySpeakUp() || !this.isHeard) return;
    this.mind?.sayByItself(lineOf("hello", this.language, name));
  }

  private open(opening: string): void {
    const more = handOver(opening, this.language, this.view());
    this.mind?.sayByItself(more === undefined ? opening : `${opening} ${more}`);
  }

  /** One robot makes words of what is said in the room: the same for all. */
  private get isEar(): boolean {
    const ids = (this.member.stage?.members ?? []).map(({ id }) => id);
    return this.member.isAway || ids.every((id) => id >= this.deps.id);
  }

  private view(): TalkView {
    const { stage } = this.member;
    return {
      self: this.deps.id,
      members: stage?.members ?? [],
      mode: stage?.mode ?? "paused",
      turns: this.turns,
      isHeard: this.isHeard,
    };
  }

  /** Somebody would hear it: a page plays. */
  private get isHeard(): boolean {
    return ["speaking", "ready", "hum"].includes(this.deps.voice.state().state);
  }

  private changed(): void {
    const { member, deps } = this;
    const isSafe = member.isSafeMode;
    if (isSafe !== this.wasSafe) {
      this.wasSafe = isSafe;
      const next = FLEET_NEXT[member.trouble?.code ?? "FLEET_AWAY"];
      const text = `The stage ${deps.stage} has been away for 30 s: fleet safe mode.`;
      if (isSafe) deps.alerts.raise({ key: "fleet", severity: "warning", text, next });
      else deps.alerts.clear("fleet", `The stage ${deps.stage} is there again.`);
    }
    deps.onChange();
  }

  private finding(): Finding {
    const { member, deps, name } = this;
    return stageFinding({ member, stage: deps.stage, name });
  }
}
