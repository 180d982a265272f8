/** A stage with three robots and a room, as the page is told of it by the first of them. */
import type { FleetState } from "../../src/state/fleet-state.js";

export const FLEET: FleetState = {
  stage: "home",
  state: "there",
  text: "On the stage.",
  id: "0000000a",
  name: "Ada",
  holder: { id: "0000000b", name: "Bob", token: 7, leftMs: 9000 },
  queue: ["Ada", "Carl"],
  members: [
    { id: "0000000a", name: "Ada" },
    { id: "0000000b", name: "Bob" },
    { id: "0000000c", name: "Carl" },
  ],
  mode: "running",
  scriptLeft: 0,
  turns: 1,
  outbox: { waiting: 0, dropped: 0, bad: 0 },
  room: { state: "there", listeners: 2 },
  redis: "7.0.15",
};
