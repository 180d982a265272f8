// A Buddy of its own process with Home Assistant's door and nothing else, so that it can be killed.
import { startMqtt } from "../../src/mqtt/start-mqtt.js";
import { systemClock } from "../../src/time/clock.js";
import { mqttDeps } from "./broker.js";
import { FakeServices } from "./services.js";

const [url = ""] = process.argv.slice(2);
await startMqtt(mqttDeps(url, new FakeServices(systemClock)));
