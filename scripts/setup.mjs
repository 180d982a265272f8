// Makes a checkout ready to run: installs, fetches the firmware's libraries, builds what is stale. Names choose parts:
// `node scripts/setup.mjs packages page`. Commands that need it call it themselves (`buddy.mjs`, `test.mjs`), so a fresh
// clone needs nothing typed before them.
import { setUp } from "./setup/parts.mjs";

await setUp(process.argv.slice(2));
