/** What the robot does and why, in its own words: the newest choice as a sentence, then the last causes. */
import { pieces } from "../language/fill.js";
import { fill, number, t, wordFor } from "../language/language.js";
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
      <h2 id="causes-title">{t.causes.title}</h2>
      {state === undefined ? <p class="dim">{t.app.unknown}</p> : <Causes state={state} />}
    </section>
  );
}

function Causes({ state }: { state: BuddyState }): JSX.Element {
  const { causes, selfAgeMs, linked } = state.robot;
  if (causes === undefined) {
    return <p class="dim">{linked ? t.causes.silent : t.causes.away}</p>;
  }
  const choice = causes.find(({ did }) => did.startsWith(CHOSE));
  return (
    <>
      {choice === undefined ? (
        <p class="doing">{doing(state)}</p>
      ) : (
        <p class="choice" data-testid="choice">
          {pieces(t.causes.choice, {
            act: <b>{behaviour(choice.did.slice(CHOSE.length))}</b>,
            time: duration(choice.agoS),
            why: <b>{wordFor(t.reasons, choice.why)}</b>,
          })}
        </p>
      )}
      {(selfAgeMs ?? 0) > OLD_MS && (
        <p class="dim">{fill(t.time.asOf, { time: age(selfAgeMs ?? 0) })}</p>
      )}
      {causes.length === 0 ? (
        <p class="dim">{t.causes.nothing}</p>
      ) : (
        <ol class="cause-list" data-testid="causes" tabIndex={0} aria-label={t.causes.list}>
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
      <time>{fill(t.time.ago, { time: duration(agoS) })}</time>
      <span>
        <b>{what(did)}</b>
        {times > 1 && ` ${times}×`}: <span class="reason">{wordFor(t.reasons, why)}</span>
      </span>
      <span class="figure" title={fill(t.causes.strength, { figure: number(figure, 2) })}>
        <i style={{ width: `${clampUnit(figure) * 100}%` }} />
      </span>
    </li>
  );
}

function what(did: string): string {
  if (did === "companion") return t.causes.noticed;
  if (!did.startsWith(CHOSE)) return wordFor(t.causes.did, did);
  return fill(t.causes.chose, { act: behaviour(did.slice(CHOSE.length)) });
}
