/** Voice and ears: whether Buddy is heard, the one click that the browser may want, and push to talk. */
import { count, fill, t } from "../language/language.js";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Connection } from "../live/connection.js";
import { useKeptFocus, useNews } from "../ui/hooks.js";
import { Icon, type IconName } from "../ui/icons.js";
import { captureTrouble } from "../audio/capture.js";
import type { Microphone, MicState } from "../audio/microphone.js";
import type { SpeechJudge } from "../audio/speech-judge.js";
import type { VoiceAudio } from "../audio/voice-audio.js";
import { EarsOptions } from "./ears-options.js";
import { QuietView } from "./quiet-view.js";
import "./voice.css";

interface VoiceProps {
  readonly connection: Connection;
  readonly audio: VoiceAudio;
  readonly microphone: Microphone;
}

export function VoiceView({ connection, audio, microphone }: VoiceProps): JSX.Element {
  useNews(connection);
  useNews(audio);
  const { view } = audio;
  const voice = connection.view.isConnected ? connection.view.state?.voice : undefined;
  return (
    <section class="voice" aria-label={t.voice.title}>
      <Talk connection={connection} microphone={microphone} />
      <div class="voice-out">
        {view.audio === "locked" && voice && voice.state !== "off" ? (
          <Unlock audio={audio} />
        ) : (
          <p class={`voice-state level-${levelOf(voice?.state)}`} data-testid="voice-state">
            <Icon name={levelOf(voice?.state)} />
            <span>{voice?.text ?? t.app.unconnected}</span>
          </p>
        )}
        {voice?.state === "ready" && view.audio === "running" && !view.isPlayer && (
          <p class="dim">{t.voice.elsewhere}</p>
        )}
      </div>
      <Meter audio={audio} />
      {(connection.view.state?.mind.quietUntilMs ?? 0) > Date.now() && (
        <QuietView
          untilMs={connection.view.state?.mind.quietUntilMs}
          isDisabled={!connection.view.isConnected}
        />
      )}
    </section>
  );
}

function levelOf(state: string | undefined): IconName {
  if (state === "ready" || state === "speaking") return "ok";
  return state === "off" || state === undefined ? "off" : "warn";
}

/** A9: says plainly why the robot moves and is not heard, and offers the click that mends it. */
function Unlock({ audio }: { audio: VoiceAudio }): JSX.Element {
  const { pending } = audio.view;
  const words = pending === 0 ? t.voice.locked : count(t.voice.missed, pending);
  return (
    <div class={`unlock ${pending > 0 ? "level-warn" : ""}`} role="status" data-testid="unlock">
      <p>
        <Icon name={pending > 0 ? "warn" : "off"} />
        <span>{words}</span>
      </p>
      <button type="button" onClick={() => void audio.unlock()}>
        {pending > 0 ? t.voice.play : t.voice.unlock}
      </button>
    </div>
  );
}

/** Moves with what is heard. */
function Meter({ audio }: { audio: VoiceAudio }): JSX.Element {
  const bar = useRef<HTMLSpanElement>(null);
  const { isSounding } = audio.view;
  useEffect(() => {
    if (!isSounding) return;
    let frame = 0;
    const draw = (): void => {
      bar.current?.style.setProperty("--level", String(audio.level()));
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      bar.current?.style.setProperty("--level", "0");
    };
  }, [audio, isSounding]);
  return <span class={`voice-meter ${isSounding ? "is-on" : ""}`} ref={bar} aria-hidden="true" />;
}

interface TalkProps {
  readonly connection: Connection;
  readonly microphone: Microphone;
}

/** Push to talk, and hands-free listening. */
function Talk({ connection, microphone }: TalkProps): JSX.Element {
  useNews(microphone);
  const { state, judge } = microphone;
  const { isConnected } = connection.view;
  const ears = isConnected ? connection.view.state?.voice?.ears : undefined;
  const isDeaf = ears?.state === "off" && !microphone.isBrowser;
  const [captures] = useState(captureTrouble);
  const trouble = microphone.isBrowser ? "" : captures;
  const hasText = state.kind === "idle" || state.kind === "waiting";
  return (
    <div class="talk">
      <TalkButton microphone={microphone} isDisabled={!isConnected || isDeaf || trouble !== ""} />
      <label class="talk-free">
        <input
          type="checkbox"
          data-testid="hands-free"
          checked={microphone.isHandsFree}
          disabled={(!isConnected || isDeaf || trouble !== "") && !microphone.isHandsFree}
          onChange={(event) => microphone.setHandsFree(event.currentTarget.checked)}
        />
        <span title={t.voice.handsFreeHint}>{t.voice.handsFree}</span>
      </label>
      {trouble !== "" && (
        <p class="voice-state level-warn" data-testid="talk-trouble">
          <Icon name="warn" />
          <span>{trouble}</span>
        </p>
      )}
      {isDeaf ? (
        // Before anybody has spoken in vain.
        <p class="voice-state level-off" data-testid="talk-ears">
          <Icon name="off" />
          <span>{ears.text}</span>
        </p>
      ) : (
        <p
          class={hasText && state.isTrouble ? "level-warn" : "dim"}
          role="status"
          data-testid="talk-state"
        >
          {trouble === "" && hintOf(state)}
        </p>
      )}
      <EarsOptions microphone={microphone} hasServer={ears?.state !== "off"} />
      {judge && (
        <p class="dim talk-judge" data-testid="talk-judge">
          {judgeWords(judge)}
        </p>
      )}
    </div>
  );
}

interface ButtonProps {
  readonly microphone: Microphone;
  readonly isDisabled: boolean;
}

/** Held: records while it is held. Clicked: records until the speech ends, or the next click. */
function TalkButton({ microphone, isDisabled }: ButtonProps): JSX.Element {
  const pressedMs = useRef(0);
  const { state } = microphone;
  const isRecording = state.kind === "recording";
  const isOff = isDisabled || state.kind === "understanding";
  const button = useKeptFocus<HTMLButtonElement>(isOff);
  const press = (): void => {
    if (isRecording) microphone.stop();
    else microphone.start();
  };
  return (
    <button
      ref={button}
      type="button"
      class={`talk-button ${isRecording ? "is-recording" : ""}`}
      data-testid="talk"
      disabled={isOff}
      aria-pressed={isRecording}
      style={`--level: ${isRecording ? state.level : 0}`}
      onPointerDown={(event) => {
        if (event.button !== 0 || !event.isPrimary) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pressedMs.current = performance.now();
        press();
      }}
      onPointerUp={(event) => {
        if (event.button !== 0 || !event.isPrimary) return;
        // Held long enough to have been meant as "while I hold it".
        if (performance.now() - pressedMs.current > HELD_MS) microphone.stop();
      }}
      // Without a pointer: the keyboard, a screen reader, a voice command. A held key clicks once.
      onClick={(event) => {
        if (event.detail === 0) press();
      }}
      onKeyDown={(event) => {
        if (event.repeat && event.key === "Enter") event.preventDefault();
      }}
    >
      <Icon name="microphone" />
      <span>{t.voice[state.kind]}</span>
    </button>
  );
}

const HELD_MS = 500;

function hintOf(state: MicState): string {
  switch (state.kind) {
    case "idle":
      return state.text || t.voice.idleHint;
    case "waiting":
      return state.text || t.voice.waitingHint;
    case "recording":
      return t.voice.recordingHint;
    case "understanding":
      return "";
  }
}

function judgeWords({ kind, why }: { kind: SpeechJudge["kind"]; why: string }): string {
  return kind === "model" ? t.voice.byModel : fill(t.voice.byLoudness, { why });
}
