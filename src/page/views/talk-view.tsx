/** Talk: Buddy itself beside the conversation with it. */
import type { JSX } from "preact";
import type { Microphone } from "../audio/microphone.js";
import type { VoiceAudio } from "../audio/voice-audio.js";
import type { Chat } from "../live/chat.js";
import type { Connection } from "../live/connection.js";
import { ChatView } from "./chat-view.js";
import { Opening } from "./opening-view.js";
import { StageView } from "./stage-view.js";
import { VoiceView } from "./voice-view.js";
import "./talk.css";

interface TalkProps {
  readonly connection: Connection;
  readonly chat: Chat;
  readonly audio: VoiceAudio;
  readonly microphone: Microphone;
}

export function TalkView({ connection, chat, audio, microphone }: TalkProps): JSX.Element {
  return (
    <div class="talk-view">
      <StageView connection={connection} />
      <ChatView connection={connection} chat={chat} opening={<Opening connection={connection} />}>
        <VoiceView connection={connection} audio={audio} microphone={microphone} />
      </ChatView>
    </div>
  );
}
