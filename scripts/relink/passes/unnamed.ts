/** Leaves out functions that no code names: the compiler writes all methods of every class that is used. */
import type { Expr } from "../code.js";
import { statementsOf, type Image } from "../image.js";
import { Op } from "../opcodes.js";

/** Changes the image in place. Function 0 is where the VM starts. */
export function dropUnnamed(image: Image): void {
  for (;;) {
    const named = new Set<number>([0]);
    const see = (node: Expr): void => {
      if (node.op === Op.staticFunction || node.op === Op.makeClosure) named.add(node.num);
      node.args.forEach(see);
    };
    for (const statement of statementsOf(image)) statement.args.forEach(see);
    if (named.size === image.functions.length) return;
    const numbers = new Map<number, number>();
    image.functions.forEach((_, index) => {
      if (named.has(index)) numbers.set(index, numbers.size);
    });
    const rename = (node: Expr): void => {
      if (node.op === Op.staticFunction || node.op === Op.makeClosure) {
        node.num = numbers.get(node.num) as number;
      }
      node.args.forEach(rename);
    };
    image.functions = image.functions.filter((_, index) => named.has(index));
    for (const statement of statementsOf(image)) statement.args.forEach(rename);
  }
}
