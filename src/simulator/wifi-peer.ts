/**
 * WiFi on the simulated bus with the registers and events of the runtime's own service (`wifi.c`): 4-byte or empty
 * address, signal strength, network name, gotIp and lostIp, enable, reconnect, scan and the list of networks. The
 * stock peer sends no lostIp and invents addresses. Whether packets flow is decided by `onLink`.
 */
import type { Clock } from "../time/clock.js";
import { jacdac, type Packet } from "../usb/jacdac.js";

const { JDServiceServer, OutPipe, SRV_WIFI, WifiCmd, WifiEvent, WifiReg, jdpack } = jacdac;

const SSID_DEFAULT = "buddy-sim";
/** Private to this machine; nobody dials it. */
const ADDRESS = [10, 0, 0, 2];
const MAC = [0x02, 0xbd, 0xd1, 0x00, 0x00, 0x01];
const BSSID = [0x02, 0xbd, 0xd1, 0x00, 0x00, 0x02];
const RSSI_DB = -52;
/** The service's word for "not connected". */
const RSSI_DB_NONE = -128;
const CHANNEL = 6;
/** A network that does not take the board in throws it out so often: its runtime tries again at once (guess). */
const REFUSED_MS = 2500;
/** From the order to connect to an address, on a board next to its access point (guess). */
const JOIN_MS = 300;

export interface RadioTimes {
  /** From power on to the first scan. */
  readonly firstScanMs: number;
  /** A scan of all channels, which every joining begins with. */
  readonly scanMs: number;
}

/** The one network in the air. */
export interface Network {
  readonly ssid: string;
  /** Whether the board's password is right; a wrong one is thrown out again and again, and nobody tells the board why. */
  readonly accepts: boolean;
}

/** It knows where its network is. */
const NO_SCAN: RadioTimes = { firstScanMs: 0, scanMs: 0 };

export class WifiPeer extends JDServiceServer {
  private readonly enabled;
  private readonly rssi;
  private readonly address;
  private readonly ssid;
  /** The board it is on runs. */
  private hasPower = false;
  private joined = false;
  private cancelJoin: (() => void) | undefined;
  private readonly times: RadioTimes;
  private readonly network: Network;
  private readonly known = new Map<string, number>();

  /**
   * @param inReach the access point is there.
   * @param onLink packets flow from now on, or no longer.
   */
  constructor(
    private inReach: boolean,
    private readonly clock: Clock,
    private readonly onLink: (on: boolean) => void,
    options: { readonly radio?: RadioTimes; readonly network?: Network } = {},
  ) {
    super(SRV_WIFI, { instanceName: "wifi" });
    this.times = options.radio ?? NO_SCAN;
    this.network = options.network ?? { ssid: SSID_DEFAULT, accepts: true };
    this.known.set(this.network.ssid, 0);
    this.enabled = this.addRegister<[boolean]>(WifiReg.Enabled, [true]);
    this.rssi = this.addRegister<[number]>(WifiReg.Rssi, [RSSI_DB_NONE]);
    this.address = this.addRegister<[Uint8Array]>(WifiReg.IpAddress, [new Uint8Array(0)]);
    this.ssid = this.addRegister<[string]>(WifiReg.Ssid, [""]);
    this.addRegister<[Uint8Array]>(WifiReg.Eui48, [Uint8Array.from(MAC)]);
    this.lock();
    this.setNetwork([], "", RSSI_DB_NONE);
  }

  /** The board boots: it looks for its network. */
  powerOn(): void {
    this.hasPower = true;
    this.follow(this.times.firstScanMs + this.joinMs);
  }

  /** The board is off: no packets, and nobody left to tell. */
  powerOff(): void {
    this.hasPower = false;
    this.enabled.setValues([true]);
    this.cancelJoin?.();
    this.cancelJoin = undefined;
    if (this.joined) this.drop();
  }

  /** The access point comes or goes. When it is back the robot has its address back at once. */
  setInReach(on: boolean): void {
    this.inReach = on;
    this.follow(0);
  }

  isInReach(): boolean {
    return this.inReach;
  }

  isJoined(): boolean {
    return this.joined;
  }

  override async handlePacket(pkt: Packet): Promise<void> {
    if (pkt.isRegisterGet || pkt.isRegisterSet) {
      const wasEnabled = this.isEnabled();
      await super.handlePacket(pkt);
      // As on a board: what it is already changes nothing, and does not start a join anew.
      if (this.isEnabled() !== wasEnabled) this.follow(this.joinMs);
    } else if (pkt.isCommand) {
      await this.command(pkt);
    }
  }

  private async command(pkt: Packet): Promise<void> {
    switch (pkt.serviceCommand) {
      case WifiCmd.Scan:
        return this.sendEvent(WifiEvent.ScanComplete, jdpack("u16 u16", this.scanCounts()));
      case WifiCmd.Reconnect:
        this.leave();
        return this.follow(this.joinMs);
      case WifiCmd.AddNetwork:
        this.known.set(pkt.jdunpack<[string, string]>("z z")[0], 0);
        break;
      case WifiCmd.ForgetNetwork:
        this.known.delete(pkt.jdunpack<[string]>("s")[0]);
        break;
      case WifiCmd.ForgetAllNetworks:
        this.known.clear();
        break;
      case WifiCmd.SetNetworkPriority: {
        const [priority, ssid] = pkt.jdunpack<[number, string]>("i16 s");
        if (this.known.has(ssid)) this.known.set(ssid, priority);
        break;
      }
      case WifiCmd.LastScanResults:
        return this.sendScan(pkt);
      case WifiCmd.ListKnownNetworks:
        return this.sendKnown(pkt);
      default:
        return;
    }
    await this.sendEvent(WifiEvent.NetworksChanged);
    this.follow(this.joinMs);
  }

  private get joinMs(): number {
    return this.times.scanMs + JOIN_MS;
  }

  private isEnabled(): boolean {
    return Boolean(this.enabled.values()[0]);
  }

  private scanCounts(): [number, number] {
    return this.inReach ? [1, this.known.has(this.network.ssid) ? 1 : 0] : [0, 0];
  }

  private async sendScan(pkt: Packet): Promise<void> {
    const found = this.inReach ? [this.network.ssid] : [];
    await OutPipe.from(this.device.bus, pkt, true).respondForEach(found, (ssid) =>
      jdpack("u32 x[4] i8 u8 b[6] s[33]", [0, RSSI_DB, CHANNEL, Uint8Array.from(BSSID), ssid]),
    );
  }

  private async sendKnown(pkt: Packet): Promise<void> {
    await OutPipe.from(this.device.bus, pkt, true).respondForEach(
      [...this.known],
      ([ssid, priority]) => jdpack("i16 i16 s", [priority, 0, ssid]),
    );
  }

  /** Brings the state in line with what is wanted and possible. */
  private follow(afterMs: number): void {
    const isOn = this.hasPower && this.isEnabled();
    const { ssid, accepts } = this.network;
    const wanted = isOn && this.inReach && this.known.has(ssid);
    this.cancelJoin?.();
    this.cancelJoin = undefined;
    if (!wanted) return this.leave();
    if (!accepts) return this.beRefused(afterMs + REFUSED_MS);
    if (this.joined) return;
    if (afterMs === 0) this.join();
    else this.cancelJoin = this.clock.after(afterMs, () => this.join());
  }

  private beRefused(afterMs: number): void {
    this.leave();
    this.cancelJoin = this.clock.after(afterMs, () => {
      void this.sendEvent(WifiEvent.LostIp);
      this.beRefused(REFUSED_MS);
    });
  }

  private join(): void {
    this.joined = true;
    this.setNetwork(ADDRESS, this.network.ssid, RSSI_DB);
    this.onLink(true);
    void this.sendEvent(WifiEvent.GotIp);
  }

  private leave(): void {
    if (!this.joined) return;
    this.drop();
    void this.sendEvent(WifiEvent.LostIp);
  }

  private drop(): void {
    this.joined = false;
    this.setNetwork([], "", RSSI_DB_NONE);
    this.onLink(false);
  }

  /** Raw bytes, because the registers' pack formats would pad them: a board sends them as long as they are. */
  private setNetwork(address: readonly number[], ssid: string, rssiDb: number): void {
    this.address.data = Uint8Array.from(address);
    this.ssid.data = new TextEncoder().encode(ssid);
    this.rssi.setValues([rssiDb]);
  }
}
