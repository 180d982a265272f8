/**
 * What a view is sent of the state. Properties: what the page puts together is what there is, field by field; nothing is sent
 * that the view does not show, or twice; what people act on is sent at once and figures once a second. Bytes are counted.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changed } from "../../../../src/page/live/state-change.js";
import type { BuddyState } from "../../../../src/state/buddy-state.js";
import { systemClock } from "../../../../src/time/clock.js";
import { flowsTo, PAGE_VIEWS } from "../../../../src/web/views/page-views.js";
import { StateFeed } from "../../../../src/web/views/state-feed.js";
import { livingRobot } from "../../../support/life.js";
import { FakeServices } from "../../../support/services.js";

/** A robot that follows a face: what changes all the time in each of its seconds. */
class Following {
  state: BuddyState;
  private readonly services = new FakeServices(systemClock);

  constructor() {
    this.edit((s) => Object.assign(s.robot, livingRobot(0), { tracking: true }));
    this.state = this.services.current;
  }

  edit(edit: (state: BuddyState) => void): BuddyState {
    this.services.change(edit);
    return (this.state = this.services.current);
  }

  /** The twentieth of a second after `tick` others. */
  at(tick: number): BuddyState {
    return this.edit((s) => {
      const wave = Math.sin(tick / 20);
      s.uptimeS = Math.floor(tick / 20);
      s.vision.face = { x: 99 + wave, y: 99, w: 60, h: 80, confidence: 97, seq: tick, ageMs: 38 };
      s.vision.camera = { ...s.vision.camera, frameAgeMs: tick % 40 };
      s.robot = {
        ...s.robot,
        servoBase: Math.round(90 + 20 * wave),
        queryAgeMs: (tick % 5) * 50,
        social: Math.round(50 + 20 * wave) / 100,
        causes: s.robot.causes?.map((one) => ({ ...one, agoS: one.agoS + 1 })) ?? [],
      };
    });
  }
}

const bytesOf = (message: unknown): number => Buffer.byteLength(JSON.stringify(message));

describe("what a view is sent of the state", () => {
  it("a page that puts the changes together has all that its view shows, also what came and went", () => {
    for (const view of PAGE_VIEWS.filter((name) => name !== "hidden")) {
      const robot = new Following();
      const feed = new StateFeed(view);
      let page = robot.state;
      for (let tick = 0; tick < 100; tick++) {
        const state = robot.at(tick);
        if (tick % 7 === 0) state.robot.emotion = tick % 2 === 0 ? "CURIOUS" : "CONTENT";
        if (tick % 30 > 15) delete (state.vision as { face?: unknown }).face;
        const change = feed.next(state, tick * 50);
        if (change) page = changed(page, JSON.parse(JSON.stringify(change)) as typeof change);
        assert.equal(page.robot.emotion, state.robot.emotion, view);
        assert.equal(page.vision.face === undefined, state.vision.face === undefined, view);
      }
      // The figures' second is over: all of it is told.
      const last = robot.state;
      const rest = feed.next(last, 1e9);
      if (rest) page = changed(page, rest);
      if (view === "health") assert.deepEqual(page.vision, last.vision);
      if (view === "inside") assert.deepEqual(page.robot, last.robot);
      if (view === "talk") assert.deepEqual([page.mind, page.voice], [last.mind, last.voice]);
    }
  });

  it("whoever comes later is sent all of the view, and nothing that others show", () => {
    const robot = new Following();
    const feed = new StateFeed("talk");
    feed.next(robot.state, 0);
    const { set, gone } = feed.whole();
    assert.deepEqual(gone, []);
    assert.deepEqual(Object.keys(set).sort(), ["health", "mind", "robot", "vision", "voice"]);
    assert.deepEqual(Object.keys(set.health ?? {}).sort(), ["level", "state", "text"]);
    assert.equal((set.robot as { life?: unknown }).life, undefined);
    assert.deepEqual((set.robot as { causes: unknown[] }).causes.length, 1);
  });

  it("a stage that is left is gone from the page as a whole", () => {
    const robot = new Following();
    const feed = new StateFeed("inside");
    const stage = robot.edit((s) => (s.fleet = { stage: "home", members: [] } as never));
    let page = changed(robot.state, feed.next(stage, 0) ?? { set: {}, gone: [] });
    assert.equal(page.fleet?.stage, "home");
    const alone = robot.edit((s) => delete s.fleet);
    page = changed(page, feed.next(alone, 2000) ?? { set: {}, gone: [] });
    assert.equal(page.fleet, undefined);
  });

  it("B2: the room is told at once who has the floor, and not how long it has it", () => {
    const robot = new Following();
    const feed = new StateFeed("room");
    const held = (id: string, leftMs: number): typeof robot.state =>
      robot.edit((s) => (s.fleet = { holder: { id, name: id, token: 1, leftMs } } as never));
    feed.next(held("a", 9000), 0);
    assert.equal(feed.next(held("a", 8000), 50), undefined);
    const { fleet } = feed.next(held("b", 9000), 100)?.set ?? {};
    assert.equal((fleet?.["holder"] as { id: string } | undefined)?.id, "b");
    const gone = feed.next(
      robot.edit((s) => (s.fleet = {} as never)),
      150,
    );
    assert.deepEqual(gone?.gone, ["fleet.holder"]);
  });

  it("what has not changed is not sent; what people act on is sent at once, figures once a second", () => {
    const robot = new Following();
    const feed = new StateFeed("health");
    assert.ok(feed.next(robot.state, 0));
    assert.equal(feed.next(structuredClone(robot.state), 5000), undefined);
    const linked = robot.edit((s) => {
      s.robot.linked = false;
      s.robot.servoBase = 120;
    });
    assert.deepEqual(feed.next(linked, 5050), { set: { robot: { linked: false } }, gone: [] });
    assert.deepEqual(feed.next(linked, 6000), { set: { robot: { servoBase: 120 } }, gone: [] });
  });

  it("G9: a minute of following costs the views little of state, and a hidden page nothing", (t) => {
    const perS = Object.fromEntries(
      PAGE_VIEWS.map((view) => {
        const robot = new Following();
        const feed = new StateFeed(view);
        let bytes = 0;
        for (let tick = 0; tick < 1200; tick++) {
          const change = feed.next(robot.at(tick), tick * 50);
          if (change) bytes += bytesOf({ type: "change", t: tick * 50, ...change });
        }
        return [view, Math.round(bytes / 60)];
      }),
    );
    const whole = 20 * bytesOf({ type: "state", t: 1000, state: new Following().at(9) });
    t.diagnostic(`bytes a second: ${JSON.stringify(perS)}; the whole state: ${whole}`);
    assert.ok(whole > 50_000, `the whole state, as programs are sent it: ${whole}`);
    assert.equal(perS["hidden"], 0);
    for (const view of ["talk", "play", "settings"]) assert.ok((perS[view] ?? 1e9) <= 100, view);
    for (const view of ["inside", "health"]) assert.ok((perS[view] ?? 1e9) <= 5000, view);
  });

  it("only Talk hears the mind, only where Buddy is seen there are pictures, and a hidden page gets none of it", () => {
    assert.deepEqual(
      PAGE_VIEWS.filter((view) => flowsTo(view, "mind")),
      ["talk"],
    );
    assert.deepEqual(
      PAGE_VIEWS.filter((view) => flowsTo(view, "picture")),
      ["talk", "play"],
    );
    assert.deepEqual(
      PAGE_VIEWS.filter((view) => flowsTo(view, "log")),
      ["health"],
    );
    const feed = new StateFeed("hidden");
    assert.equal(feed.next(new Following().state, 0), undefined);
  });
});
