"""Rows about the audit log: what its pages take with a million lines, over the same with a thousand."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from tests.bench.figures import Figure, at_most
from tests.bench.measuring import Caller, medians, milliseconds
from tests.bench.pages import OVERVIEW, good
from tests.bench.stage import FIRST_DAY, FIRST_LINES, KEPT, KEY, ORGANIZATION, Site, Stage, product
from tests.support.product import environment
from tests.support.sandbox import ROOT, Sandbox

MANY = 1_000_000
# The trail as it was when lines were first sealed: what later versions add to it, their migrations make.
BEGINS = ("accounts", "audit 0002")
AUDIT = "/audit/"
PAGES = {
    "finance's page": ("finance", AUDIT),
    "by outcome": ("admin", f"{AUDIT}?outcome=conflict"),
    "by record": ("admin", f"{AUDIT}?record=seldom"),
    "by person": ("admin", f"{AUDIT}?person=seldom"),
    "by organization": ("admin", f"{AUDIT}?organization=org_1002"),
    "by kind": ("admin", f"{AUDIT}?kind=delete"),
    "since a day": ("admin", f"{AUDIT}?from={FIRST_DAY}"),
    "until a day": ("admin", f"{AUDIT}?to={FIRST_DAY}"),
    "newest": ("admin", AUDIT),
    "history on a record": ("admin", f"/o/{ORGANIZATION}/locations/1/"),
    "busy overview": ("admin", OVERVIEW),
}


def a_million_lines(stage: Stage) -> Iterator[Figure]:
    sandbox = stage.sandbox()
    with _over(sandbox, FIRST_LINES) as short, _over(sandbox, MANY) as long:
        for what, (who, path) in PAGES.items():
            few, many = short.caller(who), long.caller(who)
            runs = {"few": partial(_seconds, few, path), "many": partial(_seconds, many, path)}
            took = medians(runs, stage.times(7))
            how = f"{milliseconds(took['many'])} of {milliseconds(took['few'])}: {path}"
            what = f"audit of {MANY:,} lines over {FIRST_LINES:,}: {what}"
            yield at_most(what, 1.5, took["many"] / took["few"], " ×", how)


def _seconds(caller: Caller, path: str) -> float:
    return good(caller, path).seconds


def _over(sandbox: Sandbox, how_many: int) -> AbstractContextManager[Site]:
    return product(sandbox, f"sqlite:///{_kept(how_many)}", people=0, WEB_PROCESSES="1")


def _kept(how_many: int) -> Path:
    """A database with that many lines, made once and kept: as they were sealed, and a copy for each set of
    migrations."""
    KEPT.mkdir(parents=True, exist_ok=True)
    lines = Path(__file__).with_name("lines.py")
    whole = _made(f"sealed-{how_many}", [lines], partial(_fill, how_many))
    migrations = sorted(ROOT.glob("dashboard/**/migrations/0*.py"))
    return _made(f"trail-{how_many}", [lines, *migrations], partial(shutil.copy, whole))


def _made(name: str, of: list[Path], make: Callable[[Path], object]) -> Path:
    """The file of that name; made anew, and older ones taken away, where what it is made of has changed."""
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in of)).hexdigest()[:12]
    file = KEPT / f"{name}-{digest}.sqlite3"
    if not file.exists():
        for older in KEPT.glob(f"{name}-*"):
            older.unlink()
        new = KEPT / f"{name}-new.sqlite3"
        make(new)
        new.rename(file)
    return file


def _fill(how_many: int, file: Path) -> None:
    given = environment(
        DATABASE_URL=f"sqlite:///{file}", VAR=str(KEPT), SECRET_KEY=KEY, ALLOWED_HOSTS="localhost",
        FLOWTLY_BASE_URL="http://127.0.0.1:9", FLOWTLY_USERNAME="sandbox", FLOWTLY_PASSWORD="sandbox",
        DJANGO_SETTINGS_MODULE="dashboard.settings",
    )  # fmt: skip
    for which in BEGINS:
        command = [sys.executable, "manage.py", "migrate", "-v", "0", *which.split()]
        subprocess.run(command, cwd=ROOT, env=given, check=True)
    command = [sys.executable, "-m", "tests.bench.lines", str(how_many)]
    subprocess.run(command, cwd=ROOT, env=given, check=True)
