/** A director as a supervised process, for `buddy stage`; elsewhere `buddy director` is one. */
import { z } from "zod";
import { runChild } from "../child/child.js";
import { Director } from "../fleet/director.js";
import { fleetAddress } from "../fleet/redis/address.js";
import { policiesOf } from "../resilience/policies-of.js";
import { Resilience } from "../resilience/resilience.js";

const optionsSchema = z.object({ fleet: z.string(), stage: z.string() });

runChild(optionsSchema, ({ fleet, stage }, ctx) => {
  const address = fleetAddress(fleet);
  if (address === undefined) throw new RangeError(`expected a Redis, got ${fleet}`);
  const director = new Director({
    address,
    stage,
    clock: ctx.clock,
    policies: policiesOf(new Resilience()),
    log: (level, message) => ctx.log(level, message),
  });
  director.start(true);
  ctx.onStop(() => director.close());
  ctx.ready();
});
