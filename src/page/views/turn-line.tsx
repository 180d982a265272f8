/** One turn in time: heard, body, first word, first sound, done; and on request why it went as it did. */
import { count, fill, t, wordFor } from "../language/language.js";
import type { JSX } from "preact";
import type { TurnTrace } from "../../conversation/turn/turn-trace.js";
import { age } from "../ui/words.js";

interface Stage {
  readonly name: string;
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export function TurnLine({ turn }: { turn: TurnTrace }): JSX.Element | null {
  const { doneMs } = turn;
  if (doneMs === undefined || doneMs <= 0) return null;
  const stages = stagesOf(turn, doneMs);
  return (
    // Not read out after each turn: it is there for whoever asks.
    <details class="turn-line" aria-live="off">
      <summary>
        <span
          class="line-track"
          role="img"
          aria-label={stages.map(({ title }) => title).join("; ")}
        >
          {stages.map(({ name, title, fromMs, toMs }) => (
            <i
              key={name}
              class={`line-${name}`}
              title={title}
              style={{ width: `${((toMs - fromMs) / doneMs) * 100}%` }}
            />
          ))}
        </span>
        <span class="line-total">{age(doneMs)}</span>
      </summary>
      <dl>
        <Row name={t.turn.heard} value={age(0)} />
        {turn.bodyMs !== undefined && <Row name={t.turn.body} value={age(turn.bodyMs)} />}
        {turn.fillerMs !== undefined && <Row name={t.turn.filler} value={age(turn.fillerMs)} />}
        {turn.firstTokenMs !== undefined && (
          <Row name={t.turn.firstWord} value={age(turn.firstTokenMs)} />
        )}
        {turn.firstSoundMs !== undefined && (
          <Row name={t.turn.firstSound} value={age(turn.firstSoundMs)} />
        )}
        <Row name={t.turn.done} value={`${age(doneMs)}${outcomeWords(turn)}`} />
        <Row name={t.turn.model} value={turn.model ?? t.turn.noModel} />
        {turn.promptTokens !== undefined && (
          <Row name={t.turn.prompt} value={tokenWords(turn.promptTokens, turn.cachedTokens)} />
        )}
        {turn.hasPicture && <Row name={t.turn.lookedAt} value={t.turn.picture} />}
        {turn.moves.length > 0 && <Row name={t.turn.moved} value={turn.moves.join(", ")} />}
        {turn.refusedMoves > 0 && (
          <Row name={t.turn.notAllowed} value={count(t.turn.wishes, turn.refusedMoves)} />
        )}
        {turn.why !== undefined && <Row name={t.turn.why} value={turn.why} />}
      </dl>
    </details>
  );
}

function Row({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function tokenWords(prompt: number, cached: number | undefined): string {
  const tokens = count(t.turn.tokens, prompt);
  return cached === undefined ? tokens : fill(t.turn.tokensCached, { tokens, cached });
}

function outcomeWords({ outcome, code }: TurnTrace): string {
  if (outcome === "done" && code === undefined) return "";
  const word = wordFor(t.turn.outcomes, outcome ?? "");
  return ` (${word}${code === undefined ? "" : `, ${code}`})`;
}

/** Thinking until the first word, writing until the first sentence is heard or shown, talking until the end. */
function stagesOf(turn: TurnTrace, doneMs: number): Stage[] {
  const tokenMs = Math.min(doneMs, turn.firstTokenMs ?? doneMs);
  const sound = turn.firstSoundMs ?? turn.firstSentenceMs ?? doneMs;
  const soundMs = Math.max(tokenMs, Math.min(doneMs, sound));
  return [
    {
      name: "think",
      title: fill(t.turn.thinks, { age: age(tokenMs) }),
      fromMs: 0,
      toMs: tokenMs,
    },
    {
      name: "write",
      title: fill(t.turn.writes, { age: age(soundMs - tokenMs) }),
      fromMs: tokenMs,
      toMs: soundMs,
    },
    {
      name: "talk",
      title: fill(t.turn.talks, { age: age(doneMs - soundMs) }),
      fromMs: soundMs,
      toMs: doneMs,
    },
  ];
}
