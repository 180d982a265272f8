/**
 * Tells for every name that the sources read of an object which methods it may find: those of all classes, literals and
 * things of the VM that may be read as the object's type. What was only claimed to be of that type (`as`, predicates,
 * `any`) is followed to where it came from.
 */
import ts from "typescript-devs";
import type { Access, Lookup, Lookups, Place, Resolver, SoleField } from "../lookups.js";
import { EmittedCode } from "./emitted.js";
import { Fits } from "./fits.js";
import { leapsIn, type Leap } from "./leaps.js";
import { Members, type ClassInfo } from "./members.js";
import { openSources, type Sources } from "./program.js";
import { isCallable, isNumeric, isUnknown } from "./questions.js";
import { readsOf, type Read } from "./reads.js";
import { soleFieldsIn } from "./sole-fields.js";

/** `entry` is a path from `root`, where the compiler has run. */
export function makeResolver(entry: string, root: string): Resolver {
  return ({ functions, files }) => {
    const sources = openSources(entry, root);
    const texts = new Map(sources.code.map((file) => [sources.pathOf(file), file.text]));
    const changed = files.find(({ path, text }) => texts.get(path) !== text);
    if (changed !== undefined) {
      throw new Error(`${changed.path} is not what was compiled: what calls find cannot be told`);
    }
    const code = new EmittedCode(sources, functions);
    const members = new Members(sources, code);
    return members.hasWildPrototypes ? null : new SourceLookups(sources, code, members);
  };
}

const NOTHING: Lookup = { methods: [], isOpen: false };
/** Something that no class of the program gives. */
const FOREIGN: Lookup = { methods: [], isOpen: true };

class SourceLookups implements Lookups {
  readonly #sources: Sources;
  readonly #checker: ts.TypeChecker;
  readonly #code: EmittedCode;
  readonly #members: Members;
  readonly #types: Fits;
  readonly #leaps: readonly Leap[];
  readonly #files: ReadonlyMap<string, ts.SourceFile>;
  readonly #scopes = new Map<ts.SourceFile, Map<string, Read[]>>();
  readonly #carriers = new Map<string, Carrier[]>();

  constructor(sources: Sources, code: EmittedCode, members: Members) {
    this.#sources = sources;
    this.#checker = sources.checker;
    this.#code = code;
    this.#members = members;
    this.#types = new Fits(sources);
    this.#leaps = leapsIn(sources, this.#code);
    this.#files = new Map(sources.code.map((file) => [sources.pathOf(file), file]));
  }

  accessesAt({ path, start, end }: Place): Access[] {
    const file = this.#files.get(path);
    if (file === undefined) return [];
    const scopes = this.#scopes.get(file) ?? readsOf(file);
    this.#scopes.set(file, scopes);
    return (scopes.get(`${start}:${end}`) ?? [])
      .filter(({ name }) => this.#members.methodNames.has(name))
      .map((read) => ({
        name: read.name,
        isCalled: read.isCalled,
        args: read.args,
        from:
          read.object && ts.isPropertyAccessExpression(read.object) ? read.object.name.text : null,
        ...this.#lookup(read),
      }));
  }

  soleFields(): SoleField[] {
    return soleFieldsIn(this.#sources, this.#code, this.#types, this.#leaps);
  }

  computed(): Place[] {
    const methods: Place[] = [];
    this.#code.visit((node) => {
      if (ts.isElementAccessExpression(node)) methods.push(...this.#computedBy(node));
    });
    return methods;
  }

  /** Only what can be called counts: a method that is read as something else tells nobody anything. */
  #computedBy(node: ts.ElementAccessExpression): Place[] {
    const { expression, argumentExpression } = node;
    if (ts.isStringLiteralLike(argumentExpression)) return [];
    if (isNumeric(this.#checker.getTypeAtLocation(argumentExpression))) return [];
    if (!isCallable(this.#checker.getTypeAtLocation(node))) return [];
    const type = this.#checker.getTypeAtLocation(expression);
    return [...this.#members.methodNames].flatMap((name) => [...this.#find(type, name).methods]);
  }

  #lookup({ name, object, pattern }: Read): Lookup {
    if (pattern !== undefined) return this.#find(this.#checker.getTypeAtLocation(pattern), name);
    if (object === undefined) return FOREIGN;
    const type = this.#checker.getTypeAtLocation(object);
    if (object.kind === ts.SyntaxKind.ThisKeyword) return this.#ofThis(type, name);
    return this.#isNameOfClass(object, type)
      ? join(this.#carriersOf(name).filter((carrier) => carrier.type === type))
      : this.#find(type, name);
  }

  /** Names of classes are never given to others. */
  #isNameOfClass(object: ts.Expression, type: ts.Type): boolean {
    if (!ts.isIdentifier(object) || type.getConstructSignatures().length === 0) return false;
    let symbol = this.#checker.getSymbolAtLocation(object);
    if (symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0) {
      symbol = this.#checker.getAliasedSymbol(symbol);
    }
    return symbol?.valueDeclaration !== undefined && ts.isClassDeclaration(symbol.valueDeclaration);
  }

  /** `this` is of the class that it is written in, or of a subclass: never of something that only looks like it. */
  #ofThis(type: ts.Type, name: string): Lookup {
    const own = type.isTypeParameter() ? this.#checker.getBaseConstraintOfType(type) : type;
    const declared = own?.symbol?.valueDeclaration;
    // In a static method it is the class itself.
    const isClassItself = own !== undefined && own.getConstructSignatures().length > 0;
    if (declared === undefined || !ts.isClassDeclaration(declared) || isClassItself) {
      return this.#find(type, name);
    }
    const carriers = this.#carriersOf(name).filter(
      ({ info }) => info !== null && isSelfOrBase(info, declared),
    );
    return join(carriers);
  }

  #anything(name: string): Lookup {
    return join([FOREIGN, ...this.#carriersOf(name)]);
  }

  /** What objects that may be read as `type` give for this name. */
  #find(type: ts.Type, name: string, seen = new Set<ts.Type>()): Lookup {
    if (isUnknown(type)) return this.#anything(name);
    if (type.isUnion()) return join(type.types.map((part) => this.#find(part, name, seen)));
    if (seen.has(type)) return NOTHING;
    seen.add(type);
    const apparent = this.#checker.getApparentType(type);
    if (apparent !== type) return this.#find(apparent, name, seen);
    const leapt = this.#leaps
      .filter(({ to }) => this.#types.fits(to, type))
      .map(({ from }) => (from ? this.#find(from, name, seen) : this.#anything(name)));
    const carriers = this.#carriersOf(name).filter((carrier) =>
      this.#types.fits(carrier.type, type),
    );
    return join([...carriers, ...leapt, this.#isOpen(type, name) ? FOREIGN : NOTHING]);
  }

  /** Whether something that no class makes may be read as `type` and have this name. */
  #isOpen(type: ts.Type, name: string): boolean {
    const declared = type.symbol?.declarations ?? [];
    const isOurs = declared.every(
      (node) => !node.getSourceFile().isDeclarationFile && holdsMembers(node),
    );
    // Functions may have fields, too.
    if (!isOurs || declared.length === 0 || type.getCallSignatures().length > 0) return true;
    const member = this.#checker.getPropertyOfType(type, name);
    if (member === undefined || (member.flags & ts.SymbolFlags.Optional) !== 0) return true;
    return this.#members.othersWith(name).some((other) => this.#types.fits(other, type));
  }

  /** Classes of which objects are made, and classes themselves, that have this name. */
  #carriersOf(name: string): readonly Carrier[] {
    let carriers = this.#carriers.get(name);
    if (carriers === undefined) {
      const written = this.#members.writtenWith(name);
      const objects = this.#members.madeClasses.map((info) => ({ info, type: info.type }));
      const classes = this.#members.classes.map(({ declaration }) => ({
        info: null,
        type: this.#checker.getTypeOfSymbolAtLocation(symbolOf(declaration), declaration),
      }));
      carriers = [...objects, ...classes].flatMap(({ info, type }) =>
        this.#carrier(info, type, name, written),
      );
      this.#carriers.set(name, carriers);
    }
    return carriers;
  }

  #carrier(
    info: ClassInfo | null,
    type: ts.Type,
    name: string,
    written: readonly ts.Type[],
  ): Carrier[] {
    const member = this.#checker.getPropertyOfType(type, name);
    if (member === undefined) return [];
    const declared = member.valueDeclaration;
    const isMethod = declared && ts.isMethodDeclaration(declared) && declared.body !== undefined;
    if (!isMethod) return [{ info, type, methods: [], isOpen: true }];
    const isWritten = written.some((target) => this.#mayBe(type, target));
    return [{ info, type, methods: [this.#code.placeOf(declared)], isOpen: isWritten }];
  }

  /** Whether an object of one type may be read as another. */
  #mayBe(object: ts.Type, type: ts.Type, seen = new Set<ts.Type>()): boolean {
    if (isUnknown(type)) return true;
    if (type.isUnion()) return type.types.some((part) => this.#mayBe(object, part, seen));
    if (seen.has(type)) return false;
    seen.add(type);
    const apparent = this.#checker.getApparentType(type);
    if (this.#types.fits(object, apparent)) return true;
    return this.#leaps.some(
      ({ from, to }) =>
        this.#types.fits(to, apparent) && (!from || this.#mayBe(object, from, seen)),
    );
  }
}

/** Objects of a class, or a class itself, and what they have under a name. */
interface Carrier extends Lookup {
  type: ts.Type;
  /** Null: the class itself. */
  info: ClassInfo | null;
}

function join(lookups: readonly Lookup[]): Lookup {
  return {
    methods: lookups.flatMap(({ methods }) => methods),
    isOpen: lookups.some(({ isOpen }) => isOpen),
  };
}

function isSelfOrBase(info: ClassInfo, base: ts.ClassDeclaration): boolean {
  if (info.declaration === base) return true;
  return (info.type.getBaseTypes() ?? []).some((type) => {
    const declaration = type.symbol?.valueDeclaration;
    if (declaration === undefined || !ts.isClassDeclaration(declaration)) return false;
    return isSelfOrBase({ declaration, type: type as ts.InterfaceType }, base);
  });
}

function holdsMembers(node: ts.Declaration): boolean {
  return (
    ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)
  );
}

/** As the checker has it: a class that is declared has one. */
function symbolOf(declaration: ts.ClassDeclaration): ts.Symbol {
  return (declaration as unknown as { symbol: ts.Symbol }).symbol;
}
