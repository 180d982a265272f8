/** The owner's backups: which there are, a new one, one to keep elsewhere, one to go back to. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { BackupEntry, BackupList } from "../../backup/backup-desk.js";
import { count, fill, languageNow, number, t } from "../language/language.js";
import { ask } from "../live/ask.js";
import "./backups.css";

const PATH = "/api/backups";
/** Packing and checking read and write all there is. */
const WORK_MS_MAX = 300_000;
const SHOWN_MAX = 5;

export function BackupsView(): JSX.Element {
  const [list, setList] = useState<BackupList>();
  const [note, setNote] = useState("");
  const [asked, setAsked] = useState("");
  const [isBusy, setBusy] = useState(false);
  const take = (answer: BackupList | string, words = ""): void => {
    if (typeof answer === "string") return setNote(answer);
    setList(answer);
    setNote(words);
  };
  useEffect(() => void ask<BackupList>(PATH, undefined).then((answer) => take(answer)), []);
  const act = async (path: string, method: "POST" | "DELETE", words: string): Promise<void> => {
    setBusy(true);
    setNote(t.backups.works);
    take(await ask<BackupList>(path, {}, WORK_MS_MAX, method), words);
    setBusy(false);
  };
  const restore = (entry: BackupEntry): void => {
    setAsked("");
    void act(`${PATH}/${entry.name}/restore`, "POST", t.backups.checked);
  };
  const wanted = list?.backups.find(({ name }) => name === list.wanted);
  return (
    <section class="card backups" aria-labelledby="backups-title" data-testid="backups">
      <h2 id="backups-title">{t.backups.title}</h2>
      <p class="dim">{t.backups.what}</p>
      {wanted !== undefined && (
        <div class="backup-wanted level-warn" data-testid="backup-wanted">
          <p>{fill(t.backups.wanted, { when: moment(wanted.wallMs) })}</p>
          <button
            type="button"
            onClick={() => void act(`${PATH}/wanted`, "DELETE", t.backups.unwanted)}
          >
            {t.backups.unwant}
          </button>
        </div>
      )}
      <button
        type="button"
        aria-disabled={isBusy}
        onClick={() => void (!isBusy && act(PATH, "POST", t.backups.made))}
      >
        {t.backups.make}
      </button>
      {list?.backups.length === 0 && <p class="dim">{t.backups.none}</p>}
      <ul>
        {list?.backups.slice(0, SHOWN_MAX).map((entry) => (
          <li key={entry.name}>
            <span>
              {moment(entry.wallMs)} <span class="dim">{size(entry.bytes)}</span>
            </span>
            <a class="button" href={`${PATH}/${entry.name}`} download={entry.name}>
              {t.backups.download}
              <span class="unseen"> {moment(entry.wallMs)}</span>
            </a>
            <button
              type="button"
              aria-expanded={asked === entry.name}
              onClick={() => setAsked(asked === entry.name ? "" : entry.name)}
            >
              {t.backups.restore}
              <span class="unseen"> {moment(entry.wallMs)}</span>
            </button>
            {asked === entry.name && (
              <div class="backup-question" role="group" data-testid="backup-question">
                <p>{fill(t.backups.question, { when: moment(entry.wallMs) })}</p>
                <button type="button" onClick={() => restore(entry)}>
                  {t.backups.yes}
                </button>
                <button type="button" onClick={() => setAsked("")}>
                  {t.backups.no}
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {(list?.backups.length ?? 0) > SHOWN_MAX && (
        <p class="dim">{count(t.backups.older, (list?.backups.length ?? 0) - SHOWN_MAX)}</p>
      )}
      <p role="status" class="dim" data-testid="backups-note">
        {note}
      </p>
    </section>
  );
}

function moment(wallMs: number): string {
  return new Date(wallMs).toLocaleString(languageNow(), {
    dateStyle: "medium",
    timeStyle: "short",
  });
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${number(Math.ceil(bytes / 1000))} kB` : `${number(bytes / 1e6, 1)} MB`;
}
