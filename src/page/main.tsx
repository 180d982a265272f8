/** Entry of the page: one connection, one log of commands, one tree of views. */
import { render } from "preact";
import { App } from "./app.js";
import { Chat } from "./live/chat.js";
import { CommandLog } from "./live/command-log.js";
import { Connection } from "./live/connection.js";
import { showWantedLanguage } from "./language/choice.js";
import { microphoneOf } from "./audio/ears.js";
import { RoomSeat } from "./room/room-seat.js";
import { VoiceAudio } from "./audio/voice-audio.js";
import "./style.css";
import "./shell.css";
import "./views/controls.css";
import "./toast.css";

const place = document.getElementById("app");
if (!place) throw new Error("index.html has no #app");
try {
  await showWantedLanguage();
} catch (error) {
  // English is always there; the next opening of the page tries again.
  console.warn("no texts in the language of this browser:", error);
}
const connection = new Connection();
const log = new CommandLog(connection);
const chat = new Chat(connection);
const audio = new VoiceAudio(connection);
const microphone = microphoneOf(connection, audio);
const seat = new RoomSeat({
  elsewhere: (isInRoom) => {
    audio.elsewhere(isInRoom);
    // It would hear the robots of the room, and could not tell them from somebody who speaks.
    if (isInRoom) microphone.setHandsFree(false);
  },
});
const parts = { connection, log, chat, audio, microphone, seat };
render(<App {...parts} />, place);
connection.start();
audio.start();
