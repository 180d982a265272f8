/**
 * Notes in the code as compiled what each read of a name may find. The source map knows statements, not calls: several
 * calls in one are told apart by their order, and taken together where that leaves a doubt.
 */
import { namedCalls, type NamedCall } from "./calls.js";
import { isLabel, visitExprs, type Expr, type Finds, type Statement } from "./code.js";
import { functionPlaces, sourcePlaces, type DebugInfo } from "./debug-info.js";
import { statementsOf, type Fn, type Image } from "./image.js";
import {
  placeKey,
  type Access,
  type Lookup,
  type Place,
  type Resolver,
  type SoleField,
} from "./lookups.js";
import { Names } from "./names.js";
import { Op } from "./opcodes.js";

/** What one function reads by name in one piece of source. */
interface Scope {
  place: Place;
  reads: { name: string; node: Expr }[];
  calls: { name: string; call: NamedCall }[];
}

/** Changes nothing but notes. The image must be as compiled. */
export function noteFinds(image: Image, debug: DebugInfo, resolver: Resolver): void {
  const places = functionPlaces(debug);
  const lookups = resolver({ functions: places, files: debug.sources });
  if (lookups === null) return;
  const declared = new Map(places.map((place, number) => [placeKey(place), number]));
  const methodAt = (place: Place): Fn[] => {
    const fn = image.functions[declared.get(placeKey(place)) ?? -1];
    // What the compiler left out cannot be found.
    return fn === undefined ? [] : [fn];
  };
  const findsOf = (all: readonly Lookup[]): Finds => ({
    methods: new Set(all.flatMap(({ methods }) => methods.flatMap(methodAt))),
    isOpen: all.some(({ isOpen }) => isOpen),
  });
  const texts = new Names(image);
  for (const { place, reads, calls } of scopesOf(image, texts, sourcePlaces(debug))) {
    const accesses = lookups.accessesAt(place);
    for (const name of new Set(accesses.map((access) => access.name))) {
      const named = accesses.filter((access) => access.name === name);
      for (const read of reads) if (read.name === name) read.node.finds = findsOf(named);
      const madeCalls = calls.filter((each) => each.name === name).map(({ call }) => call);
      const writtenCalls = named.filter(({ isCalled }) => isCalled);
      if (!agree(madeCalls, writtenCalls, texts)) continue;
      madeCalls.forEach(({ callee }, index) => {
        callee.finds = findsOf([writtenCalls[index] as Access]);
      });
    }
  }
  image.computed = findsOf([{ methods: lookups.computed(), isOpen: false }]).methods;
  noteSoleFields(image, texts, sourcePlaces(debug), lookups.soleFields(), methodAt);
}

function noteSoleFields(
  image: Image,
  names: Names,
  places: readonly Place[],
  fields: readonly SoleField[],
  functionAt: (place: Place) => Fn[],
): void {
  const keys = places.map(placeKey);
  const uses = fieldUses(image, names);
  image.soleFields = fields.flatMap((field) => {
    const { name, isOnly, isSetFirst, madeIn, reads, writes, othersReads, othersWrites } = field;
    const [maker] = madeIn === undefined ? [] : functionAt(madeIn);
    if (madeIn !== undefined && maker === undefined) return [];
    const mine = [new Set(reads.map(placeKey)), new Set(writes.map(placeKey))] as const;
    const others = [
      new Set(othersReads.map(placeKey)),
      new Set(othersWrites.map(placeKey)),
    ] as const;
    const found: FieldUse[] = [];
    for (const use of uses.get(name) ?? []) {
      const key = keys[use.source] ?? "";
      const kind = use.isWrite ? 1 : 0;
      if (isOnly || mine[kind].has(key)) found.push(use);
      // Where nobody knows what is meant it may be this one.
      else if (!others[kind].has(key)) return [];
    }
    return [{ name, maker, isSetFirst, uses: found.map(({ node }) => node) }];
  });
}

interface FieldUse {
  node: Expr | Statement;
  isWrite: boolean;
  source: number;
}

function fieldUses(image: Image, names: Names): Map<string, FieldUse[]> {
  const uses = new Map<string, FieldUse[]>();
  const add = (name: string | null, use: FieldUse): void => {
    if (name !== null) uses.set(name, [...(uses.get(name) ?? []), use]);
  };
  for (const statement of statementsOf(image)) {
    const { source } = statement;
    visitExprs(statement, (node) => {
      add(names.fieldOf(node), { node, isWrite: false, source });
    });
    if (statement.op !== Op.indexSet) continue;
    add(names.stringOf(statement.args[1]), { node: statement, isWrite: true, source });
  }
  return uses;
}

function scopesOf(image: Image, names: Names, places: readonly Place[]): Scope[] {
  const isRead = (node: Expr): boolean => names.fieldOf(node) !== null && !isOfTheVm(node.args[0]);
  const keys = places.map(placeKey);
  const all = namedCalls(image, isRead);
  return image.functions.flatMap((fn) => {
    const scopes = new Map<string, Scope>();
    const scopeOf = (source: number): Scope => {
      const key = keys[source] ?? "";
      const place = places[source] ?? { path: "", start: 0, end: 0 };
      const scope = scopes.get(key) ?? { place, reads: [], calls: [] };
      scopes.set(key, scope);
      return scope;
    };
    for (const line of fn.lines) {
      if (isLabel(line)) continue;
      const { reads } = scopeOf(line.source);
      visitExprs(line, (node) => {
        if (isRead(node)) reads.push({ name: names.fieldOf(node) as string, node });
      });
    }
    for (const call of all.get(fn) ?? []) {
      const { calls } = scopeOf((call.read ?? call.call).source);
      calls.push({ name: names.fieldOf(call.callee) as string, call });
    }
    return [...scopes.values()];
  });
}

/** Something that the VM has by itself: the compiler writes reads of it that stand in no source. */
function isOfTheVm(node: Expr | undefined): boolean {
  switch (node?.op) {
    case Op.builtinObject:
    case Op.specProto:
    case Op.staticSpec:
      return true;
    default:
      return false;
  }
}

/** Whether these are the same calls in the same order, by all that can be seen of them. */
function agree(made: readonly NamedCall[], written: readonly Access[], names: Names): boolean {
  if (made.length !== written.length) return false;
  return made.every(({ call, callee }, index) => {
    const { args, from } = written[index] as Access;
    const count = call.op === Op.callArray ? null : call.args.length - 1;
    const source = names.fieldOf(callee.args[0]);
    return count === args && (source === null || source === from);
  });
}
