"""Numbers, ids and e-mail addresses go out without what cannot be seen; a name goes out as it was entered."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.accounts.models import Person
from dashboard.actions.bulk.parse import split
from dashboard.search.parse import read
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

UNSEEN = "\u202a\u200b{}\u200b\u202c\ufeff"
OURS = "/o/org_1001"
FIELDS = {
    "vatNumber": (f"{OURS}/clients/1/", "NL82\u200b0546588B01", "NL820546588B01"),
    "tin": (f"{OURS}/clients/1/", "8205\u200b46588", "820546588"),
    "addressPhoneNumber": (f"{OURS}/clients/1/", "+31 6\u202d 12345678", "+31 6 12345678"),
    "dueDays": (f"{OURS}/clients/1/", "1\u200b3", 13),
    "email": (f"{OURS}/addresses/addr_1001_1/", "noor@exam\u200bple.nl", "noor@example.nl"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_in_what_is_sent(name: str, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> None:
    path, entered, meant = FIELDS[name]
    answer = signed_in("admin").send(path, {name: UNSEEN.format(entered)})
    assert answer.status_code == 302, answer.content.decode()
    assert [r["body"] for r in sandbox.requests() if r["method"] == "PATCH"] == [{name: meant}]


def test_of_an_organization_and_a_person(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], people: dict[str, Person]
) -> None:
    admin = signed_in("admin")
    admin.send("/organizations/new/", {"name": "New\u200b", "slug": UNSEEN.format("ne\u200bw")})
    (sent,) = [
        r["body"] for r in sandbox.requests() if r["method"] == "POST" and r["path"] == "/organizations"
    ]
    assert sent == {"name": "New\u200b", "slug": "new"}
    person: dict[str, Any] = {
        "username": "no\u200bor",
        "first_name": "Noor",
        "email": "noor@exam\u200bple.nl",
    }
    admin.send("/people/new/", person)
    assert Person.objects.filter(username="noor", email="noor@example.nl").exists()


def test_where_organizations_are_pasted_and_looked_for() -> None:
    assert split(f"{UNSEEN.format('org_1001')}\norg_\u200b1002") == ["org_1001", "org_1002"]
    assert read(UNSEEN.format("org_\u200b1001"), set(), set()).identifier == "org_1001"
