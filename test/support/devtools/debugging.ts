/** One session of the debugger, from launch to end, in the order in which VS Code asks. */
import { join } from "node:path";
import {
  DapClient,
  type Breakpoint,
  type Frame,
  type Scope,
  type Stop,
  type Variable,
} from "./dap-client.js";
import type { Devtools } from "./devtools.js";

const LAUNCH_MS_MAX = 20_000;
const STOP_MS_MAX = 30_000;

/** Lines to stop at, by file relative to the project. */
export type Lines = Readonly<Record<string, readonly number[]>>;

export class Debugging {
  /** From `launch` to the program that is held at its start. */
  launchMs = 0;
  readonly breakpoints: Record<string, Breakpoint[]> = {};

  private constructor(
    private readonly tools: Devtools,
    readonly dap: DapClient,
  ) {}

  static async launch(
    tools: Devtools,
    deviceId: string,
    { lines = {}, exceptions = [] }: { lines?: Lines; exceptions?: string[] } = {},
  ): Promise<Debugging> {
    const dap = await DapClient.connect();
    const session = new Debugging(tools, dap);
    await dap.request("initialize", {
      adapterID: "devicescript",
      pathFormat: "path",
      linesStartAt1: true,
      columnsStartAt1: true,
    });
    const startMs = performance.now();
    const launched = dap.request("launch", { deviceId, stopOnEntry: false }, LAUNCH_MS_MAX);
    await Promise.all([dap.event("initialized", LAUNCH_MS_MAX), launched]);
    session.launchMs = performance.now() - startMs;
    for (const [file, wanted] of Object.entries(lines)) await session.setBreakpoints(file, wanted);
    await dap.request("setExceptionBreakpoints", { filters: exceptions });
    await dap.request("configurationDone");
    return session;
  }

  async setBreakpoints(file: string, lines: readonly number[]): Promise<void> {
    const { breakpoints } = await this.dap.request<{ breakpoints: Breakpoint[] }>(
      "setBreakpoints",
      {
        source: { path: join(this.tools.project, file) },
        breakpoints: lines.map((line) => ({ line })),
      },
    );
    this.breakpoints[file] = breakpoints;
  }

  stopped(): Promise<Stop> {
    return this.dap.event<Stop>("stopped", STOP_MS_MAX);
  }

  /** Innermost first. */
  async stack({ threadId }: Stop): Promise<Frame[]> {
    const { stackFrames } = await this.dap.request<{ stackFrames: Frame[] }>("stackTrace", {
      threadId,
    });
    return stackFrames;
  }

  /** `file:line` of where it stopped. */
  async place(stop: Stop): Promise<string> {
    const [frame] = await this.stack(stop);
    return `${this.tools.relative(frame?.source?.path)}:${frame?.line}`;
  }

  /** Arguments and local variables of the innermost function, by name. */
  async locals(stop: Stop): Promise<Record<string, Variable>> {
    const [frame] = await this.stack(stop);
    const { scopes } = await this.dap.request<{ scopes: Scope[] }>("scopes", {
      frameId: frame?.id,
    });
    const found: Record<string, Variable> = {};
    for (const scope of scopes) {
      if (scope.name !== "Arguments" && scope.name !== "Local variables") continue;
      for (const variable of await this.fields(scope)) found[variable.name] = variable;
    }
    return found;
  }

  async fields({ variablesReference }: { variablesReference: number }): Promise<Variable[]> {
    const body = await this.dap.request<{ variables: Variable[] }>("variables", {
      variablesReference,
    });
    return body.variables;
  }

  /** Values of an object, by name. */
  async valuesOf(variable: Variable | undefined): Promise<Record<string, string>> {
    if (variable === undefined) throw new Error("no such variable");
    const named = await this.fields(variable);
    return Object.fromEntries(named.map(({ name, value }) => [name, value]));
  }

  /** What the exception says that it stopped at. */
  async exception(): Promise<string> {
    const { description } = await this.dap.request<{ description: string }>("exceptionInfo");
    return description;
  }

  async step(kind: "next" | "stepIn" | "stepOut", { threadId }: Stop): Promise<Stop> {
    await this.dap.request(kind, { threadId, granularity: "line" });
    return this.stopped();
  }

  /** Stops the program wherever it is. */
  async pause(): Promise<void> {
    await this.dap.request("pause", { threadId: 1 });
  }

  async goOn({ threadId }: Stop): Promise<void> {
    await this.dap.request("continue", { threadId });
  }

  /** Ends the session; the developer tools end the VM with it. */
  end(): Promise<void> {
    return this.dap.end();
  }
}
