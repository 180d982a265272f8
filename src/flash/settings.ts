/** What goes into a board's store: WiFi, the companion's address and the key, in the forms that the runtime and the firmware read. */
import { encodeSetting } from "../simulator/provision.js";
import type { Companion } from "./companion.js";
import { FlashError } from "../usb/flash-error.js";
import type { StoreEntries } from "./store.js";

/** IEEE 802.11: a name has up to 32 bytes, a WPA passphrase 8 to 63 printable characters. */
const SSID_BYTES_MAX = 32;
const PASSWORD = /^[\x20-\x7e]{8,63}$/;

export interface Wifi {
  readonly ssid: string;
  /** Empty: an open network. */
  readonly password: string;
}

/** @throws FlashError `FLASH_STORE` for a name or password that no WiFi has. */
export function checkWifi({ ssid, password }: Wifi): void {
  const bytes = Buffer.byteLength(ssid);
  if (bytes === 0 || bytes > SSID_BYTES_MAX || ssid.includes("\0")) {
    throw new FlashError(
      "FLASH_STORE",
      `a WiFi's name has 1 to ${SSID_BYTES_MAX} bytes, this has ${bytes}`,
      "give the name as the router shows it: --ssid NAME",
    );
  }
  if (password !== "" && !PASSWORD.test(password)) {
    throw new FlashError(
      "FLASH_STORE",
      `a WiFi password has 8 to 63 printable characters, this has ${password.length}`,
      "put the password alone into the file that --password-file names (empty: an open network)",
    );
  }
}

/** What is on the board, with our entries in place of its own. `wifi` undefined: its own stays. */
export function withSettings(
  kept: StoreEntries,
  wifi: Wifi | undefined,
  { address, key }: Companion,
): Map<string, Buffer> {
  const entries = new Map(kept);
  if (wifi) {
    // As C strings, which the runtime's own writer ends with a zero.
    entries.set("wifi_ssid", Buffer.from(`${wifi.ssid}\0`));
    entries.set("wifi_psk", Buffer.from(`${wifi.password}\0`));
  }
  // The runtime's settings service keeps a program's settings with a colon in front.
  const link = { link_host: address.host, link_port: address.port, link_key: key };
  for (const [name, value] of Object.entries(link)) {
    entries.set(`:${name}`, encodeSetting(name, value));
  }
  return entries;
}
