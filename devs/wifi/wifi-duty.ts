/** The WiFi service at its edge: events and the address go to `wifi-core.ts`, what that decides is done. */
import * as ds from "@devicescript/core";
import { noteBusPacket } from "../bus-load";
import { nowMs } from "../clock";
import { guard, startDuty, within } from "../duty";
import type { Link } from "../link/link";
import { DIAL_NOW, HANG_UP, READ_ADDRESS, RESTART_RADIO, wifiStep } from "./wifi-core";
import type { WifiEvent, WifiState } from "./wifi-core";

const PERIOD_MS = 250;
/** A register access that takes longer is given up; the next look asks again. */
const ACCESS_MS_MAX = 1000;
/** The radio is off for this long when it is restarted. */
const RADIO_OFF_MS = 500;

export class WifiDuty {
  private readonly role = new ds.Wifi("wifi");
  /** Bits of what is still to do. */
  private due = 0;

  constructor(
    private readonly wifi: WifiState,
    private readonly link: Link,
  ) {}

  /** Follows the service for ever. No other duty waits for this one. */
  startWifi(): void {
    const self = this;
    const { role } = this;
    role.gotIp.subscribe(guard("wifi", () => self.takeWifi("gotIp", 0)));
    role.lostIp.subscribe(guard("wifi", () => self.takeWifi("lostIp", 0)));
    role.scanComplete.subscribe(guard("wifi", (counts) => self.takeWifi("scan", counts[1])));
    startDuty("wifi", async () => {
      for (;;) {
        // Without a service there is nothing to ask, and the core knows what that means.
        if (role.isBound) await self.lookAround();
        await ds.sleep(PERIOD_MS);
      }
    });
  }

  private takeWifi(event: WifiEvent, value: string | number): void {
    const effects = wifiStep(this.wifi, event, value, nowMs());
    this.due |= effects;
    if ((effects & HANG_UP) !== 0) this.link.hangUpLink();
    if ((effects & DIAL_NOW) !== 0) this.link.kick();
  }

  private async lookAround(): Promise<void> {
    const { role } = this;
    this.takeWifi("tick", 0);
    const due = this.due;
    this.due = 0;
    if ((due & READ_ADDRESS) !== 0) {
      noteBusPacket();
      try {
        const ip = await within(ACCESS_MS_MAX, async () => await role.ipAddress.read());
        // The runtime pads the address to 16 bytes; none is all zeros, or no bytes at all.
        this.takeWifi("address", ip[0] ? `${ip[0]}.${ip[1]}.${ip[2]}.${ip[3]}` : "");
      } catch {
        this.takeWifi("silent", 0);
      }
    }
    if ((due & RESTART_RADIO) !== 0) {
      noteBusPacket();
      await within(ACCESS_MS_MAX, async () => await role.enabled.write(false));
      await ds.sleep(RADIO_OFF_MS);
      await within(ACCESS_MS_MAX, async () => await role.enabled.write(true));
    }
  }
}
