// `npm run edge:long day|forged|visitors [N]`: the long forms of the edge's tests, with figures. Exit code 1 when one fails.
import { forged } from "./forged.js";
import { visitors } from "./visitors.js";
import { day } from "./day.js";

const [form = "", figure] = process.argv.slice(2);
const forms: Readonly<Record<string, () => Promise<boolean>>> = {
  day: () => day(),
  forged: () => forged(Number(figure ?? 10_000)),
  visitors: () => visitors(Number(figure ?? 600)),
};
const run = forms[form];
if (run === undefined) {
  process.stderr.write(`expected one of ${Object.keys(forms).join(", ")}, got "${form}"\n`);
  process.exit(2);
}
process.exitCode = (await run()) ? 0 : 1;
