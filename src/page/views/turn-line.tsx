/** One turn in time: heard, body, first word, first sound, done; and on request why it went as it did. */
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
        <Row name="heard" value="0 ms" />
        {turn.bodyMs !== undefined && <Row name="body moves" value={age(turn.bodyMs)} />}
        {turn.fillerMs !== undefined && <Row name="filler" value={age(turn.fillerMs)} />}
        {turn.firstTokenMs !== undefined && (
          <Row name="first word" value={age(turn.firstTokenMs)} />
        )}
        {turn.firstSoundMs !== undefined && (
          <Row name="first sound" value={age(turn.firstSoundMs)} />
        )}
        <Row name="done" value={`${age(doneMs)}${outcomeWords(turn)}`} />
        <Row name="thought with" value={turn.model ?? "nothing"} />
        {turn.promptTokens !== undefined && (
          <Row
            name="prompt"
            value={`${turn.promptTokens} tokens${turn.cachedTokens === undefined ? "" : `, ${turn.cachedTokens} of them cached`}`}
          />
        )}
        {turn.hasPicture && <Row name="looked at" value="the camera's picture" />}
        {turn.moves.length > 0 && <Row name="moved" value={turn.moves.join(", ")} />}
        {turn.refusedMoves > 0 && (
          <Row name="not allowed" value={`${turn.refusedMoves} wishes to move`} />
        )}
        {turn.why !== undefined && <Row name="why" value={turn.why} />}
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

function outcomeWords({ outcome, code }: TurnTrace): string {
  if (outcome === "done" && code === undefined) return "";
  return ` (${outcome}${code === undefined ? "" : `, ${code}`})`;
}

/** Thinking until the first word, writing until the first sentence is heard or shown, talking until the end. */
function stagesOf(turn: TurnTrace, doneMs: number): Stage[] {
  const tokenMs = Math.min(doneMs, turn.firstTokenMs ?? doneMs);
  const sound = turn.firstSoundMs ?? turn.firstSentenceMs ?? doneMs;
  const soundMs = Math.max(tokenMs, Math.min(doneMs, sound));
  return [
    {
      name: "think",
      title: `thinks until the first word: ${age(tokenMs)}`,
      fromMs: 0,
      toMs: tokenMs,
    },
    {
      name: "write",
      title: `first word to first sound: ${age(soundMs - tokenMs)}`,
      fromMs: tokenMs,
      toMs: soundMs,
    },
    {
      name: "talk",
      title: `talks: ${age(doneMs - soundMs)}`,
      fromMs: soundMs,
      toMs: doneMs,
    },
  ];
}
