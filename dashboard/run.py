"""`make run`: the whole product on this machine, from nothing.

Gives the settings what a newcomer has not set: a secret key of this machine, and, unless `FLOWTLY_BASE_URL` names
an API, the embedded sandbox. Ends what it started when it is told to end.
"""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import environ

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
# What a request may still need once the server has been told to stop.
GRACE = 30
# Of gunicorn, however many processes and wherever it listens; docs/operations.md has the same line.
SERVER = [
    "--worker-class", "dashboard.web.worker.Worker", "--limit-request-line", "8190",
    "--graceful-timeout", str(GRACE), "--log-level", "warning", "--no-control-socket",
]  # fmt: skip


class Told(BaseException):
    """Somebody asked us to end."""


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make run", description=__doc__)
    arguments.add_argument("--dev", action="store_true", help="reload when a file changes")
    dev = arguments.parse_args().dev
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, _told)
    environ.Env.read_env(ROOT / ".env")
    os.umask(0o077)  # what is kept is for whoever runs it
    started: list[subprocess.Popen[str]] = []
    try:
        return _serve(started, dev)
    except Told:
        say("\nEnding.")
        return 0
    finally:
        _end(started)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # this is what the person at the terminal reads


def _told(_signal: int, _frame: FrameType | None) -> None:
    raise Told


def _serve(started: list[subprocess.Popen[str]], dev: bool) -> int:
    port = _setting("PORT", "8000")
    if _taken(int(port)):
        say(f"Port {port} is in use. Set PORT to another one.")
        return 1
    var = Path(_setting("VAR", str(ROOT / "var")))
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _secret_key(var / "secret_key")
    _setting("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    sandbox = not os.environ.get("FLOWTLY_BASE_URL")
    if sandbox:
        started.append(_sandbox(var))
    host = "sandbox" if sandbox else urlsplit(os.environ["FLOWTLY_BASE_URL"]).hostname
    # The sandbox and a real API never share a database unless somebody says so.
    _setting("DATABASE_URL", f"sqlite:///{var / f'dashboard-{host}.sqlite3'}")
    if dev:
        os.environ["DEBUG"] = "on"
        os.environ["RISKS_ACCEPTED"] = ",".join(["debug", *os.environ.get("RISKS_ACCEPTED", "").split()])
    _manage("prepare")
    started.append(_gunicorn(port, dev))
    _greet(port, sandbox)
    _watch(started)
    say("A part of it has stopped by itself; see above.")
    return 1


def _watch(started: list[subprocess.Popen[str]]) -> None:
    """Until a part has stopped. Meanwhile `reconcile` settles what is open and takes away what has had its time; it may
    be ended at any moment."""
    every = 60 * float(_setting("RECONCILE_MINUTES", "5"))
    due, reconcile = time.monotonic() + every, None
    try:
        while all(process.poll() is None for process in started):
            time.sleep(0.2)
            if time.monotonic() >= due and (reconcile is None or reconcile.poll() is not None):
                due = time.monotonic() + every
                command = [PYTHON, "manage.py", "reconcile"]
                reconcile = subprocess.Popen(
                    command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
                )
    finally:
        if reconcile is not None:
            reconcile.kill()
            reconcile.wait()


def _setting(name: str, otherwise: str) -> str:
    """What the environment says; where it says nothing, what it says from now on."""
    os.environ[name] = os.environ.get(name) or otherwise
    return os.environ[name]


def _secret_key(file: Path) -> str:
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as new:
            new.write(secrets.token_urlsafe(50))
    return file.read_text()


def _sandbox(var: Path) -> subprocess.Popen[str]:
    database = os.environ.get("SANDBOX_DATABASE") or str(var / "sandbox.sqlite3")
    port = os.environ.get("SANDBOX_PORT") or "0"
    extra = os.environ.get("SANDBOX_OPTIONS", "").split()
    process = subprocess.Popen(
        [PYTHON, "-m", "dashboard.sandbox", "--port", port, "--database", database, *extra],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip().rpartition(" ")[2]
    if not address.startswith("http"):
        process.wait()
        raise SystemExit("The sandbox did not start; see above.")
    os.environ.update(
        FLOWTLY_BASE_URL=address,
        FLOWTLY_USERNAME="sandbox",
        FLOWTLY_PASSWORD="sandbox",  # noqa: S106  # the sandbox's own, and it listens on this machine alone
        FLOWTLY_TOKEN="",
        SANDBOX="on",
    )
    return process


def _manage(*arguments: str) -> None:
    done = subprocess.run([PYTHON, "manage.py", *arguments], cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def _gunicorn(port: str, dev: bool) -> subprocess.Popen[str]:
    command = [
        PYTHON, "-m", "gunicorn", "dashboard.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", os.environ.get("WEB_PROCESSES") or "2",
        "--threads", os.environ.get("WEB_THREADS") or "32",
        *SERVER,
        "--reload" if dev else "--preload",  # what is read once, before there are workers, cannot be read anew
    ]  # fmt: skip
    # Of the C library: else there are arenas for sixteen threads, and each keeps what it once held.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    process = subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True)
    while process.poll() is None and not _taken(int(port)):
        time.sleep(0.05)
    if process.poll() is not None:
        raise SystemExit("The server did not start; see above.")
    return process


def _greet(port: str, sandbox: bool) -> None:
    api = "the embedded sandbox" if sandbox else "the API"
    say(f"\n  Flowtly back office   http://localhost:{port}/")
    say(f"  Talking to {api} at {os.environ['FLOWTLY_BASE_URL']}")
    chosen = os.environ.get("DEMO_PASSWORD")
    if sandbox:
        say("  Sign in as admin, backoffice, backoffice2, accounts, finance, finance2 or viewer;")
        say(f"  the password is {'what DEMO_PASSWORD says' if chosen else 'demo'}.")
    else:
        say("  Sign in with an account made by: manage.py createsuperuser")
    say("  Ctrl-C ends it.\n")


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(started: list[subprocess.Popen[str]]) -> None:
    """Last started, first ended: the server finishes what it has in flight while the sandbox still answers."""
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    for process in reversed(started):
        process.terminate()
        try:
            process.wait(GRACE + 5)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())
