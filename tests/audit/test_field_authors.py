"""At each field that was changed here: who did so last, and what it was. Only what is known to be done counts."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dashboard.accounts.models import Person
from dashboard.audit import field_authors, history
from dashboard.audit.models import Outcome, Phase
from dashboard.audit.trail import followed
from tests.support.audit import on_record
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

SignIn = Callable[[str], CheckedClient]
PAGE = "/o/org_1001/locations/1/"


def told(page: str) -> dict[str, str]:
    """Field, by its label → what stands there about who set it last."""
    found = {}
    for piece in re.split(r'<(?:label for="id_\w+"|dt)>', page)[1:]:
        if here := re.search(r'<details><summary class="check">(.*?)</details>', piece, flags=re.S):
            found[piece.partition("<")[0].strip()] = unescape(re.sub(r"<[^>]+>", " ", here[1]))
    return found


def test_a_field_tells_who_changed_it_last_and_what_it_was(
    backoffice: CheckedClient, signed_in: SignIn, sandbox: Sandbox
) -> None:
    assert told(backoffice.get(PAGE).content.decode()) == {}
    backoffice.send(PAGE, {"name": "Noordkade", "officeOpenHour": "3"})
    signed_in("backoffice2").send(PAGE, {"officeOpenHour": "4"})
    sandbox.faults("PATCH /locations/1", {"status": 403})
    signed_in("admin").send(PAGE, {"name": "Refused", "officeCloseHour": "5"})
    page = backoffice.get(PAGE).content.decode()
    here = told(page)
    assert set(here) == {"Name", "Opens at"}
    assert "Set here by backoffice " in here["Name"]
    assert "was: " in here["Name"]
    assert "Set here by backoffice2 " in here["Opens at"]
    assert "was: 3:00" in here["Opens at"] or "was: 03:00" in here["Opens at"]
    # Only one's own lines of the trail are there to be opened.
    assert len(re.findall(r'<a href="/audit/\w+/"', page)) == 1
    looking = signed_in("viewer").get(PAGE).content.decode()
    assert set(told(looking)) == {"Name", "Opens at"}
    assert 'href="/audit/' not in looking


def test_a_long_text_is_cut_where_it_is_told(backoffice: CheckedClient) -> None:
    backoffice.send(PAGE, {"name": "k" * 81})
    backoffice.send(PAGE, {"name": "k" * 80})
    assert f"was: {'k' * 79}… " in told(backoffice.get(PAGE).content.decode())["Name"] + " "
    backoffice.send(PAGE, {"name": "Noordkade"})
    assert f"was: {'k' * 80} " in told(backoffice.get(PAGE).content.decode())["Name"] + " "


def entries(*lines: tuple[str, str, dict[str, list[Any]]], by: Person) -> list[Any]:
    for kind, outcome, changes in lines:
        on_record(by, kind=kind, outcome=outcome, changes=changes)
    return history.of_record("org_1001", "locations", "1", history.LOOKED_AT)


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        ([("update", "applied", {"name": ["a", "b"]})], {"name": "a"}),
        (
            [("update", "applied", {"name": ["a", "b"]}), ("update", "refused", {"name": ["b", "c"]})],
            {"name": "a"},
        ),
        (
            [("update", "applied", {"name": ["a", "b"]}), ("update", "applied", {"name": ["b", "c"]})],
            {"name": "b"},
        ),
        ([("update", "unknown", {"name": ["a", "b"]})], {}),
        ([("create", "applied", {"name": [None, "b"]})], {}),
        ([("note", "applied", {"name": [None, "b"]})], {}),
        ([("enroll", "applied", {"name": [None, "b"]})], {"name": None}),
    ],
)
def test_what_counts_as_set(lines: list[Any], known: dict[str, Any], people: dict[str, Person]) -> None:
    found = field_authors.last(entries(*lines, by=people["backoffice"]))
    assert {name: entry.changes[name][0] for name, entry in found.items()} == known


def test_a_doubt_that_was_settled_counts(people: dict[str, Person]) -> None:
    write = on_record(people["backoffice"], outcome="unknown", changes={"name": ["a", "b"]})
    assert field_authors.last(history.of_record("org_1001", "locations", "1")) == {}
    followed(write, Phase.SETTLED, Outcome.APPLIED)
    assert set(field_authors.last(history.of_record("org_1001", "locations", "1"))) == {"name"}


def test_a_secret_is_not_told(backoffice: CheckedClient, people: dict[str, Person]) -> None:
    """Nor one that an older line has, from when nobody took it for a secret."""
    key = "mail:smtp.password"
    names = {"value": ["canary-before", "canary-after"], "content": ["canary-before", "canary-after"]}
    on_record(people["backoffice"], entity="configs", record=key, changes=names)
    page = backoffice.get(f"/o/org_1001/configs/{key}/").content.decode()
    fields = page.partition('id="form-part"')[2].partition("record-side")[0]
    assert "Set here by backoffice" in fields
    assert "canary" not in fields
