/** N8: whatever a child prints, lines are whole, bounded in length and number, and cannot fake other lines. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LineTap } from "../../../src/supervisor/line-tap.js";
import { LOG_CHARS_MAX } from "../../../src/child/messages.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

function setUp() {
  const clock = new FakeClock();
  const lines: string[] = [];
  return { clock, lines, tap: new LineTap(clock, (line) => lines.push(line)) };
}

describe("line tap", () => {
  it("makes whole lines of pieces, and one of the rest at the end", () => {
    const { lines, tap } = setUp();
    for (const piece of ["he", "llo\nwor", "ld\n\n", "end"]) tap.write(piece);
    assert.deepEqual(lines, ["hello", "world"]);
    tap.flush();
    assert.deepEqual(lines, ["hello", "world", "end"]);
  });

  it("a line without an end does not grow for ever", () => {
    const { lines, tap } = setUp();
    for (let i = 0; i < 100; i++) tap.write("x".repeat(1000));
    assert.ok(lines.length >= 30);
    assert.ok(lines.every((line) => line.length <= LOG_CHARS_MAX));
  });

  it("takes control characters out: no terminal codes, no faked line ends", () => {
    const { lines, tap } = setUp();
    tap.write("a\u001b[2Jb\rc\u0000d\u009bm\n");
    assert.deepEqual(lines, ["a [2Jb c d m"]);
  });

  it("drops lines above 200 a second and says how many", async () => {
    const { clock, lines, tap } = setUp();
    for (let i = 0; i < 10_000; i++) tap.write(`line ${i}\n`);
    assert.equal(lines.length, 200);
    await clock.advance(1000);
    tap.write("later\n");
    assert.deepEqual(lines.slice(200), ["(9800 lines dropped: too many in a second)", "later"]);
  });

  it("keeps the last words that say something", () => {
    const { tap } = setUp();
    tap.write(
      "starting\nError: boom\n    at f (a.js:1:1)\n    at g (b.js:2:2)\n\nNode.js v20.20.2\n",
    );
    assert.equal(tap.lastWords(), "starting | Error: boom");
    for (let i = 0; i < 10; i++) tap.write(`${i}${"y".repeat(500)}\n`);
    assert.ok(tap.lastWords().length < 620);
  });

  it("D3: of an error of the system the last words are its message, not its fields", () => {
    const { tap } = setUp();
    const fields = "  errno: -21,\n  code: 'EISDIR',\n  syscall: 'rename',\n  path: '/x.new'\n}\n";
    tap.write(`the part failed: Error: EISDIR: is a directory\n    at f (a.js:1:1) {\n${fields}`);
    assert.equal(tap.lastWords(), "the part failed: Error: EISDIR: is a directory");
    tap.write("  [cause]: Error: ECONNREFUSED\n");
    assert.match(tap.lastWords(), /ECONNREFUSED/);
  });
});
