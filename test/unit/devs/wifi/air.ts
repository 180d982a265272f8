/**
 * The air: a WiFi service as the runtime's, with what a test makes go wrong, round the pure core.
 */
import {
  DIAL_NOW,
  HANG_UP,
  READ_ADDRESS,
  READ_SWITCH,
  SWITCH_OFF,
  SWITCH_ON,
  WifiState,
  wifiStep,
} from "../../../../devs/wifi/wifi-core.js";
import type { WifiEvent } from "../../../../devs/wifi/wifi-core.js";

/** A register read may be answered by a value this old. */
export const CACHE_MS = 1000;

/** A runtime and an access point: scans each 10 s, joins in 1.5 s, throws out with a wrong password. */
export class Air {
  readonly wifi: WifiState = new WifiState(0);
  readonly did: string[] = [];
  nowMs = 0;
  isUp = true;
  isPasswordRight = true;
  losesEvents = false;
  isSwitchedOn = true;
  /** Writes of 1 that get lost before one arrives. */
  onWritesLost = 0;
  address = "";
  lease = "192.168.1.20";
  private scanMs = 0;
  private joinMs = -1;
  joinTakesMs = 1500;
  /** Whether the address is read as the runtime reads a register: from a cache while that is young. */
  cachesAddress = false;
  private addressReadMs = -CACHE_MS;
  private addressRead = "";
  private switchReadMs = -CACHE_MS;
  private switchRead = 1;

  feed(event: WifiEvent, value: string | number = 0): void {
    const effects = wifiStep(this.wifi, event, value, this.nowMs);
    if (effects & HANG_UP) this.did.push(`${this.nowMs} hang up`);
    if (effects & DIAL_NOW) this.did.push(`${this.nowMs} dial`);
    if (effects & SWITCH_OFF) {
      this.did.push(`${this.nowMs} restart`);
      this.isSwitchedOn = false;
    }
    if (effects & SWITCH_ON) this.switchOn();
    if (effects & READ_ADDRESS) {
      this.did.push(`${this.nowMs} look`);
      this.feed("address", this.readAddress());
    }
    if (effects & READ_SWITCH) {
      this.did.push(`${this.nowMs} switch`);
      this.feed("switch", this.readSwitch());
    }
  }

  private switchOn(): void {
    this.did.push(`${this.nowMs} on`);
    if (this.onWritesLost > 0) {
      this.onWritesLost--;
      this.feed("silent");
    } else this.isSwitchedOn = true;
  }

  private readAddress(): string {
    if (this.cachesAddress && this.nowMs - this.addressReadMs < CACHE_MS) return this.addressRead;
    this.addressReadMs = this.nowMs;
    this.addressRead = this.address;
    return this.addressRead;
  }

  private readSwitch(): number {
    if (this.nowMs - this.switchReadMs < CACHE_MS) return this.switchRead;
    this.switchReadMs = this.nowMs;
    this.switchRead = this.isSwitchedOn ? 1 : 0;
    return this.switchRead;
  }

  run(ms: number): this {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += 100) {
      this.runtime();
      this.feed("tick");
    }
    return this;
  }

  private runtime(): void {
    if (!(this.isUp && this.isSwitchedOn) && this.address !== "") {
      this.address = "";
      if (!this.losesEvents) this.feed("lostIp");
    }
    if (this.address !== "") return;
    if (this.joinMs >= 0 && this.nowMs >= this.joinMs) {
      this.joinMs = -1;
      if (!this.isUp || !this.isPasswordRight) {
        this.feed("lostIp");
      } else {
        this.address = this.lease;
        if (!this.losesEvents) this.feed("gotIp");
      }
    }
    if (this.nowMs < this.scanMs) return;
    this.scanMs = this.nowMs + 10_000;
    // Switched off it scans all the same, and does not join.
    this.feed("scan", this.isUp ? 1 : 0);
    if (this.isUp && this.isSwitchedOn) this.joinMs = this.nowMs + this.joinTakesMs;
  }

  only(word: string): string[] {
    return this.did.filter((line) => line.endsWith(word));
  }
}
