/** The code that is in the image: the compiler leaves out functions and classes that nothing names. */
import ts from "typescript-devs";
import { placeKey, type Place } from "../lookups.js";
import type { Sources } from "./program.js";

export class EmittedCode {
  readonly #functions: ReadonlySet<string>;

  /** `functions`: places of all that are in the image; constructors have the place of their class. */
  constructor(
    readonly sources: Sources,
    functions: readonly Place[],
  ) {
    this.#functions = new Set(functions.map(placeKey));
  }

  placeOf(node: ts.Node): Place {
    const file = node.getSourceFile();
    return { path: this.sources.pathOf(file), start: node.getStart(file, false), end: node.end };
  }

  /** Calls back with every node of the code that is in the image, outer ones first. */
  visit(see: (node: ts.Node) => void): void {
    const walk = (node: ts.Node): void => {
      if (this.#isLeftOut(node)) return;
      see(node);
      ts.forEachChild(node, walk);
    };
    for (const file of this.sources.code) walk(file);
  }

  #isLeftOut(node: ts.Node): boolean {
    const isOwnFunction =
      ts.isClassDeclaration(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node);
    return isOwnFunction && !this.#functions.has(placeKey(this.placeOf(node)));
  }
}
