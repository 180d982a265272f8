// Who plays which role. Properties: names decide, whatever the order; a class's only peer plays its only role; nothing
// is told that is already so; no two roles fight for one peer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assignRoles, type Role, type RolePeer } from "../../../src/simulator/roles.js";

const SERVO = 1;
const WIFI = 2;
const SETTINGS = 3;
const peers: RolePeer[] = [
  { name: "nod", serviceClass: SERVO, deviceId: "body", serviceIndex: 1 },
  { name: "pan", serviceClass: SERVO, deviceId: "body", serviceIndex: 2 },
  { name: "tilt", serviceClass: SERVO, deviceId: "body", serviceIndex: 3 },
  { name: "wifi", serviceClass: WIFI, deviceId: "body", serviceIndex: 4 },
  { name: "", serviceClass: SETTINGS, deviceId: "vm", serviceIndex: 4 },
];

function role(name: string, serviceClass: number, bound = ""): Role {
  const [deviceId = "", index = "0"] = bound.split(":");
  return { name, serviceClass, deviceId, serviceIndex: Number(index) };
}

/** What was told, as `role=device:index`; `role=` frees it. */
function told(roles: Role[]): string[] {
  return assignRoles(roles, peers).map(({ role: name, deviceId, serviceIndex }) =>
    deviceId === "" ? `${name}=` : `${name}=${deviceId}:${serviceIndex}`,
  );
}

test("F1: each role gets the peer of its name, the device's own service included", () => {
  const roles = [
    role("tilt", SERVO),
    role("pan[int:0]", SERVO),
    role("nod", SERVO),
    role("wifi", WIFI),
    role("Settings0", SETTINGS),
  ];
  assert.deepEqual(told(roles).sort(), [
    "Settings0=vm:4",
    "nod=body:1",
    "pan[int:0]=body:2",
    "tilt=body:3",
    "wifi=body:4",
  ]);
});

test("wrong bindings are freed first, then made right", () => {
  const roles = [role("pan", SERVO, "body:1"), role("nod", SERVO, "body:2")];
  assert.deepEqual(told(roles), ["pan=", "nod=", "pan=body:2", "nod=body:1"]);
});

test("a role without a peer of its own gives back one that is another's", () => {
  const roles = [role("arm", SERVO, "body:1"), role("nod", SERVO, "body:2"), role("pan", SERVO)];
  assert.deepEqual(told(roles), ["arm=", "nod=", "nod=body:1", "pan=body:2"]);
});

test("what is right already is left alone", () => {
  assert.deepEqual(told([role("pan", SERVO, "body:2"), role("wifi", WIFI, "body:4")]), []);
});

test("a role of another name takes a class's only peer, and one of several is never guessed", () => {
  assert.deepEqual(told([role("radio", WIFI)]), ["radio=body:4"]);
  assert.deepEqual(told([role("left", SERVO)]), []);
});

test("two roles do not take one peer from each other", () => {
  assert.deepEqual(told([role("radio", WIFI), role("wifi", WIFI)]), ["wifi=body:4"]);
});
