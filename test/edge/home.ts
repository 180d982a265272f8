// A home of its own process, so that it can be killed: the real pusher with the real clock, and a state that rests. Tells its
// parent of each push that the edge took.
import { EdgeClient } from "../../src/edge/client.js";
import { Pusher } from "../../src/edge/pusher.js";
import { Resilience } from "../../src/resilience/resilience.js";
import { systemClock } from "../../src/time/clock.js";
import { EDGE_KEY, HOME } from "../support/edge.js";
import { policiesOf } from "../support/policies.js";
import { FakeServices } from "../support/services.js";

const [url = ""] = process.argv.slice(2);
const services = new FakeServices(systemClock);
const client = new EdgeClient(url, EDGE_KEY, systemClock);
new Pusher({
  url,
  key: EDGE_KEY,
  home: HOME,
  show: { words: ["awake", "mood"], picture: "none" },
  clock: systemClock,
  policies: policiesOf(new Resilience({ clock: systemClock })),
  state: services.state,
  frames: services.frames,
  client: {
    push: async (push, signal) => {
      await client.push(push, signal);
      process.send?.("pushed");
    },
  },
  log: (level, message) => console.log(`home: ${level} ${message}`),
}).start();
