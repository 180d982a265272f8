import { takeProgram, type Program } from "./platform/child.js";
import type { Persona } from "../../src/conversation/persona.js";

/** The programs of the parts that the product brings; imported once, under the world's platform. */
export interface Programs {
  readonly gateway: Program;
  readonly renderer: Program;
  readonly persona: Persona;
}

/** Imports the parts' own programs. The platform's hooks must be in place. */
export async function loadPrograms(persona: Persona): Promise<Programs> {
  await import("../../src/gateway/main.js");
  const gateway = takeProgram();
  await import("../../src/voice/standby/renderer-main.js");
  return { gateway, renderer: takeProgram(), persona };
}
