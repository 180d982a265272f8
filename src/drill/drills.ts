/** Every drill, in the order in which all are run. A new one is a file in `drills/` and a line here. */
import type { Drill } from "./run/drill.js";
import { clockBack, clockEdges, clockForward } from "./drills/clock.js";
import {
  companionKilledMidSave,
  companionKilledMidTurn,
  companionStopped,
  signalAtStart,
  suspended,
  twoAtOnce,
} from "./drills/companion.js";
import { airHalfOpen, airLossy, airSlow } from "./drills/air.js";
import { cameraLying } from "./drills/camera-lying.js";
import { databaseDamaged, databaseHeld, databaseNewer } from "./drills/database.js";
import { datagramsLost } from "./drills/datagrams.js";
import { floodDatagrams, floodRequests, floodRobot, floodTalk } from "./drills/flood.js";
import { modelFull, modelHung, modelLying, modelSlow } from "./drills/model.js";
import { diskFull, diskReadOnly, memoryGone, noDescriptors } from "./drills/resources.js";
import { cameraGone } from "./drills/camera-gone.js";
import { gatewayKilled } from "./drills/gateway-killed.js";
import { networkCut } from "./drills/network-cut.js";
import { pageVanishes } from "./drills/page-vanishes.js";
import { robotSilent } from "./drills/robot-silent.js";
import { visionHung } from "./drills/vision-hung.js";
import { visionKilled } from "./drills/vision-killed.js";
import { vmKilled } from "./drills/vm-killed.js";
import { wifiOff } from "./drills/wifi-off.js";

export const DRILLS: readonly Drill[] = [
  gatewayKilled,
  vmKilled,
  robotSilent,
  wifiOff,
  visionKilled,
  visionHung,
  cameraGone,
  companionKilledMidTurn,
  modelHung,
  diskFull,
  companionKilledMidSave,
  twoAtOnce,
  suspended,
  airHalfOpen,
  airSlow,
  airLossy,
  datagramsLost,
  cameraLying,
  modelSlow,
  modelFull,
  modelLying,
  diskReadOnly,
  memoryGone,
  noDescriptors,
  databaseHeld,
  databaseDamaged,
  databaseNewer,
  clockBack,
  clockForward,
  clockEdges,
  floodRequests,
  floodDatagrams,
  floodTalk,
  floodRobot,
  signalAtStart,
  pageVanishes,
  companionStopped,
  networkCut,
];
