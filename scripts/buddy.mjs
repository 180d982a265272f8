// `npm start` and the other commands of `buddy` in a checkout: sets up what is missing, then runs the command. In one
// process, so that signals reach it, and not by a "prestart", which a user's `ignore-scripts=true` leaves out.
import { setUp } from "./setup/parts.mjs";

await setUp();
await import("../dist/src/cli.js");
