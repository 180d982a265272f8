/**
 * Figures of the robot alone: how fast a face datagram becomes a servo command, how fast a command is
 * answered, what the servo bus carries, how much heap is left. Faces are sent, no camera runs.
 */
import { once } from "node:events";
import WebSocket from "ws";
import { CHIPS } from "../simulator/vm/chips.js";
import { systemChance } from "../time/chance.js";
import { atLeast, atMost, told, type Figure } from "./figures.js";
import { percentile } from "../time/meter.js";
import type { Rig } from "./rig.js";
import { until } from "../time/until.js";

const FACE_PERIOD_MS = 1000 / 30;
/** A head without a servo command for this long is at rest. */
const REST_MS = 200;
const TRIAL_MS_MAX = 3000;
/** What the runtime keeps of the heap for itself. */
const HEAP_OWN_BYTES = 12;

/** Sends faces at 30/s for ever; `x` may be changed between two of them. */
export class FaceSender {
  x = 120;
  y = 120;
  seq = 0;
  /** Unix ms of the newest face that was sent with a given x. */
  lastSentMs = 0;
  private isStopped = false;

  constructor(private readonly rig: Rig) {
    void this.run();
  }

  stop(): void {
    this.isStopped = true;
  }

  /** Resolves when the next face is out; returns when it left, Unix ms. */
  async next(): Promise<number> {
    const before = this.seq;
    await until("the next face", 1000, () => this.seq > before, 1);
    return this.lastSentMs;
  }

  private async run(): Promise<void> {
    let dueMs = this.rig.clock.nowMs();
    while (!this.isStopped) {
      this.seq++;
      this.lastSentMs = this.rig.datagram(`FACE:${this.x},${this.y},0,0,60,60,90,${this.seq},20`);
      dueMs += FACE_PERIOD_MS;
      await this.rig.clock.sleep(Math.max(0, dueMs - this.rig.clock.nowMs()));
    }
  }
}

/** Face datagram sent → servo command on the bus, at 30 faces a second, from a head at rest. */
export async function faceLatency(rig: Rig, trials: number): Promise<Figure[]> {
  let lastServoMs = 0;
  /** When the base was told something, since the trial began. */
  let toldMs: number[] = [];
  const end = rig.onMessage((part, message) => {
    if (part !== "robot" || message.type !== "servo") return;
    lastServoMs = Number(message["t"]);
    if (message["axis"] === "base") toldMs.push(lastServoMs);
  });
  const sender = new FaceSender(rig);
  const latencies: number[] = [];
  try {
    await rig.clock.sleep(1500);
    for (let trial = 0; trial < trials; trial++) {
      await until(
        "the head to rest",
        15_000,
        () => rig.clock.preciseWallMs() - lastServoMs > REST_MS,
        5,
      );
      await rig.clock.sleep(systemChance.next() * 40);
      toldMs = [];
      // To both sides in turn, so that the head stays near the centre.
      sender.x = trial % 2 === 0 ? 135 : 105;
      const sentMs = await sender.next();
      // The answer may be there before we know that the face has left. What came earlier only refreshed a servo.
      const answeredMs = (): number | undefined => toldMs.find((ms) => ms >= sentMs);
      await until("a servo command", TRIAL_MS_MAX, () => answeredMs() !== undefined, 2);
      // Not sooner: of two faces that wait, the gateway forgets the older.
      sender.x = 120;
      latencies.push((answeredMs() as number) - sentMs);
    }
  } finally {
    sender.stop();
    end();
  }
  const count = latencies.length;
  return [
    atMost(
      "face datagram → servo command, p50",
      percentile(latencies, 0.5),
      rig.bar(15, 80),
      "ms",
      count,
    ),
    atMost(
      "face datagram → servo command, p99",
      percentile(latencies, 0.99),
      rig.bar(30, 200),
      "ms",
      count,
    ),
  ];
}

/** ms of each command of a plain WebSocket client over the forwarded port, asked one after the other. */
export async function roundTrips(
  rig: Rig,
  rounds: number,
  lineOf: (round: number) => string,
  pauseMs: (tookMs: number) => number,
): Promise<number[]> {
  const socket = new WebSocket(`ws://${rig.door("gateway", "ws")}/`, { perMessageDeflate: false });
  const times: number[] = [];
  try {
    await once(socket, "message");
    for (let round = 0; round < rounds; round++) {
      const startMs = rig.clock.nowMs();
      const answer = once(socket, "message");
      socket.send(lineOf(round));
      await answer;
      const tookMs = rig.clock.nowMs() - startMs;
      times.push(tookMs);
      await rig.clock.sleep(pauseMs(tookMs));
    }
  } finally {
    socket.terminate();
  }
  return times;
}

/** Command round trip of a plain WebSocket client. */
export async function commandRoundTrip(rig: Rig, rounds: number): Promise<Figure[]> {
  const lineOf = (round: number): string => (round % 2 === 0 ? "!QUERY" : "!PRESENCE");
  const times = await roundTrips(rig, rounds, lineOf, () => systemChance.next() * 40);
  return [
    atMost("command round trip, p50", percentile(times, 0.5), rig.bar(25, 60), "ms", rounds),
    atMost("command round trip, p99", percentile(times, 0.99), rig.bar(50, 250), "ms", rounds),
  ];
}

/** Servo updates of an axis. */
interface AxisRate {
  readonly perS: number;
  readonly count: number;
}

interface Followed {
  readonly pan: AxisRate;
  readonly nod: AxisRate;
  readonly tilt: AxisRate;
  /** Packets of the program, in the second with most of them. */
  readonly packetsPerSMax: number;
  readonly elapsedS: number;
}

/** The head follows a face from side to side. @param begin called when the time begins that counts. */
export async function followed(
  rig: Rig,
  sender: FaceSender,
  seconds: number,
  begin: () => void = () => undefined,
): Promise<Followed> {
  const counts: Record<string, number> = { base: 0, nod: 0, tilt: 0 };
  let packetsPerSMax = 0;
  const end = rig.onMessage((part, message) => {
    if (part !== "robot" || message.type !== "servo") return;
    counts[String(message["axis"])] = (counts[String(message["axis"])] ?? 0) + 1;
  });
  // The rate is that of the last full second: the first one here still holds what happened before.
  await rig.clock.sleep(2000);
  const startMs = rig.clock.nowMs();
  const endMs = startMs + seconds * 1000;
  for (const axis of Object.keys(counts)) counts[axis] = 0;
  begin();
  try {
    // Open loop: the face stands beside the centre of the picture on one side, then on the other.
    for (let side = 1; rig.clock.nowMs() < endMs; side = -side) {
      sender.x = 120 + side * 14;
      sender.y = 120 + side * 5;
      for (let i = 0; i < 6; i++) {
        await rig.clock.sleep(250);
        packetsPerSMax = Math.max(packetsPerSMax, Number(rig.status("robot")["packetsPerS"] ?? 0));
      }
    }
  } finally {
    end();
  }
  const elapsedS = (rig.clock.nowMs() - startMs) / 1000;
  const rate = (axis: string): AxisRate => {
    const count = counts[axis] ?? 0;
    return { perS: count / elapsedS, count };
  };
  return { pan: rate("base"), nod: rate("nod"), tilt: rate("tilt"), packetsPerSMax, elapsedS };
}

/** Servo updates a second while the head follows a face. */
export async function servoRates(rig: Rig, seconds: number): Promise<Figure[]> {
  const sender = new FaceSender(rig);
  const { pan, nod, packetsPerSMax } = await followed(rig, sender, seconds).finally(() =>
    sender.stop(),
  );
  return [
    atLeast("pan updates while tracking", pan.perS, 18, "/s", pan.count),
    atLeast("nod updates while tracking", nod.perS, 18, "/s", nod.count),
    atMost("packets of the program, highest second", packetsPerSMax, 45, "/s", seconds),
  ];
}

/** Free heap with nothing connected, and under load with every feature open. */
export async function heap(rig: Rig): Promise<Figure[]> {
  const rest = await heapFree(rig);
  const sockets: WebSocket[] = [];
  const sender = new FaceSender(rig);
  let under: { free: number; largest: number };
  let clients: number;
  try {
    for (let i = 0; i < 6; i++) {
      const socket = await rig.client(i === 0 ? "/v2" : "/");
      socket.on("error", () => undefined); // One that is cut shows in the number that is open.
      sockets.push(socket);
    }
    sockets[0]?.send("1 WATCH:50");
    const asking = rig.clock.every(100, () => {
      for (const socket of sockets.slice(1)) socket.send("!QUERY");
    });
    await rig.clock.sleep(1000);
    under = await heapFree(rig);
    asking();
    clients = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  } finally {
    sender.stop();
    for (const socket of sockets) socket.terminate();
  }
  const heapKb = CHIPS[rig.chip ?? "esp32c3"].heapKb;
  const heapBytes = heapKb * 1024 - HEAP_OWN_BYTES;
  const what = `heap free under load (${clients} clients, 30 faces/s, pushes)`;
  return [
    told("heap in use at rest", `${heapBytes - rest.free} of ${heapBytes} bytes`, 1),
    // The bar is for 64 KB; in an S2's 40 KB it must only run.
    heapKb === 64
      ? atLeast(what, under.free, 20_480, "bytes", 20)
      : told(what, `${under.free} bytes`, 20),
    told("largest free block then", `${under.largest} bytes`, 20),
  ];
}

interface HeapReply {
  readonly freeBytes: number;
  readonly freeBlockBytesMax: number;
}

/** How often the heap is looked at for one figure: garbage is collected every 16 KB, so one look falls right after. */
const HEAP_LOOKS = 40;

/**
 * The VM's own count of what is free, the best of many looks: the one that falls right after a garbage
 * collection. (Asking the VM to collect stalls it long enough to lose the link.)
 */
async function heapFree(rig: Rig): Promise<{ free: number; largest: number }> {
  const best = { free: 0, largest: 0 };
  let looks = 0;
  const end = rig.onMessage((part, message) => {
    const reply = message["heap"] as HeapReply | null | undefined;
    if (part !== "robot" || message.type !== "heap" || !reply) return;
    looks++;
    best.free = Math.max(best.free, reply.freeBytes);
    best.largest = Math.max(best.largest, reply.freeBlockBytesMax);
  });
  const cancel = rig.clock.every(100, () => {
    rig.supervisor.send("robot", { type: "heap", live: false });
  });
  try {
    await until("the heap's figures", 30_000, () => looks >= HEAP_LOOKS, 5);
    return best;
  } finally {
    cancel();
    end();
  }
}
