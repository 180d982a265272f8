/**
 * The robot's program, for every board and for the simulator: connects link, server, intake, body, mind, memory and
 * settings. It wires and decides nothing. What differs between boards comes in as `Hardware`.
 */
import * as ds from "@devicescript/core";
import { ROBOT_TCP_PORT, ROBOT_UDP_PORT } from "../src/wire/limits";
import { TCP, UDP } from "../src/wire/link";
import { Body } from "./body/body";
import { BodyDuty } from "./body/body-duty";
import type { ServoBus } from "./body/servo-bus";
import { chance, nowMs } from "./runtime/clock";
import { Interpreter } from "./command/verbs";
import { startConfig } from "./config/config-duty";
import { hurry, load, noteFault, slice, startJob } from "./runtime/duty";
import { Intake } from "./intake/intake";
import { Life } from "./life/life";
import { Memory } from "./life/memory";
import { Cable } from "./link/cable";
import { startLink } from "./link/link";
import { LivingMind } from "./character/living";
import { Dialogue } from "./net/dialogue";
import { RobotServer } from "./net/server";
import { FaceSink, PortRouter, RobotStatus } from "./ports";
import { newState } from "../src/wire/state";
import type { Storage } from "./store/storage";
import { mayDial, WifiState } from "./wifi/wifi-core";
import { WifiDuty } from "./wifi/wifi-duty";

export interface Hardware {
  servoBus: ServoBus;
  /** Finds the place where state is kept. */
  openStorage: () => Promise<Storage>;
}

/** Starts all duties and returns; the program then lives in its fibers. */
export function startBuddy(hardware: Hardware): void {
  const state = newState();
  const memory = new Memory(state, hardware.openStorage, nowMs());
  const body = new Body(hardware.servoBus.lagMs, chance);
  const mind = new LivingMind(state, chance, nowMs(), body.ambient);
  const duty = new BodyDuty(body, hardware.servoBus, mind);
  const wifi = new WifiState(nowMs());
  const parts = { body, duty, mind, memory, wifi };
  const life = new Life(parts);
  const intake = new Intake(new FaceSink(parts));
  const robot = new RobotStatus(parts, life);
  const interpreter = new Interpreter({
    body: duty,
    mind,
    life,
    character: mind.mind,
    robot,
    intake,
  });
  const dialogue = new Dialogue(interpreter, robot, life.gate, nowMs, noteFault);
  const server = new RobotServer({
    nowMs: nowMs,
    dialogue,
    health: robot,
    counters: intake.counters,
    slice: slice,
    load: load,
    noteFault: noteFault,
  });
  // In the order of their urgency: jobs that are due together are done as they were started here.
  const link = startLink({
    deviceId: Buffer.from(ds.deviceIdentifier("self"), "hex"),
    ports: [
      { protocol: TCP, port: ROBOT_TCP_PORT },
      { protocol: UDP, port: ROBOT_UDP_PORT },
    ],
    handlers: new PortRouter(server, intake, parts, life),
    slice: slice,
    cable: new Cable(),
    canDial: () => mayDial(wifi, nowMs()),
  });
  duty.begin();
  life.begin(link);
  new WifiDuty(wifi, link).begin();
  // The last of the jobs: they work on with what the others leave of a slice.
  link.job = startJob("link", 300, (now) => link.run(now));
  const serverJob = startJob("server", 300, (now) => {
    intake.tick(now);
    return now + server.run();
  });
  server.onWork = () => hurry(serverJob, 0);
  duty.onStep = (now) => server.tellPose(now);
  memory.begin(link);
  startConfig(link, hardware.servoBus, memory);
}
