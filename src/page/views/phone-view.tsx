/** How another device gets here: a QR code and addresses, made when somebody asks for them, since each signs a browser in. */
import { pieces } from "../language/fill.js";
import { fill, t } from "../language/language.js";
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
      <h2 id="phone-title">{t.phone.title}</h2>
      <details onToggle={(event) => void open(event.currentTarget.open)} data-testid="phone">
        <summary>{t.phone.show}</summary>
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
        {pieces(t.phone.none, { command: <code>--host 0.0.0.0 --https</code> })}
      </p>
    );
  }
  return (
    <>
      {trust !== "" && <p>{pieces(t.phone.trust, { address: <code>{trust}</code> })}</p>}
      {!isHttps && <p>{pieces(t.phone.https, { command: <code>--https</code> })}</p>}
      <img
        class="phone-code"
        data-testid="phone-code"
        alt={t.phone.code}
        src={`data:image/svg+xml,${encodeURIComponent(qr)}`}
      />
      <p class="dim">{t.phone.once}</p>
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
    return fill(t.phone.answered, { status: String(answer.status) });
  } catch {
    return t.phone.unreached;
  }
}
