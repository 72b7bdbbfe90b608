import os
import stat
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Brings this machine up to date: its folder, tables, the cache's table, demo people where wanted, static "
        "files. What it makes, nobody else on this machine can read."
    )

    def handle(self, *args: object, **options: object) -> None:
        before = os.umask(0o077)
        try:
            for file in (settings.VAR / "any", *_databases()):
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            call_command("demo_people")
            call_command("collectstatic", verbosity=0, interactive=False)
        finally:
            os.umask(before)
        _close_to_others()


def _databases() -> list[Path]:
    """The SQLite files of this site, with those that SQLite keeps beside each."""
    names = [each["NAME"] for each in settings.DATABASES.values() if each["ENGINE"].endswith(".sqlite3")]
    return [Path(f"{name}{end}") for name in names if name != ":memory:" for end in ("", "-wal", "-shm")]


def _close_to_others() -> None:
    """What was there before, made by an older version or somebody's umask. A folder that is meant for several, such
    as /tmp, stays as it is."""
    found = settings.VAR.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        settings.VAR.chmod(0o700)
    for file in {*settings.VAR.glob("*.sqlite3*"), *_databases()}:
        if file.is_file():
            file.chmod(0o600)
