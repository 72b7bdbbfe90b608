"""A server that says exactly the bytes it is told to, and remembers what it was asked."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# Seconds for which a server that does not end goes on. A call that was ended by its own limit, which is a small part
# of it, ends long before, however busy the machine is.
ENDLESS = 60.0
LONG_BEFORE = ENDLESS / 4


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Script = Callable[[Asked, "Wire"], None]


@dataclass
class Wire:
    """The connection a script talks through. It stays open after the script unless the script ends it."""

    connection: socket.socket
    gone: threading.Event
    open: bool = True

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes, pause: float = 0.1) -> None:
        """A byte at a time, until all is sent, the caller leaves or the server ends."""
        for at in range(len(data)):
            self.send(data[at : at + 1])
            if self.gone.wait(pause):
                return

    def hang(self) -> None:
        self.gone.wait(ENDLESS)

    def close(self) -> None:
        self.open = False

    def reset(self) -> None:
        """Ends the connection with a RST."""
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.open = False


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; header names with underscores for dashes."""
    named = {"Content-Length": str(len(body)), "Content-Type": "application/ld+json"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Any\r\n{head}\r\n".encode("latin-1") + body


def says(status: int = 200, body: Any = None, **headers: str) -> Script:
    """A script that answers at once. `body`: bytes as they are, anything else as JSON, None for none."""
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda asked, wire: wire.send(answer(status, content, **headers))


def sends(data: bytes) -> Script:
    """A script that sends these bytes and closes."""

    def script(asked: Asked, wire: Wire) -> None:
        wire.send(data)
        wire.close()

    return script


@dataclass
class RawServer:
    """`script` answers each request; `then` answers them in turn, the last one for good."""

    script: Script = field(default_factory=lambda: says(404))
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    base_url: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)
    _open: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def then(self, *scripts: Script) -> None:
        turns = iter(scripts)
        state = {"now": next(turns)}
        lock = threading.Lock()
        first = [True]

        def script(asked: Asked, wire: Wire) -> None:
            with lock:
                if not first[0]:
                    state["now"] = next(turns, state["now"])
                first[0] = False
                now = state["now"]
            now(asked, wire)

        self.script = script

    def routes(self, routes: dict[str, Script]) -> None:
        """By "METHOD /path"; anything else is a 404."""
        self.script = lambda asked, wire: routes.get(f"{asked.method} {asked.path}", says(404))(asked, wire)

    def paths(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.asked]

    def serve(self, listener: socket.socket) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        wire = Wire(connection, self._ended)
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = connection.makefile("rb")
            with stream:
                while wire.open and (asked := _read(stream)) is not None:
                    with self._lock:
                        self.asked.append(asked)
                    self.script(asked, wire)

    def end(self) -> None:
        self._ended.set()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _read(stream: Any) -> Asked | None:
    line = stream.readline().decode("latin-1").split()
    if len(line) < 2:
        return None
    headers = {}
    while (header := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(line[0], line[1], headers, stream.read(int(headers.get("content-length", "0"))))


@contextmanager
def raw_server(script: Script | None = None) -> Iterator[RawServer]:
    server = RawServer() if script is None else RawServer(script)
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    server.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    threading.Thread(target=server.serve, args=(listener,), daemon=True).start()
    try:
        yield server
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes accept, which a mere close does not
        listener.close()
        server.end()


@contextmanager
def nobody() -> Iterator[str]:
    """The address of a port where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def blackhole() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def walled_off() -> Iterator[str]:
    """The address of a port that does not even take connections: its queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def stopwatch() -> Callable[[], float]:
    started = time.monotonic()
    return lambda: time.monotonic() - started
