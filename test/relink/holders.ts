/**
 * Objects with fields in a random program, made once or more often, seen as themselves, through an interface or as anything: what
 * the relinker may make globals of, and what it must not. Names are the program's own, or what fits would be everybody's.
 */
import type { Program } from "./program.js";

/** Adds `probeSEED`, which says what the fields hold. */
export function writeHolders(program: Program): void {
  const { random, seed } = program;
  const level = `level_${seed}`;
  const lamp = (made: string): string =>
    `{ ${level}: ${made}, watts_${seed}: 60, lit_${seed}: false }`;
  const view = `{ ${level}: number }`;
  const isClass = random.is(0.5);
  program.parts.push(
    `interface View${seed} ${view}`,
    isClass
      ? `class Lamp${seed} { watts_${seed} = 60; lit_${seed} = false; made_${seed}: number;
  constructor(public ${level}: number) { if (this.made_${seed} === undefined) this.made_${seed} = ${level} + 1; } }
function makeLamp${seed}(start: number): Lamp${seed} { return new Lamp${seed}(start); }`
      : `interface Lamp${seed} { ${level}: number; watts_${seed}: number; lit_${seed}: boolean }
function makeLamp${seed}(start: number): Lamp${seed} { return ${lamp("start")}; }`,
    `interface Tank${seed} { ${level}: number; litres_${seed}: number }
function fill${seed}(litres: number): Tank${seed} { return { ${level}: 0, litres_${seed}: litres }; }
function see${seed}(seen: View${seed}, by: number): number { seen.${level} = seen.${level} + by; return seen.${level}; }
function shine${seed}(lamp: Lamp${seed}, unused: number, watts: number): number {
  lamp.lit_${seed} = !lamp.lit_${seed};
  lamp.watts_${seed} += watts;
  const bright = lamp.lit_${seed} ? lamp.watts_${seed} : 0;
  return bright + lamp.${level};
}
const lamp${seed} = makeLamp${seed}(${random.below(9)});
const tank${seed} = fill${seed}(${random.below(9)});`,
  );
  const says = [
    `say("lamp " + shine${seed}(lamp${seed}, 1, 5) + " " + lamp${seed}.${level});`,
    `say("tank " + tank${seed}.${level} + " " + tank${seed}.litres_${seed});`,
    `lamp${seed}.${level} = 4; tank${seed}.litres_${seed} += lamp${seed}.${level};`,
  ];
  if (isClass) says.push(`say("made " + lamp${seed}.made_${seed});`);
  if (random.is(0.4))
    says.push(`say("seen " + see${seed}(lamp${seed}, 2) + " " + see${seed}(tank${seed}, 3));`);
  if (random.is(0.3))
    says.push(
      `const more = makeLamp${seed}(7); more.${level}++; say("more " + shine${seed}(more, 2, 5));`,
    );
  if (random.is(0.3))
    says.push(
      `for (let i = 0; i < 2; i++) { const one = fill${seed}(i); one.${level} += i + 1; say("one " + one.${level}); }`,
    );
  if (random.is(0.2)) says.push(`const any: any = tank${seed}; any.litres_${seed} = 9;`);
  const order = says.concat(says.slice(0, 2));
  while (order.length > 0)
    says.push(
      ...order.splice(random.below(order.length), 1).filter((line) => line.startsWith("say")),
    );
  program.parts.push(`function probe${seed}(): void {\n  ${says.join("\n  ")}\n}`);
}
