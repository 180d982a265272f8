/**
 * What reading a name of an object may find, as far as somebody who knows the types can tell. The relinker asks for it by
 * source position; `types/resolver.ts` answers from the sources, tests answer what they like.
 */

/** Offsets in UTF-16 units; the path is the one in the debug information. */
export interface Place {
  path: string;
  start: number;
  end: number;
}

export interface Lookup {
  /** Declarations of all methods that may be found. */
  methods: readonly Place[];
  /** Something else may be found as well: a field, something of the VM, or anything. */
  isOpen: boolean;
}

/** A name that a piece of source reads of an object. */
export interface Access extends Lookup {
  name: string;
  isCalled: boolean;
  /** Arguments that it is called with; null when it is not, or nobody knows how many. */
  args: number | null;
  /** The field that the object itself comes from, when it does. */
  from: string | null;
}

export interface SoleField {
  name: string;
  /** No other object has a field of this name: it is meant wherever the name stands. */
  isOnly: boolean;
  /** The object has it before anybody else sees the object. */
  isSetFirst: boolean;
  /** The function that makes the object, or its class; undefined: the main program. */
  madeIn: Place | undefined;
  /** Pieces of source, as in `accessesAt`, in which all that is read, or written, under the name is this field. */
  reads: readonly Place[];
  writes: readonly Place[];
  /** And those in which none of it is. */
  othersReads: readonly Place[];
  othersWrites: readonly Place[];
}

export interface Lookups {
  /**
   * Names that the statement, initializer or function at exactly this place reads itself: not in statements and
   * functions inside it. Calls come in the order in which they are made.
   */
  accessesAt(place: Place): readonly Access[];
  /** Methods that may be looked up by a name put together at run time. */
  computed(): readonly Place[];
  /** Fields that only one object may ever have, if what makes it, a function or class, runs once. */
  soleFields(): readonly SoleField[];
}

/** What the debug information says of the sources. */
export interface CompiledSources {
  /** Declarations of all that the compiler put into the image. Code that is nowhere in them does not count. */
  functions: readonly Place[];
  files: readonly { path: string; text: string }[];
}

/** Null: nothing can be told of this program. Throws when the sources are not what was compiled. */
export type Resolver = (compiled: CompiledSources) => Lookups | null;

export function placeKey({ path, start, end }: Place): string {
  return `${path}:${start}:${end}`;
}
