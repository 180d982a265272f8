/**
 * The options of a part: one JSON object, checked by a schema; and forgotten, so that nothing it starts inherits them.
 */
import { z } from "zod";
import { reasonOf } from "../host/reason.js";

/** Reads a variable and forgets it: what this part starts must not inherit its options. */
export function takeEnv(name: string): string | undefined {
  const value = process.env[name];
  Reflect.deleteProperty(process.env, name);
  return value;
}

type Options<T> = { kind: "ok"; value: T } | { kind: "bad"; why: string };

export function readOptions<S extends z.ZodType>(
  schema: S,
  text: string | undefined,
): Options<z.output<S>> {
  let raw: unknown;
  try {
    raw = JSON.parse(text ?? "{}");
  } catch (error) {
    // A wrong command line is an answer to the person who typed it, not a crash.
    return { kind: "bad", why: `the argument is not JSON: ${reasonOf(error)}` };
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return { kind: "bad", why: z.prettifyError(parsed.error) };
  return { kind: "ok", value: parsed.data };
}
