"""Processes of the dashboard with a database of their own, and the PostgreSQL server some of them use."""

import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.product import environment
from tests.support.sandbox import ROOT

CLUSTERS = Path("/usr/lib/postgresql")


class Dashboard:
    """A dashboard without its pages: what its commands and workers do with this database and this API."""

    def __init__(self, database_url: str, var: Path, **settings: str) -> None:
        self.settings = environment(
            DATABASE_URL=database_url,
            VAR=str(var),
            SECRET_KEY="k" * 50,
            ALLOWED_HOSTS="localhost",
            DJANGO_SETTINGS_MODULE="dashboard.settings",
            **{"FLOWTLY_BASE_URL": "http://127.0.0.1:9", "FLOWTLY_USERNAME": "sandbox",
               "FLOWTLY_PASSWORD": "sandbox", **settings},
        )  # fmt: skip

    def start(self, program: str, *arguments: str) -> subprocess.Popen[str]:
        """A worker: the program runs with Django set up."""
        return self._popen("-c", f"import django; django.setup()\n{program}", *arguments)

    def run(self, program: str, *arguments: str) -> str:
        return self._said(self.start(program, *arguments), 0)

    def manage(self, *arguments: str, status: int = 0) -> str:
        """What a command says; it must end with this status."""
        return self._said(self._popen("manage.py", *arguments), status)

    def _popen(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _said(self, process: subprocess.Popen[str], status: int) -> str:
        said, _ = process.communicate(timeout=300)
        assert process.returncode == status, said
        return said


MakeDashboard = Callable[..., Dashboard]  # settings by name


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database on a server of our own. It listens on a socket in a folder and nowhere else."""
    found = sorted(CLUSTERS.glob("*/bin/initdb"))
    assert found, "PostgreSQL is not installed: `make test` says what to do"
    programs = found[-1].parent
    with TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        owner = _not_root(folder)
        data = folder / "data"
        how = ["-U", "dashboard", "-A", "trust", "-N", "--no-locale", "-E", "UTF8"]
        _quietly(owner, [programs / "initdb", "-D", data, *how], folder)
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=40"
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-t", "60"]
        _quietly(owner, [*control, "-o", options, "-l", folder / "log", "start"], folder)
        try:
            yield f"postgres://dashboard@/{folder}/postgres"
        finally:
            _quietly(owner, [*control, "-m", "immediate", "stop"], folder)


def _not_root(folder: Path) -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: there it runs as the user that its package made."""
    if os.getuid() != 0:
        return None
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o755)
    return user


def _quietly(owner: pwd.struct_passwd | None, command: Sequence[str | Path], folder: Path) -> None:
    subprocess.run(
        command,
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=owner and owner.pw_uid,
        group=owner and owner.pw_gid,
        extra_groups=[] if owner else None,
    )
