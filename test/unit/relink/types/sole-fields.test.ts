// Fields of one object only. Property: a field that any other object may have, or that somebody may meet without its name,
// is never told to be one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { project } from "./project.js";

const soleIn = (source: string): string[] => project(source).soleFields();

test("fields of a literal and of a class that are made in one place are told with what makes them", () => {
  assert.deepEqual(
    soleIn(`
interface Lamp { level: number }
class Pump { rate = 1; constructor(readonly size: number) {} }
function make(): Lamp { return { level: 1 }; }
const lamp = make();
const pump = new Pump(3);
lamp.level = pump.rate + pump.size;`),
    ["level in make", "rate in Pump", "size in Pump"],
  );
});

test("a field of the main program's own object is told, with every interface that sees it", () => {
  assert.deepEqual(
    soleIn(`
interface View { level: number }
interface Lamp extends View { level: number }
const lamp: Lamp = { level: 1 };
function look(view: View): number { return view.level; }
look(lamp);`),
    ["level in main"],
  );
});

test("what a second place makes is told apart by type, and given up where one piece of source means both", () => {
  const types = `
interface Lamp { level: number; isLit: boolean }
interface Tank { level: number; litres: number }
const lamp: Lamp = { level: 1, isLit: false };
const tank: Tank = { level: 2, litres: 3 };`;
  assert.deepEqual(soleIn(`${types}\nlamp.level = 5;\ntank.level = 6;`), [
    "isLit in main",
    "level! in main",
    "level! in main",
    "litres in main",
  ]);
  assert.deepEqual(soleIn(`${types}\nlamp.level = lamp.level + tank.level;`), [
    "isLit in main",
    "litres in main",
  ]);
});

test("a constructor's parameter that is a field belongs to its class alone", () => {
  const types = `
class Lamp { constructor(private readonly socket: string, readonly watts: number) {} name(): string { return this.socket; } }
class Pump { constructor(private readonly socket: string) {} name(): string { return this.socket; } }
const lamp = new Lamp("a", 1);
const pump = new Pump("b");`;
  assert.deepEqual(soleIn(types), ["socket! in Lamp", "socket! in Pump", "watts in Lamp"]);
  const written = "private readonly socket: string";
  assert.deepEqual(project(types).soleWrites("socket"), [written, written]);
});

test("what fits both types means both", () => {
  assert.deepEqual(
    soleIn(`
interface Level { level: number }
interface Lamp { level: number; isLit: boolean }
const lamp: Lamp = { level: 1, isLit: false };
const other: Level = { level: 2 };
function look(seen: Level): void { seen.level = 3; }
look(lamp); look(other);`),
    ["isLit in main"],
  );
});

test("names put together at run time give up what may be looked through, and nothing else of the name", () => {
  const types = `
interface Lamp { level: number; isLit: boolean }
interface Tank { level: number; litres: number }
const lamp: Lamp = { level: 1, isLit: false };
const tank: Tank = { level: 2, litres: 3 };
function read(seen: Tank, name: keyof Tank): number { return seen[name]; }
read(tank, "level");`;
  assert.deepEqual(soleIn(types), ["isLit in main", "level! in main"]);
  assert.deepEqual(soleIn(`${types}\nconst level: keyof Lamp = "level";\nlamp[level];`), []);
  // Every one that may be taken for it.
  assert.deepEqual(
    soleIn(`
interface Level { level: number }
interface Lamp { level: number; isLit: boolean }
const lamp: Lamp = { level: 1, isLit: false };
const other: Level = { level: 2 };
function read(seen: Level, name: keyof Level): number { return seen[name]; }
read(other, "level"); read(lamp, "level");`),
    ["isLit in main"],
  );
});

const lamp = `
interface Lamp { level: number }
const lamp: Lamp = { level: 1 };
declare var anything: any;
declare var text: string;
declare function give(value: any): void;`;
for (const [why, use] of [
  [
    "a loop makes it",
    "while (true) { const more: Bulb = { watts: 1 }; more.watts = 2; }\ninterface Bulb { watts: number }",
  ],
  [
    "it may be missing",
    "interface Bulb { watts?: number }\nconst bulb: Bulb = { watts: 1 };\nbulb.watts = 2;",
  ],
]) {
  test(`no field is told when ${why}`, () => {
    assert.deepEqual(soleIn(`${lamp}\n${use}`), ["level in main"]);
  });
}
for (const [why, use] of [
  ["it is read of anything", "anything.level;"],
  ["it is read by a computed name", "(lamp as Lamp & { [name: string]: number })[text];"],
  ["its object is given to whoever takes anything", "give(lamp);"],
  ["its object is stored as anything", "const taken: any = lamp;"],
  ["its object is copied", "const copy = { ...lamp };"],
  ["something is only claimed to be one", "(anything as Lamp).level = 2;"],
  ["the name is deleted", "delete lamp.level;"],
  ["its object is thrown", "throw lamp;"],
]) {
  test(`a field is not told when ${why}`, () => {
    assert.deepEqual(
      soleIn(`${lamp}\n${use}`).filter((field) => field.startsWith("level")),
      [],
    );
  });
}

test("a field is not told when something of the VM has one of the name", () => {
  assert.deepEqual(
    soleIn(`interface Door { close: number }\nconst door: Door = { close: 1 };\ndoor.close = 2;`),
    [],
  );
});

test("the fields of a class that others extend are not told", () => {
  assert.deepEqual(
    soleIn(`class Base { rate = 1 }\nclass Pump extends Base {}\nnew Pump().rate = 2;`),
    [],
  );
});
