/**
 * Which names a piece of source reads of objects, by the place that the compiler notes in its source map: statements,
 * initializers and functions, each without those inside it.
 */
import ts from "typescript-devs";

export interface Read {
  name: string;
  args: number | null;
  isCalled: boolean;
  /** What the name is read of; undefined in a pattern, and where the compiler itself reads the name. */
  object: ts.Expression | undefined;
  pattern: ts.ObjectBindingPattern | undefined;
}

/** By `start:end` of the piece. Calls are in the order in which they are made. */
export function readsOf(file: ts.SourceFile): Map<string, Read[]> {
  const scopes = new Map<string, Read[]>();
  const enter = (node: ts.Node): void => {
    const key = `${node.getStart(file, false)}:${node.end}`;
    const reads = scopes.get(key) ?? [];
    scopes.set(key, reads);
    ts.forEachChild(node, (child) => {
      walk(child, reads);
    });
    if (ts.isForOfStatement(node)) reads.push(compilerRead("length"));
  };
  const walk = (node: ts.Node, reads: Read[]): void => {
    if (hasPlaceOfItsOwn(node)) {
      enter(node);
      return;
    }
    ts.forEachChild(node, (child) => {
      walk(child, reads);
    });
    reads.push(...readBy(node));
  };
  enter(file);
  return scopes;
}

/** What the compiler notes the place of, besides functions. */
export function hasPlaceOfItsOwn(node: ts.Node): boolean {
  return (
    ts.isStatement(node) ||
    ts.isFunctionLike(node) ||
    ts.isParameter(node) ||
    ts.isPropertyDeclaration(node)
  );
}

function readBy(node: ts.Node): Read[] {
  if (ts.isCallExpression(node)) {
    const callee = accessed(node.expression);
    if (callee === undefined) return [];
    const isKnown = !node.arguments.some(ts.isSpreadElement);
    return [{ ...callee, isCalled: true, args: isKnown ? node.arguments.length : null }];
  }
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const name = node.propertyName ?? node.name;
    if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) return [];
    const { text } = name;
    return [{ name: text, args: null, isCalled: false, object: undefined, pattern: node.parent }];
  }
  if (ts.isArrayLiteralExpression(node)) return [compilerRead("push"), compilerRead("pushRange")];
  if (ts.isArrayBindingPattern(node)) return [compilerRead("slice")];
  const read = accessed(node);
  // The callee of a call comes with the call.
  const isCallee = ts.isCallExpression(node.parent) && node.parent.expression === node;
  return read === undefined || isCallee ? [] : [read];
}

function accessed(node: ts.Node): Read | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const { name, expression: object } = node;
    return { name: name.text, args: null, isCalled: false, object, pattern: undefined };
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    const { argumentExpression, expression: object } = node;
    return {
      name: argumentExpression.text,
      args: null,
      isCalled: false,
      object,
      pattern: undefined,
    };
  }
  return undefined;
}

/** A read that stands in no source: of an array, or of what is looped over. */
function compilerRead(name: string): Read {
  return { name, args: null, isCalled: false, object: undefined, pattern: undefined };
}
