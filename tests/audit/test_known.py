"""What is known of each write: kept beside the audit log, made from it, and looked through so far and no further."""

import re
from collections.abc import Callable
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dashboard.accounts.models import Person
from dashboard.audit import finding, open_writes
from dashboard.audit.models import Known, Open, Outcome
from tests.support.audit import on_record
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/locations/"
AUDIT = "/audit/"
SignIn = Callable[[str], CheckedClient]


def said_by(command: str, *arguments: str) -> str:
    said = StringIO()
    call_command(command, *arguments, stdout=said)
    return said.getvalue()


def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in Known.objects.order_by("number").values()]


@pytest.fixture
def used(backoffice: CheckedClient, sandbox: Sandbox, people: dict[str, Person]) -> None:
    """A change, an addition, one that was refused, one whose answer was lost and that was settled by a person."""
    backoffice.send(f"{LIST}1/", {"name": "Noordkade"})
    backoffice.send(f"{LIST}new/", {"name": "Oostkade"})
    sandbox.faults("PATCH /locations/2", {"status": 403}, times=1)
    backoffice.send(f"{LIST}2/", {"name": "Zuidkade"})
    sandbox.faults("PATCH /locations/3", {"drop": "before"}, times=1)
    sandbox.faults("GET /locations/3", {"status": 500}, times=1)
    backoffice.send(f"{LIST}3/", {"name": "Westkade"})
    on_record(people["finance"], 5, kind="apply-coupon", entity="subscriptions")


def test_it_follows_from_the_trail_whatever_happened(used: None) -> None:
    kept = rows()
    assert {row["outcome"] for row in kept} >= {"applied", "refused"}
    assert [row["found"] != "" for row in kept][:2] == [False, True]
    assert [row["money"] for row in kept].count(True) == 1
    for open_ in Open.objects.all():
        open_writes.settle(open_.write, Outcome.NOT_APPLIED, "said-by-person")
    kept = rows()
    assert said_by("index_audit") == f"Known: {len(kept)} writes.\n"
    assert rows() == kept
    assert "is whole" in said_by("verify_audit")


@pytest.mark.parametrize("change", [{"outcome": "refused"}, {"person_id": None}, {"money": True}, None])
def test_what_does_not_follow_from_it_is_found_and_mended(used: None, change: dict[str, Any] | None) -> None:
    kept, first = rows(), Known.objects.order_by("number")[:1].get()
    Known.objects.filter(pk=first.pk).update(**change) if change else first.delete()
    for arguments in ((), ("--whole",)):
        said = StringIO()
        with pytest.raises(CommandError, match="not whole"):
            call_command("verify_audit", *arguments, stdout=said)
        assert f"what is known of write {first.write} is not what the trail says" in said.getvalue()
    said_by("index_audit")
    assert rows() == kept
    assert "is whole" in said_by("verify_audit")


class TestALongLook:
    @pytest.fixture
    def long(self, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(finding, "LOOKED_AT", 20)
        for n in range(1, 71):
            on_record(people["admin"], n, kind="delete" if n in {3, 66} else "update")

    def seen(self, client: CheckedClient, query: dict[str, str]) -> tuple[list[list[str]], int]:
        """What each page shows, going on as the note above it says; and how many pages that were."""
        pages, url = [], AUDIT
        page = client.get(url, query).content.decode()
        while True:
            pages.append(re.findall(r"(?:>|\s)(Place \d+)(?=<| )", page.partition("<tbody>")[2]))
            onward = re.search(r'data-notice="info".*?href="(\?[^"]+)"', page, flags=re.S)
            if onward is None:
                return pages, len(pages)
            page = client.get(AUDIT + unescape(onward[1])).content.decode()

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ({"record": "place 3"}, {"Place 3", *(f"Place {n}" for n in range(30, 40))}),
            ({"kind": "delete", "organization": "org_1001"}, {"Place 3", "Place 66"}),
            ({"kind": "delete", "organization": "org_1001", "after": "1"}, {"Place 3", "Place 66"}),
            ({"kind": "create", "person": "admin"}, set()),
        ],
    )
    def test_looks_at_so_many_and_says_how_to_go_on_until_all_were_looked_at(
        self, signed_in: SignIn, long: None, query: dict[str, str], shown: set[str]
    ) -> None:
        pages, number = self.seen(signed_in("admin"), query)
        assert number == 4
        assert {name for page in pages for name in page} == shown

    def test_one_filter_alone_needs_no_look(self, signed_in: SignIn, long: None) -> None:
        pages, number = self.seen(signed_in("admin"), {"kind": "delete"})
        assert (set(pages[0]), number) == ({"Place 66", "Place 3"}, 1)
