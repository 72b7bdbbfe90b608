"""The parts put together: store, seed, API, faults and control behind one server."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from dashboard.sandbox.api import Api
from dashboard.sandbox.control import PREFIX, Control, Log
from dashboard.sandbox.fault_delivery import Struck, play
from dashboard.sandbox.faults import Faults
from dashboard.sandbox.messages import Answer, Request
from dashboard.sandbox.names import Names, Switches
from dashboard.sandbox.seed import facts_of, seeded
from dashboard.sandbox.server import Connection, Server
from dashboard.sandbox.store import Store
from dashboard.sandbox.tokens import Tokens


@dataclass(frozen=True)
class Options:
    port: int
    database: Path
    durable: bool
    clients: int
    username: str
    password: str
    token: str | None
    control: bool


class Process:
    def __init__(self, options: Options, names: Names, switches: Switches) -> None:
        self._options = options
        self._names = names
        self._template: sqlite3.Connection | None = None
        self._store = Store(options.database, options.durable)
        if not self._store.is_seeded():
            self._reset()
        elif self._store.fact("names") != facts_of(names):
            raise SystemExit(
                f"{options.database} was filled under other names: give the same ones, or a new file."
            )
        self._faults, self._log = Faults(), Log()
        tokens = Tokens(options.username, options.password, options.token)
        self._api = Api(names, switches, self._store, tokens)
        self._control = Control(self._api, self._faults, self._log, self._reset)
        self._server = Server(options.port, self._exchange, self._store.close_thread)
        self.port = self._server.port

    def serve(self) -> None:
        self._server.serve()

    def stop(self) -> None:
        self._server.stop()

    def _reset(self) -> None:
        """Copies the seed over the database; the seed is made once and kept in memory while control is on."""
        template = self._template or seeded(self._options.clients, self._names)
        self._store.restore(template)
        if self._options.control:
            self._template = template
        else:
            template.close()

    def _exchange(self, connection: Connection, request: Request) -> None:
        if self._options.control and request.raw_path.startswith(PREFIX):
            connection.send(self._control.answer(request))
            return
        path = self._api.local_path(request) or request.raw_path
        entry = self._log.add(request, path) if self._options.control else None
        if self._api.switches.latency:
            time.sleep(self._api.switches.latency / 1000)
        fault = self._faults.take(request.method, path)

        def note(status: int) -> None:
            """Before the answer leaves, so that who reads it finds the log complete."""
            if entry:
                entry.status = status

        if fault is None:
            answer = self._act(request, True)
            note(answer.status)
            connection.send(answer, request.method == "HEAD")
            return
        shape = self._api.switches.errors
        struck = Struck(connection, request, lambda keep: self._act(request, keep), shape, note)
        play(self._faults, fault, struck)

    def _act(self, request: Request, keep: bool) -> Answer:
        return self._api.answer(request, keep)
