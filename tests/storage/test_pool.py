"""Connections to PostgreSQL: shared by the threads of a process, given back after each request, and sound."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Dashboard, postgres

pytestmark = pytest.mark.postgres

PROGRAM = """
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection

settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 100  # however busy the machine is

def server(ask):
    # As a request does, in a thread of its own.
    request_started.send(None)
    with connection.cursor() as cursor:
        cursor.execute(ask)
        found = cursor.fetchall()
    return found

def at_once(times):
    together, pids = Barrier(times), []
    def request():
        pids.append(server("SELECT pg_backend_pid()")[0][0])
        together.wait(60)
        request_finished.send(None)
    threads = [Thread(target=request) for _ in range(times)]
    for each in threads: each.start()
    for each in threads: each.join()
    return pids

one_by_one = [at_once(1)[0] for _ in range(20)]
crowd = at_once(32)
server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'dashboard'")
request_finished.send(None)
afterwards = at_once(8)
print("SAID", json.dumps([one_by_one, crowd, afterwards]))
"""


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    with postgres() as url:
        made = Dashboard(url, tmp_path_factory.mktemp("var"))
        made.manage("migrate", "-v", "0")
        yield made


def test_requests_share_connections_and_a_lost_one_is_replaced(dashboard: Dashboard) -> None:
    said = dashboard.run(PROGRAM).rpartition("SAID ")[2]
    one_by_one, crowd, afterwards = json.loads(said)
    assert len(set(one_by_one)) < 5, "a connection was made for each"
    assert len(set(crowd)) == 32, "a thread waited for another's"
    assert len(set(afterwards)) == 8
    assert len({*afterwards} - {*crowd}) >= 7, "those that were ended were not given out again"


def test_workers_part_from_a_process_without_connections(dashboard: Dashboard) -> None:
    said = dashboard.run(
        "import threading\n"
        "from dashboard import wsgi\n"
        "from django.db import connection\n"
        "print(connection.connection, dict(connection._connection_pools), threading.active_count())"
    )
    assert said.splitlines()[-1] == "None {} 1"


def test_a_database_that_is_away_is_told_soon(tmp_path: Path) -> None:
    said = Dashboard(f"postgres://dashboard@/{tmp_path}/postgres", tmp_path).run(
        "from django.db import OperationalError, connection\n"
        "from dashboard.storage.database import trouble\n"
        "try:\n"
        "    connection.ensure_connection()\n"
        "except OperationalError as error:\n"
        "    print('TOLD', trouble(error))\n"
    )
    assert "TOLD Trouble.AWAY" in said
