/** Events that are numbered, from one member of a stage of its own to another, on real databases: none may be lost or done twice. */
import { join } from "node:path";
import type { FleetAddress } from "../../fleet/redis/address.js";
import { StageMember } from "../../fleet/stage/stage-member.js";
import { policiesOf } from "../../resilience/policies-of.js";
import { Resilience } from "../../resilience/resilience.js";
import { Database } from "../../store/database.js";
import { MIGRATIONS } from "../../store/migrations.js";
import { systemClock as clock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import { CutLine } from "./cut-line.js";

const STAGE = "numbers";
/** One is told each so often. */
const EACH_MS = 8;
const START_MS_MAX = 60_000;
const UNREAD = 20;
/** The last ones are published and read. */
const ALL_MS_MAX = 60_000;

export class NumberedEvents {
  readonly heard: number[] = [];
  told = 0;
  private readonly ends: (() => unknown)[] = [];
  private cancelTelling: () => void = () => undefined;
  private readonly from: StageMember;
  private readonly to: StageMember;

  private constructor(
    dir: string,
    address: FleetAddress,
    private readonly road: { readonly line: CutLine; readonly address: FleetAddress } | undefined,
  ) {
    this.from = this.member("Teller", "0000000a", dir, address);
    this.to = this.member("Hearer", "0000000b", dir, road?.address ?? address);
  }

  /** Nobody tells anything yet. */
  static async of(dir: string, address: FleetAddress): Promise<NumberedEvents> {
    if (address.kind !== "server") return new NumberedEvents(dir, address, undefined);
    const line = new CutLine(address.port);
    const near = { ...address, port: await line.open() };
    return new NumberedEvents(dir, address, { line, address: near });
  }

  /** Some are published and not read: a Redis that loses what it has takes them along. */
  async leaveUnread(): Promise<void> {
    this.road?.line.cut();
    const before = this.told;
    const isSent = (): boolean => this.from.events.waiting.count === 0;
    await until("unread events", START_MS_MAX, () => this.told >= before + UNREAD && isSent());
  }

  readOn(): void {
    this.road?.line.heal();
  }

  /** Tells `count` from now on, whatever becomes of Redis. */
  async start(count: number): Promise<void> {
    this.from.start();
    this.to.start();
    await until("both to be there", START_MS_MAX, () =>
      [this.from, this.to].every((one) => !one.isAway && one.events.isListening),
    );
    const cancel = clock.every(EACH_MS, () => {
      if (this.told < count) this.from.tell({ type: "heard", text: `${++this.told}` });
      else cancel();
    });
    this.cancelTelling = cancel;
  }

  /** @returns how many of `count` were not heard exactly once and in their order */
  async wrong(count: number): Promise<number> {
    await until("all events to be told", ALL_MS_MAX, () => this.told === count);
    // What does not come in this time counts as lost.
    await until("the last event", ALL_MS_MAX, () => this.heard.length >= count).catch(
      () => undefined,
    );
    const isRight = (number: number): boolean => this.heard[number - 1] === number;
    const wrong = Array.from({ length: count }, (_, i) => i + 1).filter((one) => !isRight(one));
    return wrong.length + Math.max(0, this.heard.length - count);
  }

  async close(): Promise<void> {
    this.cancelTelling();
    for (const end of this.ends.reverse()) await end();
    this.road?.line.close();
  }

  private member(name: string, id: string, dir: string, address: FleetAddress): StageMember {
    const db = Database.open(join(dir, `${name}.db`), MIGRATIONS);
    const resilience = new Resilience();
    const member: StageMember = new StageMember({
      address,
      stage: STAGE,
      id,
      name: () => name,
      clock,
      policies: policiesOf(resilience),
      sql: (work) => db.transaction(() => work(db)),
      isSounding: () => false,
      onGate: () => undefined,
      onLost: () => undefined,
      onEvent: ({ body }) => {
        if (name === "Hearer" && body.type === "heard") this.heard.push(Number(body.text));
      },
      onHush: () => undefined,
      onChange: () => undefined,
      log: () => undefined,
    });
    this.ends.push(
      () => db.close(),
      () => resilience.close(),
      () => member.close(),
    );
    return member;
  }
}
