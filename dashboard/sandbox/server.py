"""HTTP/1.1 server over sockets: one thread a connection, kept alive, each answer in a single write.

h11 reads the requests. Answers are written without it: a fault sends what it would never let through.
"""

import contextlib
import socket
import threading
from collections.abc import Callable

import h11

from dashboard.sandbox.messages import Answer, Request

LARGEST_HEAD = 64 * 1024
LARGEST_BODY = 64 * 1024 * 1024
AT_ONCE = 256 * 1024
IDLE = 120.0

Exchange = Callable[["Connection", Request], None]


class Connection:
    """One caller: reads requests off the socket, writes answers onto it."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer
        self.open = True
        self._received = b""  # of the next request

    def read(self) -> Request | None:
        """The next request; None when the caller has gone."""
        parser = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEAD)
        if self._received:
            parser.receive_data(self._received)
        head = self._event(parser)
        if not isinstance(head, h11.Request):
            return None
        body = bytearray()
        while isinstance(part := self._event(parser), h11.Data):
            body += part.data
            if len(body) > LARGEST_BODY:
                raise h11.RemoteProtocolError("too large", error_status_hint=413)
        self._received = parser.trailing_data[0]
        self.open = parser.their_state is not h11.MUST_CLOSE
        headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
        return Request(head.method.decode(), head.target.decode(), headers, bytes(body))

    def send(self, answer: Answer, head_only: bool = False) -> None:
        self.write(answer.head(self.open) + (b"" if head_only else answer.body))

    def write(self, data: bytes) -> None:
        try:
            self.peer.sendall(data)
        except OSError:
            self.open = False

    def caller_left(self, seconds: float) -> bool:
        """Waits; True as soon as the caller hangs up."""
        self.peer.settimeout(max(seconds, 0.001))
        try:
            data = self.peer.recv(AT_ONCE)
        except TimeoutError:
            return False
        except OSError:
            return True
        finally:
            with contextlib.suppress(OSError):
                self.peer.settimeout(IDLE)
        self._received += data
        return not data

    def _event(self, parser: h11.Connection) -> object:
        while (event := parser.next_event()) is h11.NEED_DATA:
            if parser.they_are_waiting_for_100_continue:
                self.write(parser.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            parser.receive_data(self.peer.recv(AT_ONCE))
        return event


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
        except h11.RemoteProtocolError as malformed:
            connection.open = False
            connection.send(Answer(malformed.error_status_hint))
        except OSError:
            pass  # the caller broke off
        finally:
            with contextlib.suppress(OSError):
                peer.close()
            self._finished()
