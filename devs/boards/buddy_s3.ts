// Firmware of boards/buddy_s3.board.json: three servos on the board's own PWM pins. docs/BOARDS.md has the wiring.
import { pins } from "@dsboard/buddy_s3";
import { configureHardware, startServo } from "@devicescript/servers";
import { startBuddy } from "../app";
import { JacdacServoBus } from "../body/jacdac-servo-bus";
import { findStorage } from "../store/find-storage";

// For a memory that keeps state better than the chip's own flash; nothing needs to be connected.
configureHardware({ i2c: { pinSDA: pins.SDA, pinSCL: pins.SCL, kHz: 400 } });

// Longer pulse, greater angle: a servo whose shaft points up then turns left (counter-clockwise) for a greater
// angle, which is what pan wants. Other mountings: the `body` setting. 600..2400 µs is what most small servos take.
// The compiler takes literals only here.
const pan = startServo({ name: "pan", pin: pins.PAN, minPulse: 600, maxPulse: 2400, fixed: true });
const nod = startServo({ name: "nod", pin: pins.NOD, minPulse: 600, maxPulse: 2400, fixed: true });
const tilt = startServo({
  name: "tilt",
  pin: pins.TILT,
  minPulse: 600,
  maxPulse: 2400,
  fixed: true,
});

startBuddy({ servoBus: new JacdacServoBus([pan, nod, tilt]), openStorage: findStorage });
