/** The WiFi service at its edge: events and the address go to `wifi-core.ts`, what that decides is done. */
import * as ds from "@devicescript/core";
import { noteBusPacket } from "../runtime/bus-load";
import { nowMs } from "../runtime/clock";
import { guard, noteFault, startJob, within } from "../runtime/duty";
import { beatAfter } from "../runtime/scheduler";
import type { Link } from "../link/link";
import {
  DIAL_NOW,
  HANG_UP,
  READ_ADDRESS,
  READ_SWITCH,
  SWITCH_OFF,
  SWITCH_ON,
  wifiStep,
} from "./wifi-core";
import type { WifiEvent, WifiState } from "./wifi-core";

/** How often the core looks at its times: while it may be about to join, and on the network. */
const PERIOD_MS = 250;
const ONLINE_PERIOD_MS = 1000;
/** A register access that takes longer is given up; the next look asks again. */
const ACCESS_MS_MAX = 1000;

export class WifiDuty {
  private readonly role = new ds.Wifi("wifi");
  /** Bits of what is still to do. */
  private due = 0;
  private isAsking = false;
  /** What the log was told last: on a board without a network its cable is the only way to hear of it. */
  private told = "";

  constructor(
    private readonly wifi: WifiState,
    private readonly link: Link,
  ) {}

  /** Follows the service for ever. No other duty waits for this one. */
  begin(): void {
    const self = this;
    const { role } = this;
    role.gotIp.subscribe(guard("wifi", () => self.takeWifi("gotIp", 0)));
    role.lostIp.subscribe(guard("wifi", () => self.takeWifi("lostIp", 0)));
    role.scanComplete.subscribe(guard("wifi", (counts) => self.takeWifi("scan", counts[1])));
    startJob("wifi", 500, (now) => self.run(now));
  }

  private run(now: number): number {
    // Without a service there is nothing to ask, and the core knows what that means.
    if (this.role.isBound) {
      this.takeWifi("tick", 0);
      if (this.due !== 0 && !this.isAsking) {
        this.isAsking = true;
        this.ask.start(this);
      }
    }
    return beatAfter(now, this.wifi.phase === "online" ? ONLINE_PERIOD_MS : PERIOD_MS);
  }

  /** Asks and tells the service what is due; runs in a fiber of its own, because it waits. */
  private async ask(self: WifiDuty): Promise<void> {
    try {
      await self.lookAround();
    } catch (thrown) {
      noteFault("wifi", thrown);
    }
    self.isAsking = false;
  }

  private takeWifi(event: WifiEvent, value: string | number): void {
    const effects = wifiStep(this.wifi, event, value, nowMs());
    this.due |= effects;
    const { reason } = this.wifi;
    if (reason !== this.told) console.log(`wifi: ${reason}`);
    this.told = reason;
    if ((effects & HANG_UP) !== 0) this.link.hangUpLink();
    if ((effects & DIAL_NOW) !== 0) this.link.kick();
  }

  private async lookAround(): Promise<void> {
    const self = this;
    const { role } = this;
    const due = this.due;
    this.due = 0;
    if ((due & (SWITCH_OFF | SWITCH_ON)) !== 0) {
      await this.reach(async () => await role.enabled.write((due & SWITCH_ON) !== 0));
    }
    if ((due & READ_ADDRESS) !== 0) {
      await this.reach(async () => {
        const ip = await role.ipAddress.read();
        // The runtime pads the address to 16 bytes; none is all zeros, or no bytes at all.
        self.takeWifi("address", ip[0] ? `${ip[0]}.${ip[1]}.${ip[2]}.${ip[3]}` : "");
      });
    }
    if ((due & READ_SWITCH) !== 0) {
      await this.reach(async () => self.takeWifi("switch", (await role.enabled.read()) ? 1 : 0));
    }
  }

  /** One access to a register. What comes of none within the deadline is the core's to say. */
  private async reach(access: () => Promise<void>): Promise<void> {
    noteBusPacket();
    try {
      await within(ACCESS_MS_MAX, access);
    } catch {
      this.takeWifi("silent", 0);
    }
  }
}
