/**
 * Takes secrets out of whatever is logged, alerted or shown. Two nets: the secrets this process knows, exactly, and
 * what looks like one. Better a digest too many hidden than a key shown.
 */

export const REDACTED = "[redacted]";

/** Keys and tokens are far longer. What is shorter than this, a person's password, is hidden only where it is a whole word. */
const SECRET_CHARS_MIN = 8;
/** A secret shorter than this would hide ordinary words; in an address it is hidden by its place. */
export const PASSWORD_CHARS_MIN = 4;
/** Text beyond this is not searched and not shown. */
const TEXT_CHARS_MAX = 10_000;
/** Longer than any secret, as it is or as it stands in a URL. A cut through one would show its beginning. */
const SECRET_CHARS_MAX = 1200;
const DEPTH_MAX = 6;
const ENTRIES_MAX = 200;

/** Names of fields whose value is a secret, and those that end in a word of their own "key": `linkKey`, not `monkey`. */
const SECRET_NAME =
  /(?:token|secret|passw(?:or)?d|psk|authorization|cookie|credential|api_?key|(?:^|[_-])key)$/i;
const KEY_NAME = /[a-z]Key$/;

/** Each is linear: no nested repeats, so hostile lines cost no more than others. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{4,}/gi, `$1 ${REDACTED}`],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,200}@/gi, `$1${REDACTED}@`],
  [
    /((?:token|secret|passw(?:or)?d|psk|authorization|cookie|(?:api|link|private|session|shared)[_-]?key)["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"'&,;}]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b[0-9a-f]{64}\b/gi, REDACTED],
  [/\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,200}/g, REDACTED],
  [/\bAIza[A-Za-z0-9_-]{30,60}/g, REDACTED],
];

export class Redactor {
  private readonly secrets = new Set<string>();
  private readonly passwords = new Map<string, RegExp>();

  constructor(secrets: readonly string[] = []) {
    for (const secret of secrets) this.add(secret);
  }

  /** From now on this text is never shown, nor its form in a URL. Too short ones are refused with a RangeError. */
  add(secret: string): void {
    if (secret.length < PASSWORD_CHARS_MIN) {
      throw new RangeError(`a secret of ${secret.length} characters cannot be redacted safely`);
    }
    for (const form of [secret, encodeURIComponent(secret)]) {
      if (form.length >= SECRET_CHARS_MIN) this.secrets.add(form);
      else this.passwords.set(form, wholeWord(form));
    }
  }

  text(text: string): string {
    if (text.length <= TEXT_CHARS_MAX) return this.searched(text);
    // What the cut may have gone through is searched along and left out.
    const out = this.searched(text.slice(0, TEXT_CHARS_MAX + SECRET_CHARS_MAX));
    return `${out.slice(0, Math.max(0, out.length - SECRET_CHARS_MAX))}…`;
  }

  private searched(text: string): string {
    let out = text;
    for (const secret of this.secrets) out = out.replaceAll(secret, REDACTED);
    for (const word of this.passwords.values()) out = out.replace(word, REDACTED);
    for (const [pattern, replacement] of PATTERNS) out = out.replace(pattern, replacement);
    return out;
  }

  /**
   * A copy of any value that is safe to write as JSON: secrets out, depth and number of entries bounded, errors as
   * their name, message and code.
   */
  value(value: unknown): unknown {
    return this.copy(value, 0);
  }

  private copy(value: unknown, depth: number): unknown {
    if (typeof value === "string") return this.text(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
    if (typeof value !== "object" || value === null) return value;
    if (depth >= DEPTH_MAX) return "[deeper]";
    if (value instanceof Error) return this.copy(errorFields(value), depth);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) {
      return value.slice(0, ENTRIES_MAX).map((entry) => this.copy(entry, depth + 1));
    }
    const entries = Object.entries(value).slice(0, ENTRIES_MAX);
    return Object.fromEntries(
      entries.map(([name, entry]) => [
        name,
        isSecretName(name) && entry !== undefined ? REDACTED : this.copy(entry, depth + 1),
      ]),
    );
  }
}

function wholeWord(secret: string): RegExp {
  const escaped = secret.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "gu");
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || KEY_NAME.test(name);
}

function errorFields(error: Error): Record<string, unknown> {
  const { code } = error as NodeJS.ErrnoException;
  return {
    name: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && { cause: error.cause }),
  };
}
