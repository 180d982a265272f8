/** Policies for a test, over one set of breakers that it can look at. */
export { policiesOf } from "../../src/resilience/policies-of.js";
