/** Talking with Buddy: what was said, words as they come, how each turn went in time, and what it does now. */
import { fill, t } from "../language/language.js";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { SAY_CHARS_MAX } from "../../web/live-limits.js";
import type { BrainOffer, MindState } from "../../state/mind-state.js";
import type { TurnTrace } from "../../conversation/turn/turn-trace.js";
import type { Chat } from "../live/chat.js";
import "./chat.css";
import type { Connection } from "../live/connection.js";
import { useKeptFocus, useNews } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { BrainFetch, BrainQuestion } from "./brain-offer.js";
import { TurnLine } from "./turn-line.js";

interface ChatProps {
  readonly connection: Connection;
  readonly chat: Chat;
  /** What stands there before anybody has said a word. */
  readonly opening: ComponentChildren;
  /** Below the field to type in: the microphone and the voice. */
  readonly children: ComponentChildren;
}

/** What one can say without typing, for a start. */
const CHIPS = [
  ["hello", "sayHello"],
  ["see", "saySee"],
  ["nod", "sayNod"],
  ["left", "sayLeft"],
  ["tour", "sayTour"],
] as const;

/** Near enough to the end to go on following it. */
const FOLLOW_PX = 60;

export function ChatView({ connection, chat, opening, children }: ChatProps): JSX.Element {
  useNews(connection);
  useNews(chat);
  const { view } = connection;
  const mind = view.isConnected ? view.state?.mind : undefined;
  const isBusy = mind !== undefined && mind.state !== "idle" && mind.state !== "absent";
  return (
    <section class="card chat" aria-labelledby="chat-title">
      <header class="chat-head">
        <h1 id="chat-title" tabIndex={-1}>
          {t.chat.title}
        </h1>
        <Model mind={mind} />
      </header>
      <Messages chat={chat} opening={opening} offer={mind?.brain} />
      <BrainFetch offer={mind?.brain} />
      <p class="chat-doing" data-testid="chat-doing" role="status">
        {mind?.doing ?? ""}
      </p>
      <Chips chat={chat} isDisabled={mind === undefined} />
      <SayForm chat={chat} isDisabled={mind === undefined} isBusy={isBusy} />
      {chat.trouble !== "" && (
        <p class="level-bad" role="alert">
          {chat.trouble}
        </p>
      )}
      {children}
    </section>
  );
}

function Chips({ chat, isDisabled }: { chat: Chat; isDisabled: boolean }): JSX.Element {
  return (
    <ul class="say-chips" aria-label={t.chat.chips}>
      {CHIPS.map(([label, text]) => (
        <li key={label}>
          <button type="button" disabled={isDisabled} onClick={() => void chat.say(t.chat[text])}>
            {t.chat[label]}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Which model answers, in one word, and all of it on hover. */
function Model({ mind }: { mind: MindState | undefined }): JSX.Element | null {
  if (mind === undefined) return null;
  const isWell = mind.models[0]?.state === "ready";
  const level = mind.isSafeMode
    ? mind.models.length > 0
      ? "warn"
      : "off"
    : isWell
      ? "ok"
      : "warn";
  const ready = mind.models.find(({ state }) => state === "ready" || state === "trying");
  return (
    <span class={`chat-model level-${level}`} title={mind.text} data-testid="mind-model">
      <Icon name={level} />
      <span>{mind.isSafeMode ? t.chat.ownWords : ready?.name}</span>
    </span>
  );
}

interface MessagesProps {
  readonly chat: Chat;
  readonly opening: ComponentChildren;
  readonly offer: BrainOffer | undefined;
}

function Messages({ chat, opening, offer }: MessagesProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const { turns, words, saidCount } = chat;
  // What Buddy begins with is read from its beginning; a question of it is to be seen, with its answers.
  const hasNews = turns.length > 0 || offer?.state === "offered";
  const follow = (): void => {
    const element = place.current;
    if (element && isFollowing.current && hasNews) element.scrollTop = element.scrollHeight;
  };
  useEffect(follow, [turns, words, offer?.state]);
  // Whoever has read back and says something wants to see it, and the answer.
  useEffect(() => void (isFollowing.current = true), [saidCount]);
  useEffect(() => {
    const observer = new ResizeObserver(follow);
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, [hasNews]);
  return (
    <div
      class="messages"
      ref={place}
      role="log"
      aria-label={t.chat.log}
      tabIndex={0}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        isFollowing.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
      }}
    >
      {turns.length === 0 && opening}
      {/* Among what is said, so that it takes no room from it; that a fetch has failed is news. */}
      {offer?.state === "offered" && <BrainQuestion offer={offer} />}
      {turns.map((turn) => (
        <TurnView key={turn.id} turn={turn} words={turn.phase === "over" ? "" : words} />
      ))}
      {offer?.state === "failed" && <BrainQuestion offer={offer} />}
    </div>
  );
}

function TurnView({ turn, words }: { turn: TurnTrace; words: string }): JSX.Element {
  const isOwn = turn.kind === "own";
  return (
    <article class="turn" data-turn={turn.id} data-outcome={turn.outcome ?? turn.phase}>
      {!isOwn && (
        <p class="bubble is-person" dir="auto">
          {turn.name !== undefined && <b dir="auto">{turn.name}: </b>}
          {turn.said}
        </p>
      )}
      <div class="bubble is-buddy" dir="auto">
        {isOwn && (
          <span class="dim" dir="ltr">
            {fill(t.chat.byItself, { reason: turn.said.replace(/_/g, " ") })}{" "}
          </span>
        )}
        <Reply turn={turn} words={words} />
        {turn.notice !== undefined && <span class="notice">{turn.notice}</span>}
      </div>
      <TurnLine turn={turn} />
    </article>
  );
}

function Reply({ turn, words }: { turn: TurnTrace; words: string }): JSX.Element {
  const { sentences, phase } = turn;
  const isOver = phase === "over";
  const said = sentences.map(({ text }) => text).join(" ");
  // The tail that is no sentence yet, as it is being written.
  const tail = isOver ? "" : words.replace(/\s+/g, " ").trimStart().slice(said.length).trimStart();
  if (said === "" && tail === "" && turn.notice === undefined) {
    return <span class="dim">{isOver ? endWords(turn) : <Dots />}</span>;
  }
  return (
    <>
      {sentences.map(({ text, outcome }, at) => (
        <span
          key={at}
          class={`sentence is-${outcome}`}
          title={outcome === "stopped" ? t.chat.notSaid : undefined}
        >
          {text}{" "}
        </span>
      ))}
      {tail !== "" && (
        // Read out when the sentence is whole, not word by word.
        <span class="tail" aria-hidden="true">
          {tail}
        </span>
      )}
    </>
  );
}

function endWords({ outcome, moves }: TurnTrace): string {
  if (outcome === "stopped") return t.chat.stopped;
  if (outcome === "interrupted") return t.chat.interrupted;
  return moves.length > 0 ? t.chat.onlyMoves : t.chat.nothing;
}

function Dots(): JSX.Element {
  return (
    <span class="dots" role="img" aria-label={t.chat.thinking}>
      <i />
      <i />
      <i />
    </span>
  );
}

interface FormProps {
  readonly chat: Chat;
  readonly isDisabled: boolean;
  readonly isBusy: boolean;
}

function SayForm({ chat, isDisabled, isBusy }: FormProps): JSX.Element {
  const [text, setText] = useState(chat.draft);
  const field = useRef<HTMLInputElement>(null);
  const stop = useKeptFocus<HTMLButtonElement>(isDisabled || !isBusy);
  // Outlives the view: who looks at another one comes back to what they were typing.
  useEffect(() => void (chat.draft = text), [chat, text]);
  const chars = text.trim().length;
  const isLong = chars > SAY_CHARS_MAX;
  const submit = async (): Promise<void> => {
    const said = text.trim();
    if (said === "" || isDisabled || isLong) return;
    setText("");
    // The button goes off with the text, and would take the focus along.
    field.current?.focus();
    // What did not get through is given back, unless something new is being typed.
    if (await chat.say(said)) return;
    if (chat.draft === "") chat.draft = said;
    setText((now) => (now === "" ? said : now));
  };
  return (
    <>
      <form
        class="say"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {/* Never off: what is being typed while the connection comes back stays, with its caret. */}
        <input
          ref={field}
          value={text}
          dir="auto"
          placeholder={isDisabled ? t.chat.unconnected : t.chat.placeholder}
          aria-label={t.chat.label}
          autocomplete="off"
          data-testid="say"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="say-send" disabled={isDisabled || chars === 0 || isLong}>
          {t.chat.say}
        </button>
        <button
          ref={stop}
          type="button"
          class="say-stop"
          data-testid="say-stop"
          disabled={isDisabled || !isBusy}
          onClick={() => void chat.stop()}
        >
          <Icon name="stop" /> <span>{t.chat.stop}</span>
        </button>
      </form>
      {isLong && (
        <p class="level-bad" role="alert" data-testid="say-long">
          {fill(t.chat.long, { chars, max: SAY_CHARS_MAX })}
        </p>
      )}
    </>
  );
}
