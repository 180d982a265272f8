/**
 * Packets that anything but the servo bus sends to roles (settings, WiFi). All roles share the runtime's 50 a
 * second (D11), so the servo bus takes what others sent out of its own allowance.
 */
let others = 0;

/** One request to a role is about to leave. */
export function noteBusPacket(): void {
  others++;
}

/** How many since the last call. */
export function takeBusPackets(): number {
  const taken = others;
  others = 0;
  return taken;
}
