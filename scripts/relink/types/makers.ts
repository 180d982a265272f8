/** Where a program makes objects, and what can be told of such a place and of the names that it gives. */
import ts from "typescript-devs";
import { nameOf } from "./questions.js";

export interface Maker {
  node: ts.ClassDeclaration | ts.ObjectLiteralExpression;
  type: ts.Type;
  /** Its objects may be where nobody tells whose names are used. */
  isOpen: boolean;
}

/** Whatever gives a name to something that an object may have. */
export function isMember(node: ts.Node): node is ts.NamedDeclaration {
  return (
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node) ||
    ts.isEnumMember(node) ||
    ts.isParameterPropertyDeclaration(node, node.parent)
  );
}

export function isPlainField(node: ts.Declaration): boolean {
  if ((ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static) !== 0) return false;
  if (ts.isParameter(node)) return node.questionToken === undefined;
  const isField = ts.isPropertySignature(node) || ts.isPropertyDeclaration(node);
  return isField && node.questionToken === undefined && !node.getSourceFile().isDeclarationFile;
}

/** The innermost function around, a class for what is made in its constructor; undefined: the main program. */
export function makerOf(made: ts.Node): ts.Node | undefined {
  let node: ts.Node | undefined = made;
  for (; node !== undefined; node = node.parent) {
    if (ts.isClassDeclaration(node)) return node;
    if (ts.isFunctionLike(node)) return ts.isConstructorDeclaration(node) ? node.parent : node;
  }
  return undefined;
}

/** Whether the object has the field before anybody else sees it. */
export function isSetFirst(maker: Maker["node"], name: string): boolean {
  if (ts.isObjectLiteralExpression(maker)) return true;
  const initializers = maker.members.flatMap((member) =>
    ts.isPropertyDeclaration(member) && member.initializer ? [member] : [],
  );
  const looksAtItself = (node: ts.Node): boolean =>
    node.kind === ts.SyntaxKind.ThisKeyword || ts.forEachChild(node, looksAtItself) === true;
  return (
    initializers.some((member) => nameOf(member.name) === name) && !initializers.some(looksAtItself)
  );
}

export function isInLoop(made: ts.Node): boolean {
  for (let node = made; !ts.isFunctionLike(node) && !ts.isSourceFile(node); node = node.parent) {
    if (ts.isIterationStatement(node, false)) return true;
  }
  return false;
}
