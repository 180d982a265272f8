/** Faces by a network that loses datagrams and lets them overtake each other, from a detector that is not Buddy's own. */
import { createSocket } from "node:dgram";
import type { Chance } from "../../time/chance.js";
import { systemClock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import type { Drill } from "../run/drill.js";

const FACE_PERIOD_MS = 33;
const LOST_SHARE = 0.3;
/** Some overtake nine others. */
const DELAY_MS_MAX = 300;
/** As for a head that follows (`head.ts`). */
const STEP_DEG_MAX = 12;
const BAD_AIR_MS = 5000;

interface Air {
  readonly lostShare: number;
  readonly delayMsMax: number;
}
const CLEAR: Air = { lostShare: 0, delayMsMax: 0 };

/** Sends 30 faces a second through air that can be made bad. */
class FaceSender {
  air: Air = CLEAR;
  private readonly socket = createSocket("udp4");
  private readonly cancel: () => void;
  private seq = 0;
  private isClosed = false;

  constructor(door: string, chance: Chance) {
    const [host = "", port = ""] = door.split(":");
    this.cancel = systemClock.every(FACE_PERIOD_MS, () => {
      const face = `FACE:${this.seq % 60 < 30 ? 112 : 128},120,0,0,60,60,90,${++this.seq}`;
      const { lostShare, delayMsMax } = this.air;
      if (chance.next() < lostShare) return;
      systemClock.after(chance.next() * delayMsMax, () => {
        if (!this.isClosed) this.socket.send(face, Number(port), host);
      });
    });
  }

  close(): void {
    this.isClosed = true;
    this.cancel();
    this.socket.close();
  }
}

export const datagramsLost: Drill = {
  name: "datagrams-lost",
  rows: ["A6", "A12"],
  steadyState: "A detector elsewhere sends 30 faces a second, and the head follows.",
  fault:
    "Three of ten datagrams are lost, the others take up to 300 ms, so that many overtake others; the air is clear again after 5 s.",
  expectation:
    "Those that were overtaken are counted and move nothing, the head follows all the time and never jumps.",
  doesNotShow: "The link: it is TCP, see air-lossy.",
  noticeMsMax: 2000,
  recoverMsMax: 1000,
  flags: ["--camera", "none"],
  isOfLink: true,
  async run({
    probe,
    page,
    chance,
    nowMs,
    inject,
    noticed,
    heal,
    recovered,
    holds,
    atEnd,
    witness,
  }) {
    const sender = new FaceSender(probe.buddy.runtime.robotUdp, chance);
    atEnd(() => sender.close());
    const faces = witness("faces in the head's poses");
    let faceMs: number | undefined;
    let lostMs = 0;
    // Each look is taken, however late: the poses come 25 times a second.
    const cancelLook = systemClock.every(FACE_PERIOD_MS, () => {
      if (page.lastFaceMs !== faceMs) faces.saw();
      faceMs = page.lastFaceMs;
      if (page.sight?.reflex === "lost") lostMs = nowMs();
    });
    atEnd(cancelLook);
    const follows = (): boolean => page.sight?.reflex === "track";
    await until("a head that follows", 10_000, follows);
    const overtaken = async (): Promise<number> =>
      Number((await probe.robotHealth())["udp_dropped"] ?? Number.NaN);
    const before = await overtaken();
    const startMs = nowMs();
    await inject(() => {
      sender.air = { lostShare: LOST_SHARE, delayMsMax: DELAY_MS_MAX };
    });
    await noticed(
      "the robot to count what was overtaken",
      async () => (await overtaken()) > before,
    );
    await systemClock.sleep(BAD_AIR_MS);
    await heal(() => void (sender.air = CLEAR));
    const healedMs = nowMs();
    await recovered("a face of the clear air that is followed", () => {
      return follows() && (page.lastFaceMs ?? 0) > healedMs;
    });
    holds("the head followed all the time", lostMs < startMs);
    holds(
      "nothing jumped",
      page.largestStepDeg <= STEP_DEG_MAX,
      `${page.largestStepDeg.toFixed(1)}°`,
    );
  },
};
