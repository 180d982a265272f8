/**
 * In the VM: the pure body gives the same numbers as in Node, costs what a small chip can spare, and servo roles
 * without a servo stop nothing.
 */
import * as ds from "@devicescript/core";
import { describe, expect, test } from "@devicescript/test";
import type { Face } from "../../src/wire/face-frame";
import { Body } from "../../devs/body/body";
import { BodyDuty } from "../../devs/body/body-duty";
import { JacdacServoBus } from "../../devs/body/jacdac-servo-bus";
import type { Life } from "../../devs/life/life";
import type { Parts } from "../../devs/life/parts";
import { RobotStatus } from "../../devs/ports";
import { LivingMind } from "../../devs/character/living";
import { newState } from "../../src/wire/state";
import { BODY_TRACE, traceStep } from "../fixtures/body-trace";

function faceOf(x: number, seq: number): Face {
  return { x: x, y: 120, w: 60, h: 60, conf: 90, seq: seq, ageMs: 40, waitMs: 1 };
}

describe("body in the VM", () => {
  test("the trace of a scripted second is the same as in Node", async () => {
    const body = new Body(50, () => 0.25);
    for (let step = 0; step < BODY_TRACE.length; step++) {
      const got = traceStep(body, step);
      if (got !== BODY_TRACE[step]) console.log("step", step, got);
      expect(got).toBe(BODY_TRACE[step]);
      await ds.sleep(1);
    }
  });

  test("a step with a face takes less than 8,000 machine steps", async () => {
    // A slice of more than 131,072 ends the program: 16 of them fit into one or this test dies.
    const body = new Body(50, () => 0.25);
    body.loop("thinking");
    for (let i = 0; i < 40; i++) {
      body.step(i * 20);
      await ds.sleep(1);
    }
    for (let i = 0; i < 16; i++) {
      body.followFace(faceOf(150, i), 800 + i * 20);
      body.step(800 + i * 20);
    }
    expect(body.isFollowing()).toBe(true);
  });

  test("A6: a head that lets go of a face without a move is told as another pose", () => {
    const body = new Body(50, () => 0.25);
    const status = new RobotStatus({ body: body } as unknown as Parts, {} as Life);
    body.followFace(faceOf(150, 7), 0);
    const followed = status.poseVersion();
    expect(status.poseVersion()).toBe(followed);
    expect(body.reflex.reflexState() === "lost").toBe(false);
    body.reflex.endTracking();
    expect(body.reflex.lastSeq).toBe(7);
    expect(status.poseVersion()).toBe(followed + 1);
  });

  test("servo roles without servos neither block the body nor raise faults", async () => {
    const pan = new ds.Servo("pan");
    const nod = new ds.Servo("nod");
    const tilt = new ds.Servo("tilt");
    const bus = new JacdacServoBus([pan, nod, tilt]);
    const body = new Body(bus.lagMs, () => 0.25);
    const mind = new LivingMind(newState(), () => 0.25, ds.millis(), body.ambient);
    const duty = new BodyDuty(body, bus, mind);
    duty.begin();
    body.look(140, 100);
    // By count and not by time: the machine of the tests collects garbage at each allocation.
    for (let seq = 0; seq < 400 && body.status().pose.pan < 100; seq++) {
      duty.answerFace(faceOf(60, seq));
      await ds.sleep(20);
    }
    expect(bus.isReady()).toBe(false);
    expect(bus.counts.sent).toBe(0);
    expect(bus.counts.faults).toBe(0);
    expect(body.status().pose.pan >= 100).toBe(true);
  });
});
