// `npm run mqtt:long session|broker|all`: a recorded session of Buddy with mosquitto, and the broker killed for 60 s, five
// times. Exit code 1 when one fails.
import { brokerOptions } from "../support/broker.js";
import { brokerKilled } from "./broker-killed.js";
import { session } from "./session.js";

const [form = "all"] = process.argv.slice(2);
const forms: Readonly<Record<string, () => Promise<boolean>>> = {
  session,
  broker: brokerKilled,
  all: async () => (await session()) && (await brokerKilled()),
};
const run = forms[form];
if (run === undefined) {
  process.stderr.write(`expected one of ${Object.keys(forms).join(", ")}, got "${form}"\n`);
  process.exit(2);
}
// It says itself what is missing.
if ("skip" in brokerOptions()) process.exit(2);
process.exitCode = (await run()) ? 0 : 1;
