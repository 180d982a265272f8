// Firmware of boards/buddy_s3.board.json with a PCA9685 on its I2C pins: all three servos in one transfer, 50 times a
// second, and the board's PWM outputs stay free. docs/BOARDS.md has the wiring; other boards: change the two ids.
import { pins } from "@dsboard/buddy_s3";
import { configureHardware } from "@devicescript/servers";
import { startBuddy } from "../app";
import { boardI2c } from "../runtime/board-i2c";
import { PCA9685_ADDRESS } from "../body/pca9685";
import { Pca9685ServoBus } from "../body/pca9685-servo-bus";
import { findStorage } from "../store/find-storage";

configureHardware({ i2c: { pinSDA: pins.SDA, pinSCL: pins.SCL, kHz: 400 } });

const wiring = { bus: boardI2c, address: PCA9685_ADDRESS, firstChannel: 0 };
startBuddy({ servoBus: new Pca9685ServoBus(wiring), openStorage: findStorage });
