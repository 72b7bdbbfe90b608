"""Starting it: what `make run` does for a newcomer, and what any other start insists on."""

import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from dashboard.run import SERVER
from tests.support.product import LONGEST_START, Run, environment, free_port, started
from tests.support.sandbox import ROOT, Sandbox, running_sandbox

A_REAL_START = {
    "FLOWTLY_BASE_URL": "https://flowtly.example",
    "FLOWTLY_USERNAME": "dashboard",
    "FLOWTLY_PASSWORD": "a-password",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "back-office.example",
    "TLS": "on",
}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A VAR in which it has run once before."""
    var = tmp_path_factory.mktemp("var")
    began = time.monotonic()
    with started(var, WEB_PROCESSES="1") as run:
        run.wait_until_ready()
        (var / "first.seconds").write_text(str(time.monotonic() - began))
        (var / "first.log").write_text(run.said)
    yield var


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def processes_of(run: Run) -> list[int]:
    """Whatever on this machine was started with this run's own environment."""
    mark = f"VAR={run.log.parent}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue  # it has ended meanwhile, or is not ours to look at
    return found


def databases(var: Path) -> dict[str, int]:
    """The files in which data is kept; one that is made anew has another number."""
    return {file.name: file.stat().st_ino for file in var.glob("*.sqlite3")}


def people_in(var: Path, host: str) -> str:
    """The user names in the database that a run against this host keeps there."""
    with closing(sqlite3.connect(var / f"dashboard-{host}.sqlite3")) as database:
        return str([name for (name,) in database.execute("SELECT username FROM accounts_person")])


def python(*arguments: str, **settings: str) -> str:
    """What a command says, whatever comes of it."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )
    return done.stdout


# --- make run -----------------------------------------------------------------------------------------------


def test_the_first_start_says_where_it_is_what_it_talks_to_and_who_may_sign_in(used: Path) -> None:
    said = (used / "first.log").read_text()
    assert re.search(r"http://localhost:\d+/", said)
    assert re.search(r"Talking to the embedded sandbox at http://127\.0\.0\.1:\d+", said)
    for name in ("admin", "backoffice", "accounts", "finance", "viewer"):
        assert re.search(rf"\b{name}\b", said), name
    assert "the password is demo" in said


def test_the_secret_key_is_for_its_owner_alone(used: Path) -> None:
    key = used / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) >= 50


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_later_start_is_quick_keeps_the_data_and_ends_whole_when_told(
    used: Path, how: signal.Signals
) -> None:
    key, kept, port = (used / "secret_key").read_text(), databases(used), free_port()
    began = time.monotonic()
    with started(used, WEB_PROCESSES="1", SANDBOX_PORT=str(port)) as run:
        run.wait_until_ready()
        # The first had tables to make and people to add.
        assert time.monotonic() - began < 2 * float((used / "first.seconds").read_text())
        assert (used / "secret_key").read_text() == key
        assert databases(used) == kept
        with urlopen(f"{run.address}/accounts/login/", timeout=120) as answer:
            assert answer.status == 200
        assert listens(port) and listens(run.port)
        assert len(processes_of(run)) >= 4  # itself, the sandbox, the server and its worker
        assert run.end(how) == 0
        assert processes_of(run) == []
    assert not listens(port) and not listens(run.port)


def test_it_calls_reconcile_over_and_over(used: Path) -> None:
    with closing(sqlite3.connect(used / "dashboard-sandbox.sqlite3")) as database:
        with started(used, WEB_PROCESSES="1", RECONCILE_MINUTES="0.01") as run:
            run.wait_until_ready()
            for _twice in range(2):
                with database:
                    database.execute(
                        "INSERT INTO audit_saving VALUES ('of somebody who died', 'x', '2001-01-01')"
                    )
                waited = 0.0
                while database.execute("SELECT 1 FROM audit_saving").fetchone() and waited < LONGEST_START:
                    with suppress(subprocess.TimeoutExpired):
                        assert run.process.wait(0.1) is None, run.said
                    waited += 0.1
                assert database.execute("SELECT 1 FROM audit_saving").fetchone() is None
        assert processes_of(run) == []


def test_a_port_that_is_in_use_is_said_in_words(used: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with started(used, PORT=str(port)) as run:
            assert run.process.wait(30) == 1
            assert run.said.strip() == f"Port {port} is in use. Set PORT to another one."


@pytest.fixture(scope="module")
def other_api() -> Iterator[Sandbox]:
    """An API that was there already."""
    with running_sandbox() as sandbox:
        yield sandbox


def test_with_an_api_of_its_own_no_sandbox_is_started_and_nobody_is_made(
    tmp_path: Path, other_api: Sandbox
) -> None:
    settings = {
        "FLOWTLY_BASE_URL": other_api.base_url,
        "FLOWTLY_USERNAME": "sandbox",
        "FLOWTLY_PASSWORD": "sandbox",
    }
    with started(tmp_path, WEB_PROCESSES="1", **settings) as run:
        run.wait_until_ready()
        assert f"Talking to the API at {other_api.base_url}" in run.said
        assert "createsuperuser" in run.said
        assert "the password is demo" not in run.said
        commands = [Path(f"/proc/{each}/cmdline").read_bytes() for each in processes_of(run)]
        assert not any(b"dashboard.sandbox" in command for command in commands)
        assert not list(tmp_path.glob("sandbox*"))
    assert people_in(tmp_path, "127.0.0.1") == "[]"


# --- Any other start ----------------------------------------------------------------------------------------


def check(**settings: str) -> str:
    return python("manage.py", "check", **settings)


def test_a_start_that_says_nothing_is_told_one_thing_after_the_other() -> None:
    assert "FLOWTLY_BASE_URL is not set" in check()
    api = {name: A_REAL_START[name] for name in ("FLOWTLY_BASE_URL", "FLOWTLY_USERNAME", "FLOWTLY_PASSWORD")}
    assert "FLOWTLY_USERNAME with FLOWTLY_PASSWORD, or FLOWTLY_TOKEN" in check(
        FLOWTLY_BASE_URL=api["FLOWTLY_BASE_URL"]
    )
    assert "SECRET_KEY is not set" in check(**api)
    assert "ALLOWED_HOSTS is not set" in check(**api, SECRET_KEY="k" * 50)
    assert "no issues" in check(**A_REAL_START)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"FLOWTLY_BASE_URL": "http://flowtly.example"}, "must begin with https://"),
        ({"FLOWTLY_BASE_URL": "ftp://127.0.0.1"}, "must begin with https://"),
        ({"FLOWTLY_TOKEN": "a-token"}, "FLOWTLY_TOKEN or FLOWTLY_USERNAME with FLOWTLY_PASSWORD, not both"),
        ({"DEMO_PASSWORD": "demo"}, "DEMO_PASSWORD is for the embedded sandbox alone"),
        ({"DEMO_PASSWORD": "a long enough sentence"}, "DEMO_PASSWORD is for the embedded sandbox alone"),
        ({"SANDBOX": "on"}, "SANDBOX=on is for the embedded sandbox alone"),
        (
            {"SANDBOX": "on", "FLOWTLY_BASE_URL": "http://localhost:8080"},
            "SANDBOX=on is for the embedded sandbox",
        ),
        ({"FLOWTLY_PASSWORD": ""}, "FLOWTLY_USERNAME with FLOWTLY_PASSWORD, or FLOWTLY_TOKEN"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(settings: dict[str, str], words: str) -> None:
    said = check(**{**A_REAL_START, **settings})
    assert words in said
    assert "no issues" not in said


def modes(var: Path) -> dict[str, int]:
    found = [var, *(file for file in var.rglob("*") if file.is_file())]
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in found}


def test_migrating_makes_a_folder_and_files_that_nobody_else_can_read(tmp_path: Path) -> None:
    var = tmp_path / "of" / "a" / "fresh" / "clone"
    real = {**A_REAL_START, "VAR": str(var)}
    assert python("manage.py", "prepare", **real) == ""
    found = modes(var)
    assert "dashboard.sqlite3" in found
    assert found.pop("clone") == 0o700
    assert {name: mode for name, mode in found.items() if mode & 0o077 and "sqlite3" in name} == {}
    for file in (var, var / "dashboard.sqlite3"):  # as an older version left them
        file.chmod(0o755)
    (var / "sandbox.sqlite3").touch(0o644)
    assert python("manage.py", "prepare", **real) == ""
    found = modes(var)
    assert [found[name] for name in ("clone", "dashboard.sqlite3", "sandbox.sqlite3")] == [
        0o700,
        0o600,
        0o600,
    ]


def test_what_make_run_keeps_nobody_else_can_read(used: Path) -> None:
    assert {name: mode for name, mode in modes(used).items() if mode & 0o077 and "sqlite3" in name} == {}
    assert "sandbox.sqlite3" in modes(used)


def test_the_documented_line_starts_the_server_as_make_run_does() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    line = re.search(r"bin/gunicorn dashboard\.wsgi((?:.*\\\n)*.*)", page)
    assert line
    assert " ".join(SERVER) in " ".join(line[1].replace("\\", "").split())


def test_a_person_with_the_demo_password_keeps_a_real_api_from_being_served(tmp_path: Path) -> None:
    real = {**A_REAL_START, "VAR": str(tmp_path), "PATH": os.environ["PATH"]}
    serving = ("-c", "import dashboard.wsgi; print('it serves')")
    assert python("manage.py", "prepare", **real) == ""
    assert "it serves" in python(*serving, **real)
    tried_out = {"FLOWTLY_BASE_URL": "http://127.0.0.1:9", "FLOWTLY_USERNAME": "sandbox", "SANDBOX": "on"}
    assert python("manage.py", "demo_people", **{**real, **tried_out}) == ""
    said = python(*serving, **real)
    assert "it serves" not in said
    assert "still have the demo password: " in said
    assert "backoffice" in said
