/** The bus as VS Code's extension sees it: a Jacdac bus over the frames of the side protocol. */
import { jacdac, type JDDevice, type JDService } from "../../../src/usb/jacdac.js";
import { until } from "../../../src/time/until.js";
import type { SideClient } from "./side-client.js";

const { DeviceScriptManagerReg, SRV_DEVICE_SCRIPT_MANAGER } = jacdac;

export class ExtensionBus {
  readonly jd;
  /** Devices that the bus has struck off, by id. */
  readonly lost: string[] = [];

  constructor(side: SideClient) {
    this.jd = new jacdac.JDBus([new SideTransport(side)], {
      client: false,
      disableRoleManager: true,
      proxy: false,
    });
    this.jd.backgroundRefreshRegisters = false;
    this.jd.on(jacdac.DEVICE_DISCONNECT, ({ deviceId }: JDDevice) => this.lost.push(deviceId));
  }

  async close(): Promise<void> {
    await this.jd.stop();
  }

  manager(deviceId: string): JDService | undefined {
    const device = this.jd.device(deviceId, true);
    return device?.services({ serviceClass: SRV_DEVICE_SCRIPT_MANAGER })[0];
  }

  /** Waits for a device that runs programs. @param waitMsMax the extension's own limit is 4 s */
  async find(deviceId: string, waitMsMax: number): Promise<void> {
    await until(`device ${deviceId}`, waitMsMax, () => this.manager(deviceId) !== undefined);
  }

  /** As the extension does before it deploys, and when a session has ended. */
  async setManager(
    deviceId: string,
    register: "Autostart" | "Running",
    on: boolean,
  ): Promise<void> {
    await this.manager(deviceId)?.register(DeviceScriptManagerReg[register]).sendSetBoolAsync(on);
  }
}

class SideTransport extends jacdac.Transport {
  constructor(private readonly side: SideClient) {
    super("side");
    side.on("frame", (frame) => this.handleFrame(frame, true));
  }

  override sendPacketWhenConnectedAsync(frame: Uint8Array): Promise<void> {
    return this.transportSendPacketAsync(frame);
  }

  protected override transportSendPacketAsync(frame: Uint8Array): Promise<void> {
    this.side.sendFrame(frame);
    return Promise.resolve();
  }

  protected override transportConnectAsync(): Promise<void> {
    return Promise.resolve();
  }

  protected override transportDisconnectAsync(): Promise<void> {
    return Promise.resolve();
  }
}
