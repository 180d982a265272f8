/** How a robot's stage is, for programs and for people. */
import type { FleetState } from "../state/fleet-state.js";
import type { Finding } from "../state/health.js";
import { FLEET_NEXT } from "./redis/fleet-error.js";
import type { VoiceRoom } from "./room/voice-room.js";
import type { StageMember } from "./stage/stage-member.js";

interface Told {
  readonly member: StageMember;
  readonly stage: string;
  /** This robot's. */
  readonly name: string;
}

export function fleetStateOf(
  told: Told & {
    readonly id: string;
    readonly turns: number;
    readonly room: VoiceRoom | undefined;
  },
): FleetState {
  const { member, id: self, name: own, turns, room } = told;
  const { stage, trouble } = member;
  const nameOf = (id: string): string =>
    stage?.members.find((one) => one.id === id)?.name ?? (id === self ? own : id);
  const holder = member.isAway ? undefined : stage?.holder;
  const { count, dropped } = member.events.waiting;
  return {
    stage: told.stage,
    state: !member.isAway ? "there" : member.isSafeMode ? "safe" : "away",
    text: stageFinding(told).text,
    id: self,
    name: own,
    ...(holder !== undefined && {
      holder: {
        id: holder.robot,
        name: nameOf(holder.robot),
        token: holder.token,
        leftMs: Math.max(0, holder.untilMs - (stage?.nowMs ?? 0)),
      },
    }),
    queue: (stage?.waiters ?? []).map(({ robot }) => nameOf(robot)),
    members: (stage?.members ?? []).map(({ id, name }) => ({ id, name })),
    mode: stage?.mode ?? "running",
    ...(stage?.lead !== undefined && { lead: nameOf(stage.lead) }),
    ...(member.director !== undefined && { director: member.director }),
    scriptLeft: member.scriptLeft,
    turns,
    outbox: { waiting: count, dropped, bad: member.events.bad },
    redis: member.version,
    ...(room && { room: { state: room.state, listeners: room.listeners } }),
    ...(trouble !== undefined && { trouble: trouble.code }),
  };
}

export function stageFinding({ member, stage: stageName, name }: Told): Finding {
  const { stage, trouble } = member;
  if (member.isAway) {
    const code = trouble?.code ?? "FLEET_AWAY";
    const why = trouble === undefined ? "" : ` ${trouble.message}.`;
    const safe = member.isSafeMode ? " Fleet safe mode." : "";
    return {
      level: member.isSafeMode ? "bad" : "warn",
      text: `The stage ${stageName} is away.${safe}${why} ${name} keeps to itself.`,
      next: FLEET_NEXT[code],
    };
  }
  const names = (stage?.members ?? []).map((one) => one.name).join(", ");
  const { holder } = stage ?? {};
  const who = stage?.members.find(({ id }) => id === holder?.robot)?.name ?? holder?.robot;
  const floor = who === undefined ? "Nobody has the floor." : `${who} has the floor.`;
  const mode = stage?.mode === "running" ? "" : ` It is ${stage?.mode}.`;
  return { level: "ok", text: `On stage ${stageName}: ${names}. ${floor}${mode}`, next: "" };
}
