/** Properties (A14, N2): our names and our pages pass, every other is told what lets it in. */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import {
  type CallerHead,
  type DoorNames,
  hostName,
  strangerOf,
  strangerWords,
} from "../../../src/doors/callers.js";

const LOOPBACK: DoorNames = { host: "127.0.0.1", hosts: [], origins: [] };
const LAN: DoorNames = {
  host: "0.0.0.0",
  hosts: ["robot.example", "*.tail.example"],
  origins: ["http://localhost:3000"],
};

function head(fields: Partial<CallerHead>): CallerHead {
  return {
    method: "GET",
    host: "localhost:5000",
    origin: undefined,
    fetchSite: undefined,
    fetchMode: undefined,
    fetchDest: undefined,
    ...fields,
  };
}

test("host names are read without port and brackets, and malformed ones not at all", () => {
  const cases: Array<[string | undefined, string | undefined]> = [
    ["Example.COM:80", "example.com"],
    ["example.com.", "example.com"],
    ["[::1]:5000", "::1"],
    ["127.0.0.1", "127.0.0.1"],
    [undefined, undefined],
    ["", undefined],
    ["a b", undefined],
    ["user@host", undefined],
    ["host:port", undefined],
    ["[::1", undefined],
    ["host/path", undefined],
  ];
  for (const [given, expected] of cases) assert.equal(hostName(given), expected, given);
});

test("A14: a door answers to loopback, to addresses, to the names it was given, and to no other", () => {
  const machine = hostname();
  for (const host of ["localhost", "127.0.0.1:5000", "[::1]:5000", "192.168.1.7:5000"]) {
    assert.equal(strangerOf(head({ host }), LOOPBACK), undefined, host);
  }
  for (const host of ["robot.example:5000", "a.tail.example", machine, `${machine}.local`]) {
    assert.equal(strangerOf(head({ host }), LAN), undefined, host);
    assert.equal(strangerOf(head({ host }), LOOPBACK), "host", host);
  }
  for (const host of [
    "evil.example",
    "127.0.0.1.evil.example",
    "x.robot.example",
    "tail.example",
    "a.b.tail.example",
    "",
    "a b",
  ]) {
    assert.equal(strangerOf(head({ host }), LAN), "host", host);
  }
});

test("A14: programs pass, our own pages pass, every other origin is refused, `null` too", () => {
  const from = (origin: string, names = LOOPBACK): string | undefined =>
    strangerOf(head({ origin }), names);
  assert.equal(strangerOf(head({}), LOOPBACK), undefined);
  for (const origin of ["http://localhost:5000", "https://localhost:5000", "HTTP://LOCALHOST:5000"])
    assert.equal(from(origin), undefined, origin);
  for (const origin of [
    "null",
    "file://",
    "http://evil.example",
    "http://localhost:5001",
    "http://localhost",
    "http://127.0.0.1:5000",
    "http://localhost:5000.evil.example",
    "http:",
    "ws://localhost:5000",
    "",
  ]) {
    assert.equal(from(origin), "origin", origin);
  }
});

test("A14: --origins lets a page in, --hosts those of a proxy, `file` those from a file", () => {
  const from = (origin: string, names: DoorNames): string | undefined =>
    strangerOf(head({ origin }), names);
  assert.equal(from("http://localhost:3000", LAN), undefined);
  assert.equal(from("https://robot.example", LAN), undefined);
  assert.equal(from("https://robot.example.evil", LAN), "origin");
  assert.equal(from("null", LAN), "origin");
  const files = { ...LAN, origins: ["file"] };
  for (const origin of ["null", "file://"]) assert.equal(from(origin, files), undefined, origin);
});

test("N2: another site may link to us, and nothing else", () => {
  const cross = { fetchSite: "cross-site", fetchMode: "no-cors", fetchDest: "image" };
  const link = { fetchSite: "cross-site", fetchMode: "navigate", fetchDest: "document" };
  assert.equal(strangerOf(head(cross), LOOPBACK), "origin");
  assert.equal(strangerOf(head({ ...cross, fetchSite: "same-site" }), LOOPBACK), "origin");
  assert.equal(strangerOf(head({ ...link, fetchDest: "iframe" }), LOOPBACK), "origin");
  assert.equal(strangerOf(head({ ...link, method: "POST" }), LOOPBACK), "origin");
  assert.equal(strangerOf(head(link), LOOPBACK), undefined);
  for (const fetchSite of ["none", "same-origin"])
    assert.equal(strangerOf(head({ ...cross, fetchSite }), LOOPBACK), undefined);
});

test("a refusal names the option that lets the caller in", () => {
  assert.match(
    strangerWords("host", { host: "Buddy.fritz.box:5000" }),
    /--hosts buddy\.fritz\.box/,
  );
  assert.match(strangerWords("host", { host: "<b>" }), /names no host/);
  assert.match(strangerWords("origin", { host: "localhost" }), /--origins/);
});
