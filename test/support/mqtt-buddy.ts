// A Buddy of its own process with Home Assistant's door and nothing else, so that it can be killed.
import { startMqtt } from "../../src/mqtt/start-mqtt.js";
import { systemClock } from "../../src/time/clock.js";
import { PASSWORD, USER } from "./broker.js";
import { FakeServices } from "./services.js";

const [url = ""] = process.argv.slice(2);
const services = new FakeServices(systemClock);
startMqtt({
  url,
  user: USER,
  password: PASSWORD,
  caFile: undefined,
  linkKey: "of the test",
  version: "0.1.0",
  clock: systemClock,
  state: services.state,
  frames: services.frames,
  mind: services.mind,
  robot: services.robot,
  redact: services.redact,
  watch: () => undefined,
  log: () => undefined,
  onChange: () => undefined,
});
