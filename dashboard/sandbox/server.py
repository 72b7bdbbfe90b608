"""HTTP/1.1 over sockets: one thread a connection, kept alive, each answer in a single write."""

import contextlib
import socket
import threading
from collections.abc import Callable

from dashboard.sandbox.messages import Answer, Request

LARGEST_HEAD = 64 * 1024
LARGEST_BODY = 64 * 1024 * 1024
IDLE = 120.0

Exchange = Callable[["Connection", Request], None]


class Malformed(Exception):  # noqa: N818 - an outcome, not a mistake
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Connection:
    """One caller: reads requests off the socket, writes answers onto it."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer
        self.open = True
        self._buffer = b""

    def read(self) -> Request | None:
        """The next request; None when the caller has gone."""
        head = self._head()
        if head is None:
            return None
        lines = head.decode("latin-1").split("\r\n")
        method, target, version = _request_line(lines[0])
        headers = _headers(lines[1:])
        wishes = headers.get("connection", "").lower()
        self.open = "close" not in wishes and (version == "HTTP/1.1" or "keep-alive" in wishes)
        if headers.get("expect", "").lower() == "100-continue":
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return Request(method, target, headers, self._body(headers))

    def send(self, answer: Answer, head_only: bool = False) -> None:
        self.write(answer.encode(self.open, head_only))

    def write(self, data: bytes) -> None:
        try:
            self.peer.sendall(data)
        except OSError:
            self.open = False

    def caller_left(self, seconds: float) -> bool:
        """Waits; True as soon as the caller hangs up."""
        self.peer.settimeout(max(seconds, 0.001))
        try:
            data = self.peer.recv(65536)
        except TimeoutError:
            return False
        except OSError:
            return True
        finally:
            with contextlib.suppress(OSError):
                self.peer.settimeout(IDLE)
        self._buffer += data
        return not data

    def _head(self) -> bytes | None:
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > LARGEST_HEAD:
                raise Malformed(431)
            if not self._more():
                return None
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        return head.lstrip(b"\r\n")

    def _body(self, headers: dict[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._chunks()
        length = headers.get("content-length", "0")
        if not length.isdigit():
            raise Malformed(400)
        if int(length) > LARGEST_BODY:
            raise Malformed(413)
        return self._exactly(int(length))

    def _chunks(self) -> bytes:
        whole = b""
        while True:
            size = int(self._line().split(b";")[0] or b"0", 16)
            if len(whole) + size > LARGEST_BODY:
                raise Malformed(413)
            if size == 0:
                while self._line():
                    pass
                return whole
            whole += self._exactly(size)
            self._line()

    def _line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            if not self._more():
                raise Malformed(400)
        line, self._buffer = self._buffer.split(b"\r\n", 1)
        return line

    def _exactly(self, length: int) -> bytes:
        pieces, have = [self._buffer], len(self._buffer)
        while have < length:
            data = self.peer.recv(262144)
            if not data:
                raise Malformed(400)
            pieces.append(data)
            have += len(data)
        whole = b"".join(pieces)
        self._buffer = whole[length:]
        return whole[:length]

    def _more(self) -> bool:
        data = self.peer.recv(65536)
        self._buffer += data
        return bool(data)


class Server:
    def __init__(self, port: int, exchange: Exchange, finished: Callable[[], None]) -> None:
        self._exchange = exchange
        self._finished = finished
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.port: int = self._socket.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(peer,), daemon=True).start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _converse(self, peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.settimeout(IDLE)
        connection = Connection(peer)
        try:
            while connection.open and (request := connection.read()) is not None:
                self._exchange(connection, request)
        except Malformed as malformed:
            connection.open = False
            connection.send(Answer(malformed.status))
        except (OSError, ValueError):
            pass  # the caller broke off, or speaks something that is not HTTP
        finally:
            with contextlib.suppress(OSError):
                peer.close()
            self._finished()


def _request_line(line: str) -> tuple[str, str, str]:
    parts = line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Malformed(400)
    method, target, version = parts
    if target.startswith("http://"):
        target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
    return method, target, version


def _headers(lines: list[str]) -> dict[str, str]:
    headers = {}
    for line in lines:
        name, separator, value = line.partition(":")
        if not separator:
            raise Malformed(400)
        headers[name.strip().lower()] = value.strip()
    return headers
