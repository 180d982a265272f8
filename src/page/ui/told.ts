/** What a part says of itself, as people read it: first what is wrong, then what a program said. Pure. */
import { t } from "../language/language.js";

export interface Told {
  readonly plain: string;
  /** In a program's words, such as "connect ECONNREFUSED"; empty where there is none. */
  readonly reason: string;
}

/** The sentence, which may have a title before it, and what comes after its colon. */
const SENTENCE = /^((?:[^:]{1,24}: (?=[A-Z][a-z]+ ))?(?:(?!: ).)*)(?:: (.*))?$/s;
/** Names of errors of the system, such as ECONNREFUSED. */
const CODE = /\bE[A-Z]{4,}\b/;

export function told(text: string): Told {
  const [, plain = text, reason = ""] = SENTENCE.exec(text) ?? [];
  return CODE.test(plain) ? { plain: t.health.noAnswer, reason: text } : { plain, reason };
}
