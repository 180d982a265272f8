/**
 * WiFi supervision, pure. The runtime underneath scans every 10 s and joins by itself, and joins again at once when
 * it was thrown out; nothing here repeats that. This follows what it tells (addresses, events), says when the
 * link may be dialled, and as the last resort restarts the radio. The edge is `wifi-duty.ts`.
 *
 * The radio is to be on: one that we switched off, or that is found off after a start, is switched on at each look
 * until it says that it is. Once it was on, one that is found off was switched off by somebody, and is left alone.
 * One that is on already is not told so: the runtime takes that for a reason to scan.
 *
 * What the runtime does not tell is concluded: a wrong password shows as a known network that throws us out
 * again and again; an access point that is gone as scans without a known network.
 */

export type WifiPhase =
  /** Somebody has switched the radio off. */
  | "off"
  /** No known network in sight. */
  | "scanning"
  /** A known network is in sight and does not let us in yet. */
  | "joining"
  | "online"
  /** Was online, and nothing has been heard of the network since. */
  | "lost";

/**
 * Something the edge saw; the value goes with it. "address": as text, "" for none. "scan": how many networks were
 * seen that it has credentials for. "switch": the radio says that it is 1 on, 0 off. "silent": no answer within the
 * deadline, to whatever was asked or written.
 */
export type WifiEvent = "gotIp" | "lostIp" | "scan" | "address" | "silent" | "switch" | "tick";

/** What the edge is to do, as bits. Dial now, without waiting out a back-off: the network has come (back). */
export const DIAL_NOW = 1;
/** The session that is open uses an address that is gone. */
export const HANG_UP = 2;
export const READ_ADDRESS = 4;
export const READ_SWITCH = 8;
export const SWITCH_OFF = 16;
export const SWITCH_ON = 32;

/** Off the network: look this often, and this often when on it. Each look is one to three packets. */
export const LOOK_OFFLINE_MS = 2000;
export const LOOK_ONLINE_MS = 10_000;
/** After the event of an address: its register may be answered by a value of up to a second ago, so look again this soon. */
const LOOK_PROMISED_MS = 250;
const PROMISE_MS = 2000;
/** The radio is restarted after this long without a network, then after twice that, up to the last. */
export const RADIO_RESTART_MS = 300_000;
export const RADIO_RESTART_MS_MAX = 1_800_000;
/** A restart keeps the radio off for this long: a register read may be answered by a value of up to a second ago. */
export const RADIO_OFF_MS = 1000;
/** A board or simulator without a WiFi service has another network: after this silence it may dial. */
export const NO_SERVICE_MS = 10_000;
/** Thrown out this often without an address: most likely the password. */
const REFUSALS_MAX = 3;

export class WifiState {
  phase: WifiPhase = "scanning";
  sinceMs: number;
  address = "";
  /** One line for people: why it is in this phase. */
  reason = "just started";
  /** Counts since boot. */
  joins = 0;
  losses = 0;
  refusals = 0;
  addressChanges = 0;
  radioRestarts = 0;
  /** How long the last time without a network was, ms. */
  lastOutageMs = 0;
  /** False until the service has said anything. */
  isHeard = false;
  offlineSinceMs: number;
  lookMs: number;
  restartMs: number;
  restartWaitMs = RADIO_RESTART_MS;
  /** Until then an address is expected at any moment: its event has come. */
  promisedUntilMs = 0;
  /** It has not said yet, since the start or our switching it off, that it is on. */
  isOnDue = true;
  /** It is off, and not by somebody's will: to be written at each look. */
  isOffByUs = false;
  /** End of the last restart's time off: what the radio said before does not count. */
  offUntilMs = 0;

  constructor(nowMs: number) {
    this.sinceMs = nowMs;
    this.offlineSinceMs = nowMs;
    this.lookMs = nowMs;
    this.restartMs = nowMs + RADIO_RESTART_MS;
  }
}

/** True when the link may dial. */
export function mayDial(wifi: WifiState, nowMs: number): boolean {
  if (wifi.phase === "online") return true;
  return !wifi.isHeard && nowMs - wifi.offlineSinceMs >= NO_SERVICE_MS;
}

function enter(wifi: WifiState, phase: WifiPhase, reason: string, nowMs: number): void {
  if (wifi.phase !== phase) wifi.sinceMs = nowMs;
  wifi.phase = phase;
  wifi.reason = reason;
}

/** Takes one event and says what to do, as bits. Events may come twice, late or not at all. */
export function wifiStep(
  wifi: WifiState,
  event: WifiEvent,
  value: string | number,
  nowMs: number,
): number {
  // No answer is not the network's fault: it may come with the next look.
  if (event === "silent") {
    if (wifi.isOnDue && wifi.phase !== "online") wifi.reason = "the radio does not answer";
    return 0;
  }
  if (event === "tick") return onTick(wifi, nowMs);
  wifi.isHeard = true;
  if (event === "address") return onAddress(wifi, value as string, nowMs);
  if (event === "lostIp") return onLost(wifi, nowMs);
  if (event === "switch") return onSwitch(wifi, value === 1, nowMs);
  if (event === "gotIp") {
    // The event carries no address and may be late: ask.
    wifi.promisedUntilMs = nowMs + PROMISE_MS;
    wifi.lookMs = nowMs + LOOK_PROMISED_MS;
    return READ_ADDRESS;
  }
  if (wifi.phase === "online" || wifi.phase === "off") return 0;
  if (value === 0) {
    wifi.refusals = 0;
    enter(wifi, "scanning", "no known network in sight", nowMs);
  } else if (wifi.phase !== "joining") enter(wifi, "joining", "the network is in sight", nowMs);
  return 0;
}

function onAddress(wifi: WifiState, address: string, nowMs: number): number {
  // The register tells of a loss whose event went missing.
  if (address === "") return READ_SWITCH | (wifi.phase === "online" ? onLost(wifi, nowMs) : 0);
  return (wifi.isOnDue ? READ_SWITCH : 0) | onOnline(wifi, address, nowMs);
}

function onOnline(wifi: WifiState, address: string, nowMs: number): number {
  const wasOnline = wifi.phase === "online";
  const isOther = address !== wifi.address;
  wifi.address = address;
  wifi.restartWaitMs = RADIO_RESTART_MS;
  if (wasOnline && !isOther) return 0;
  enter(wifi, "online", (wasOnline ? "address changed to " : "has address ") + address, nowMs);
  if (wasOnline) {
    wifi.addressChanges++;
    return DIAL_NOW | HANG_UP;
  }
  wifi.joins++;
  wifi.lastOutageMs = nowMs - wifi.offlineSinceMs;
  wifi.refusals = 0;
  return DIAL_NOW;
}

/** The runtime sends this on every disconnect, also repeatedly while it tries to join. */
function onLost(wifi: WifiState, nowMs: number): number {
  if (wifi.phase === "off") return 0;
  if (wifi.phase === "online") return leave(wifi, "lost", "the network is gone", nowMs);
  wifi.refusals++;
  const isOften = wifi.refusals >= REFUSALS_MAX;
  enter(
    wifi,
    "joining",
    isOften ? "thrown out again and again: password?" : "was thrown out",
    nowMs,
  );
  return 0;
}

/** Online no more. */
function leave(wifi: WifiState, phase: WifiPhase, reason: string, nowMs: number): number {
  const wasOnline = wifi.phase === "online";
  wifi.address = "";
  enter(wifi, phase, reason, nowMs);
  if (!wasOnline) return 0;
  wifi.losses++;
  wifi.offlineSinceMs = nowMs;
  wifi.restartMs = nowMs + wifi.restartWaitMs;
  wifi.lookMs = nowMs;
  return HANG_UP;
}

function onSwitch(wifi: WifiState, isOn: boolean, nowMs: number): number {
  if (isOn && nowMs >= wifi.offUntilMs) {
    wifi.isOnDue = false;
    wifi.isOffByUs = false;
  }
  if (!isOn && wifi.isOnDue) wifi.isOffByUs = true;
  if (wifi.isOnDue || isOn === (wifi.phase !== "off")) return 0;
  if (!isOn) return leave(wifi, "off", "switched off", nowMs);
  wifi.restartMs = nowMs + wifi.restartWaitMs;
  wifi.lookMs = nowMs;
  enter(wifi, "scanning", "switched on", nowMs);
  return 0;
}

function lookPeriodMs(wifi: WifiState, nowMs: number): number {
  if (wifi.phase === "online") return LOOK_ONLINE_MS;
  return nowMs < wifi.promisedUntilMs ? LOOK_PROMISED_MS : LOOK_OFFLINE_MS;
}

function onTick(wifi: WifiState, nowMs: number): number {
  let effects = 0;
  const isOnline = wifi.phase === "online";
  if (nowMs >= wifi.lookMs) {
    effects = READ_ADDRESS | (wifi.isOffByUs ? SWITCH_ON : 0);
    wifi.lookMs = nowMs + lookPeriodMs(wifi, nowMs);
  }
  if (isOnline || wifi.phase === "off" || !wifi.isHeard || nowMs < wifi.restartMs) return effects;
  wifi.radioRestarts++;
  wifi.restartWaitMs = Math.min(wifi.restartWaitMs * 2, RADIO_RESTART_MS_MAX);
  wifi.restartMs = nowMs + wifi.restartWaitMs;
  wifi.isOnDue = true;
  wifi.isOffByUs = true;
  wifi.offUntilMs = nowMs + RADIO_OFF_MS;
  wifi.lookMs = wifi.offUntilMs;
  enter(wifi, "scanning", "the radio was restarted", nowMs);
  return SWITCH_OFF;
}
