"""What is measured, each in a process of its own and started when a row first asks for it: the sandbox, the product
as `make run` starts it, and Django as it comes."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dashboard.run import SERVER
from tests.bench.measuring import Caller, tree
from tests.support.processes import postgres
from tests.support.product import environment, free_port, started
from tests.support.sandbox import ROOT, Sandbox, running_sandbox

KEPT = ROOT / "var" / "bench"
KEY = "a-key-for-the-bench-only-" + "x" * 40
PEOPLE = 200
ORGANIZATION, TENANT = "org_1001", "kwelgeest_7f3a"
CLIENTS = f"/o/{ORGANIZATION}/clients/"
# Of an audit log: with the first lines it is a short one.
FIRST_LINES, FIRST_DAY = 1000, date(2025, 1, 1)


@dataclass(frozen=True)
class Site:
    """A server, and the sessions of people who are signed in to it."""

    address: str
    pid: int
    sessions: dict[str, str]
    settings: dict[str, str]  # of its processes

    def caller(self, username: str = "admin") -> Caller:
        """Asks as a browser does, and stays signed in."""
        cookie = f"sessionid={self.sessions[username]}"
        return Caller(self.address, Cookie=cookie, Accept_Encoding="gzip", Accept="text/html")

    @property
    def everybody(self) -> list[str]:
        return [name for name in self.sessions if name.startswith("backoffice")]

    @property
    def pids(self) -> list[int]:
        """The server's, not those of what has started it."""
        return [pid for pid in tree(self.pid) if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@dataclass
class Stage:
    patience: float  # how many times as long as usual a row may take
    _open: ExitStack = field(default_factory=ExitStack)
    _sandbox: Sandbox | None = None
    _sites: dict[str, Site] = field(default_factory=dict)

    def times(self, usually: int) -> int:
        return max(round(usually * self.patience), 3)

    def seconds(self, usually: float) -> float:
        return max(usually * self.patience, 1.0)

    def sandbox(self, latency: float = 0) -> Sandbox:
        """The API without faults, answering after so many milliseconds."""
        if self._sandbox is None:
            self._sandbox = self._open.enter_context(running_sandbox())
        self._sandbox.clear_faults()
        self._sandbox.settings(latency=float(latency))
        return self._sandbox

    def api(self) -> Caller:
        """The API, asked without anything between."""
        return signed_in(self.sandbox())

    def product(self) -> Site:
        """The one that most rows share."""
        return self._site("product", product)

    def plain(self) -> Site:
        return self._site("plain", plain)

    def _site(self, name: str, start: Callable[[Sandbox], AbstractContextManager[Site]]) -> Site:
        if name not in self._sites:
            self._sites[name] = self._open.enter_context(start(self.sandbox()))
        return self._sites[name]

    def close(self) -> None:
        self._open.close()


def signed_in(sandbox: Sandbox) -> Caller:
    sent = json.dumps({"username": "sandbox", "password": "sandbox"}).encode()
    caller = Caller(sandbox.base_url, Accept="application/ld+json")
    reply = caller.send("POST", "/login", sent, {"Content-Type": "application/json"})
    caller.headers |= {"Authorization": f"Bearer {json.loads(reply.body)['token']}", "instance": TENANT}
    return caller


@contextmanager
def product(sandbox: Sandbox, database: str = "", people: int = PEOPLE, **settings: str) -> Iterator[Site]:
    """As `make run` starts it, with people in its database."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        own = {
            "DATABASE_URL": database or f"sqlite:///{name}/dashboard.sqlite3",
            "FLOWTLY_BASE_URL": sandbox.base_url,
            "FLOWTLY_USERNAME": "sandbox",
            "FLOWTLY_PASSWORD": "sandbox",
            "SECRET_KEY": KEY,
            **settings,
        }
        with started(Path(name), **own) as run:
            run.wait_until_ready()
            here = {"VAR": name, "DJANGO_SETTINGS_MODULE": "dashboard.settings", "ALLOWED_HOSTS": "localhost"}
            given = environment(**own, **here)
            yield Site(run.address, run.process.pid, _people("tests.bench.people", people, given), given)


@contextmanager
def on_postgres(sandbox: Sandbox) -> Iterator[Site]:
    with postgres() as database, product(sandbox, database) as site:
        yield site


@contextmanager
def plain(sandbox: Sandbox) -> Iterator[Site]:
    """Django as it comes, with the flags of our own server."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        given = environment(DATABASE=f"{name}/plain.sqlite3", API=sandbox.base_url, TENANT=TENANT)
        sessions = _people("tests.bench.plain.people", PEOPLE, given)
        port = free_port()
        command = [
            sys.executable, "-m", "gunicorn", "tests.bench.plain.site", "--bind", f"127.0.0.1:{port}",
            "--workers", "2", "--threads", "32", *SERVER[2:],
        ]  # fmt: skip
        process = subprocess.Popen(command, cwd=ROOT, env=given)
        try:
            _wait_for(port)
            yield Site(f"http://127.0.0.1:{port}", process.pid, sessions, given)
        finally:
            process.terminate()
            process.wait(60)


def _people(program: str, how_many: int, settings: dict[str, str]) -> dict[str, str]:
    """Their sessions."""
    command = [sys.executable, "-m", program, str(how_many)]
    return json.loads(subprocess.check_output(command, cwd=ROOT, env=settings, text=True))  # type: ignore[no-any-return]


def _wait_for(port: int) -> None:
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"Nothing listens at port {port}.")
