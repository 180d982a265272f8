/** Entry of the page: one connection, one log of commands, one tree of views. */
import { render } from "preact";
import { App } from "./app.js";
import { Chat } from "./live/chat.js";
import { CommandLog } from "./live/command-log.js";
import { Connection } from "./live/connection.js";
import { Microphone } from "./audio/microphone.js";
import { VoiceAudio } from "./audio/voice-audio.js";
import "./style.css";
import "./shell.css";
import "./views/controls.css";
import "./toast.css";

const place = document.getElementById("app");
if (!place) throw new Error("index.html has no #app");
const connection = new Connection();
const log = new CommandLog(connection);
const chat = new Chat(connection);
const audio = new VoiceAudio(connection);
const microphone = new Microphone(() => {
  const isElsewhere = !audio.view.isPlayer && connection.view.state?.voice?.state === "speaking";
  return isElsewhere ? "unknown" : audio.ownSound();
});
let isTaken = false;
let begun = 0;
// Whatever view is looked at: what somebody says is not talked over. Told once for each utterance.
microphone.subscribe(() => {
  const { kind } = microphone.state;
  const wasTaken = isTaken;
  isTaken = kind === "recording" || kind === "understanding";
  if (isTaken && (!wasTaken || microphone.begun !== begun)) audio.listening(true);
  else if (!isTaken && wasTaken) audio.listening(false);
  begun = microphone.begun;
});
const parts = { connection, log, chat, audio, microphone };
render(<App {...parts} />, place);
connection.start();
audio.start();
