"""Worker of the web server: gunicorn's own, that answers a request too long to be read with a page of ours."""

import socket
from contextlib import suppress

from django.template.loader import render_to_string
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

HEAD = (
    "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'\r\nX-Content-Type-Options: nosniff\r\n"
    "Cache-Control: no-store\r\nContent-Length: {length}\r\n\r\n"
)
MOST = 4_000_000  # bytes that are still read of it: more than any browser sends
PATIENCE = 2.0  # seconds


class Worker(ThreadWorker):  # type: ignore[misc]  # it has no types
    def handle_error(self, req: object, client: socket.socket, addr: object, exc: BaseException) -> None:
        if isinstance(exc, LimitRequestLine | LimitRequestHeaders):
            self.log.warning("A request was too long to be read: %s", exc)
            with suppress(OSError):
                _answer(client, render_to_string("414.html").encode())
        else:
            super().handle_error(req, client, addr, exc)


def _answer(client: socket.socket, page: bytes) -> None:
    """Sends the page, and takes in what is still coming: closed before that, the browser would show nothing of it."""
    client.settimeout(PATIENCE)
    client.sendall(HEAD.format(length=len(page)).encode() + page)
    client.shutdown(socket.SHUT_WR)
    left = MOST
    while left > 0 and (piece := client.recv(65_536)):
        left -= len(piece)
