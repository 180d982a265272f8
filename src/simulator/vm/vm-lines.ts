/**
 * What the lines of the VM's output mean. The VM's host prints the program's console as `WASM> text` in a colour that
 * tells its level, panics as `PANIC code`, and its own death, which leaves a process that serves nothing, only on
 * stderr.
 */

/** "note" is what the runtime itself says, and what a program says with `console.warn`. */
export type ConsoleLevel = "debug" | "log" | "note" | "error";

export type VmLine =
  /** The program's console or a stack frame, with `(file:line:col)` when debug data is at hand. */
  | { readonly kind: "console"; readonly level: ConsoleLevel; readonly text: string }
  /** The program stopped with a code; the VM starts it again 5.25 s later. */
  | { readonly kind: "panic"; readonly code: number }
  /** The program asked to be restarted; the VM does so 1.05 s later. */
  | { readonly kind: "restart" }
  /** The VM itself is dead although its process lives. */
  | { readonly kind: "dead"; readonly why: string }
  /** Talk of the tools around the VM. */
  | { readonly kind: "talk"; readonly text: string };

const ESCAPE = String.raw`\u001b\[(\d+)m`;
const ESCAPES = new RegExp(ESCAPE, "g");
const CONSOLE = new RegExp(`^WASM> (?:${ESCAPE})?(.*)$`);
const LEVELS: Readonly<Record<string, ConsoleLevel>> = {
  "33": "note",
  "34": "debug",
  "91": "error",
  "95": "log",
};
/** Native abort, a C trap, an exit of the runtime (`ds.reboot()`), and an error of its host. */
const DEATHS = [/^Aborted\(/, /RuntimeError: /, /ExitStatus/, /^exception: /, /deploy error/];

/** Reads one line. `stream` matters: the same words on the program's console are only words. */
export function readVmLine(raw: string, stream: "out" | "err"): VmLine {
  const console = CONSOLE.exec(raw.trimEnd());
  if (console) return readConsole(LEVELS[console[1] ?? ""] ?? "log", console[2] ?? "");
  const text = plain(raw);
  const panic = /^PANIC (\d+)$/.exec(text);
  if (panic && stream === "out") return { kind: "panic", code: Number(panic[1]) };
  if (stream === "err" && DEATHS.some((death) => death.test(text))) {
    return { kind: "dead", why: text };
  }
  return { kind: "talk", text };
}

function readConsole(level: ConsoleLevel, coloured: string): VmLine {
  const text = plain(coloured);
  if (level === "note" && text === "RESTART requested") return { kind: "restart" };
  return { kind: "console", level, text };
}

function plain(text: string): string {
  return text.replace(ESCAPES, "").trimEnd();
}

/** Cuts a stream of text into lines; a line longer than the limit is cut there. */
export class LineReader {
  private rest = "";

  constructor(private readonly charsMax = 2000) {}

  read(chunk: string): string[] {
    const lines = (this.rest + chunk).split("\n");
    this.rest = (lines.pop() ?? "").slice(0, this.charsMax);
    return lines.filter((line) => line.trim() !== "").map((line) => line.slice(0, this.charsMax));
  }
}
