"""/status/: whether Flowtly answers, how calls went in all processes, and what of it stands still."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.audit.models import Open
from dashboard.status import calls, panels, snapshots
from dashboard.status.models import Process
from dashboard.upstream import connection
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_probed", None)


def text(answer: object) -> str:
    page = answer.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")]).split())


def test_says_that_flowtly_answers_and_how_its_calls_went(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    viewer = signed_in("viewer")
    viewer.get(f"/o/{an_organization}/locations/")
    answer = viewer.get("/status/")
    page = text(answer)
    assert "Flowtly answers in" in page
    assert re.search(r"locations 1 \d+ ms \d+ ms 0 0 0", page)
    assert re.search(r"\d seconds? old, expires in (59|60) minutes", page)
    assert "0 writes with an unknown outcome" in page
    assert "Compare now" not in page
    token = connection.connection().tokens.secrets()
    assert token and not any(secret in answer.content.decode() for secret in token if secret != "sandbox")


def test_says_when_it_does_not_and_the_rest_of_the_page_stands(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "PROBE", 0.3)
    sandbox.faults("GET /organizations", {"hang": 20})
    answer = signed_in("viewer").get("/status/")
    assert answer.status_code == 200
    assert "Flowtly did not answer" in text(answer)
    assert "This dashboard" in text(answer)


def test_looks_again_by_itself_and_says_what_changed(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
) -> None:
    client = signed_in("viewer")
    asked = {"HX-Request": "true", "HX-Target": "status-now"}
    part = client.get("/status/?was=down", headers=asked).content.decode()
    assert part.lstrip().startswith("<div")
    assert "data-announce" in part
    assert 'hx-get="/status/?was=up"' in part
    before = len(sandbox.requests())
    again = client.get("/status/?was=up", headers=asked).content.decode()
    assert "data-announce" not in again
    assert len(sandbox.requests()) == before, "many who watch ask no more often than one"


def test_a_long_lived_token_is_called_one_and_never_shown(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], settings: object
) -> None:
    settings.FLOWTLY_TOKEN = "a-token-of-many-years-0123456789"  # type: ignore[attr-defined]
    page = signed_in("viewer").get("/status/").content.decode()
    assert "long-lived token" in page
    assert "a-token-of-many-years" not in page
    assert "Flowtly does not let us in" in page


def test_processes_count_together_and_those_long_silent_not_at_all(sandbox: Sandbox, db: None) -> None:
    now = timezone.now()
    kind = {"calls": 3, "failed": 1, "in_flight": 2, "times": [[now.timestamp(), ms] for ms in (10, 20, 500)]}
    figures = {"kinds": {"clients": kind}, "busy": {"clients": 4}, "in_flight_most": 8, "token": {}}
    for key, minutes in (("a:1:0", 0), ("b:2:0", 2), ("c:3:0", 20)):
        Process.objects.create(key=key, at=now - timedelta(minutes=minutes), figures=figures)
    [group] = calls.groups(calls.processes())
    assert (group.median, group.p95) == (20, 500)
    assert (group.failed, group.busy) == (2, 8)
    assert group.in_flight == 2, "of the one heard of just now"
    connection.connection()
    snapshots.keep()
    assert set(Process.objects.filter(key__startswith="c").values_list("key", flat=True)) == set()


def test_a_database_that_keeps_no_figures_fails_no_page(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in("viewer")
    with database.cursor() as cursor:
        cursor.execute("ALTER TABLE status_process RENAME TO gone")
    for _ in range(2):
        page = text(client.get("/status/"))
        assert "Flowtly answers" in page
        assert "own database does not give this" in page
        assert "This dashboard" in page
    assert [record.name for record in caplog.records].count("dashboard.status.snapshots") == 1


def test_counts_what_is_not_settled_and_leads_to_the_trail(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], people: dict[str, Person]
) -> None:
    Open.objects.create(
        write="w1",
        at=timezone.now() - timedelta(hours=1),
        person=people["finance"],
        entity="locations",
        kind="update",
        record="1",
        answered=True,
    )
    page = signed_in("finance").get("/status/")
    assert "1 writes with an unknown outcome" in text(page)
    assert "/audit/?outcome=unknown" in page.content.decode()
    assert "/audit/?outcome=unknown" not in signed_in("viewer").get("/status/").content.decode()
