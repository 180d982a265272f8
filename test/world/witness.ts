/** What a world notes and judges of what its robot tells. */
import type { BoardWitness } from "./board-body.js";
import { People } from "./people.js";
import type { World } from "./world.js";
import { linkCodeName } from "../../src/wire/errors.js";

export function witnessOf(world: World): BoardWitness {
  const { oracle, time } = world;
  return {
    executed: (line) => noteExecuted(world, line),
    faceSeen: (seq) => oracle.faceSeen(seq),
    sessionOpened: (generation) => {
      world.note(`robot: session ${generation} is open`);
      world.unlinkedSinceMs = undefined;
      oracle.sessionOpened(generation);
    },
    sessionEnded: (code) => {
      world.note(`robot: session ended, ${linkCodeName(code)}`);
      world.unlinkedSinceMs = time.nowMs;
      oracle.sessionEnded();
    },
    saved: (generation, setting) => {
      world.note(`robot: saved generation ${generation}, setting ${setting}`);
      oracle.saved(generation, setting);
    },
    booted: (generation, setting) => {
      world.note(`robot: starts with generation ${generation}, setting ${setting}`);
      oracle.booted(generation, setting);
    },
    wiped: () => (oracle.isWiped = true),
    lostPower: () => world.harm.robotLosesPower(),
    fault: (where, thrown) => oracle.breach(`robot: fault in ${where}: ${String(thrown)}`),
    trace: (text) => world.note(text),
  };
}

function noteExecuted(world: World, line: string): void {
  const n = People.commandOf(line);
  if (n !== undefined) world.oracle.executed(n);
  if (line !== "QUERY") world.note(`robot: ${line}`);
}
