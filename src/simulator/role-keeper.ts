/**
 * Keeps the program's roles bound as `roles.ts` decides: asks the VM's role manager for its roles when the VM appears
 * and each time they change, and tells it the bindings.
 */
import type { Clock } from "../time/clock.js";
import { jacdac, type JDBus, type JDDevice, type JDService } from "../usb/jacdac.js";
import { assignRoles, type Role, type RoleBinding, type RolePeer } from "./roles.js";

const { InPipeReader, Packet, RoleManagerCmd, SRV_ROLE_MANAGER, jdpack, jdunpack } = jacdac;

const UNBOUND = "0000000000000000";
/** One try to list the roles; a VM that is busy is asked again at its next announcement. */
const LIST_MS_MAX = 1000;
/**
 * Runtime 2.16.4 computes the name's length from the size of a struct that the compiler has padded from 9 bytes
 * to 16, so without as many bytes after it no name ever matches.
 */
const NAME_PADDING_BYTES = 7;
/** A VM that has just started ignores bindings until it has heard of the peers, a few ms later. */
const RETRY_MS = 20;
const RETRIES_MAX = 25;

export class RoleKeeper {
  private closed = false;
  private busy = false;
  private again = false;
  private readonly unsubscribe: (() => void)[] = [];

  /**
   * @param deviceId the VM's.
   * @param peers services outside the VM that may play a role.
   */
  constructor(
    private readonly bus: JDBus,
    private readonly deviceId: string,
    private readonly peers: () => RolePeer[],
    private readonly clock: Clock,
  ) {
    this.unsubscribe.push(
      bus.subscribe(jacdac.DEVICE_ANNOUNCE, (device: JDDevice) => {
        if (device.deviceId === deviceId) this.follow(device);
      }),
    );
  }

  close(): void {
    this.closed = true;
    for (const unsubscribe of this.unsubscribe) unsubscribe();
  }

  private follow(device: JDDevice): void {
    const [manager] = device.services({ serviceClass: SRV_ROLE_MANAGER });
    if (manager === undefined) return;
    // So that the VM knows its peers with its first breath instead of half a second later.
    this.bus.emit(jacdac.SELF_ANNOUNCE);
    manager.event(jacdac.RoleManagerEvent.Change).on(jacdac.EVENT, () => this.check(manager));
    this.check(manager);
  }

  /** One round at a time; a change in the middle of one is followed by another. */
  private check(manager: JDService): void {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.again = false;
    void this.bind(manager).then((done) => {
      this.busy = false;
      // A VM that did not answer has gone or is about to change its roles; both are told by an event.
      if (done && this.again && !this.closed) this.check(manager);
    });
  }

  /** Binds until the VM shows the roles bound. False: it did not answer. */
  private async bind(manager: JDService): Promise<boolean> {
    try {
      for (let i = 0; i < RETRIES_MAX && !this.closed; i++) {
        const roles = await this.list(manager);
        const bindings = assignRoles(roles, [...this.peers(), ...this.ownServices()]);
        if (bindings.length === 0) break;
        for (const binding of bindings) await this.send(manager, binding);
        await this.clock.sleep(RETRY_MS);
      }
      return true;
    } catch {
      // No acknowledgement: the VM has gone. Its successor announces itself.
      return false;
    }
  }

  private async send(manager: JDService, binding: RoleBinding): Promise<void> {
    const deviceId = jacdac.fromHex(binding.deviceId === "" ? UNBOUND : binding.deviceId);
    const name = binding.role + "\0".repeat(NAME_PADDING_BYTES);
    const data = jdpack("b[8] u8 s", [deviceId, binding.serviceIndex, name]);
    await manager.sendPacketAsync(Packet.from(RoleManagerCmd.SetRole, data), true);
  }

  private async list(manager: JDService): Promise<Role[]> {
    const pipe = new InPipeReader(this.bus);
    await manager.sendPacketAsync(pipe.openCommand(RoleManagerCmd.ListRoles), true);
    const roles: Role[] = [];
    for (const data of await pipe.readData(LIST_MS_MAX)) {
      const [id, serviceClass, serviceIndex, name] = jdunpack<[Uint8Array, number, number, string]>(
        data,
        "b[8] u32 u8 s",
      );
      const deviceId = jacdac.toHex(id);
      roles.push({
        name,
        serviceClass,
        deviceId: deviceId === UNBOUND ? "" : deviceId,
        serviceIndex,
      });
    }
    return roles;
  }

  /** The VM's own services, its settings above all. */
  private ownServices(): RolePeer[] {
    const services = this.bus.device(this.deviceId, true)?.services() ?? [];
    return services.slice(1).map(({ serviceClass, serviceIndex }) => ({
      name: "",
      serviceClass,
      deviceId: this.deviceId,
      serviceIndex,
    }));
  }
}
