/**
 * Who plays which role of the program. Left alone, the VM binds roles to the first free peer of the class about a
 * second after start; here each role gets the peer of its own name, at once, whatever the order of peers.
 */

/** A role as the VM's role manager lists it. Empty `deviceId`: unbound. */
export interface Role {
  readonly name: string;
  readonly serviceClass: number;
  readonly deviceId: string;
  readonly serviceIndex: number;
}

/** A service that may play a role; `name` is its instance name, "" when it has none. */
export interface RolePeer {
  readonly name: string;
  readonly serviceClass: number;
  readonly deviceId: string;
  readonly serviceIndex: number;
}

/** A binding to make, or with an empty `deviceId` to undo. */
export interface RoleBinding {
  readonly role: string;
  readonly deviceId: string;
  readonly serviceIndex: number;
}

/**
 * What to tell the role manager so that each role is bound to the peer of its name (`pan[int:0]` is the role `pan`), or,
 * when no peer of its class has the name, to the class's only peer. A peer plays one role; roles bound wrongly, or to
 * a peer that is another's, are first freed.
 */
export function assignRoles(roles: readonly Role[], peers: readonly RolePeer[]): RoleBinding[] {
  const taken = new Map<RolePeer, Role>();
  for (const role of roles) {
    const named = peersOf(role, peers).find((peer) => peer.name === plainName(role.name));
    if (named && !taken.has(named)) taken.set(named, role);
  }
  for (const role of roles) {
    const able = peersOf(role, peers);
    const [only] = able;
    if (only && able.length === 1 && !taken.has(only)) taken.set(only, role);
  }
  const owners = [...taken];
  const frees = roles
    .filter((role) => {
      const peer = peers.find((candidate) => isBoundTo(role, candidate));
      const own = owners.find(([, owner]) => owner === role)?.[0];
      // Bound to a peer that is another's, or to any while its own waits.
      return peer !== undefined && (own === undefined ? taken.has(peer) : own !== peer);
    })
    .map((role) => ({ role: role.name, deviceId: "", serviceIndex: 0 }));
  const binds = owners
    .filter(([peer, role]) => !isBoundTo(role, peer))
    .map(([{ deviceId, serviceIndex }, role]) => ({ role: role.name, deviceId, serviceIndex }));
  return [...frees, ...binds];
}

function isBoundTo(role: Role, peer: RolePeer): boolean {
  return role.deviceId === peer.deviceId && role.serviceIndex === peer.serviceIndex;
}

function peersOf(role: Role, peers: readonly RolePeer[]): RolePeer[] {
  return peers.filter((peer) => peer.serviceClass === role.serviceClass);
}

/** The name without its hints: `pan[int:0]` and `pan?x=1` are `pan`. */
function plainName(role: string): string {
  return role.replace(/[[?].*$/, "");
}
