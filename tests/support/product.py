"""The product as `make run` gives it, in processes of its own: the server, and the sandbox behind it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.sandbox import ROOT, Sandbox

READY = "Ctrl-C ends it."
LONGEST_START = 180.0


@dataclass(frozen=True)
class Run:
    """One `python -m dashboard.run`, and what it has said so far."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def sandbox(self) -> Sandbox:
        found = re.search(r"the embedded sandbox at (http://\S+)", self.said)
        assert found, self.said
        return Sandbox(found[1], found[1], {})

    def wait_until_ready(self) -> None:
        """Until it has greeted, or has ended without."""
        waited = 0.0
        while READY not in self.said and waited < LONGEST_START:
            try:
                self.process.wait(0.05)
            except subprocess.TimeoutExpired:
                waited += 0.05
            else:
                break
        assert READY in self.said, f"It did not start:\n{self.said}"

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(180)


@contextmanager
def started(var: Path, **settings: str) -> Iterator[Run]:
    """Starts it with these settings and otherwise those of `.env.example`, whatever this machine has set."""
    var.mkdir(parents=True, exist_ok=True)
    port = int(settings.get("PORT") or free_port())
    log = var / "said.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.run"],
            cwd=ROOT,
            env=environment(VAR=str(var), **{**settings, "PORT": str(port)}),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    run = Run(process, port, log)
    try:
        yield run
    finally:
        run.end()


def environment(**settings: str) -> dict[str, str]:
    """What a newcomer has: the settings as `.env.example` gives them, and these. An `.env` here has no say."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **example, "PYTHONUNBUFFERED": "1", **settings}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
