// The fleet's edge on a real Redis. Holds:
// - one robot has the floor at a time, and it changes hands at once when it is given back;
// - events go out in their order and are taken once, also when Redis was away, came back empty, or a message came twice;
// - everything wrong with a Redis has a name and costs no crash, and it is back by itself;
// - entries that are not ours are passed over, counted and named.
// FLEET_EVENTS says how many numbered events are sent over the outages (1,000 by `FLEET_EVENTS=1000`).
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { STREAM_MAX } from "../../../src/fleet/events/event-line.js";
import { stageKeys } from "../../../src/fleet/stage/stage-calls.js";
import { until } from "../../../src/time/until.js";
import { redisOptions, RedisServer } from "../../support/redis.js";
import { TestMember } from "./fleet-rig.js";

const EVENTS = Number(process.env["FLEET_EVENTS"] ?? 120);
const LIMIT_MS = 30_000;
const ADA = "0000000a";
const BOB = "0000000b";

describe("the fleet on a Redis", redisOptions("the fleet's edge"), () => {
  const server = new RedisServer();
  const members: TestMember[] = [];
  before(() => server.start());
  after(() => server.close());
  afterEach(async () => {
    await Promise.all(members.splice(0).map((member) => member.close()));
  });

  const join = async (
    name: string,
    id: string,
    options: ConstructorParameters<typeof TestMember>[3] = {},
  ): Promise<TestMember> => {
    const member = new TestMember(name, id, server.port, options);
    members.push(member);
    await until(`${name} on the stage`, LIMIT_MS, () => member.member.events.isListening);
    return member;
  };
  const numbered = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => `event ${from + i}`);
  const tellAll = (member: TestMember, texts: readonly string[]): void =>
    texts.forEach((text) => member.member.tell({ type: "heard", text }));

  it("B2: one has the floor, the next one has it when it is given back", async () => {
    const ada = await join("Ada", ADA, { stage: "floor" });
    const bob = await join("Bob", BOB, { stage: "floor" });
    const never = new AbortController().signal;
    assert.equal(await ada.member.seat.ask(1, never), true);
    assert.equal(ada.member.seat.pass().kind, "token");
    const waiting = bob.member.seat.ask(1, never);
    await until("Bob to see who has it", LIMIT_MS, () => bob.member.stage?.holder?.robot === ADA);
    assert.equal(bob.member.seat.pass().kind, "closed");
    const first = ada.member.seat.token;
    ada.member.seat.done();
    assert.equal(await waiting, true);
    assert.ok(bob.member.seat.token > first);
    assert.equal(ada.member.seat.pass().kind, "closed");
  });

  it("B2: a person's word silences everybody else", async () => {
    const ada = await join("Ada", ADA, { stage: "hush" });
    const bob = await join("Bob", BOB, { stage: "hush" });
    assert.equal(ada.member.isBeforeOwnStop, false);
    ada.member.hush("a person speaks");
    assert.equal(ada.member.isBeforeOwnStop, true, "what it reads now was told before");
    await until("it to come back", LIMIT_MS, () => !ada.member.isBeforeOwnStop);
    await until("Bob to be told", LIMIT_MS, () => bob.hushes > 0);
    assert.equal(ada.hushes, 0);
    await until("the event, too", LIMIT_MS, () =>
      bob.events.some(({ body }) => body.type === "stop"),
    );
  });

  it(`B1: ${EVENTS} numbered events over a Redis that is stopped, killed, and comes back empty: each once, in order`, async () => {
    const ada = await join("Ada", ADA, { stage: "events" });
    const bob = await join("Bob", BOB, { stage: "events" });
    const part = Math.ceil(EVENTS / 4);
    tellAll(ada, numbered(0, part));
    await until("the first part", LIMIT_MS, () => bob.heard.length === part);
    server.signal("SIGSTOP");
    tellAll(ada, numbered(part, 2 * part));
    await until("Ada to notice", LIMIT_MS, () => ada.member.isAway);
    assert.equal(ada.member.seat.pass().kind, "free", "it talks with the person before it");
    server.signal("SIGCONT");
    await until("the second part", LIMIT_MS, () => bob.heard.length >= 2 * part);
    await server.kill();
    tellAll(ada, numbered(2 * part, 3 * part));
    await until("both to notice", LIMIT_MS, () => ada.member.isAway && bob.member.isAway);
    // Without its data: what Bob had not read is gone there, and is told again.
    await server.start();
    await until("the third part", LIMIT_MS, () => bob.heard.length >= 3 * part);
    tellAll(ada, numbered(3 * part, EVENTS));
    await until("all", LIMIT_MS, () => bob.heard.length >= EVENTS);
    assert.deepEqual(bob.heard, numbered(0, EVENTS));
    assert.equal(ada.member.events.waiting.count, 0);
    assert.ok(!ada.member.isAway && !bob.member.isAway, "back without a restart");
  });

  it("B1: what a server lost after it had it is told again, and nobody takes it twice", async () => {
    const ada = await join("Ada", ADA, { stage: "lost" });
    const bob = await join("Bob", BOB, { stage: "lost" });
    tellAll(ada, numbered(0, 5));
    await until("five", LIMIT_MS, () => bob.heard.length === 5);
    const admin = server.admin();
    const [stream, senders] = stageKeys("lost").events;
    await admin.del(stream, senders);
    await admin.call("CLIENT", "KILL", "TYPE", "normal");
    await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
    await until(
      "Ada to tell again",
      LIMIT_MS,
      async () => (await admin.hget(senders, ADA)) !== null,
    );
    tellAll(ada, numbered(5, 8));
    await until("eight", LIMIT_MS, () => bob.heard.length >= 8);
    assert.deepEqual(bob.heard, numbered(0, 8));
    admin.disconnect();
  });

  it("passes over entries that are foreign or poisoned, and goes on", async () => {
    const bob = await join("Bob", BOB, { stage: "poison" });
    const admin = server.admin();
    const [stream] = stageKeys("poison").events;
    const good = JSON.stringify({ type: "heard", text: "still here" });
    const entries: (string | Buffer)[][] = [
      ["foreign", "field"],
      ["from", "somebody", "seq", "1", "body", good],
      ["from", ADA, "seq", "-1", "body", good],
      ["from", ADA, "seq", "1e99", "body", good],
      ["from", ADA, "seq", "1"],
      ["from", ADA, "seq", "1", "body", "no JSON"],
      ["from", ADA, "seq", "1", "body", '{"type":"reboot"}'],
      ["from", ADA, "seq", "1", "body", JSON.stringify({ type: "heard", text: "x".repeat(9000) })],
      ["from", ADA, "seq", "1", "body", Buffer.from([0x7b, 0xff, 0xfe])],
      [
        "from",
        ADA,
        "seq",
        "1",
        "body",
        JSON.stringify({ type: "said", text: "x", token: 1e99, turns: 1 }),
      ],
      ["from", ADA, "seq", "1", "body", `{"__proto__":{"type":"stop"},"type":"none"}`],
      ["from", ADA, "seq", "1", "body", good],
    ];
    await until("Bob to listen", LIMIT_MS, async () => {
      const groups = await admin.xinfo("GROUPS", stream).catch(() => []);
      return Array.isArray(groups) && groups.length > 0;
    });
    for (const fields of entries) await admin.xadd(stream, "*", ...(fields as string[]));
    await admin.publish(stageKeys("poison").channel, "event");
    await until("the good one", LIMIT_MS, () => bob.heard.length === 1);
    assert.deepEqual(bob.heard, ["still here"]);
    assert.equal(bob.member.events.bad, entries.length - 1);
    assert.ok(bob.log.some((line) => line.startsWith("FLEET_BAD_ENTRY")));
    const pending = await admin.xpending(stream, BOB);
    assert.equal(pending[0], 0, "none of them comes again");
    assert.ok(STREAM_MAX > 0);
    admin.disconnect();
  });

  it("B1: WRONGTYPE, a full Redis and a replica are named, and over by themselves", async () => {
    const admin = server.admin();
    const ada = await join("Ada", ADA, { stage: "trouble" });
    const troubled = (code: string): Promise<unknown> =>
      until(code, LIMIT_MS, () => ada.member.trouble?.code === code);
    const well = (): Promise<unknown> =>
      until("it is well", LIMIT_MS, () => ada.member.trouble === undefined && !ada.member.isAway);
    const [key] = stageKeys("trouble").stage;
    await admin.del(key);
    await admin.lpush(key, "somebody else's");
    await troubled("FLEET_KEY_TYPE");
    await admin.del(key);
    // The breaker tries again after its time; a new connection is a reason to try at once.
    await admin.call("CLIENT", "KILL", "TYPE", "normal");
    await well();
    await admin.config("SET", "maxmemory", "1");
    await troubled("FLEET_FULL");
    await admin.config("SET", "maxmemory", "0");
    await admin.call("CLIENT", "KILL", "TYPE", "normal");
    await well();
    await admin.replicaof("127.0.0.1", "1");
    await troubled("FLEET_READONLY");
    await admin.replicaof("NO", "ONE");
    await well();
    admin.disconnect();
  });

  it("B1: a wrong password is named, and nothing is said of the password", async () => {
    const locked = new RedisServer();
    try {
      await locked.start("--requirepass", "right");
      const ada = new TestMember("Ada", ADA, locked.port, { password: "wrong secret" });
      members.push(ada);
      await until("the name", LIMIT_MS, () => ada.member.trouble?.code === "FLEET_PASSWORD");
      assert.ok(!ada.log.join().includes("wrong secret"));
      const bob = new TestMember("Bob", BOB, locked.port, { password: "right" });
      members.push(bob);
      await until("Bob on the stage", LIMIT_MS, () => !bob.member.isAway);
      await Promise.all(members.splice(0).map((member) => member.close()));
    } finally {
      await locked.close();
    }
  });
});
