// Rules of our own in eslint.config.js fire where they should. Property: what would keep the build from telling which
// method a call finds is refused in the firmware's sources, and nowhere else.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { ESLint } from "eslint";
import { configs } from "typescript-eslint";

/** The rules are those of syntax: types would have to be worked out for each piece of code. */
const eslint = new ESLint({
  cwd: join(import.meta.dirname, "../.."),
  overrideConfig: configs.disableTypeChecked,
});

/** What is said about a piece of code if it stood in this file. */
async function said(code: string, filePath: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId === "no-restricted-syntax" || ruleId === null)
    .map(({ message }) => message);
}

const FIRMWARE = ["devs/duty.ts", "src/wire/limits.ts"];

const refused: [string, RegExp][] = [
  ["export const a = (o: Table, name: string): void => o[name]();", /computed member call/],
  ["export const a = (o: Table): void => o['close']();", /computed member call/],
  ["Duty.prototype.run = () => {};", /Prototypes/],
  ["Object.setPrototypeOf(one, other);", /Prototypes/],
  ["export const a = (o: object): unknown => o.constructor;", /Prototypes/],
  ["export const a = (o: unknown): boolean => typeof o === 'function';", /must not be called/],
];

test("what hides which method is called is refused in the firmware's sources", async () => {
  for (const file of FIRMWARE) {
    for (const [code, message] of refused) {
      const messages = await said(code, file);
      assert.equal(messages.length, 1, `${file}: ${code}`);
      assert.match(messages[0] ?? "", message);
    }
  }
});

test("calls of methods, of variables and of what an index reads are not refused", async () => {
  for (const file of FIRMWARE) {
    const code = `export function run(list: Duty[], at: number, o: Table): number {
      const duty = list[at];
      duty.run();
      list[at].run();
      const read = o["name"];
      return typeof read === "number" ? read : 0;
    }`;
    assert.deepEqual(await said(code, file), []);
  }
});

test("elsewhere they are a matter of taste", async () => {
  for (const [code] of refused) assert.deepEqual(await said(code, "src/cli.ts"), []);
});
