/** The public page: whole without its script, which only keeps it new. Everything from outside is escaped. */
import type { PublicAnswer } from "./home-core.js";

export function pageOf(answer: PublicAnswer): string {
  const { state, snapshot } = answer;
  const line = (name: string, title: string, value: string | undefined): string =>
    `<dt${value === undefined ? " hidden" : ""}>${title}</dt><dd id="${name}"${value === undefined ? " hidden" : ""}>${escaped(value ?? "")}</dd>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Buddy</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<main>
<h1>Buddy</h1>
<p id="text" role="status"${answer.isHome ? "" : ' class="away"'}>${escaped(answer.text)}</p>
<img id="snapshot" alt="What Buddy last saw" width="480" height="360"${snapshot === null ? " hidden" : ` src="/snapshot.jpg?of=${encodeURIComponent(snapshot.asOf)}"`}>
<p id="snapshot-age"${snapshot === null ? " hidden" : ""}>${snapshot === null ? "" : `Picture as of ${snapshot.asOf}.`}</p>
<dl>
${line("awake", "It is", state?.awake)}
${line("mood", "Mood", state?.mood?.toLowerCase())}
${line("thought", "Now", state?.thought)}
</dl>
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

export const PAGE_CSS = `body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;color:#222;background:#faf9f7}
main{max-width:30rem;margin:2rem auto;padding:0 1rem}
img{width:100%;height:auto;border-radius:.5rem;background:#ddd}
dl{display:grid;grid-template-columns:5rem 1fr}dt{color:#666}dd{margin:0}
.away{color:#8a3b00}[hidden]{display:none}
@media(prefers-color-scheme:dark){body{color:#eee;background:#1b1b1d}dt{color:#aaa}.away{color:#ffb37a}}
`;

/** Asks every 10 s. What it cannot reach it says; what it shows keeps its date. */
export const PAGE_JS = `"use strict";
const PERIOD_MS = 10000, LIMIT_MS = 8000;
const at = (id) => document.getElementById(id);
function show(id, value) {
  const isThere = value !== undefined && value !== null;
  at(id).hidden = !isThere;
  if (at(id).previousElementSibling?.tagName === "DT") at(id).previousElementSibling.hidden = !isThere;
  if (isThere) at(id).textContent = value;
}
async function look() {
  try {
    const response = await fetch("/api/public", { signal: AbortSignal.timeout(LIMIT_MS) });
    const { text, isHome, state, snapshot } = await response.json();
    if (!response.ok) throw new Error(response.status);
    at("text").textContent = text;
    at("text").className = isHome ? "" : "away";
    show("awake", state?.awake);
    show("mood", state?.mood?.toLowerCase());
    show("thought", state?.thought);
    show("snapshot-age", snapshot && "Picture as of " + snapshot.asOf + ".");
    at("snapshot").hidden = !snapshot;
    const source = snapshot && "/snapshot.jpg?of=" + encodeURIComponent(snapshot.asOf);
    if (source && at("snapshot").getAttribute("src") !== source) at("snapshot").src = source;
  } catch {
    at("text").className = "away";
    if (!at("text").textContent.startsWith("The edge"))
      at("text").textContent = "The edge cannot be reached. The last that it said: " + at("text").textContent;
  }
  setTimeout(look, PERIOD_MS);
}
setTimeout(look, PERIOD_MS);
`;

export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="8" width="24" height="18" rx="6" fill="#3b6ea5"/><circle cx="12" cy="17" r="3" fill="#fff"/><circle cx="20" cy="17" r="3" fill="#fff"/></svg>
`;
