/** What the robot does and why, in its own words: the newest choice as a sentence, then the last causes. */
import type { JSX } from "preact";
import { clampUnit } from "../../wire/clamp.js";
import type { Cause } from "../../robot/self.js";
import type { BuddyState } from "../../state/buddy-state.js";
import type { Connection } from "../live/connection.js";
import { age, behaviour, doing, duration } from "../ui/words.js";
import "./inner.css";

const CHOSE = "chose ";
/** What is this old is marked: it may not be so any more. */
const OLD_MS = 6000;

export function CausesView({ connection }: { connection: Connection }): JSX.Element {
  const { state, isConnected } = connection.view;
  const isOld = !isConnected || state?.robot.linked === false;
  return (
    <section class={`card causes ${isOld ? "is-old" : ""}`} aria-labelledby="causes-title">
      <h2 id="causes-title">What it does, and why</h2>
      {state === undefined ? <p class="dim">Not known yet.</p> : <Causes state={state} />}
    </section>
  );
}

function Causes({ state }: { state: BuddyState }): JSX.Element {
  const { causes, selfAgeMs, linked } = state.robot;
  if (causes === undefined) {
    return (
      <p class="dim">
        {linked
          ? "This robot does not tell why it moves."
          : "The robot is away: it can be asked when it is back."}
      </p>
    );
  }
  const choice = causes.find(({ did }) => did.startsWith(CHOSE));
  return (
    <>
      {choice === undefined ? (
        <p class="doing">{doing(state)}</p>
      ) : (
        <p class="choice" data-testid="choice">
          <b>{behaviour(choice.did.slice(CHOSE.length))}</b> for {duration(choice.agoS)}, because{" "}
          <b>{choice.why}</b>.
        </p>
      )}
      {(selfAgeMs ?? 0) > OLD_MS && <p class="dim">As of {age(selfAgeMs ?? 0)} ago.</p>}
      {causes.length === 0 ? (
        <p class="dim">It has done nothing of its own accord yet.</p>
      ) : (
        <ol
          class="cause-list"
          data-testid="causes"
          tabIndex={0}
          aria-label="Last causes, newest first"
        >
          {causes.map((one, index) => (
            <CauseRow key={`${index} ${one.did}`} cause={one} />
          ))}
        </ol>
      )}
    </>
  );
}

function CauseRow({ cause }: { cause: Cause }): JSX.Element {
  const { agoS, did, why, figure, times } = cause;
  return (
    <li>
      <time>{duration(agoS)} ago</time>
      <span>
        <b>{what(did)}</b>
        {times > 1 && ` ${times}×`}: <span class="reason">{why}</span>
      </span>
      <span class="figure" title={`How strong that was: ${figure.toFixed(2)} of 1`}>
        <i style={{ width: `${clampUnit(figure) * 100}%` }} />
      </span>
    </li>
  );
}

function what(did: string): string {
  if (did === "companion") return "noticed";
  if (!did.startsWith(CHOSE)) return did;
  return `chose “${behaviour(did.slice(CHOSE.length)).toLowerCase()}”`;
}
