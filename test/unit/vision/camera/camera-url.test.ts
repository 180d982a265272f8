/**
 * Properties: a password is taken as it is written, whatever characters it has, and also when it is escaped; what is no
 * camera's address is told in words; the credentials never stay in what is asked for.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  readCameraUrl,
  readRtspUrl,
  redactAddress,
  shownAddress,
  type CameraAddress,
} from "../../../../src/vision/camera/camera-url.js";
import { sourceFault } from "../../../../src/vision/camera/source.js";

function read(text: string): CameraAddress {
  const address = readCameraUrl(text);
  if (typeof address === "string") throw new Error(`${text} ${address}`);
  return address;
}

const credentials = (text: string): string | undefined => {
  const { authorization } = read(text);
  return authorization && Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
};

test("C1: passwords with every kind of character are taken as they stand", () => {
  for (const password of [
    "100%",
    "%",
    "50%off",
    "%zz",
    "%ff",
    "a@b",
    "p@ss:word",
    "a/b",
    "a?b",
    "a#b",
    "#",
    "#x@y/z?",
    "pä sswörd",
    "'\"<>`{}|\\^",
    "",
  ]) {
    const url = `http://admin:${password}@192.168.1.5:81/stream?w=320`;
    assert.equal(credentials(url), `admin:${password}`, url);
    const { host, port, path, authority } = read(url);
    assert.deepEqual(
      [host, port, path, authority],
      ["192.168.1.5", 81, "/stream?w=320", "192.168.1.5:81"],
      url,
    );
  }
});

test("escaped passwords are read as URLs have them", () => {
  assert.equal(credentials("http://admin:100%25@cam/"), "admin:100%");
  assert.equal(credentials("http://ad%40min:p%C3%A4ss%2f@cam/"), "ad@min:päss/");
  assert.equal(credentials("http://admin@cam/"), "admin:");
  assert.equal(credentials("http://cam/"), undefined);
});

test("an @ in a path or a query is no password", () => {
  const { host, path, authorization } = read("http://cam:8080/a@b?user=x@y");
  assert.deepEqual([host, path, authorization], ["cam", "/a@b?user=x@y", undefined]);
});

test("G1: a password with an @ and a /, or a path with an @ behind a password, is not guessed at", () => {
  for (const text of [
    "rtsp://tom:p@ss/word@cam/live",
    "http://tom:p@ss/word@cam/live",
    "http://tom:secret@cam/mail?to=x@y",
    "ws://tom:p@ss#1@cam/ws",
  ]) {
    const fault = sourceFault(text) ?? "";
    assert.match(fault, /^can be read in two ways: .*@.* as %40.* \/ as %2F/, text);
    assert.doesNotMatch(fault, /p@|ss.word|secret/, text);
  }
  // Written so, each is understood.
  assert.deepEqual(readRtspUrl("rtsp://tom:p%40ss%2Fword@cam/live"), {
    url: "rtsp://tom:p%40ss%2Fword@cam/live",
  });
  assert.equal(credentials("http://tom:secret@cam/mail?to=x%40y"), "tom:secret");
});

test("hosts, ports and kinds", () => {
  const cases: [string, Partial<CameraAddress>][] = [
    ["http://cam", { host: "cam", port: 80, path: "/", authority: "cam" }],
    ["https://cam.local/x", { protocol: "https:", port: 443 }],
    ["ws://cam/ws", { protocol: "ws:", port: 80 }],
    ["wss://cam:8443/ws", { protocol: "wss:", port: 8443 }],
    ["http://[fe80::1]:81/", { host: "fe80::1", port: 81, authority: "[fe80::1]:81" }],
    ["http://cam/a b\r\nX: y", { path: "/a%20bX:%20y" }],
  ];
  for (const [text, expected] of cases) {
    const address = read(text);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(address[name as keyof CameraAddress], value, `${text} ${name}`);
    }
  }
});

test("what is no camera's address is told in words", () => {
  assert.equal(sourceFault("cam.local/stream"), "is not a URL");
  assert.equal(sourceFault("http://"), "is not a URL");
  assert.equal(sourceFault("http://cam:99999/"), "is not a URL");
  assert.match(sourceFault("ftp://cam/") ?? "", /must begin with http:\/\/, .* not ftp:/);
  assert.equal(sourceFault("rtsp://"), "is not a URL");
  assert.equal(sourceFault("https://admin:100%@cam/"), undefined);
});

test("G1: an RTSP address is handed on with its password escaped, and shown without it", () => {
  const url = "rtsp://admin:w/r?d#1@192.168.1.9:554/h264?ch=1";
  assert.deepEqual(readRtspUrl(url), {
    url: "rtsp://admin:w%2Fr%3Fd%231@192.168.1.9:554/h264?ch=1",
  });
  assert.deepEqual(readRtspUrl("rtsp://a:p@ss@cam/1"), { url: "rtsp://a:p%40ss@cam/1" });
  assert.deepEqual(readRtspUrl("rtsp://cam/live"), { url: "rtsp://cam/live" });
  assert.equal(shownAddress(url), "rtsp://192.168.1.9:554/h264?ch=1");
  const said = "[rtsp @ 0x5] method DESCRIBE failed: rtsp://admin:p%40s@cam/live: 404 Not Found";
  assert.equal(
    redactAddress(said),
    "[rtsp @ 0x5] method DESCRIBE failed: rtsp://cam/live: 404 Not Found",
  );
});

test("E3: what is shown of an address holds no piece of a password with an @ and a /", () => {
  assert.equal(shownAddress("rtsp://tom:p@ss/word@cam/live"), "rtsp://…@cam/live");
  assert.equal(shownAddress("rtsp://tom:p@ss@cam/live"), "rtsp://cam/live");
  assert.equal(shownAddress("http://cam/a@b"), "http://cam/a@b");
});
