// A hobby servo. Properties: limited speed, exact arrival, a new command goes on from where the arm is, and without
// power it stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandServo, newServoMotor, servoAngle } from "../../../src/simulator/servo-motor.js";

const SPEED = 100;

test("the arm moves at its speed and stops exactly at the target", () => {
  const motor = commandServo(newServoMotor(0, 0), { targetDeg: -10, isOn: true }, 1000, SPEED);
  assert.equal(servoAngle(motor, 1000, SPEED), 0);
  assert.equal(servoAngle(motor, 1050, SPEED), -5);
  assert.equal(servoAngle(motor, 1100, SPEED), -10);
  assert.equal(servoAngle(motor, 9000, SPEED), -10);
});

test("a command on the way goes on from where the arm is", () => {
  const first = commandServo(newServoMotor(0, 0), { targetDeg: 50, isOn: true }, 0, SPEED);
  const second = commandServo(first, { targetDeg: -50, isOn: true }, 200, SPEED);
  assert.equal(servoAngle(second, 200, SPEED), 20);
  assert.equal(servoAngle(second, 300, SPEED), 10);
});

test("without power it stays where it is", () => {
  const told = commandServo(newServoMotor(5, 0), { targetDeg: 50, isOn: false }, 0, SPEED);
  assert.equal(servoAngle(told, 5000, SPEED), 5);
  const on = commandServo(told, { targetDeg: 50, isOn: true }, 5000, SPEED);
  const off = commandServo(on, { targetDeg: 50, isOn: false }, 5100, SPEED);
  assert.equal(servoAngle(off, 9000, SPEED), 15);
});

test("a time before the command is not a time machine", () => {
  const motor = commandServo(newServoMotor(0, 0), { targetDeg: 10, isOn: true }, 1000, SPEED);
  assert.equal(servoAngle(motor, 900, SPEED), 0);
});
