/** Another camera for Buddy: the demo scene, none, a webcam of its own machine, or an address. */
import type { CameraReason } from "../../vision/choice/camera-api.js";
import { fill, t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

interface Used {
  readonly camera: string;
  readonly reason: CameraReason;
}

interface Choices extends Used {
  readonly webcams: readonly string[];
  /** Why webcams cannot be listed. */
  readonly text?: string;
}

const ASK_MS_MAX = 12_000;
const ADDRESS = "address";

export function CameraSettings(): JSX.Element {
  const [choices, setChoices] = useState<Choices | undefined>(undefined);
  const [chosen, setChosen] = useState("demo");
  const [address, setAddress] = useState("");
  const [said, setSaid] = useState("");

  const look = async (): Promise<void> => {
    try {
      const found = await ask<Choices>();
      const names = ["demo", "none", ...found.webcams.map((name) => `webcam:${name}`)];
      const isNamed = names.includes(found.camera);
      setChoices(found);
      setChosen(isNamed ? found.camera : ADDRESS);
      setAddress(isNamed ? "" : found.camera);
      setSaid(`${usedWords(found)} ${found.text ?? ""}`);
    } catch (error) {
      setSaid((error as Error).message);
    }
  };
  const apply = async (): Promise<void> => {
    try {
      setSaid(usedWords(await ask<Used>(chosen === ADDRESS ? address : chosen)));
    } catch (error) {
      setSaid((error as Error).message);
    }
  };
  return (
    <details
      class="camera-settings"
      data-testid="camera-settings"
      onToggle={(event) => {
        if (event.currentTarget.open) void look();
      }}
    >
      <summary>{t.camera.another}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void apply();
        }}
      >
        <label>
          {t.camera.label}{" "}
          <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value="demo">{t.camera.demo}</option>
            {choices?.webcams.map((name) => (
              <option key={name} value={`webcam:${name}`}>
                {name}
              </option>
            ))}
            <option value={ADDRESS}>{t.camera.address}</option>
            <option value="none">{t.camera.noCamera}</option>
          </select>
        </label>
        {chosen === ADDRESS && (
          <label>
            {t.camera.addressLabel}{" "}
            <input
              value={address}
              placeholder="rtsp://user:password@192.168.1.20/stream"
              onInput={(event) => setAddress(event.currentTarget.value)}
            />
          </label>
        )}
        <button type="submit">{t.camera.use}</button>
      </form>
      <p role="status" class="dim">
        {said}
      </p>
    </details>
  );
}

/** Which camera is used, and why. */
function usedWords({ camera, reason }: Used): string {
  const { used, byOption, byChoice, byChoiceOnce, byDefault } = t.camera;
  const why =
    reason.kind === "default"
      ? byDefault
      : reason.kind === "option"
        ? fill(byOption, { option: reason.option })
        : reason.option === undefined
          ? byChoice
          : fill(byChoiceOnce, { option: reason.option });
  return `${fill(used, { camera })} ${why}`;
}

/** Asks what there is or, with a camera, for that one. @throws Error in plain words. */
async function ask<T>(camera?: string): Promise<T> {
  const answer = await fetch("/api/camera", {
    signal: AbortSignal.timeout(ASK_MS_MAX),
    ...(camera !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ camera }),
    }),
  }).catch(() => undefined);
  const body = (await answer?.json().catch(() => undefined)) as
    (T & { error?: { message?: string } }) | undefined;
  if (answer?.ok && body) return body;
  throw new Error(body?.error?.message ?? t.app.silent);
}
