// The receiving half of RFC 6455, in the categories of the Autobahn suite (1 framing, 2 ping, 3 reserved bits,
// 4 opcodes, 5 fragments, 6 UTF-8, 7 close). Property above all: the result does not depend on how the bytes are
// cut into pieces.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WsMachine } from "../../../../devs/net/ws-machine.js";
import { rawFrame } from "../../../support/fake-robot.js";

const FIN = 0x80;
const TEXT = 1;
const KEY = 0x9a3c7e51;

const frame = (first: number, payload: string | Buffer = "", key = KEY) =>
  rawFrame(first, Buffer.from(payload), key);
const text = (payload: string | Buffer) => frame(FIN | TEXT, payload);
const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");
const close = (code: number, reason: string | Buffer = "") => {
  const payload = Buffer.concat([hex(code.toString(16).padStart(4, "0")), Buffer.from(reason)]);
  return frame(FIN | 8, payload);
};

/** What the machine says of the bytes, `;` between events. */
function run(data: Buffer, chunk: number): string {
  const machine = new WsMachine();
  const said: string[] = [];
  for (let start = 0; start < data.length; start += chunk) {
    const piece = Buffer.from(data.subarray(start, start + chunk));
    let at = 0;
    while (at < piece.length) {
      at = machine.take(piece, at);
      if (machine.event === "text") {
        const isLong = machine.text.length > 40;
        said.push("text " + (isLong ? machine.text.length : machine.text));
      } else if (machine.event === "ping") said.push("ping " + machine.payload.length);
      else if (machine.event === "close") return [...said, `close ${machine.closeCode}`].join(";");
      else if (machine.event === "failed")
        return [...said, `failed ${machine.closeCode}`].join(";");
    }
  }
  if (machine.isPartial()) said.push("partial");
  return said.join(";");
}

const LENGTHS = [0, 1, 125, 126, 127, 128, 255, 256, 511, 512, 513, 1023, 2047, 2048];

const TABLE: [string, Buffer[], string][] = [
  ["1 empty text", [text("")], "text "],
  ...LENGTHS.map((n): [string, Buffer[], string] => [
    `1 text of ${n}`,
    [text("a".repeat(n))],
    n > 40 ? `text ${n}` : "text " + "a".repeat(n),
  ]),
  ["1 text of 2,049", [text("a".repeat(2049))], "failed 1009"],
  ["1 text of 65,535", [text("a".repeat(65535))], "failed 1009"],
  ["1 a length of 2^40", [hex("81ff 0000010000000000 00000000")], "failed 1009"],
  ["1 a length with its high bit", [hex("81ff 8000000000000000 00000000")], "failed 1002"],
  ["1 16 bits for 125", [hex("81fe 007d 00000000")], "failed 1002"],
  ["1 64 bits for 200", [hex("81ff 00000000000000c8 00000000")], "failed 1002"],
  ["1 binary is ignored", [frame(FIN | 2, "abc"), text("x")], "text x"],
  ["1 empty binary", [frame(FIN | 2), text("x")], "text x"],
  ["1 binary of 2,049", [frame(FIN | 2, "a".repeat(2049))], "failed 1009"],
  [
    "1 binary in fragments",
    [frame(2, "\xff"), frame(0, "b"), frame(FIN, "c"), text("x")],
    "text x",
  ],
  ["1 not masked", [hex("8101 41")], "failed 1002"],
  ["1 a mask of zeros", [frame(FIN | TEXT, "abc", 0)], "text abc"],
  ["2 empty ping", [frame(FIN | 9)], "ping 0"],
  ["2 ping of 125", [frame(FIN | 9, "a".repeat(125))], "ping 125"],
  ["2 ping of 126", [frame(FIN | 9, "a".repeat(126))], "failed 1002"],
  ["2 binary ping", [frame(FIN | 9, hex("00fffe"))], "ping 3"],
  ["2 unsolicited pong", [frame(FIN | 10, "zz"), text("x")], "text x"],
  [
    "2 ten pings",
    Array.from({ length: 10 }, () => frame(FIN | 9, "p")),
    Array(10).fill("ping 1").join(";"),
  ],
  ["3 RSV1", [frame(FIN | 0x40 | TEXT, "a")], "failed 1002"],
  ["3 RSV2", [frame(FIN | 0x20 | TEXT, "a")], "failed 1002"],
  ["3 RSV3 on ping", [text("x"), frame(FIN | 0x10 | 9)], "text x;failed 1002"],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((op): [string, Buffer[], string] => [
    `4 opcode ${op}`,
    [text("x"), frame(FIN | op, "a")],
    "text x;failed 1002",
  ]),
  ["5 two fragments", [frame(TEXT, "ab"), frame(FIN, "cd")], "text abcd"],
  ["5 empty fragments", [frame(TEXT), frame(0), frame(FIN, "x"), text("y")], "text x;text y"],
  ["5 all empty", [frame(TEXT), frame(0), frame(FIN)], "text "],
  [
    "5 ping between",
    [frame(TEXT, "ab"), frame(FIN | 9, "p"), frame(FIN, "cd")],
    "ping 1;text abcd",
  ],
  ["5 pong between", [frame(TEXT, "ab"), frame(FIN | 10), frame(FIN, "cd")], "text abcd"],
  ["5 close between", [frame(TEXT, "ab"), close(1000)], "close 1000"],
  ["5 fragmented ping", [frame(9, "p")], "failed 1002"],
  ["5 fragmented close", [frame(8)], "failed 1002"],
  ["5 nothing to continue", [frame(FIN, "x")], "failed 1002"],
  ["5 nothing to continue, not final", [frame(0, "x")], "failed 1002"],
  ["5 text inside a message", [frame(TEXT, "ab"), text("x")], "failed 1002"],
  ["5 binary inside a message", [frame(TEXT, "ab"), frame(FIN | 2, "x")], "failed 1002"],
  ["5 continuation after the end", [frame(TEXT), frame(FIN), frame(FIN, "x")], "text ;failed 1002"],
  [
    "5 16 fragments",
    [frame(TEXT, "a"), ...Array(14).fill(frame(0, "b")), frame(FIN, "c")],
    "text abbbbbbbbbbbbbbc",
  ],
  ["5 17 fragments", [frame(TEXT, "a"), ...Array(16).fill(frame(0, "b"))], "failed 1008"],
  ["5 together 2,048", [frame(TEXT, "a".repeat(1000)), frame(FIN, "b".repeat(1048))], "text 2048"],
  [
    "5 together 2,049",
    [frame(TEXT, "a".repeat(1000)), frame(FIN, "b".repeat(1049))],
    "failed 1009",
  ],
  ["6 all lengths of characters", [text("aé€😀")], "text aé€😀"],
  [
    "6 a character cut by fragments",
    [frame(TEXT, hex("f09f")), frame(0, hex("98")), frame(FIN, hex("80"))],
    "text 😀",
  ],
  ["6 non-characters", [text(hex("efbfbf efbfbe f48fbfbf"))], "text \uffff\ufffe\u{10ffff}"],
  ["6 U+FFFD itself", [text("\ufffd\ufffd")], "text \ufffd\ufffd"],
  ["6 overlong", [text(hex("c0af"))], "failed 1007"],
  ["6 overlong of three", [text(hex("e09fbf"))], "failed 1007"],
  ["6 surrogate", [text(hex("eda080"))], "failed 1007"],
  ["6 beyond U+10FFFF", [text(hex("f4908080"))], "failed 1007"],
  ["6 lone continuation", [text(hex("41 80 42"))], "failed 1007"],
  ["6 cut at the end", [text(hex("41 e282"))], "failed 1007"],
  [
    "6 bad before the frame ends",
    [frame(FIN | TEXT, hex("41ff" + "41".repeat(900))).subarray(0, 30)],
    "failed 1007",
  ],
  ["6 bad in the first fragment", [frame(TEXT, hex("cebaff"))], "failed 1007"],
  ["6 long Greek", [text("αβγ".repeat(341))], "text 1023"],
  ["7 close without code", [frame(FIN | 8)], "close 0"],
  ["7 close of one byte", [frame(FIN | 8, "x")], "failed 1002"],
  ["7 reason of 123", [close(1000, "r".repeat(123))], "close 1000"],
  ["7 reason of 124", [close(1000, "r".repeat(124))], "failed 1002"],
  ["7 reason not UTF-8", [close(1000, hex("ceba ff"))], "failed 1007"],
  ["7 nothing after close", [close(1000), text("x")], "close 1000"],
  ...[
    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
  ].map((code): [string, Buffer[], string] => [`7 code ${code}`, [close(code)], `close ${code}`]),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535].map(
    (code): [string, Buffer[], string] => [`7 code ${code}`, [close(code)], "failed 1002"],
  ),
];

test("RFC 6455: the table, for pieces of 1, 2, 3, 7, 100 and 1,022 bytes and all at once", () => {
  for (const [name, frames, expected] of TABLE) {
    const data = Buffer.concat(frames);
    for (const chunk of [1, 2, 3, 7, 100, 1022, data.length])
      assert.equal(run(data, chunk), expected, `${name}, in pieces of ${chunk}`);
  }
});

test("RFC 6455: a frame cut at any byte is partial, nothing else", () => {
  const whole = frame(FIN | TEXT, "a".repeat(130));
  for (let n = 1; n < whole.length; n++)
    assert.equal(run(whole.subarray(0, n), 50), "partial", `${n}`);
});

test("RFC 6455: 5,000 random streams never throw and never give a text that was not sent whole", () => {
  let seed = 5;
  const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8;
  for (let i = 0; i < 5000; i++) {
    const data = Buffer.concat([text("abc"), frame(TEXT, "de"), frame(FIN, "f")]);
    for (let n = next() % 3; n >= 0; n--) data[next() % data.length] = next() & 255;
    const whole = run(data, data.length);
    assert.equal(run(data, 1 + (next() % 9)), whole);
  }
});
