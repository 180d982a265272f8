/** What goes on around the robot, broken or not: a camera that sees somebody, people who ask, an owner who sets things. */
import { PORTS } from "./companion.js";
import type { Life } from "./platform/time.js";
import type { World } from "./world.js";
import type { Chance } from "../../src/time/chance.js";

/** The journal's trim goes to 30.0 degrees; one step is kept for the demand at the end. */
const SETTINGS_MAX = 290;

export class Surroundings {
  /** The first few numbers mean a sender that has started again (PROTOCOL §3). */
  private seq = 20;
  private setting = 0;

  constructor(
    private readonly world: World,
    private readonly chance: Chance,
  ) {}

  takePicture(): void {
    // Somebody is there in turns: while a face is followed the robot looks nowhere else.
    if (!this.world.isHealing && Math.floor(this.world.time.nowMs / 4000) % 2 === 0) return;
    const seq = ++this.seq;
    this.world.oracle.faceTaken(seq);
    const line = `FACE:120,118,0,0,60,60,90,${seq},5`;
    this.world.network.sendDatagram(
      `127.0.0.1:${PORTS.udp}`,
      Buffer.from(line),
      this.world.datagramFaults,
    );
  }

  act(life: Life): void {
    const act = (): void => {
      if (!this.world.isHealing) {
        const what = this.chance.next();
        if (what < 0.55) void this.world.people.look(life);
        else if (what < 0.7) void this.world.people.stop(life);
        else if (what < 0.82) this.ownerSets();
        else if (what < 0.9) void this.world.people.say(life);
        else if (what < 0.94) this.world.companion?.conversation.stop();
      }
      this.world.time.after(200 + this.chance.next() * 800, act, life);
    };
    this.world.time.after(700, act, life);
  }

  ownerSets(): void {
    if (this.world.oracle.isWiped || this.setting >= SETTINGS_MAX) return;
    this.world.board.memory.set(++this.setting);
  }

  /** The last thing that the owner sets, to be saved and mirrored. */
  setAtLast(): void {
    this.world.board.memory.set(++this.setting);
  }
}
