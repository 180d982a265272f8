/**
 * Networks in the air around this machine, to choose the robot's from: as NetworkManager sees them, and none where it is not there.
 * A board that has no runtime yet cannot look itself.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const SCAN_MS_MAX = 8000;
/** The robot's radio has the 2.4 GHz band only. */
const BAND_MHZ = { from: 2400, to: 2500 } as const;

/** Names, the strongest first; empty where this machine cannot look. */
export async function scanWifi(): Promise<string[]> {
  const args = ["-t", "-f", "SSID,FREQ,SIGNAL", "device", "wifi", "list"];
  try {
    const { stdout } = await promisify(execFile)("nmcli", args, {
      timeout: SCAN_MS_MAX,
      env: { ...process.env, LC_ALL: "C" },
    });
    return networksIn(stdout);
  } catch {
    return []; // Their name is typed then.
  }
}

/** @param list a line each: name, "2437 MHz", 0..100, with colons between them; one in a name has a backslash before it. */
export function networksIn(list: string): string[] {
  const seen = new Map<string, number>();
  for (const line of list.split("\n")) {
    const [, escaped, mhz, signal] = /^(.*):(\d+) MHz:(\d+)$/.exec(line) ?? [];
    const name = escaped?.replaceAll(/\\(.)/g, "$1") ?? "";
    const isOurs = Number(mhz) >= BAND_MHZ.from && Number(mhz) < BAND_MHZ.to;
    // A hidden network has no name to choose.
    if (name === "" || !isOurs) continue;
    seen.set(name, Math.max(seen.get(name) ?? 0, Number(signal)));
  }
  return [...seen].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
