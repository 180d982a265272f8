/** A part's `runChild` as the world's process table wants it: the part's own body, to be run in a life. */
import type { z } from "zod";
import type { ChildContext } from "../../../src/child/child.js";

export type { ChildContext };

export interface Program {
  readonly schema: z.ZodType;
  readonly body: (options: never, ctx: ChildContext) => void | Promise<void>;
}

const programs: Program[] = [];

export function runChild(schema: z.ZodType, body: Program["body"]): void {
  programs.push({ schema, body });
}

/** The program of the part whose `main.ts` was imported last. */
export function takeProgram(): Program {
  const program = programs.pop();
  if (program === undefined) throw new Error("no part called runChild");
  return program;
}
