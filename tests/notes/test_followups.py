"""Promised days: which are shown to whom, done once, opened again, moved, each on record."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from dashboard.accounts.models import Person
from dashboard.audit.models import Entry, Phase
from dashboard.notes import followups
from dashboard.notes.models import FollowUp
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.any_flavour

SignIn = Callable[[str], CheckedClient]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = "/followups/"


@pytest.fixture
def promised(people: dict[str, Person]) -> dict[str, FollowUp]:
    """One overdue, one due, two upcoming, one done; one of them somebody else's, about another organization."""

    def one(name: str, days: int, who: str = "finance", of: str = "org_1001", done: bool = False) -> FollowUp:
        return FollowUp.objects.create(
            organization=of,
            organization_name={"org_1001": "Kwelgeest Groep"}.get(of, "Another"),
            entity="clients",
            record="1",
            record_name="Bakkerij",
            text=name,
            due=NOW.date() + timedelta(days),
            person=people[who],
            **({"done_at": NOW, "done_by": people["backoffice"]} if done else {}),
        )

    made = [
        one("p-late", -3),
        one("p-today", 0),
        one("p-soon", 2),
        one("p-theirs", 3, "accounts", "org_1002"),
    ]
    return {each.text: each for each in [*made, one("p-done", -9, done=True)]}


def shown(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"p-[a-z]+", page.partition("<tbody>")[2].partition("</tbody>")[0])))


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("finance", "", ["p-late", "p-today", "p-soon"]),
        ("finance", "?state=overdue", ["p-late"]),
        ("finance", "?state=due", ["p-today"]),
        ("finance", "?state=upcoming&whose=everybody", ["p-soon", "p-theirs"]),
        ("finance", "?state=done", ["p-done"]),
        ("finance", "?whose=everybody&organization=another", ["p-theirs"]),
        ("finance", "?whose=everybody&organization=kwélgeest", ["p-late", "p-today", "p-soon"]),
        ("finance", "?whose=everybody&organization=org_1001", ["p-late", "p-today", "p-soon"]),
        ("finance", "?state=nonsense&whose=x&page=-1", ["p-late", "p-today", "p-soon"]),
        ("finance", "?page=2", []),
        ("backoffice", "", []),
        ("viewer", "", ["p-late", "p-today", "p-soon", "p-theirs"]),
    ],
)
def test_the_list_shows_what_is_asked_for(
    who: str, query: str, expected: list[str], promised: dict[str, FollowUp], signed_in: SignIn
) -> None:
    with time_machine.travel(NOW):
        page = signed_in(who).get(PAGE + query).content.decode()
    assert shown(page) == expected
    assert ("Move" in page) is (bool(expected) and who != "viewer" and "done" not in query)
    for name in expected:
        assert f'href="/o/{promised[name].organization}/clients/1/"' in page
        assert f'href="/o/{promised[name].organization}/"' in page


def test_done_once_opened_again_and_moved(
    promised: dict[str, FollowUp], sandbox: Sandbox, signed_in: SignIn
) -> None:
    one = f"{PAGE}{promised['p-theirs'].pk}/"
    client = signed_in("finance")
    back = f"{PAGE}?whose=everybody"
    answers = [client.post(f"{one}done/", {"next": back}, follow=True).content.decode() for _ in range(2)]
    assert "Done: the follow-up about Bakkerij" in answers[0]
    assert "was done already" in answers[1]
    done_by = FollowUp.objects.get(text="p-theirs").done_by
    assert done_by is not None
    assert done_by.username == "finance"
    client.post(f"{one}reopen/", {"next": "https://elsewhere.example/"})
    with time_machine.travel(NOW):
        assert client.send(one, {"due": "2026-11-01"}).status_code == 422
        assert client.send(one, {"due": "2026-12-24"})["Location"] == PAGE
        client.send(one, {"due": "2026-12-24"})
    found = FollowUp.objects.get(text="p-theirs")
    assert (found.due, found.done_at) == (date(2026, 12, 24), None)
    lines = Entry.objects.filter(phase=Phase.INTENT).order_by("number")
    assert [line.kind for line in lines] == ["follow-up-done", "follow-up-reopened", "follow-up-moved"]
    assert {(line.organization, line.entity, line.record) for line in lines} == {("org_1002", "clients", "1")}
    assert [r for r in sandbox.requests() if r["method"] != "GET" and "log" not in r["path"]] == []


def test_the_menu_counts_ones_own_overdue_ones(promised: dict[str, FollowUp], signed_in: SignIn) -> None:
    def counted(who: str) -> list[str]:
        menu = signed_in(who).get("/help/").content.decode().partition('id="menu"')[2]
        return re.findall(r"(\d+)<span[^>]*> overdue", menu)

    with time_machine.travel(NOW):
        assert {who: counted(who) for who in ("finance", "accounts", "viewer")} == {
            "finance": ["1"],
            "accounts": [],
            "viewer": [],
        }


def test_a_promise_can_be_about_another_organization_than_the_page(
    people: dict[str, Person], rf: object
) -> None:
    request = rf.get("/")  # type: ignore[attr-defined]
    request.user, request.id = people["finance"], "abc"
    made = followups.promise(
        request,
        entity="subscriptions",
        record="sub_1",
        record_name="Pro",
        text="Check the next invoice",
        due=date(2027, 1, 1),
        organization="org_1003",
        organization_name="Third",
    )
    assert (made.organization, made.organization_name, made.url) == (
        "org_1003",
        "Third",
        "/o/org_1003/subscriptions/sub_1/",
    )
    assert Entry.objects.filter(kind="follow-up", organization="org_1003").count() == 2
