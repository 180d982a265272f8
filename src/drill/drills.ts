/** Every drill, in the order in which all are run. A new one is a file in `drills/`, or in `fleet/`, and a line here. */
import type { Drill, DrillAlone } from "./run/drill.js";
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
import { holderCut, holderKilled, holderStopped, voiceOutOfTurn } from "./fleet/holder.js";
import {
  redisFailover,
  redisKilled40s,
  redisKilled5min,
  redisKilled5s,
  redisStopped,
} from "./fleet/redis.js";
import { roomCut10s, roomCut1s, roomCut60s, roomKilled } from "./fleet/room.js";

export const DRILLS: readonly (Drill | DrillAlone)[] = [
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
  holderKilled,
  holderStopped,
  holderCut,
  voiceOutOfTurn,
  redisKilled5s,
  redisKilled40s,
  redisKilled5min,
  redisStopped,
  redisFailover,
  roomKilled,
  roomCut1s,
  roomCut10s,
  roomCut60s,
];
