/** What the user may set about voice and ears, all by environment variables; read once, with a clear error. */
import { z } from "zod";

export const WAYS = ["online", "espeak-ng", "flite", "browser", "hum"] as const;
export type WayName = (typeof WAYS)[number];

export interface VoiceOptions {
  /** In order of preference; empty: text only. */
  readonly ways: readonly WayName[];
  /** An OpenAI-compatible voice; undefined when none is set. */
  readonly speech: SpeechEndpoint | undefined;
  /** A Whisper-compatible ear; undefined when none is set. */
  readonly hearing: HearingEndpoint | undefined;
}

export interface SpeechEndpoint {
  readonly url: string;
  readonly key: string | undefined;
  readonly model: string;
  readonly voice: string;
}

export interface HearingEndpoint {
  readonly url: string;
  readonly key: string | undefined;
  readonly model: string;
}

export class VoiceOptionsError extends Error {
  readonly code = "VOICE_OPTIONS";
}

const way = z.enum(WAYS);

/**
 * `BUDDY_VOICE` (comma list of `online`, `espeak-ng`, `flite`, `browser`, `hum`, or `text`), `BUDDY_VOICE_URL`, `_KEY`,
 * `_MODEL`, `_NAME`; `BUDDY_STT_URL`, `_KEY`, `_MODEL`, else `OPENAI_BASE_URL` and `OPENAI_API_KEY`.
 * @throws VoiceOptionsError that names the variable.
 */
export function readVoiceOptions(
  environment: Readonly<Record<string, string | undefined>>,
): VoiceOptions {
  const value = (name: string): string | undefined => {
    const text = environment[name]?.trim();
    return text === undefined || text === "" ? undefined : text;
  };
  const speechUrl = endpoint("BUDDY_VOICE_URL", value("BUDDY_VOICE_URL"), "audio/speech");
  const wanted = value("BUDDY_VOICE");
  return {
    ways: waysOf(wanted).filter((name) => name !== "online" || speechUrl !== undefined),
    speech:
      speechUrl === undefined
        ? undefined
        : {
            url: speechUrl,
            key: value("BUDDY_VOICE_KEY"),
            model: value("BUDDY_VOICE_MODEL") ?? "tts-1",
            voice: value("BUDDY_VOICE_NAME") ?? "alloy",
          },
    hearing: hearing(value),
  };
}

function waysOf(wanted: string | undefined): readonly WayName[] {
  if (wanted === undefined) return WAYS;
  if (wanted === "text" || wanted === "off") return [];
  const names = wanted.split(",").map((name) => name.trim());
  return names.map((name) => {
    const parsed = way.safeParse(name);
    if (parsed.success) return parsed.data;
    throw new VoiceOptionsError(
      `BUDDY_VOICE: "${name}" is no voice; choose from ${WAYS.join(", ")}, or text`,
    );
  });
}

function hearing(value: (name: string) => string | undefined): HearingEndpoint | undefined {
  const own = value("BUDDY_STT_URL");
  const base = own ?? value("OPENAI_BASE_URL");
  const url = endpoint(
    own === undefined ? "OPENAI_BASE_URL" : "BUDDY_STT_URL",
    base,
    "audio/transcriptions",
  );
  const model = value("BUDDY_STT_MODEL") ?? "whisper-1";
  // The key belongs to the address it was given for: it never goes to another one.
  const ownKey = value("BUDDY_STT_KEY");
  const openAiKey = value("OPENAI_API_KEY");
  if (url !== undefined)
    return { url, key: own === undefined ? (ownKey ?? openAiKey) : ownKey, model };
  if (openAiKey === undefined) return undefined;
  return { url: "https://api.openai.com/v1/audio/transcriptions", key: openAiKey, model };
}

/** A base such as `http://host:8000/v1`, or the whole address of the endpoint. */
function endpoint(name: string, text: string | undefined, path: string): string | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !["http:", "https:"].includes(new URL(text).protocol)) {
    throw new VoiceOptionsError(
      `${name}: expected an http(s) address, got ${JSON.stringify(text)}`,
    );
  }
  const bare = text.replace(/\/+$/, "");
  return bare.endsWith(path) ? bare : `${bare}/${path}`;
}
