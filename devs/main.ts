// The simulator's robot, and any board whose servos are found on the Jacdac bus. Boards with servos on pins
// of their own: devs/boards.
import * as ds from "@devicescript/core";
import { startBuddy } from "./app";
import { JacdacServoBus } from "./body/jacdac-servo-bus";
import { SettingsStorage } from "./store/settings-storage";

const roles = [new ds.Servo("pan"), new ds.Servo("nod"), new ds.Servo("tilt")];
startBuddy({
  servoBus: new JacdacServoBus(roles),
  openStorage: async () => new SettingsStorage(),
});
