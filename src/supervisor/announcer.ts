/** Tells everybody who asks, and the parts, what becomes of the parts. Decides nothing. */
import type { Peers } from "../child/messages.js";
import type { Clock } from "../time/clock.js";
import type { Member } from "./member.js";
import { isReady } from "./part-types.js";
import { sightOf, type PartChange, type SupervisorListener } from "./supervisor-types.js";

const CHANGES_MAX = 200;

type Members = ReadonlyMap<string, Member>;

export class Announcer {
  /** The last ones, oldest first. */
  readonly changes: PartChange[] = [];
  private readonly listeners = new Set<SupervisorListener>();
  private peersText = "";
  private progressText = "";

  constructor(private readonly clock: Clock) {}

  listen(listener: SupervisorListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(call: (listener: SupervisorListener) => void): void {
    for (const listener of this.listeners) call(listener);
  }

  changed(member: Member, from: string, to: string): void {
    const wallMs = this.clock.wallMs();
    member.sinceWallMs = wallMs;
    const { why, next } = member.part;
    const part = member.spec.name;
    const text = `${part}: ${from} -> ${to}, because: ${why}; next: ${next}`;
    const change = { wallMs, part, from, to, why, next, text };
    this.changes.push(change);
    if (this.changes.length > CHANGES_MAX) this.changes.shift();
    this.tell((listener) => listener.change?.(change));
  }

  /** Parts learn of each other from here, on change, and a part that has just become ready at once. */
  tellPeers(members: Members): void {
    const peers: Peers = {};
    const generations: string[] = [];
    for (const [name, member] of members) {
      peers[name] = sightOf(member.part);
      if (isReady(member.part)) generations.push(`${name} ${member.part.generation}`);
    }
    const text = JSON.stringify([peers, generations]);
    if (text === this.peersText) return;
    this.peersText = text;
    for (const member of members.values()) member.process.send({ type: "peers", peers });
  }

  progress(members: Members, startedMs: number): void {
    const line = this.progressLine(members, startedMs);
    if (line === this.progressText) return;
    this.progressText = line;
    this.tell((listener) => listener.progress?.(line));
  }

  private progressLine(members: Members, startedMs: number): string {
    const awaited = [...members.values()].filter(({ part }) => {
      const kind = part.phase.kind;
      return kind === "waiting" || kind === "starting" || kind === "backoff";
    });
    if (awaited.length === 0) return "";
    const parts = awaited.map(({ spec, part }) => `${spec.name} (${part.phase.kind})`);
    const seconds = Math.round((this.clock.nowMs() - startedMs) / 1000);
    return `waiting for ${parts.join(", ")}, ${seconds} s`;
  }

  /** Waits for a condition that only a change of a part can make true. */
  until(isTrue: () => boolean, msMax: number): Promise<boolean> {
    if (isTrue()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        cancel();
        unlisten();
        resolve(result);
      };
      const cancel = this.clock.after(msMax, () => finish(false));
      const unlisten = this.listen({ change: () => isTrue() && finish(true) });
    });
  }
}
