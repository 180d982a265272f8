/** Follows the settings: a robot that is provisioned while it runs needs no restart. */
import * as ds from "@devicescript/core";
import type { ServoBus } from "../body/servo-bus";
import { isSameTarget, readBodyConfig, readLinkTarget, takeMounting } from "./config";
import { startDuty } from "../runtime/duty";
import type { Memory } from "../life/memory";
import type { Link } from "../link/link";

/** How often the settings are looked at while there is no address yet: a person waits for it. */
const UNCONFIGURED_PERIOD_MS = 500;
/** And later: each look costs a few of the 50 packets a second. */
const CONFIG_PERIOD_MS = 10_000;
/** What is remembered of the calibration counts where no setting does: after a wipe, say. It waits so long for it. */
const MEMORY_CHECK_MS = 100;
const MEMORY_MS_MAX = 5000;

/** Starts the duty. */
export function startConfig(link: Link, servoBus: ServoBus, memory: Memory): void {
  startDuty("config", async () => {
    let current = await readLinkTarget();
    if (current !== undefined) link.setTarget(current);
    const body = await readBodyConfig();
    for (let ms = 0; ms < MEMORY_MS_MAX && !memory.isLoaded(); ms += MEMORY_CHECK_MS) {
      await ds.sleep(MEMORY_CHECK_MS);
    }
    const { state } = memory;
    if (body !== undefined && takeMounting(state, body)) memory.noteLater("soon");
    servoBus.mount(state);
    for (;;) {
      await ds.sleep(current === undefined ? UNCONFIGURED_PERIOD_MS : CONFIG_PERIOD_MS);
      const target = await readLinkTarget();
      if (target === undefined || isSameTarget(target, current)) continue;
      current = target;
      link.setTarget(target);
    }
  });
}
