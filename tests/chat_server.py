"""A scripted server over HTTP on loopback: OpenAI's chat API or Ollama's, faults included."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

MODELS = [
    {"name": "tiny:135m", "details": {"parameter_size": "134.5M"}},
    {"name": "good:4b", "details": {"parameter_size": "4.0B"}},
]


class _Handler(BaseHTTPRequestHandler):
    scripts: ClassVar[list[dict[str, Any]]]
    requests: ClassVar[list[dict[str, Any]]]
    closed: ClassVar[threading.Event]

    def do_GET(self) -> None:
        if self.path == "/api/tags":
            self._send(200, {"models": self.scripts[0].get("models", MODELS)})
        elif self.path == "/props" and "context" in self.scripts[0]:
            self._send(200, {"default_generation_settings": {"n_ctx": self.scripts[0]["context"]}})
        elif self.path == "/v1/models":
            self._send(200, {"object": "list", "data": [{"id": "served", "object": "model"}]})
        else:
            self._send(404, {"error": "no such page"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/show":
            shown: dict[str, Any] = {"model_info": {"llama.context_length": 32768}}
            if "size" in self.scripts[0]:
                shown["details"] = {"parameter_size": self.scripts[0]["size"]}
            self._send(200, shown)
            return
        if self.path == "/v1/responses" and "responses" not in self.scripts[0]:
            self._send(404, {"error": {"message": "no such page"}})
            return
        played = len(self.requests)
        self.requests.append(
            {
                **body,
                "authorization": self.headers.get("Authorization"),
                "headers": dict(self.headers),
                "path": self.path,
            }
        )
        script = self.scripts[min(played, len(self.scripts) - 1)]
        time.sleep(script.get("wait", 0))
        if script.get("status", 200) != 200:
            error = {"message": script.get("error", "scripted"), "type": "x"}
            self._send(script["status"], {"error": error}, script.get("headers", {}))
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            self._play(script)
        except (BrokenPipeError, ConnectionResetError):
            self.closed.set()

    def _play(self, script: dict[str, Any]) -> None:
        ollama = self.path == "/api/chat"
        if "raw" in script:
            self.wfile.write(script["raw"].encode())
            return
        for piece in script.get("pieces") or [f"{word} " for word in script["text"].split(" ")]:
            if ollama:
                self._line({"message": {"role": "assistant", "content": piece}, "done": False})
            elif self.path == "/v1/responses":
                self._told({"type": "response.output_text.delta", "delta": piece})
            else:
                self._event({"delta": {"content": piece}, "finish_reason": None})
            time.sleep(script.get("pause", 0))
        time.sleep(script.get("hang", 0))
        if script.get("cut"):
            return
        finish = script.get("finish", "stop")
        read, written = script.get("usage", (0, 0))
        if ollama:
            self._line({"message": {"content": ""}, "done": True, "done_reason": finish})
        elif self.path == "/v1/responses":
            whole = finish == "stop"
            used = {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}
            reason = {"length": "max_output_tokens"}.get(finish, finish)
            self._told(
                {
                    "type": f"response.{'completed' if whole else 'incomplete'}",
                    "response": {
                        "id": "r", "object": "response", "output": [], "usage": used,
                        "incomplete_details": None if whole else {"reason": reason},
                    },
                }
            )  # fmt: skip
        else:
            self._event({"delta": {}, "finish_reason": finish})
            if "usage" in script:
                used = {"prompt_tokens": read, "completion_tokens": written}
                self._event(None, usage={**used, "total_tokens": read + written})
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, choice: dict[str, Any] | None, **more: Any) -> None:
        event = {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [] if choice is None else [{"index": 0, **choice}],
            **more,
        }
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

    def _told(self, event: dict[str, Any]) -> None:
        """An event of the Responses API."""
        self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

    def _line(self, value: dict[str, Any]) -> None:
        self.wfile.write(f"{json.dumps(value)}\n".encode())

    def _send(
        self, status: int, value: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


class Requests(list[dict[str, Any]]):
    """What a server was asked; `closed` is set once a client left in the middle of a reply."""

    closed: threading.Event


@contextmanager
def chat_server(*scripts: dict[str, Any], **script: Any) -> Iterator[tuple[str, Requests]]:
    """(base URL, requests received) of a server that plays `scripts` in turn, the last for ever.

    Keys: text, pieces (it, as it is sent), usage (tokens read, written), status, error (its
    message), headers, wait (seconds before), pause (between words), hang (before the end), cut (end
    without a finish reason), finish, raw; context, models and size of the first are the server's,
    and so is responses, without which it has only the API of chat completions.
    """
    requests = Requests()
    requests.closed = threading.Event()
    namespace = {
        "scripts": list(scripts) or [script],
        "requests": requests,
        "closed": requests.closed,
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), namespace))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", requests
    finally:
        server.shutdown()
        server.server_close()
