"""A scripted server that speaks OpenAI's chat API over HTTP on loopback, faults included."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


class _Handler(BaseHTTPRequestHandler):
    script: ClassVar[dict[str, Any]]
    requests: ClassVar[list[dict[str, Any]]]

    def do_GET(self) -> None:
        self._send(200, {"object": "list", "data": [{"id": "served-model", "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append({**body, "authorization": self.headers.get("Authorization")})
        script = self.script
        time.sleep(script.get("wait", 0))
        if script.get("status", 200) != 200:
            self._send(script["status"], {"error": {"message": "scripted", "type": "x"}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if "raw" in script:
            self.wfile.write(script["raw"].encode())
            return
        for word in script["text"].split(" "):
            self._event({"delta": {"content": f"{word} "}, "finish_reason": None})
        if not script.get("cut"):
            self._event({"delta": {}, "finish_reason": script.get("finish", "stop")})
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, choice: dict[str, Any]) -> None:
        event = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [{"index": 0, **choice}],
        }
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

    def _send(self, status: int, value: dict[str, Any]) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@contextmanager
def chat_server(**script: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(base URL, requests received) of a server that plays `script`.

    Keys: text, status, wait (seconds), cut (end without a finish reason), finish, raw.
    """
    requests: list[dict[str, Any]] = []
    handler = type("Handler", (_Handler,), {"script": script, "requests": requests})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", requests
    finally:
        server.shutdown()
        server.server_close()
