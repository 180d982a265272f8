/** How another device gets here: a QR code and addresses, made when somebody asks for them, since each signs a browser in. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PhoneView as Phone } from "../../web/phone-routes.js";
import "./phone.css";

const ANSWER_MS_MAX = 5000;

export function PhoneView(): JSX.Element {
  const [phone, setPhone] = useState<Phone | string | undefined>(undefined);
  const open = async (isOpen: boolean): Promise<void> => {
    setPhone(isOpen ? await askForCodes() : undefined);
  };
  return (
    <section class="card phone" aria-labelledby="phone-title">
      <h2 id="phone-title">On your phone</h2>
      <details onToggle={(event) => void open(event.currentTarget.open)} data-testid="phone">
        <summary>Show the QR code and addresses</summary>
        {typeof phone === "string" ? (
          <p class="level-warn">{phone}</p>
        ) : (
          phone && <Ways {...phone} />
        )}
      </details>
    </section>
  );
}

function Ways({ addresses, qr, trust, isHttps }: Phone): JSX.Element {
  if (addresses.length === 0) {
    return (
      <p data-testid="phone-none">
        Only this machine can come in. For a phone start Buddy with{" "}
        <code>--host 0.0.0.0 --https</code>.
      </p>
    );
  }
  return (
    <>
      {trust !== "" && (
        <p>
          First, once: the phone gets Buddy’s certificate at <code>{trust}</code>.
        </p>
      )}
      {!isHttps && (
        <p>
          The microphone needs https: start Buddy with <code>--https</code>.
        </p>
      )}
      <img
        class="phone-code"
        data-testid="phone-code"
        alt="QR code of the first address below"
        src={`data:image/svg+xml,${encodeURIComponent(qr)}`}
      />
      <p class="dim">Each address signs one browser in, within 15 minutes.</p>
      <ul class="phone-addresses">
        {addresses.map((address) => (
          <li key={address}>
            <code>{address}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

/** @returns them, or a sentence why not. */
async function askForCodes(): Promise<Phone | string> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const answer = await fetch("/api/phone", { method: "POST", signal });
    if (answer.ok) return (await answer.json()) as Phone;
    return `Buddy answered ${answer.status}. Open this again in a minute.`;
  } catch {
    return "Buddy could not be reached. Open this again once the page is connected.";
  }
}
