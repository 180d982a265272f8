/** How a reply begins that is a thought whose opening mark the template has kept to itself. */

const THOUGHTFUL =
  /^\s*(?:(?:okay|ok|alright|hmm+|so|let me|let's|first|now|wait)\b[^]{0,90}\b(?:the )?(?:user|human|person|they|he|she)\b|(?:the )?(?:user|human)\b|(?:we|i) (?:should|need to|have to|must)\b|let me (?:think|see|break|analy)|(?:der|die) (?:nutzer|benutzer|person)\b)/i;
/** By then a thought has shown itself. */
const OPENING_CHARS = 120;

/** What begins like this waits for the end of the thought, or of the reply. */
export function isThoughtful(opening: string): boolean {
  return THOUGHTFUL.test(opening);
}

/** By the end of the first sentence a thought has shown itself, unless that was "Hmm." only. */
export function isOpeningOver(opening: string): boolean {
  return opening.length > OPENING_CHARS || /^[^]{12,}[.!?]\s/.test(opening);
}

/** Whether more words could make it a thought's beginning. */
export function mayBeThought(opening: string): boolean {
  const text = opening.trimStart().toLowerCase();
  if (text === "") return true;
  return THOUGHT_STARTS.some(
    (start) =>
      start.startsWith(text) ||
      text.startsWith(`${start} `) ||
      text.startsWith(`${start},`) ||
      text === start,
  );
}

const THOUGHT_STARTS = [
  "okay",
  "ok",
  "alright",
  "hmm",
  "hm",
  "so",
  "let me",
  "let's",
  "first",
  "now",
  "wait",
  "the user",
  "the human",
  "user",
  "human",
  "we should",
  "we need to",
  "we have to",
  "we must",
  "i should",
  "i need to",
  "i have to",
  "i must",
  "der nutzer",
  "der benutzer",
  "die person",
];
