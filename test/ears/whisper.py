"""A real Whisper behind the door that Buddy knows: POST /v1/audio/transcriptions of a WAV file, {"text": ...} back.

For the long runs only. It serves on loopback, prints its address, and ends when its standard input closes.
Run: python whisper.py MODEL_FOLDER
"""

import json
import sys
import threading
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

from faster_whisper import WhisperModel

BODY_BYTES_MAX = 4 * 1024 * 1024
MODEL = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=2)
ONE_AT_A_TIME = threading.Lock()


def words_of(wav: bytes) -> str:
    with ONE_AT_A_TIME:
        segments, _ = MODEL.transcribe(
            BytesIO(wav),
            language="en",
            beam_size=1,
            temperature=0,
            condition_on_previous_text=False,
        )
        return "".join(segment.text for segment in segments).strip()


class Door(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        if self.path != "/v1/audio/transcriptions" or not 0 < length <= BODY_BYTES_MAX:
            return self.answer(404, {"error": {"message": f"no {self.path} of {length} bytes"}})
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + self.rfile.read(length))
        for part in form.iter_parts():
            if part.get_param("name", header="content-disposition") == "file":
                return self.answer(200, {"text": words_of(part.get_payload(decode=True))})
        return self.answer(400, {"error": {"message": "expected a form with a file"}})

    def answer(self, status: int, body: dict) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
# Whoever started it holds the other end.
sys.stdin.read()
