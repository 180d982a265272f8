/** A director as a supervised process, for `buddy stage`; elsewhere `buddy director` is one. */
import { z } from "zod";
import { runChild } from "../child/child.js";
import { Director } from "../fleet/director.js";
import { fleetAddress } from "../fleet/redis/address.js";
import { roomName } from "../fleet/room/room-stay.js";
import { policiesOf } from "../resilience/policies-of.js";
import { Resilience } from "../resilience/resilience.js";
import { systemChance } from "../time/chance.js";
import { LIVEKIT_DEV } from "./servers.js";

const optionsSchema = z.object({
  fleet: z.string(),
  stage: z.string(),
  /** Of a LiveKit server with the keys of `--dev`. */
  roomUrl: z.string().optional(),
});

runChild(optionsSchema, ({ fleet, stage, roomUrl: url }, ctx) => {
  const address = fleetAddress(fleet);
  if (address === undefined) throw new RangeError(`expected a Redis, got ${fleet}`);
  const director = new Director({
    address,
    stage,
    room: url === undefined ? undefined : { url, room: roomName(stage), credentials: LIVEKIT_DEV },
    clock: ctx.clock,
    chance: systemChance,
    policies: policiesOf(new Resilience()),
    log: (level, message) => ctx.log(level, message),
  });
  director.start(true);
  ctx.onStop(() => director.close());
  ctx.ready();
});
