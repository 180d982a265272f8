/** What a robot consists of, made once (`devs/app.ts`) and handed as a whole to those who connect it. */
import type { Body } from "../body/body";
import type { BodyDuty } from "../body/body-duty";
import type { LivingMind } from "../character/living";
import type { WifiState } from "../wifi/wifi-core";
import type { Memory } from "./memory";

export interface Parts {
  readonly body: Body;
  readonly duty: BodyDuty;
  readonly mind: LivingMind;
  readonly memory: Memory;
  readonly wifi: WifiState;
}
