/** *New robot*: which board, which network, then each step of the flashing until the robot has answered. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { NewRobotAbout } from "../../flash/relay-messages.js";
import {
  askAbout,
  NewRobot,
  runtimeFileOf,
  serialTrouble,
  type RuntimeFile,
  type Step,
} from "../live/new-robot.js";
import { useNews } from "../ui/hooks.js";
import "./new-robot.css";

type What = "all" | "settings";

export function NewRobotView(): JSX.Element {
  const [about, setAbout] = useState<NewRobotAbout | string | undefined>(undefined);
  const open = async (isOpen: boolean): Promise<void> => {
    if (isOpen && serialTrouble() === "") setAbout(await askAbout());
  };
  const trouble = serialTrouble() || (typeof about === "string" ? about : about?.refusal) || "";
  return (
    <section class="card new-robot" aria-labelledby="new-robot-title">
      <h2 id="new-robot-title">New robot</h2>
      <details onToggle={(event) => void open(event.currentTarget.open)} data-testid="new-robot">
        <summary>Make a robot of an ESP32 board on this computer’s USB port</summary>
        {trouble !== "" ? (
          <p class="level-warn" data-testid="new-robot-trouble">
            {trouble}
          </p>
        ) : typeof about === "object" ? (
          <Flashing about={about} />
        ) : (
          <p class="dim" role="status">
            Looking for boards and networks…
          </p>
        )}
      </details>
    </section>
  );
}

function Flashing({ about }: { readonly about: NewRobotAbout }): JSX.Element {
  const [robot] = useState(() => new NewRobot());
  useNews(robot);
  const { view } = robot;
  if (view.kind === "ready") {
    return (
      <>
        {view.trouble !== "" && (
          <p class="level-bad" role="alert" data-testid="new-robot-failed">
            {view.trouble} <span class="dim">What to do: {view.next}</span>
          </p>
        )}
        <Wishes about={about} robot={robot} />
      </>
    );
  }
  const isDone = view.kind === "done";
  return (
    <>
      <Steps steps={view.steps} />
      {isDone && (
        <p class="level-ok" role="status" data-testid="new-robot-done">
          The robot ({view.deviceId}) says hello and has answered.
        </p>
      )}
      <button type="button" onClick={() => (isDone ? robot.again() : robot.cancel())}>
        {isDone ? "Another one" : "Cancel"}
      </button>
    </>
  );
}

function Steps({ steps }: { readonly steps: readonly Step[] }): JSX.Element {
  return (
    <ol class="new-robot-steps" aria-label="Steps">
      {steps.map(({ name, text, share }) => (
        <li key={name} data-step={name}>
          {text}
          {share !== undefined && <progress value={share} aria-label={text} />}
        </li>
      ))}
    </ol>
  );
}

function Wishes({
  about,
  robot,
}: {
  readonly about: NewRobotAbout;
  readonly robot: NewRobot;
}): JSX.Element {
  const [what, setWhat] = useState<What>("all");
  const [board, setBoard] = useState("");
  const [ssid, setSsid] = useState("");
  const [password, setPassword] = useState("");
  const [file, setFile] = useState<RuntimeFile | undefined>(undefined);
  const begin = (): void => {
    const wifi = ssid === "" ? {} : { wifi: { ssid, password } };
    void robot.make({ what, board, ...wifi, ...(file && what === "all" && { file }) });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        begin();
      }}
    >
      <label>
        What{" "}
        <select
          name="what"
          value={what}
          onChange={(event) => setWhat(event.currentTarget.value as What)}
        >
          <option value="all">All of it: a board becomes a robot</option>
          <option value="settings">Only its WiFi, address and key</option>
        </select>
      </label>
      <label>
        Board{" "}
        <select
          name="board"
          value={board}
          onChange={(event) => setBoard(event.currentTarget.value)}
        >
          <option value="">By its chip</option>
          {about.boards.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        WiFi{" "}
        <input
          name="ssid"
          value={ssid}
          list="new-robot-networks"
          autocomplete="off"
          maxLength={32}
          placeholder="empty: the board’s own stays"
          onInput={(event) => setSsid(event.currentTarget.value)}
        />
        <datalist id="new-robot-networks">
          {about.networks.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <label>
        Its password{" "}
        <input
          name="password"
          type="password"
          value={password}
          autocomplete="off"
          maxLength={64}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </label>
      {what === "all" && <FileField file={file} onFile={setFile} />}
      <button type="submit">Choose its port and begin</button>
      <p class="dim">
        {about.networks.length > 0
          ? "The names are of networks in 2.4 GHz around Buddy’s machine; the robot reaches no others. "
          : "Buddy’s machine sees no networks: type its name. The robot reaches 2.4 GHz only. "}
        Buddy’s address and key are written by itself.
      </p>
    </form>
  );
}

/** The release file of the runtime, where Buddy cannot fetch it. */
function FileField({
  file,
  onFile,
}: {
  readonly file: RuntimeFile | undefined;
  onFile(file: RuntimeFile | undefined): void;
}): JSX.Element {
  return (
    <label>
      Runtime’s file, if Buddy asks for it{" "}
      <input
        type="file"
        accept=".bin"
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen) void runtimeFileOf(chosen).then(onFile);
          else onFile(undefined);
        }}
      />
      {file && (
        <span class="dim" data-testid="new-robot-hash">
          SHA-256 <code>{file.sha256}</code>: go on only if its makers say the same.
        </span>
      )}
    </label>
  );
}
