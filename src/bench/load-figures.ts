/**
 * The robot under the load of a full desk: 30 faces and 3 VISION a second, six clients with a QUERY a second each. What counts
 * is that nothing is lost: the link stays, and every question is answered.
 */
import WebSocket from "ws";
import { encodeCompactVision } from "../wire/vision.js";
import { atLeast, atMost, told, type Figure } from "./figures.js";
import { percentile } from "../time/meter.js";
import type { Rig } from "./rig.js";
import { FaceSender } from "./robot-figures.js";

const CLIENTS = 6;
const ASK_PERIOD_MS = 1000;
const VISION_PERIOD_MS = 1000 / 3;
/** A question that has waited so long when the load ends is missing its answer. */
const ANSWER_MS_MAX = 5000;
/** The face goes from one side to the other, so that the head always follows. */
const TURN_MS = 1500;

export async function loadFigures(rig: Rig, seconds: number): Promise<Figure[]> {
  const clients: AskingClient[] = [];
  const faces = new FaceSender(rig);
  const cancels: (() => void)[] = [];
  try {
    for (let i = 0; i < CLIENTS; i++) clients.push(await AskingClient.open(rig));
    const from = rig.events.length;
    cancels.push(
      rig.clock.every(VISION_PERIOD_MS, () => {
        rig.datagram(encodeCompactVision(true, 1, "neutral", 0.1));
      }),
      rig.clock.every(TURN_MS, () => (faces.x = faces.x > 120 ? 106 : 134)),
      // Clients know nothing of each other: they do not ask in the same moment.
      ...clients.map((client, i) =>
        rig.clock.after((i * ASK_PERIOD_MS) / CLIENTS, () =>
          cancels.push(rig.clock.every(ASK_PERIOD_MS, () => client.ask())),
        ),
      ),
    );
    await rig.clock.sleep(seconds * 1000);
    for (const cancel of cancels.splice(0)) cancel();
    const isAnswered = (): boolean => clients.every((client) => client.waiting === 0);
    const endMs = rig.clock.nowMs() + ANSWER_MS_MAX;
    while (!isAnswered() && rig.clock.nowMs() < endMs) await rig.clock.sleep(20);
    const losses = rig.events
      .slice(from)
      .filter(({ part, text }) => part === "gateway" && text.includes("session ended"));
    return figures(rig, seconds, clients, losses.length);
  } finally {
    for (const cancel of cancels) cancel();
    faces.stop();
    for (const client of clients) client.close();
  }
}

function figures(
  rig: Rig,
  seconds: number,
  clients: readonly AskingClient[],
  losses: number,
): Figure[] {
  const times = clients.flatMap((client) => client.times);
  const missing = clients.reduce((sum, client) => sum + client.waiting, 0);
  const ms = (share: number): number => percentile(times, share);
  const what = "QUERY under load";
  return [
    told("length of the load", `${seconds} s`, 1),
    atMost("links lost under load", losses, 0, "", 1),
    atMost("answers missing under load", missing, 0, "", times.length + missing),
    // The program must not merely survive: it is asked so often.
    atLeast("answers under load", times.length, seconds * CLIENTS * 0.95, "", times.length),
    ...(rig.chip === undefined
      ? [told(`${what}, p50`, `${ms(0.5).toFixed(1)} ms`, times.length)]
      : [atMost(`${what}, p50`, ms(0.5), 60, "ms", times.length)]),
    ...(rig.chip === undefined
      ? [told(`${what}, p99`, `${ms(0.99).toFixed(1)} ms`, times.length)]
      : [atMost(`${what}, p99`, ms(0.99), 250, "ms", times.length)]),
  ];
}

/** A plain client. The robot answers in order, one frame a command. */
class AskingClient {
  readonly times: number[] = [];
  private readonly asked: number[] = [];

  private constructor(
    private readonly rig: Rig,
    private readonly socket: WebSocket,
  ) {
    socket.on("message", () => {
      const sentMs = this.asked.shift();
      if (sentMs !== undefined) this.times.push(this.rig.clock.nowMs() - sentMs);
    });
    // One that is closed leaves its questions unanswered: that is the figure.
    socket.on("error", () => undefined);
  }

  static async open(rig: Rig): Promise<AskingClient> {
    return new AskingClient(rig, await rig.client());
  }

  get waiting(): number {
    return this.asked.length;
  }

  ask(): void {
    this.asked.push(this.rig.clock.nowMs());
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send("QUERY");
  }

  close(): void {
    this.socket.terminate();
  }
}
