/** Random expressions of every kind that the firmware's compiler knows; evaluating one may leave marks on the trail. */
import { type Callable, type Kind, type ObjectVariable, type Random, type Scope } from "./scope.js";

const NUMBERS = [
  "0",
  "1",
  "-1",
  "2",
  "3",
  "5",
  "7",
  "-16",
  "-17",
  "100",
  "111",
  "112",
  "247",
  "248",
];
const MORE_NUMBERS = ["255", "256", "1000", "65535", "65536", "-300", "0.5", "-0.25", "2147483647"];
const TEXTS = [
  '""',
  '"a"',
  '"step"',
  '"tick"',
  '"close"',
  '"long enough to be a text of its own"',
  '"ü€"',
];
const ARITHMETIC = ["+", "-", "*", "&", "|", "^", "<<", ">>", ">>>"];
const COMPARISONS = ["<", "<=", ">", ">=", "===", "!=="];

export class Expressions {
  #marks = 0;

  constructor(readonly random: Random) {}

  expression(kind: Kind, scope: Scope): string {
    if (scope.where.depth <= 0) return this.leaf(kind, scope);
    const inner = scope.inner();
    if (this.random.is(0.12)) return this.#marked(this.expression(kind, inner));
    if (this.random.is(0.1)) return this.#conditional(kind, inner);
    if (this.random.is(0.3)) {
      const call = this.call(kind, inner);
      if (call !== null) return call;
    }
    if (this.random.is(0.15)) return this.leaf(kind, scope);
    return this.#made(kind, inner);
  }

  leaf(kind: Kind, scope: Scope): string {
    const variables = scope.of(kind);
    if (variables.length > 0 && this.random.is(0.75)) return this.random.pick(variables).name;
    switch (kind) {
      case "number":
        return this.random.pick(this.random.is(0.7) ? NUMBERS : MORE_NUMBERS);
      case "boolean":
        return this.random.pick(["true", "false"]);
      case "text":
        return this.random.pick(TEXTS);
      case "list":
        return `[${this.random.pick(NUMBERS)}]`;
      case "bytes":
        return "Buffer.alloc(4)";
      case "pair":
        return `makePair(${this.random.pick(NUMBERS)})`;
      case "closure":
        return "twice";
    }
  }

  /** A call that gives this kind, if anything here does. */
  call(kind: Kind, scope: Scope): string | null {
    const functions = scope.where.functions.filter(({ result }) => result === kind);
    const methods = scope.objects.flatMap((object) =>
      object.shape.methods
        .filter(({ result }) => result === kind)
        .map((method) => ({ object, method })),
    );
    if (methods.length > 0 && (functions.length === 0 || this.random.is(0.6))) {
      const { object, method } = this.random.pick(methods);
      return this.#methodCall(object, method, kind, scope);
    }
    if (functions.length === 0) return null;
    const called = this.random.pick(functions);
    return `${called.name}(${this.args(called, scope)})`;
  }

  args(called: Callable, scope: Scope): string {
    const count = called.needed + this.random.below(called.args.length - called.needed + 1);
    return called.args
      .slice(0, count)
      .map((kind) => this.expression(kind, scope.inner()))
      .join(", ");
  }

  #methodCall(object: ObjectVariable, method: Callable, kind: Kind, scope: Scope): string {
    const args = this.args(method, scope);
    if (!object.mayBeMissing) return `${object.name}.${method.name}(${args})`;
    return `(${object.name}?.${method.name}(${args}) ?? ${this.leaf(kind, scope)})`;
  }

  #marked(value: string): string {
    this.#marks++;
    return `mark("${String.fromCharCode(97 + (this.#marks % 26))}", ${value})`;
  }

  #conditional(kind: Kind, scope: Scope): string {
    const condition = this.expression("boolean", scope);
    return `(${condition} ? ${this.expression(kind, scope)} : ${this.expression(kind, scope)})`;
  }

  #made(kind: Kind, scope: Scope): string {
    const some = (of: Kind): string => this.expression(of, scope);
    switch (kind) {
      case "number":
        return this.#number(scope);
      case "boolean":
        return this.#boolean(scope);
      case "text":
        return this.random.pick([
          () => `(${some("text")} + ${some("number")})`,
          () => `\`\${${some("number")}}-\${${some("text")}}\``,
          () => `${this.leaf("text", scope)}.slice(${this.random.below(3)})`,
          () => `limited(${some("text")} + ${some("text")})`,
          () => `(${some("boolean")} && ${some("text")} || ${some("text")})`,
          () => `${some("pair")}.b`,
        ])();
      case "list":
        return this.random.pick([
          () =>
            `[${Array.from({ length: this.random.below(10) }, () => this.leaf("number", scope)).join(", ")}]`,
          () => `[...${this.leaf("list", scope)}, ${some("number")}]`,
          () => `${this.#rows()}[${some("number")} & 1]`,
          () => `few(${this.leaf("list", scope)}).map((n) => ${this.#inClosure("number", scope)})`,
          () => `${this.leaf("list", scope)}.filter((n) => ${this.#inClosure("boolean", scope)})`,
        ])();
      case "bytes":
        return this.random.pick([
          () => `filled(${some("number")}, ${some("number")})`,
          () => `${this.leaf("bytes", scope)}.slice(0, 4)`,
        ])();
      case "pair":
        return this.random.pick([
          () => `{ a: ${some("number")}, b: ${some("text")} }`,
          () => `{ ...${this.leaf("pair", scope)}, a: ${some("number")} }`,
          () => `makePair(${some("number")})`,
          () => `${this.#table()}[${some("boolean")} ? "one" : "two"]`,
        ])();
      case "closure":
        return `(n: number) => ${this.#inClosure("number", scope)}`;
    }
  }

  /** Two lists of constants, as a table in the sources is written. */
  #rows(): string {
    const row = (): string =>
      `[${Array.from({ length: this.random.below(4) }, () => this.#constant()).join(", ")}]`;
    return `([${row()}, ${row()}] as number[][])`;
  }

  /** Two pairs of constants under their names. */
  #table(): string {
    const row = (): string => `{ a: ${this.#constant()}, b: ${this.random.pick(TEXTS)} }`;
    const type = "Record<string, { a: number; b: string }>";
    return `({ one: ${row()}, two: ${row()} } as ${type})`;
  }

  #constant(): string {
    return this.random.pick(this.random.is(0.7) ? NUMBERS : MORE_NUMBERS);
  }

  #number(scope: Scope): string {
    const some = (of: Kind): string => this.expression(of, scope);
    const written = scope.writable("number");
    return this.random.pick([
      () => `(${some("number")} ${this.random.pick(ARITHMETIC)} ${some("number")})`,
      () => `(${some("number")} ${this.random.pick(ARITHMETIC)} ${some("number")})`,
      () => `(${some("number")} % 7)`,
      () => `Math.${this.random.pick(["max", "min"])}(${some("number")}, ${some("number")})`,
      () => `Math.${this.random.pick(["floor", "abs", "round"])}(${some("number")})`,
      () => `${this.random.pick(["-", "~", "+"])}(${some("number")})`,
      () => `${this.leaf("text", scope)}.length`,
      () => `${this.leaf("list", scope)}.length`,
      () => `(${this.leaf("list", scope)}[${some("number")} & 1] ?? ${some("number")})`,
      () => `${this.leaf("bytes", scope)}[${some("number")} & 3]`,
      () => `${this.leaf("bytes", scope)}.getAt(${this.random.below(3)}, "u16")`,
      () => `${this.leaf("pair", scope)}.a`,
      () => `${this.leaf("closure", scope)}(${some("number")})`,
      () => (written.length > 0 ? `(${this.random.pick(written).name} = ${some("number")})` : "4"),
      () => (written.length > 0 ? `${this.random.pick(written).name}++` : "6"),
      () => `(${some("number")} || ${some("number")})`,
      () => `(${this.leaf("text", scope)}.indexOf(${this.leaf("text", scope)}))`,
    ])();
  }

  #boolean(scope: Scope): string {
    const some = (of: Kind): string => this.expression(of, scope);
    const objects = scope.objects.filter(({ mayBeMissing }) => !mayBeMissing);
    const classes = scope.where.classes;
    return this.random.pick([
      // The types of two constants would say that they differ.
      () => `((${some("number")} as number) ${this.random.pick(COMPARISONS)} ${some("number")})`,
      () => `((${some("number")} as number) ${this.random.pick(COMPARISONS)} ${some("number")})`,
      () => `((${some("text")} as string) ${this.random.pick(["===", "!=="])} ${some("text")})`,
      () => `!${some("boolean")}`,
      () => `(${some("boolean")} && ${some("boolean")})`,
      () => `(${some("boolean")} || ${some("boolean")})`,
      () => `!!${some("number")}`,
      () =>
        objects.length > 0 && classes.length > 0
          ? `(${this.random.pick(objects).name} as unknown instanceof ${this.random.pick(classes).name})`
          : "true",
    ])();
  }

  #inClosure(kind: Kind, scope: Scope): string {
    const inside = scope.closure(kind);
    inside.variables.push({ name: "n", kind: "number", isConst: false, isOfLoop: false });
    return this.expression(kind, inside);
  }
}
