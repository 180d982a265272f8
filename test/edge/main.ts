// `npm run edge:long day|forged|visitors|homes [N]`: the long forms of the edge's tests. What they came to is kept in
// docs/home-runs.json. Exit code 1 when one fails.
import { day } from "./day.js";
import { forged } from "./forged.js";
import { homes } from "./homes.js";
import { visitors } from "./visitors.js";

const [form = "", figure] = process.argv.slice(2);
const forms: Readonly<Record<string, () => Promise<boolean>>> = {
  day: () => day(),
  forged: () => forged(Number(figure ?? 10_000)),
  visitors: () => visitors(Number(figure ?? 600)),
  homes: () => homes(),
};
const run = forms[form];
if (run === undefined) {
  process.stderr.write(`expected one of ${Object.keys(forms).join(", ")}, got "${form}"\n`);
  process.exit(2);
}
process.exitCode = (await run()) ? 0 : 1;
