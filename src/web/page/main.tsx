/** Entry of the page: one connection, one log of commands, one tree of views. */
import { render } from "preact";
import { App } from "./app.js";
import { Chat } from "./chat.js";
import { CommandLog } from "./command-log.js";
import { Connection } from "./connection.js";
import { VoiceAudio } from "./voice-audio.js";
import "./style.css";

const place = document.getElementById("app");
if (!place) throw new Error("index.html has no #app");
const connection = new Connection();
const log = new CommandLog(connection);
const chat = new Chat(connection);
const audio = new VoiceAudio(connection);
render(<App connection={connection} log={log} chat={chat} audio={audio} />, place);
connection.start();
audio.start();
