// Which methods a call may find. Property: whatever object can come to a read, its method is among those told, or the
// read is open; and what cannot come there is left out, so that names may stand in many classes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { project, TWO_CLASSES } from "./project.js";

test("a name of many classes is the receiver's own", () => {
  const at = project(`${TWO_CLASSES}
    left.tick();
    right.tick();
    const box = { left, right };
    box.left.tick();
    function each(of: Right[]): void { for (const one of of) one.tick(); }
    each([right]);
  `);
  assert.equal(at.finds("left.tick();"), "Left.tick");
  assert.equal(at.finds("right.tick();"), "Right.tick");
  assert.equal(at.finds("box.left.tick();"), "Left.tick");
  assert.equal(at.finds("one.tick();"), "Right.tick");
});

test("a base may be any class that extends it, and what is not made is none", () => {
  const at = project(`
    class Base { private own = 1; step(): void { this.turn(); } turn(): void {} }
    class First extends Base { private first = 1; override turn(): void {} }
    class Second extends Base { override turn(): void {} }
    class Unmade extends Base { override turn(): void {} }
    const first = new First();
    const bases: Base[] = [first, new Second()];
    first.turn();
    bases[0].turn();
    bases[0].step();
    if (bases[0] instanceof Unmade) bases[0].turn();
  `);
  assert.equal(at.finds("first.turn();"), "First.turn");
  assert.equal(at.reads("bases[0].turn();")[0], "turn: First.turn Second.turn");
  assert.equal(at.finds("bases[0].step();"), "Base.step");
  assert.equal(at.finds("this.turn();"), "First.turn Second.turn", "Base itself is never made");
  const alike = project(`
    class Base { private own = 1; turn(): void {} }
    class First extends Base { override turn(): void {} }
    class Second extends Base { override turn(): void {} }
    const first: First = new Second();
    new First();
    first.turn();
  `);
  assert.equal(
    alike.finds("first.turn();"),
    "First.turn Second.turn",
    "nothing of its own is private",
  );
});

test("an interface is the one class that implements it, and all that look like it", () => {
  const program = (more: string): string => `
    interface Sink { put(n: number): void; drain(): void }
    class Pipe implements Sink { private n = 0; put(n: number): void { this.n = n; } drain(): void {} }
    class Other { put(n: number): void {} }
    function use(sink: Sink): void { sink.put(1); }
    use(new Pipe());
    new Other();
    ${more}
  `;
  assert.equal(project(program("")).finds("sink.put(1);"), "Pipe.put");
  const second = "class Hose { put(n: number): void {} drain(): void {} }\nuse(new Hose());";
  assert.equal(project(program(second)).finds("sink.put(1);"), "Hose.put Pipe.put");
  assert.equal(
    project(program(second), ["Hose"]).finds("sink.put(1);"),
    "Pipe.put",
    "a class that is not in the image",
  );
  const literal = "use({ put: (n) => {}, drain: () => {} });";
  assert.equal(project(program(literal)).finds("sink.put(1);"), "? Pipe.put");
  const spread = "const parts = { put: (n: number) => {} };\nuse({ ...parts, drain: () => {} });";
  assert.equal(project(program(spread)).finds("sink.put(1);"), "? Pipe.put");
});

test("what has the names of an interface and other types is no implementation of it, unless it passes another", () => {
  const program = (more: string): string => `
    interface Sink { put(text: string): void; drain(): void }
    class Pipe implements Sink { put(text: string): void {} drain(): void {} }
    class Queue { put(n: number): void {} drain(): void {} }
    function use(sink: Sink): void { sink.put("a"); }
    use(new Pipe());
    new Queue();
    ${more}
  `;
  assert.equal(project(program("")).finds('sink.put("a");'), "Pipe.put");
  const between = `
    interface Either { put(what: string | number): void; drain(): void }
    const either: Either = new Queue();
    use(either);
  `;
  assert.equal(project(program(between)).finds('sink.put("a");'), "Pipe.put Queue.put");
  const generic = `
    class Of<T> { private own = 1; put(what: T): void {} drain(): void {} }
    use(new Of<string>());
  `;
  assert.equal(project(program(generic)).finds('sink.put("a");'), "Of.put Pipe.put");
});

test("what the VM has may stand behind an interface, but not behind a class with private members", () => {
  const at = project(`
    interface Door { open(): void; close(): void }
    class Gate implements Door { private is = 1; open(): void {} close(): void {} }
    function use(door: Door, gate: Gate): void {
      door.open();
      gate.open();
      port.open();
    }
    use(new Gate(), new Gate());
  `);
  assert.equal(at.finds("door.open();"), "? Gate.open");
  assert.equal(at.finds("gate.open();"), "Gate.open");
  assert.match(at.finds("port.open();"), /\?/);
});

test("a class without private members is all that has its names", () => {
  const at = project(`
    class Real { now(): number { return 1; } }
    class Fake { now(): number { return 2; } more(): void {} }
    class Less { later(): number { return 3; } }
    function use(clock: Real): void { clock.now(); }
    use(new Real());
    use(new Fake());
    new Less();
  `);
  assert.equal(at.finds("clock.now();"), "Fake.now Real.now");
});

test("this is of its class and what extends it, not of what looks like it", () => {
  const at = project(`
    class Real { now(): number { return 1; } twice(): number { return this.now() + 1; } }
    class Fake { now(): number { return 2; } twice(): number { return 3; } }
    new Real();
    new Fake();
  `);
  assert.equal(at.finds("return this.now() + 1;"), "Real.now");
});

test("unions, generics and constraints are all that they may be", () => {
  const at = project(`${TWO_CLASSES}
    class Box<T extends Left | Right> {
      private readonly of: T;
      constructor(of: T) { this.of = of; }
      tick(): number { const of = this.of; return of.tick(); }
      inner(): T { return this.of; }
    }
    function run<T extends Right>(one: T): void { one.tick(); }
    run(right);
    const box = new Box(left);
    box.tick();
    box.inner().tick();
    const either: Left | Right = left.tick() > 0 ? left : right;
    either.tick();
  `);
  assert.equal(at.finds("return of.tick();"), "Left.tick Right.tick");
  assert.equal(at.finds("one.tick();"), "Right.tick");
  assert.equal(at.finds("box.tick();"), "Box.tick");
  assert.equal(at.reads("box.inner().tick();").join(), "inner: Box.inner,tick: Left.tick");
  assert.equal(at.finds("either.tick();"), "Left.tick Right.tick");
});

test("a method that is written over is open for the class in question", () => {
  const program = (write: string): string => `${TWO_CLASSES}
    ${write}
    left.tick();
    right.tick();
  `;
  const finds = (write: string): string[] => {
    const at = project(program(write));
    return [at.finds("left.tick();"), at.finds("right.tick();")];
  };
  assert.deepEqual(finds("left.tick = () => 3;"), ["? Left.tick", "Right.tick"]);
  assert.deepEqual(finds("Object.assign(left, { tick: () => 3 });"), ["? Left.tick", "Right.tick"]);
  assert.deepEqual(finds("Object.assign(left, { tock: () => 3 });"), ["Left.tick", "Right.tick"]);
  assert.deepEqual(finds("declare const n: string;\n(left as any)[n] = 1;"), [
    "? Left.tick",
    "? Right.tick",
  ]);
  for (const wild of [
    "Object.setPrototypeOf(left, right);",
    "Left.prototype.tick = () => 3;",
    "const of = Left.prototype;",
  ]) {
    assert.throws(() => finds(wild), /nothing can be told/, wild);
  }
});

test("tables written by name do not concern classes", () => {
  const at = project(`${TWO_CLASSES}
    declare const name: string;
    const table: Table<() => void> = {};
    table[name] = () => {};
    const names: Table<unknown> = {};
    names[name] = 1;
    left.tick();
  `);
  assert.equal(at.finds("left.tick();"), "Left.tick");
  assert.deepEqual(at.computed(), []);
});

test("what is read as something callable by a name made at run time may be any method of its object", () => {
  const at = project(`${TWO_CLASSES}
    class Deck { play(): void {} stop(): void {} readonly size = 1; }
    const deck = new Deck();
    declare const name: "play" | "stop";
    declare const field: "size";
    deck[name]();
    const size = deck[field];
    left.tick();
  `);
  assert.deepEqual(at.computed(), ["Deck.play", "Deck.stop"]);
});

test("a field of the same name in another class is that class's matter", () => {
  const at = project(`
    class Method { private own = 1; size(): number { return 1; } }
    class Field { private own = 1; readonly size = () => 2; }
    const method = new Method();
    const field = new Field();
    method.size();
    field.size();
  `);
  assert.equal(at.finds("method.size();"), "Method.size");
  assert.equal(at.finds("field.size();"), "?");
});

test("static methods belong to the class that is named, or to all that may be given in its place", () => {
  const at = project(`
    class One { static make(): One { return new One(); } static again(): One { return this.make(); } }
    class Two { static make(): Two { return new Two(); } make(): void {} }
    class Three { private own = 1; static make(n: string): Three { return new Three(); } }
    interface Factory { make(): object }
    One.make();
    Two.make();
    const classes = { One, Two };
    classes.One.make();
    function use(factory: Factory): void { factory.make(); }
    use(Two);
    Three.make("a");
  `);
  assert.equal(at.finds("One.make();"), "One.make");
  assert.equal(at.finds("Two.make();"), "Two.make");
  assert.match(at.finds("classes.One.make();"), /One\.make/);
  assert.equal(at.finds("factory.make();"), "One.make Two.make");
  assert.match(at.finds("return this.make();"), /One\.make/);
});

test("a class that is given on is made, wherever it goes", () => {
  const program = (use: string): string => `
    class Base { private own = 1; turn(): void {} }
    class Part extends Base { private part = 2; override turn(): void {} }
    const base: Base = new Base();
    ${use}
    base.turn();
  `;
  assert.equal(project(program("")).finds("base.turn();"), "Base.turn");
  for (const use of ["const all = { Part };", "const of = Part;", "[Part];", "new Part();"]) {
    assert.equal(project(program(use)).finds("base.turn();"), "Base.turn Part.turn", use);
  }
});

test("interfaces that the VM's declarations share, and those that can be called, are open", () => {
  const at = project(`
    interface Port { extra(): void }
    class Gate { open(): void {} close(): void {} extra(): void {} }
    function use(port: Port): void { port.open(); }
    use(new Gate());
    interface Run { (): void; tick(): void }
    class Clock { tick(): void {} }
    new Clock();
    declare const run: Run;
    run.tick();
  `);
  assert.match(at.finds("port.open();"), /\?/);
  assert.match(at.finds("run.tick();"), /\?/);
});

test("sources that changed since they were compiled are refused by name", () => {
  assert.throws(
    () => project("new A();\nclass A {}", [], "new A(); class A {}"),
    /main\.ts is not what was compiled/,
  );
});
