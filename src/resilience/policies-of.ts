/** Policies over one set of breakers, for a program without a health page of its own. */
import type { Policies } from "./policies.js";
import type { Resilience } from "./resilience.js";

export function policiesOf(resilience: Resilience): Policies {
  const policies: Policies = {
    policy: (operation, { backend, isVital = false, ...options }) =>
      resilience.policy({
        ...options,
        operation,
        ...(!isVital && { breaker: policies.breaker(backend) }),
      }),
    breaker: ({ id, rules, countsAsFailure }) =>
      resilience.breaker(id, {
        ...(rules && { rules }),
        ...(countsAsFailure && { countsAsFailure }),
      }),
    recovered: (id, why) => resilience.breaker(id).reset(why),
  };
  return policies;
}
