/**
 * Lines of the product that are broken on purpose, one at a time: each must make the world red. What is put in their place is
 * what somebody might write who forgot the reason.
 */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: "link: silence is not noticed by the robot",
    file: "devs/link/session.ts",
    from: "if (isQuiet && !wasAsleep) return this.endSession(LinkCode.LINK_SILENT, true);",
    to: "",
  },
  {
    name: "gateway: generations begin anew with each start",
    file: "src/gateway/generations.ts",
    from: 'this.last = parse(readFileSync(this.path, "utf8"));',
    to: 'parse(readFileSync(this.path, "utf8"));',
  },
  {
    name: "gateway: a stream's clients are not told that the session is over",
    file: "src/gateway/streams.ts",
    from: "for (const way of clients) way.client.onShut(code);",
    to: "",
  },
  {
    name: "robot: a command that was refused is sent all the same",
    file: "src/robot/robot-client.ts",
    from: "return await this.pending.open(line, REPLY_MS_MAX, send, isUrgent);",
    to: "this.outgoing.put(0, `0 ${line}`, isUrgent); return await this.pending.open(line, REPLY_MS_MAX, send, isUrgent);",
  },
  {
    name: "robot: a command without an answer is tried again",
    file: "src/robot/robot-watch.ts",
    from: 'retry: "never" } as const;',
    to: 'retry: "link" } as const;',
  },
  {
    name: "journal: the region that is current is written over",
    file: "devs/store/journal.ts",
    from: "const target = this.current === 0 ? 1 : 0;",
    to: "const target = this.current === 1 ? 1 : 0;",
  },
  {
    name: "journal: the commit record comes first",
    file: "devs/store/journal.ts",
    from: "const pieces = Math.ceil(payload.length / pieceBytes);",
    to: "const pieces = Math.ceil(payload.length / pieceBytes); await this.storage.writeRecord(first, commitRecord(generation, format, payload)); this.current = region; this.generation = generation; if (this.saves > 2) return;",
  },
  {
    name: "journal: what was written is not read back",
    file: "devs/store/journal.ts",
    from: 'if (back.status !== "valid" || back.generation !== generation) {',
    to: "if (back === undefined) {",
  },
  {
    name: "mirror: what the disk did not take is forgotten",
    file: "src/store/mirror.ts",
    from: "if (isDone === true) robot.waiting = undefined;",
    to: "robot.waiting = undefined; if (isDone === true) return;",
  },
  {
    name: "supervisor: a hung part is never killed",
    file: "src/supervisor/part-core.ts",
    from: "if (stuck === undefined) return same({ ...part, phase: { ...phase, wait } });",
    to: "if (nowMs >= 0) return same({ ...part, phase: { ...phase, wait } });",
  },
  {
    name: "supervisor: a dead part is not started again",
    file: "src/supervisor/part-moves.ts",
    from: 'const phase: Phase = { kind: "backoff", untilMs: nowMs + waitMs };',
    to: 'const phase: Phase = { kind: "backoff", untilMs: Number.POSITIVE_INFINITY };',
  },
  {
    name: "breaker: open has no end",
    file: "src/resilience/breaker-core.ts",
    from: "untilMs: now.nowMs + rules.openMs }",
    to: "untilMs: now.nowMs + rules.openMs * 1000 }",
  },
  {
    name: "standby: no descriptor left ends the voice",
    file: "src/voice/standby/slot-process.ts",
    from: "const pipe = streams?.[PIPE_FD] as Readable | null | undefined;",
    to: "const pipe = child.stdio[PIPE_FD] as Readable | null;",
  },
];
