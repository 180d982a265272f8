/** Members of a stage in one process, on a real Redis and real databases, with an ear where their sound would leave. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StageEvent } from "../../../src/fleet/events/event-forms.js";
import { fleetAddress } from "../../../src/fleet/redis/address.js";
import { StageMember } from "../../../src/fleet/stage/stage-member.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { Database } from "../../../src/store/database.js";
import { MIGRATIONS } from "../../../src/store/migrations.js";
import { systemClock } from "../../../src/time/clock.js";
import { policiesOf } from "../../support/policies.js";

export class TestMember {
  readonly events: StageEvent[] = [];
  readonly log: string[] = [];
  readonly lost: string[] = [];
  hushes = 0;
  readonly member: StageMember;
  readonly resilience = new Resilience({ clock: systemClock });
  private readonly folder = mkdtempSync(join(tmpdir(), "buddy-fleet-"));
  private readonly db = Database.open(join(this.folder, "buddy.db"), MIGRATIONS);

  constructor(
    readonly name: string,
    readonly id: string,
    port: number,
    options: { stage?: string; user?: string; password?: string } = {},
  ) {
    const address = fleetAddress(`redis://127.0.0.1:${port}`);
    if (address === undefined) throw new Error("no address");
    this.member = new StageMember({
      address,
      stage: options.stage ?? "test",
      user: options.user,
      password: options.password,
      id,
      name: () => name,
      clock: systemClock,
      policies: policiesOf(this.resilience),
      sql: (work) => this.db.transaction(() => work(this.db)),
      isSounding: () => true,
      onGate: (isOver) => {
        // Nothing plays: it is silent at once.
        if (isOver) queueMicrotask(() => this.member.seat.silent());
      },
      onLost: (why) => this.lost.push(why),
      onEvent: (event) => this.events.push(event),
      onHush: () => (this.hushes += 1),
      onChange: () => undefined,
      log: (_level, message) => this.log.push(message),
    });
    this.member.start();
  }

  /** What it heard others say, in order. */
  get heard(): string[] {
    return this.events.flatMap(({ body }) => (body.type === "heard" ? [body.text] : []));
  }

  async close(): Promise<void> {
    await this.member.close();
    this.resilience.close();
    this.db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
