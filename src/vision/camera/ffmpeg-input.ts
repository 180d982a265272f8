/**
 * Cameras that `ffmpeg` reads: a webcam of this machine, or RTSP. Which arguments it is given, by system; nothing is run
 * here. The arguments are a list, so no name of a camera can become another one.
 */

export type FfmpegInput =
  | { readonly kind: "rtsp"; readonly url: string }
  /** The first whose name has this in it, or whose device it is; "" the first of all. */
  | { readonly kind: "webcam"; readonly name: string };

export interface Webcam {
  /** As ffmpeg takes it. */
  readonly id: string;
  readonly name: string;
}

/** A webcam gives this by itself; a network camera's larger pictures are made no wider. */
const WIDTH = 640;
const HEIGHT = 480;
/** Pictures a second at most. A camera's own 30 come unevenly: no picture is left out for 4 ms. */
const PERIOD_S_MIN = 0.029;

const FORMATS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: "v4l2",
  darwin: "avfoundation",
  win32: "dshow",
};

/** @returns the webcam that a text names, or undefined: it names none. */
export function readWebcam(text: string): FfmpegInput | undefined {
  if (/^\/dev\/[\w./-]+$/.test(text)) return { kind: "webcam", name: text };
  const match = /^webcam(?::([^\p{Cc}"]{1,200}))?$/u.exec(text);
  return match ? { kind: "webcam", name: match[1] ?? "" } : undefined;
}

/** Of those that there are the one that is meant. */
export function chooseWebcam(name: string, webcams: readonly Webcam[]): Webcam | undefined {
  const wanted = name.toLowerCase();
  return (
    webcams.find((one) => one.id === name) ??
    webcams.find((one) => one.name.toLowerCase().includes(wanted))
  );
}

/** @param version of ffmpeg, as it says it itself; "" when that is not known. */
export function ffmpegArgs(
  source: { readonly url: string } | { readonly webcam: Webcam },
  platform: NodeJS.Platform,
  version: string,
): string[] {
  const input =
    "url" in source
      ? ["-rtsp_transport", "tcp", "-max_delay", "0", "-i", source.url]
      : ["-f", FORMATS[platform] ?? "v4l2", "-framerate", "30"]
          .concat(["-video_size", `${WIDTH}x${HEIGHT}`])
          .concat(["-i", deviceOf(source.webcam, platform)]);
  return [
    ...["-hide_banner", "-nostdin", "-loglevel", "error"],
    // What comes is passed on at once: a queue of ffmpeg's would be a robot that looks at the past (A12).
    ...["-fflags", "nobuffer", "-flags", "low_delay", "-analyzeduration", "1000000"],
    ...input,
    ...["-map", "0:v:0", "-an", "-vf", filter()],
    ...passthrough(version),
    ...["-c:v", "mjpeg", "-q:v", "5", "-flush_packets", "1", "-f", "mpjpeg", "pipe:1"],
  ];
}

/** What lists the webcams; undefined where no program is needed for it. */
export function listArgs(platform: NodeJS.Platform): string[] | undefined {
  if (platform === "darwin")
    return ["-hide_banner", "-f", "avfoundation", "-list_devices", "true", "-i", ""];
  if (platform === "win32")
    return ["-hide_banner", "-f", "dshow", "-list_devices", "true", "-i", "dummy"];
  return undefined;
}

/** The webcams in what ffmpeg says of all devices; sound and pictures of the screen are none. */
export function webcamsIn(text: string, platform: NodeJS.Platform): Webcam[] {
  return platform === "darwin" ? ofAvfoundation(text) : ofDshow(text);
}

function ofAvfoundation(text: string): Webcam[] {
  const [, video = ""] = /AVFoundation video devices:(.*?)(?:AVFoundation audio devices:|$)/s.exec(
    text,
  ) ?? [undefined];
  return [...video.matchAll(/\] \[(\d+)\] (.+)/g)]
    .map(([, id = "", name = ""]) => ({ id, name: name.trim() }))
    .filter(({ name }) => !name.startsWith("Capture screen"));
}

/** Before ffmpeg 5 the kind of a device stood in a line above it, now behind its name. */
function ofDshow(text: string): Webcam[] {
  const [video = ""] = text.split("DirectShow audio devices");
  return [...video.matchAll(/\] +"([^"@][^"]*)"(?: \((.*)\))?/g)]
    .filter(([, , kind = "video"]) => /video|none/.test(kind))
    .map(([, name = ""]) => ({ id: name, name }));
}

function deviceOf({ id }: Webcam, platform: NodeJS.Platform): string {
  if (platform === "darwin") return `${id}:none`;
  return platform === "win32" ? `video=${id}` : id;
}

/** At most 30 a second, no wider than is searched anyway; none twice. */
function filter(): string {
  const isDue = `isnan(prev_selected_t)+gte(t-prev_selected_t,${PERIOD_S_MIN})`;
  return `select='${isDue}',scale='min(${WIDTH},iw)':-2`;
}

/** Each picture when it comes, none twice to fill a rate. The option's name has changed, and its old name is gone. */
function passthrough(version: string): string[] {
  const [, major = "9", minor = "0"] = /^n?(\d+)(?:\.(\d+))?/.exec(version) ?? [undefined];
  const isOld = Number(major) < 5 || (major === "5" && Number(minor) < 1);
  return isOld ? ["-vsync", "passthrough"] : ["-fps_mode", "passthrough"];
}
