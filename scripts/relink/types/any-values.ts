/**
 * Values that are `any`, and what they are taken for. Only what is declared with an `any` in its type can be one, and what
 * gets one without being declared as anything; so only names of those are looked at.
 */
import ts from "typescript-devs";
import type { Sources } from "./program.js";
import { isUnknown } from "./questions.js";

export class AnyValues {
  readonly #checker: ts.TypeChecker;
  readonly #names: Set<string>;

  /** `parameters`: names of those that are `any` because of who calls their functions. */
  constructor({ checker, code, ambient }: Sources, parameters: ReadonlySet<string>) {
    this.#checker = checker;
    this.#names = new Set(parameters);
    const typeNames = new Set<string>();
    for (let before = -1; typeNames.size > before;) {
      before = typeNames.size;
      for (const file of [...code, ...ambient]) this.#noteDeclared(file, typeNames);
    }
  }

  /** Types that something of `any` is taken for, among these. */
  targets(identifiers: readonly ts.Identifier[]): ts.Type[] {
    let targets: ts.Type[] = [];
    for (let before = -1; this.#names.size > before;) {
      before = this.#names.size;
      targets = [];
      for (const node of identifiers) {
        const value = this.#names.has(node.text) ? this.#valueOf(node) : null;
        if (value === null) continue;
        const type = this.#checker.getContextualType(value);
        if (type !== undefined && !isUnknown(type)) targets.push(type);
        this.#noteReceiver(value);
      }
    }
    return targets;
  }

  /** Names of what is declared with `any`, or with the name of a type that is. */
  #noteDeclared(file: ts.SourceFile, typeNames: Set<string>): void {
    const visit = (node: ts.Node): void => {
      const isAny =
        node.kind === ts.SyntaxKind.AnyKeyword ||
        (ts.isTypeReferenceNode(node) &&
          ts.isIdentifier(node.typeName) &&
          typeNames.has(node.typeName.text));
      if (isAny) {
        let at = node.parent;
        while (ts.isTypeNode(at) || ts.isTypeParameterDeclaration(at)) at = at.parent;
        const name = ts.getNameOfDeclaration(at as ts.Declaration);
        if (name !== undefined && ts.isIdentifier(name)) {
          (ts.isTypeAliasDeclaration(at) ? typeNames : this.#names).add(name.text);
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }

  /** The largest expression around a name that is `any`; null when there is none. */
  #valueOf(node: ts.Identifier): ts.Expression | null {
    let at: ts.Expression = node;
    let value: ts.Expression | null = null;
    for (;;) {
      if (ts.isExpression(at) && isUnknown(this.#checker.getTypeAtLocation(at))) value = at;
      const { parent } = at;
      const isName = ts.isPropertyAccessExpression(parent) && parent.name === at;
      const isAround =
        isName ||
        ts.isParenthesizedExpression(parent) ||
        ts.isAwaitExpression(parent) ||
        ((ts.isPropertyAccessExpression(parent) ||
          ts.isElementAccessExpression(parent) ||
          ts.isCallExpression(parent)) &&
          parent.expression === at);
      if (!isAround) return value;
      at = parent;
    }
  }

  /** What takes it without saying as what: a variable, or whoever calls the function that gives it. */
  #noteReceiver({ parent }: ts.Expression): void {
    if (ts.isVariableDeclaration(parent)) this.#noteNames(parent.name);
    else if (ts.isBinaryExpression(parent) && ts.isIdentifier(parent.left)) {
      this.#names.add(parent.left.text);
    } else if (ts.isForOfStatement(parent) && ts.isVariableDeclarationList(parent.initializer)) {
      for (const { name } of parent.initializer.declarations) this.#noteNames(name);
    } else if (ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) {
      let giver: ts.Node = parent;
      while (!ts.isFunctionLike(giver) && !ts.isSourceFile(giver)) giver = giver.parent;
      const named =
        ts.isArrowFunction(giver) || ts.isFunctionExpression(giver) ? giver.parent : giver;
      const name = ts.getNameOfDeclaration(named as ts.Declaration);
      if (name !== undefined && ts.isIdentifier(name)) this.#names.add(name.text);
    }
  }

  #noteNames(name: ts.BindingName): void {
    if (ts.isIdentifier(name)) this.#names.add(name.text);
    else
      for (const element of name.elements)
        if (ts.isBindingElement(element)) this.#noteNames(element.name);
  }
}
