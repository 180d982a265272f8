/** Pushes that a home makes while its mood changes all the time: what the edge's plan must bear at most. */
import { Pusher } from "../../src/edge/pusher.js";
import { Resilience } from "../../src/resilience/resilience.js";
import { FakeClock } from "../../src/time/fake-clock.js";
import { EDGE_KEY, HOME } from "./edge.js";
import { policiesOf } from "./policies.js";
import { FakeServices } from "./services.js";

/** @param changeS a change of mood every so many seconds. @returns the pushes made in `hours`. */
export async function pushesIn(hours: number, changeS: number): Promise<number> {
  const clock = new FakeClock();
  const services = new FakeServices(clock);
  let pushes = 0;
  const pusher = new Pusher({
    url: "https://edge.invalid/",
    key: EDGE_KEY,
    home: HOME,
    show: { words: ["mood"], picture: "none" },
    clock,
    policies: policiesOf(new Resilience({ clock })),
    state: services.state,
    frames: services.frames,
    client: { push: async () => void pushes++ },
    log: () => undefined,
  });
  pusher.start();
  for (let s = 0; s < hours * 3600; s += changeS) {
    services.change(({ robot }) => void (robot.emotion = `M${s}`));
    await clock.advance(changeS * 1000);
  }
  pusher.stop();
  return pushes;
}

/** What Cloudflare's free plan has for a day (docs/EDGE.md), and how much of each a push takes. */
export const FREE_PLAN = [
  { what: "requests to the Worker", perDay: 100_000, perPush: 1 },
  { what: "requests to the Durable Object", perDay: 100_000, perPush: 1 },
  { what: "rows written", perDay: 100_000, perPush: 3 },
  { what: "rows read", perDay: 5_000_000, perPush: 2 },
] as const;
