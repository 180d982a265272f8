/**
 * What breaks. Each seed has a mixture of its own: some kinds of fault, how often, and for how long. Every fault is one that a
 * real machine, network, service or person brings about; each is undone when the world heals.
 */
import type { Chance } from "../../src/time/chance.js";
import { encodeFrame } from "../../src/voice/standby/frames.js";
import { MOODS, type ModelName } from "./models.js";
import type { Direction } from "./platform/world-socket.js";
import type { World } from "./world.js";
import { RENDERER } from "./voice-part.js";

export type Fault = (world: World, chance: Chance) => void;

const pick = <T>(chance: Chance, from: readonly T[]): T =>
  from[Math.floor(chance.next() * from.length)] as T;
const between = (chance: Chance, min: number, max: number): number =>
  min + chance.next() * (max - min);

/** A change of the radio for a while. */
function radio(change: (world: World, chance: Chance) => () => void, msMax: number): Fault {
  return (world, chance) => {
    const undo = change(world, chance);
    world.harm.undoIn(between(chance, 100, msMax), undo);
  };
}

function silence(world: World, directions: readonly Direction[]): () => void {
  const { silent } = world.network.radio;
  for (const direction of directions) silent[direction] = true;
  return () => {
    for (const direction of directions) silent[direction] = false;
    world.network.handAll();
  };
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  "radio loses": radio(({ network }, chance) => {
    network.radio.lossShare = between(chance, 0.02, 0.4);
    return () => (network.radio.lossShare = 0);
  }, 6000),
  "radio is slow": radio(({ network }, chance) => {
    network.radio.delayMs = between(chance, 50, 700);
    network.radio.jitterMs = between(chance, 0, 500);
    return () => Object.assign(network.radio, { delayMs: 4, jitterMs: 3 });
  }, 6000),
  "radio is silent one way": radio(
    (world, chance) => silence(world, [pick<Direction>(chance, ["up", "down"])]),
    10_000,
  ),
  "radio is silent": radio((world) => silence(world, ["up", "down"]), 12_000),
  "radio turns bits": radio(({ network }, chance) => {
    network.radio.flipShare = between(chance, 0.005, 0.1);
    return () => (network.radio.flipShare = 0);
  }, 4000),
  "radio is off": radio(({ network }) => {
    network.radio.isOff = true;
    network.resetRadio();
    return () => (network.radio.isOff = false);
  }, 8000),
  "radio breaks": ({ network }) => network.resetRadio(),
  "datagrams are lost, doubled and late": radio((world, chance) => {
    world.datagramFaults = between(chance, 0.1, 0.8);
    return () => (world.datagramFaults = 0);
  }, 8000),
  "robot loses its power": (world, chance) => world.harm.robotOff(between(chance, 200, 4000)),
  "robot loses its power in a save": (world, chance) => {
    const kinds = ["lost", "kept", "overlay", "short", "gone", "garbage"] as const;
    const junk = Buffer.from([1, 2, 3]);
    const kind = pick(chance, kinds);
    const bytes = Math.floor(chance.next() * 60);
    const wipes = chance.next() < 0.15;
    world.board.memory.cut = {
      at: Math.floor(chance.next() * 3),
      outcome: { kind, bytes, junk },
      wipes,
    };
    world.surroundings.ownerSets();
  },
  "robot's flash fails once": (world, chance) => {
    const kind = pick(chance, ["fails", "late", "silent"] as const);
    const outcome = { kind, bytes: 0, junk: undefined };
    world.board.memory.cut = { at: Math.floor(chance.next() * 3), outcome, wipes: false };
    world.surroundings.ownerSets();
  },
  "robot stands still": (world, chance) => world.harm.robotStops(between(chance, 100, 4000)),
  "gateway is killed": (world) => world.harm.killPart("gateway"),
  "gateway is killed while it writes": (world, chance) =>
    world.harm.killWhileWriting("gateway", Math.floor(chance.next() * 8)),
  "gateway stands still": (world, chance) =>
    world.harm.stopPart("gateway", between(chance, 100, 14_000)),
  // Nobody but the supervisor ends that.
  "voice stands still for good": (world) => world.harm.stopPart("voice", 3_600_000),
  "voice is killed": (world) => world.harm.killPart("voice"),
  "voice stands still": (world, chance) =>
    world.harm.stopPart("voice", between(chance, 50, 14_000)),
  "renderer is killed": (world, chance) =>
    pick(chance, world.processes.alive(RENDERER))?.end(null, "SIGKILL"),
  "renderer stands still": (world, chance) => {
    const renderer = pick(chance, world.processes.alive(RENDERER));
    if (renderer) world.harm.stopLife(renderer.life, between(chance, 20, 4000));
  },
  "renderer talks nonsense": (world, chance) => {
    const renderer = pick(chance, world.processes.alive(RENDERER));
    const frame = encodeFrame("sound", 1, 1_000_000, Buffer.alloc(882));
    if (chance.next() < 0.5) frame[20] = 0x5a;
    renderer?.pipe(frame);
  },
  "starts are slow": radio((world, chance) => {
    world.startMs = [500, between(chance, 2000, 9000)];
    return () => (world.startMs = [50, 400]);
  }, 10_000),
  "starts fail": radio((world) => {
    world.startFails = true;
    return () => (world.startFails = false);
  }, 5000),
  "no descriptors": radio(({ processes }) => {
    processes.spawnFails = "EMFILE";
    return () => (processes.spawnFails = undefined);
  }, 4000),
  "disk is full": radio((world) => {
    world.diskFails = "ENOSPC";
    return () => (world.diskFails = undefined);
  }, 8000),
  "disk fails": radio((world) => {
    world.diskFails = "EIO";
    return () => (world.diskFails = undefined);
  }, 4000),
  "companion stands still": (world, chance) =>
    world.harm.companionStops(between(chance, 100, 12_000)),
  "companion is killed": (world, chance) => world.harm.killCompanion(between(chance, 500, 4000)),
  "machine sleeps": (world, chance) => world.harm.machineSleeps(between(chance, 500, 12_000)),
  "somebody sets the clock": (world, chance) => {
    world.time.wallStepMs += (chance.next() - 0.5) * 800 * 86_400_000;
  },
  "a model is in a bad mood": (world, chance) => {
    const name = pick<ModelName>(chance, ["first", "second"]);
    world.models.moods[name] = pick(chance, MOODS);
    world.harm.undoIn(between(chance, 2000, 20_000), () => (world.models.moods[name] = "good"));
  },
  "strangers hold the link's door": (world, chance) => {
    const count = 8 + Math.floor(chance.next() * 16);
    for (let i = 0; i < count; i++) world.harm.stranger(between(chance, 100, 5000));
  },
  "somebody restarts a part": (world, chance) =>
    world.harm.restartPart(pick(chance, ["gateway", "voice"] as const)),
};
