/** Policies for a test, over one set of breakers that it can look at. */
import type { Policies } from "../../src/resilience/policies.js";
import type { Resilience } from "../../src/resilience/resilience.js";

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
