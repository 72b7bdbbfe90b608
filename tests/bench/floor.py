"""The floor under a browser row: a server that holds the answers of the product ready, byte for byte, and computes
nothing. No page can be there before the same page from here."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.bench.measuring import Caller, Reply

# What a browser minds. The rest is the server's own.
KEPT = ("content-type", "content-encoding", "cache-control", "etag", "vary", "content-security-policy")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # with the next line: one packet an answer, and none that waits for the one before
    disable_nagle_algorithm = True
    replies: dict[str, Reply]

    def do_GET(self) -> None:
        reply = self.replies.get(self.path)
        self.send_response(reply.status if reply else 404)
        headers = reply.headers if reply else {}
        for name in KEPT:
            if name in headers:
                self.send_header(name, headers[name])
        body = reply.body if reply else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        pass


@contextmanager
def floor(caller: Caller, paths: list[str]) -> Iterator[str]:
    """The address of a server with what this caller is answered at these paths."""
    kind = type("Recorded", (Handler,), {"replies": {path: caller.get(path) for path in paths}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
