// A home of its own process, so that it can be killed: the real pusher and a state that rests; its clock, its name and the
// period that it claims may be wrong.
import { parseArgs } from "node:util";
import { Pusher } from "../../src/edge/pusher.js";
import { Resilience } from "../../src/resilience/resilience.js";
import { systemClock } from "../../src/time/clock.js";
import { EDGE_KEY, HOME } from "../support/edge.js";
import { policiesOf } from "../support/policies.js";
import { FakeServices } from "../support/services.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { skew: { type: "string" }, home: { type: "string" }, period: { type: "string" } },
});
const [url = ""] = positionals;
const { skew = "0", home = HOME, period = "30" } = values;
const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + Number(skew) };
const { state, frames } = new FakeServices(clock);
new Pusher({
  url,
  key: EDGE_KEY,
  home,
  show: { words: ["awake", "mood"], picture: "none" },
  periodS: Number(period),
  clock,
  policies: policiesOf(new Resilience({ clock })),
  state,
  frames,
  log: (level, message) => console.log(`home ${home}: ${level} ${message}`),
}).start();
