import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Dashboard, MakeDashboard, postgres


@pytest.fixture(scope="session")
def _tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the tables in it and one person, to be copied."""
    folder = tmp_path_factory.mktemp("tables")
    dashboard = Dashboard(f"sqlite:///{folder}/db.sqlite3", folder)
    dashboard.manage("migrate", "-v", "0")
    dashboard.run(
        "from dashboard.accounts.models import Person\n"
        "Person.objects.create(username='bram', is_staff=True)\n"
        "from django.db import connection\n"
        "connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')"
    )
    return folder / "db.sqlite3"


@pytest.fixture
def on_sqlite(_tables: Path, tmp_path: Path) -> MakeDashboard:
    """Makes a dashboard with a database file of its own."""

    def make(**settings: str) -> Dashboard:
        shutil.copy(_tables, tmp_path / "db.sqlite3")
        return Dashboard(f"sqlite:///{tmp_path}/db.sqlite3", tmp_path, **settings)

    return make


@pytest.fixture(scope="session")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    with postgres() as url:
        dashboard = Dashboard(url, tmp_path_factory.mktemp("var"))
        dashboard.manage("migrate", "-v", "0")
        yield dashboard
