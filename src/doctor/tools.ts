/** Programs beside Buddy that make it better, and the models it may ask. All are optional: Buddy runs without. */
import { MODEL_VARIABLES, parseModels } from "../conversation/models/model-refs.js";
import { ffmpegRemedy } from "../vision/camera/ffmpeg.js";
import { findProgram } from "../host/programs.js";
import { line, type Line } from "./line.js";

interface Tool {
  readonly id: string;
  readonly names: readonly string[];
  readonly without: string;
  readonly next: string;
}

const TOOLS: readonly Tool[] = [
  {
    id: "espeak-ng",
    names: ["espeak-ng"],
    without: "Without it and flite the browser speaks, or words are shown.",
    next: "apt install espeak-ng",
  },
  {
    id: "flite",
    names: ["flite"],
    without: "It is the second voice, for when espeak-ng fails.",
    next: "apt install flite",
  },
  {
    id: "ffmpeg",
    names: ["ffmpeg"],
    without: "Only webcams (without a browser) and rtsp:// cameras need it.",
    next: ffmpegRemedy(),
  },
  {
    id: "ollama",
    names: ["ollama"],
    without: "Without a model Buddy speaks with its own lines.",
    next: "install it from https://ollama.com, then `ollama pull gemma3:4b`",
  },
  {
    id: "redis",
    names: ["redis-server"],
    without: "Only several Buddies that take turns in talking need it.",
    next: "apt install redis-server",
  },
  {
    id: "chromium",
    names: ["chromium", "chromium-browser", "google-chrome"],
    without: "Only `npm test` needs it, to look at the page.",
    next: "apt install chromium",
  },
];

/** @param path the PATH to look in */
export function checkTools(path: string | undefined): Line[] {
  return TOOLS.map(({ id, names, without, next }) => {
    const found = names.map((name) => findProgram(name, path)).find((file) => file !== undefined);
    if (found !== undefined) return line(id, id, "ok", `${found}.`);
    return line(id, id, "note", `It is not installed. ${without}`, next);
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Which variables of the models are set. Keys are never shown, not even in part. */
export function checkModels(environment: Environment): Line {
  const [id, title] = ["models", "Models"];
  const set = MODEL_VARIABLES.filter((name) => (environment[name] ?? "").trim() !== "");
  const wrong = parseModels(environment["BUDDY_MODELS"] ?? "").wrong;
  if (wrong.length > 0) {
    return line(id, title, "mend", `BUDDY_MODELS: ${wrong.join("; ")}.`, "correct the variable");
  }
  if (set.length === 0) {
    const text =
      "No variable is set: a local Ollama is used if there is one, or the page's settings.";
    return line(id, title, "note", text, "see README, or set them on the page");
  }
  return line(id, title, "ok", `Set: ${set.join(", ")}.`);
}
