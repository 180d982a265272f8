/**
 * Serves the built page with a robot that seems to follow a face, for looking at the page while working
 * on it: `node --import tsx test/support/served-page.ts [port]`. No robot, no camera, no chance.
 */
import sharp from "sharp";
import { systemClock } from "../../src/time/clock.js";
import { startWebServer } from "../../src/web/server.js";
import { eventfulHour } from "./health.js";
import { livingRobot } from "./life.js";
import { FakeServices } from "./services.js";

/** A simple face on a plain wall, so that the box has something to mark. */
function picture(x: number, y: number): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">
    <defs><linearGradient id="w" x2="0" y2="1"><stop stop-color="#51626b"/><stop offset="1" stop-color="#2c383e"/></linearGradient></defs>
    <rect width="320" height="240" fill="url(#w)"/><rect x="20" y="30" width="70" height="90" fill="#8fb3c4"/>
    <g transform="translate(${x * (320 / 240)} ${y})">
    <ellipse cy="70" rx="60" ry="45" fill="#33507a"/><ellipse rx="34" ry="42" fill="#d9a583"/>
    <circle cx="-12" cy="-6" r="4" fill="#222"/><circle cx="12" cy="-6" r="4" fill="#222"/>
    <path d="M-12 16q12 10 24 0" stroke="#7a3b2e" stroke-width="3" fill="none"/></g></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer();
}

export interface MovingFakes {
  readonly services: FakeServices;
  stop(): void;
}

/** Moves a face, a head that follows it, its figures and its log until stopped. */
export async function moveFakes(): Promise<MovingFakes> {
  const services = new FakeServices(systemClock);
  const pictures = await Promise.all(
    Array.from({ length: 40 }, (_, i) => {
      const turn = (i / 40) * 2 * Math.PI;
      return picture(120 + 45 * Math.sin(turn), 112 + 16 * Math.sin(2 * turn));
    }),
  );
  for (let i = 0; i < 300; i++) {
    services.history.add({
      atMs: systemClock.nowMs() - (300 - i) * 200,
      latencyMs: 11 + 5 * Math.sin(i / 7) + (i % 37 === 0 ? 14 : 0),
      errorDeg: Math.abs(1.4 * Math.sin(i / 11)) * (i % 90 < 20 ? 2 : 0.4),
    });
  }
  const life = livingRobot(systemClock.wallMs());
  let tick = 0;
  const log = (level: "info" | "warn", part: string, message: string): void =>
    services.logs.add({ wallMs: systemClock.wallMs(), level, part, message });
  log("info", "gateway", "robot linked, generation 3");
  log("warn", "vision", "camera lost; back after 840 ms");
  log("info", "web", 'a name from outside: <img src=x onerror="alert(1)">');
  const cancel = systemClock.every(50, () => {
    tick++;
    const turn = (tick / 200) * 2 * Math.PI;
    const [x, y] = [120 + 45 * Math.sin(turn), 112 + 16 * Math.sin(2 * turn)];
    services.frame(pictures[Math.floor(tick / 5) % 40] as Buffer);
    services.faces.push({ x, y, w: 66, h: 84, confidence: 97, seq: tick, ageMs: 38 });
    const pose = {
      baseDeg: 90 - 11 * Math.sin(turn - 0.1) * 2,
      nodDeg: 113 + 3 * Math.sin(2 * turn - 0.1),
      tiltDeg: 85 + 4 * Math.sin(turn / 2),
    };
    services.poses.push({ ...pose, reflex: "track", faceSeq: tick, faceAgeMs: 40 });
    if (tick % 4 === 0) {
      services.history.add({
        atMs: systemClock.nowMs(),
        latencyMs: 12 + 4 * Math.sin(tick / 9),
        errorDeg: Math.abs(Math.sin(turn * 3)),
      });
    }
    services.details = eventfulHour(systemClock.wallMs());
    services.change((state) => {
      state.uptimeS = 725 + Math.floor(tick / 20);
      state.vision.faces = 1;
      Object.assign(state.robot, {
        tracking: true,
        emotion: "CURIOUS",
        behavior: "SOCIAL_ENGAGE",
        servoBase: Math.round(pose.baseDeg),
        servoNod: Math.round(pose.nodDeg),
        servoTilt: Math.round(pose.tiltDeg),
        social: 0.5 + 0.2 * Math.sin(turn),
        valence: 0.35,
        arousal: 0.6 + 0.2 * Math.sin(turn * 2),
        ...life,
      });
    });
  });
  return { services, stop: cancel };
}

if (process.argv[1] === import.meta.filename) {
  const { services, stop } = await moveFakes();
  const server = await startWebServer(
    { host: "127.0.0.1", port: Number(process.argv[2] ?? 0), version: "0.1.0" },
    { services, clock: systemClock, log: (level, message) => console.log(level, message) },
  );
  console.log(server.url);
  process.once("SIGINT", () => {
    stop();
    void server.close();
  });
}
