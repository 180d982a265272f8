// Three robots, a director and a Redis in one process: real conversations (safe mode's lines), floors and events; the voice
// plays to nobody and looks at its gate every 50 ms, as playback does. Holds:
// - a person's question becomes a conversation that is handed on and ends by itself, heard by all, never two voices at once;
// - a holder that is cut off falls silent by itself, and another one speaks after the director took the floor back;
// - without the stage a robot answers the person before it, and comes back by itself.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { Conversation } from "../../../src/conversation/conversation.js";
import { Memory } from "../../../src/conversation/memory/memory.js";
import { ModelChain } from "../../../src/conversation/models/model-chain.js";
import { OfflineCharacter } from "../../../src/conversation/offline.js";
import { Reminders } from "../../../src/conversation/reminders/reminders.js";
import type { ConversationService } from "../../../src/conversation/service.js";
import { Thinker } from "../../../src/conversation/thinker.js";
import { Director } from "../../../src/fleet/director.js";
import { Fleet } from "../../../src/fleet/fleet.js";
import { fleetAddress } from "../../../src/fleet/redis/address.js";
import { TURNS_MAX } from "../../../src/fleet/talk/who-answers.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { Database } from "../../../src/store/database.js";
import { MIGRATIONS } from "../../../src/store/migrations.js";
import { seededChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import type { FloorGate } from "../../../src/voice/floor-gate.js";
import type { VoiceService } from "../../../src/voice/service.js";
import type { Spoken } from "../../../src/voice/speech/speech.js";
import { buddyPersona, CALM_WORLD, plainSettings } from "../../support/conversation.js";
import { policiesOf } from "../../support/policies.js";
import { redisOptions, RedisServer } from "../../support/redis.js";

const LIMIT_MS = 90_000;
const STEP_MS = 50;
/** A short sentence; a whole conversation is to take seconds. */
const SENTENCE_STEPS = 6;
const clock = systemClock;

interface Sound {
  readonly robot: string;
  readonly text: string;
  readonly from: number;
  to: number;
}

class TestRobot {
  readonly fleet: Fleet;
  readonly mind: Conversation;
  readonly resilience = new Resilience({ clock });
  private gate: FloorGate | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), "buddy-stage-"));
  private readonly db = Database.open(join(this.folder, "buddy.db"), MIGRATIONS);
  private readonly stops = new Set<() => void>();

  private constructor(
    readonly name: string,
    id: string,
    port: number,
    private readonly sounds: Sound[],
    persona: Awaited<ReturnType<typeof buddyPersona>>,
  ) {
    const voice = {
      speak: (text: string, { signal }: { signal: AbortSignal }) => this.play(text, signal),
      stop: () => this.stops.forEach((stop) => stop()),
      fenceBy: (gate: FloorGate) => (this.gate = gate),
      fenceChanged: (isOver: boolean) => {
        if (isOver) queueMicrotask(() => this.gate?.silent());
      },
      state: () => ({ state: "ready", text: "" }),
    } as unknown as VoiceService;
    const address = fleetAddress(`redis://127.0.0.1:${port}`);
    if (address === undefined) throw new Error("no address");
    const log = (): void => undefined;
    this.fleet = new Fleet({
      address,
      stage: "talk",
      id,
      name,
      clock,
      chance: seededChance(1),
      policies: policiesOf(this.resilience),
      voice,
      sql: (work) => this.db.transaction(() => work(this.db)),
      alerts: { raise: log, clear: log },
      log,
      onChange: log,
    });
    const character = new OfflineCharacter(seededChance(id.charCodeAt(7)));
    const chain = new ModelChain([], clock, log, () => undefined);
    this.mind = new Conversation({
      clock,
      character,
      thinker: new Thinker(() => chain, character, clock),
      voice: this.fleet.voice,
      robot: { send: () => Promise.resolve('{"ok":true}') },
      memory: new Memory(undefined, log),
      company: this.fleet,
      reminders: new Reminders(undefined, log),
      world: () => CALM_WORLD,
      settings: () => plainSettings({ ...persona, name }, { picture: "never" }),
      setSound: () => undefined,
      picture: () => undefined,
      log,
    });
    const mind = Object.assign(this.mind, { character: () => ({ name, language: "en" }) });
    this.fleet.begin(mind as unknown as ConversationService);
  }

  static async on(port: number, name: string, id: string, sounds: Sound[]): Promise<TestRobot> {
    const robot = new TestRobot(name, id, port, sounds, await buddyPersona());
    await until(`${name} on the stage`, LIMIT_MS, () => robot.fleet.state().state === "there");
    return robot;
  }

  /** What this robot's sound would be: heard as long as the gate lets it. */
  private async play(text: string, signal: AbortSignal): Promise<Spoken> {
    let isStopped = signal.aborted;
    const stop = (): void => void (isStopped = true);
    this.stops.add(stop);
    signal.addEventListener("abort", stop);
    const sound: Sound = { robot: this.name, text, from: clock.nowMs(), to: clock.nowMs() };
    for (let step = 0; step < SENTENCE_STEPS && !isStopped; step++) {
      const pass = this.gate?.pass() ?? { kind: "free" };
      isStopped = pass.kind === "closed";
      if (isStopped) break;
      if (step === 0) this.sounds.push(sound);
      await clock.sleep(STEP_MS);
      if (!isStopped) sound.to = clock.nowMs();
    }
    this.stops.delete(stop);
    const outcome = isStopped ? "stopped" : "played";
    return { outcome, firstSoundMs: 0, by: "test", reason: "" };
  }

  async close(): Promise<void> {
    this.mind.close();
    await this.fleet.close();
    this.resilience.close();
    this.db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe("three robots on a stage", redisOptions("robots on a stage"), () => {
  const server = new RedisServer();
  const sounds: Sound[] = [];
  const robots: TestRobot[] = [];
  const lines: string[] = [];
  let director: Director | undefined;
  before(() => server.start());
  after(() => server.close());
  afterEach(async () => {
    await director?.close();
    await Promise.all(robots.splice(0).map((robot) => robot.close()));
  });

  const begin = async (): Promise<readonly [TestRobot, TestRobot, TestRobot]> => {
    const address = fleetAddress(`redis://127.0.0.1:${server.port}`);
    if (address === undefined) throw new Error("no address");
    const policies = policiesOf(new Resilience({ clock }));
    const log = (_level: string, line: string): void => void lines.push(line);
    director = new Director({
      address,
      stage: "talk",
      clock,
      chance: seededChance(1),
      policies,
      log,
    });
    director.start(true);
    const ada = await TestRobot.on(server.port, "Ada", "0000000a", sounds);
    const bob = await TestRobot.on(server.port, "Bob", "0000000b", sounds);
    const carl = await TestRobot.on(server.port, "Carl", "0000000c", sounds);
    robots.push(ada, bob, carl);
    await until("all to see all", LIMIT_MS, () =>
      robots.every(({ fleet }) => fleet.state().members.length === 3),
    );
    await until("a director", LIMIT_MS, () => lines.some((line) => line.startsWith("directs")));
    return [ada, bob, carl];
  };

  /** Two robots that sounded at the same time; a step is what a gate is looked at within. */
  const overlaps = (): string[] =>
    sounds.flatMap((one, i) =>
      sounds
        .slice(i + 1)
        .filter((other) => other.robot !== one.robot)
        .filter((other) => Math.min(one.to, other.to) - Math.max(one.from, other.from) > STEP_MS)
        .map((other) => `${one.robot} "${one.text}" and ${other.robot} "${other.text}"`),
    );
  const turnsOf = (robot: TestRobot): number =>
    robot.mind.turns.filter(({ phase, sentences }) => phase === "over" && sentences.length > 0)
      .length;

  it(`B2, A11: a person's question is handed on ${TURNS_MAX} turns, one voice at a time, and ends`, async () => {
    const [ada] = await begin();
    const report = await ada.mind.say("How are you?", { source: "page" });
    assert.equal(report.outcome, "done");
    assert.match(report.reply, /(Bob|Carl), what do you think\?$/);
    await until("the last turn", LIMIT_MS, () =>
      robots.every(({ fleet }) => fleet.state().turns >= TURNS_MAX - 1),
    );
    await until("everybody to be done", LIMIT_MS, () =>
      robots.every(
        ({ mind, fleet }) => mind.phase === "idle" && fleet.state().holder === undefined,
      ),
    );
    const spoken = robots.map(turnsOf);
    assert.ok(
      spoken.every((count) => count > 0),
      `each has spoken: ${spoken.join(" ")}`,
    );
    assert.ok(spoken.reduce((sum, count) => sum + count) <= TURNS_MAX, "and no more than that");
    assert.deepEqual(overlaps(), []);
    // "Quiet, everyone": whoever speaks then is silent, and no word follows.
    void ada.mind.say("How are you?", { source: "page" });
    await until("another one to speak", LIMIT_MS, () =>
      robots.some((robot) => robot !== ada && robot.mind.phase === "speaking"),
    );
    await ada.mind.say("Quiet, everyone!", { source: "page" });
    await until("silence", LIMIT_MS, () => robots.every(({ mind }) => mind.phase === "idle"));
    assert.deepEqual(overlaps(), []);
    const { outcome, sentences } = ada.mind.turns.at(-1) ?? {};
    assert.deepEqual({ outcome, sentences }, { outcome: "stopped", sentences: [] }, "no answer");
  });

  it("B2: an item that a robot has made ready is opened by it, word by word, when it is quiet; others answer", async () => {
    const [ada, bob] = await begin();
    const before = lines.length;
    const opening = "I have thought about rain. Ada, what is rain like?";
    assert.equal(await bob.fleet.prepare({ title: "Rain", opening }), undefined);
    await until("the item to be opened", LIMIT_MS, () =>
      bob.mind.turns.some(
        ({ sentences }) => sentences.map(({ text }) => text).join(" ") === opening,
      ),
    );
    await until("it to be off the script", LIMIT_MS, () => bob.fleet.state().scriptLeft === 0);
    assert.ok(lines.slice(before).some((line) => line.includes('"Rain" begins')));
    await until("Ada to answer", LIMIT_MS, () =>
      ada.mind.turns.some(({ source, phase }) => source === "robot" && phase === "over"),
    );
    assert.deepEqual(overlaps(), []);
    // While the stage is paused it waits; at the end it is dropped, and nobody opens it.
    await director?.once({ op: "mode", mode: "paused" });
    assert.equal(await bob.fleet.prepare({ title: "Snow", opening: "It snows." }), undefined);
    await until("the item in the script", LIMIT_MS, () => bob.fleet.state().scriptLeft === 1);
    await director?.once({ op: "mode", mode: "ended" });
    await until("the script to be dropped", LIMIT_MS, () => bob.fleet.state().scriptLeft === 0);
    await director?.once({ op: "mode", mode: "running" });
    assert.equal(
      bob.mind.turns.some(({ sentences }) => sentences.some(({ text }) => text === "It snows.")),
      false,
    );
  });

  it("B1: without Redis it answers the person before it; it is back by itself and takes the floor again", async () => {
    const [ada, bob] = await begin();
    await server.kill();
    await until("it to be noticed", LIMIT_MS, () =>
      [ada, bob].every(({ fleet }) => fleet.state().state === "away"),
    );
    const alone = await ada.mind.say("How are you?", { source: "page" });
    assert.equal(alone.outcome, "done");
    assert.doesNotMatch(alone.reply, /what do you think\?$/, "it hands over to nobody");
    await server.start();
    await until("it to be back", LIMIT_MS, () =>
      robots.every(({ fleet }) => fleet.state().state === "there"),
    );
    const again = await bob.mind.say("Who are you?", { source: "page" });
    assert.equal(again.outcome, "done");
    assert.deepEqual(overlaps(), []);
  });
});
