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
import { pieces } from "../language/fill.js";
import { fill, t } from "../language/language.js";
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
      <h2 id="new-robot-title">{t.newRobot.title}</h2>
      <details onToggle={(event) => void open(event.currentTarget.open)} data-testid="new-robot">
        <summary>{t.newRobot.open}</summary>
        {trouble !== "" ? (
          <p class="level-warn" data-testid="new-robot-trouble">
            {trouble}
          </p>
        ) : typeof about === "object" ? (
          <Flashing about={about} />
        ) : (
          <p class="dim" role="status">
            {t.newRobot.looking}
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
            {view.trouble} <span class="dim">{fill(t.newRobot.next, { next: view.next })}</span>
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
          {fill(t.newRobot.done, { id: view.deviceId })}
        </p>
      )}
      <button type="button" onClick={() => (isDone ? robot.again() : robot.cancel())}>
        {isDone ? t.newRobot.another : t.newRobot.cancel}
      </button>
    </>
  );
}

function Steps({ steps }: { readonly steps: readonly Step[] }): JSX.Element {
  return (
    <ol class="new-robot-steps" aria-label={t.newRobot.steps}>
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
        {t.newRobot.what}{" "}
        <select
          name="what"
          value={what}
          onChange={(event) => setWhat(event.currentTarget.value as What)}
        >
          <option value="all">{t.newRobot.all}</option>
          <option value="settings">{t.newRobot.settings}</option>
        </select>
      </label>
      <label>
        {t.newRobot.board}{" "}
        <select
          name="board"
          value={board}
          onChange={(event) => setBoard(event.currentTarget.value)}
        >
          <option value="">{t.newRobot.byChip}</option>
          {about.boards.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.newRobot.wifi}{" "}
        <input
          name="ssid"
          value={ssid}
          list="new-robot-networks"
          autocomplete="off"
          maxLength={32}
          placeholder={t.newRobot.wifiHint}
          onInput={(event) => setSsid(event.currentTarget.value)}
        />
        <datalist id="new-robot-networks">
          {about.networks.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <label>
        {t.newRobot.password}{" "}
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
      <button type="submit">{t.newRobot.begin}</button>
      <p class="dim">
        {about.networks.length > 0 ? t.newRobot.networks : t.newRobot.noNetworks}{" "}
        {t.newRobot.byItself}
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
      {t.newRobot.file}{" "}
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
          {pieces(t.newRobot.digest, { digest: <code>{file.sha256}</code> })}
        </span>
      )}
    </label>
  );
}
