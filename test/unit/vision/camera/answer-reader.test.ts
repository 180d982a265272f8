/**
 * Properties: heads that browsers and curl take are taken, cut into pieces anywhere; chunks are undone; a body is what came,
 * byte for byte; whatever comes, memory is bounded and the end is told once.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AnswerReader, type AnswerEvent } from "../../../../src/vision/camera/answer-reader.js";

interface Read {
  status: number | undefined;
  type: string | undefined;
  body: string;
  rest: string[];
}

/** Reads a text, in pieces of `size` bytes. */
function read(text: string, size = text.length): Read {
  const reader = new AnswerReader();
  const bytes = Buffer.from(text, "latin1");
  const out: Read = { status: undefined, type: undefined, body: "", rest: [] };
  for (let at = 0; at < bytes.length; at += size) {
    for (const event of reader.push(bytes.subarray(at, at + size))) take(out, event);
  }
  return out;
}

function take(out: Read, event: AnswerEvent): void {
  switch (event.kind) {
    case "head":
      out.status = event.head.status;
      out.type = event.head.headers.get("content-type");
      return;
    case "body":
      out.body += Buffer.from(event.bytes).toString("latin1");
      return;
    case "bad":
      out.rest.push(`bad: ${event.why}`);
      return;
    case "end":
      out.rest.push("end");
  }
}

const TYPE = "multipart/x-mixed-replace; boundary=x";
const BODY = "--x\r\n\xff\xd8\xff\xd9\n";

/** Each as a camera or a small server of one sends it. */
const HEADS: Record<string, string> = {
  "as it should be": `HTTP/1.1 200 OK\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "lines that end in LF (thingino, wz_mini)": `HTTP/1.0 200 OK\nContent-Type: ${TYPE}\n\n`,
  "CRLF and LF mixed": `HTTP/1.0 200 OK\r\nContent-Type: ${TYPE}\n\r\n`,
  "lines that end in CR CR LF": `HTTP/1.0 200 OK\r\r\nContent-Type: ${TYPE}\r\r\n\r\r\n`,
  "a status line twice (mjpg-streamer)": `HTTP/1.0 200 OK\r\nHTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "a bare date (GoaHead)": `HTTP/1.1 200 OK\r\nServer: GoaHead\r\nTue, 12 Jun 2012 01:56:34 GMT\r\nContent-Type:${TYPE}\r\nConnection: close\r\n\r\n`,
  "an = for the colon": `HTTP/1.1 200 OK\r\nX-Frame-Options="ALLOW"\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "spaces in a name and before the colon": `HTTP/1.0 200 OK\r\nMy Server : x\r\nContent-Type : ${TYPE}\r\n\r\n`,
  "bytes beyond ASCII": `HTTP/1.0 200 OK\r\nServer: caf\xe9\x01\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "no reason": `HTTP/1.1 200\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "no minor version": `HTTP/1 200 OK\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "ICY (old streamers)": `ICY 200 OK\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "empty lines first": `\r\n\r\nHTTP/1.0 200 OK\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "a folded line": `HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;\r\n boundary=x\r\n\r\n`,
  "a length of nothing": `HTTP/1.0 200 OK\r\nContent-Length: 0\r\nContent-Length: 7\r\nContent-Type: ${TYPE}\r\n\r\n`,
  "100 Continue before it": `HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: ${TYPE}\r\n\r\n`,
};

describe("heads of cameras", () => {
  for (const [name, head] of Object.entries(HEADS)) {
    it(`C1: ${name}`, () => {
      for (const size of [1, 7, 10_000]) {
        const expected = { status: 200, type: TYPE, body: BODY, rest: [] };
        assert.deepEqual(read(head + BODY, size), expected, `pieces of ${size}`);
      }
    });
  }

  it("other statuses are told as they are", () => {
    assert.equal(read("HTTP/1.0 401 No\n\n").status, 401);
    assert.equal(read("HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n").status, 302);
  });
});

describe("chunks", () => {
  const head = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: ${TYPE}\r\n\r\n`;

  it("C1: are undone (ESP32 cameras), cut anywhere, with extensions and LF", () => {
    const text = `${head}5\r\nhello\r\n 6;x=y\r\n world\r\n1\n!\n0\r\n\r\nmore`;
    for (let size = 1; size < 20; size++) {
      const { body, rest } = read(text, size);
      assert.deepEqual([body, rest], ["hello world!", ["end"]], `pieces of ${size}`);
    }
  });

  it("damaged ones end the answer, once", () => {
    assert.deepEqual(read(`${head}5\r\nhelloXX\r\n5\r\nhello`).rest, [
      "bad: its chunks are damaged",
    ]);
    assert.deepEqual(read(`${head}fffffffff\r\n`).rest, ["bad: its chunks are damaged"]);
  });
});

describe("limits", () => {
  it("a head without end is bad at 16 KiB, whether it has lines or not", () => {
    for (const filler of ["x", "x: y\r\n"]) {
      const text = `HTTP/1.0 200 OK\r\n${filler.repeat(20_000)}`;
      for (const size of [1000, text.length]) {
        assert.deepEqual(read(text, size).rest, [
          "bad: the head of its answer is longer than 16384 bytes",
        ]);
      }
    }
  });

  it("the line of a chunk's size is bounded", () => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert.deepEqual(read(head + "0".repeat(1000), 10).rest, ["bad: its chunks are damaged"]);
  });

  it("what is no HTTP is told with its beginning", () => {
    assert.deepEqual(read(`SSH-2.0-dropbear${"x".repeat(100)}\r\nmore\r\n`).rest, [
      `bad: it answers no HTTP: "SSH-2.0-dropbear${"x".repeat(24)}"`,
    ]);
  });
});
