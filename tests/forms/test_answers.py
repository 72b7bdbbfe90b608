"""Every field that was sent, held against what the API made of it: as sent, left as it was, or something else."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dashboard.upstream.merge import same_meaning
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

O = "/o/org_1001"  # noqa: E741 - what every page of an organization begins with
LOCATION, ADDRESS, CLIENT = f"{O}/locations/1/", f"{O}/addresses/addr_1001_1/", f"{O}/clients/1/"
WHERE = {
    LOCATION: "/locations/1",
    ADDRESS: "/organization-addresses/addr_1001_1",
    CLIENT: "/clients/1",
    f"{O}/configs/session.timeout/": "/configs/session.timeout",
}
FILLED = {
    f"{O}/locations/new/": {"name": "Proefplein", "officeOpenHour": "9"},
    f"{O}/addresses/new/": {
        "type": "registered", "name": "Testkade BV", "street": "Testkade 1", "postCode": "1012 AB",
        "city": "Amsterdam", "country": "NL", "email": "Post@Testkade.example",
    },
    f"{O}/clients/new/": {
        "name": "Proef BV", "status": "active", "country": "NL", "currency": "EUR", "tinType": "company",
        "tin": "NL 8205.46.588.B01", "tinCountry": "NL", "dueDays": "30", "costGroup": "a\nb",
    },
    f"{O}/clients/1/contacts/new/": {
        "name": "Noor", "email": "noor@proef.example", "type": "billing", "position": "1",
    },
    "/organizations/new/": {"name": "Nieuwe Haven", "slug": "nieuwe-haven", "type": "demo"},
}  # fmt: skip
COLLECTIONS = ["/locations", "/organization-addresses", "/clients", "/client-contacts", "/organizations"]
PATHS = dict(zip(FILLED, COLLECTIONS, strict=True))


@pytest.fixture
def admin(sandbox: Sandbox, people: object, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("admin")


def told(client: CheckedClient, page: str, typed: dict[str, Any]) -> str:
    """What the page after the save says of it."""
    form = typed if "base" in typed else {**client.hidden(page), **typed}
    answer = client.post(page, form, follow=True)
    text = unescape(answer.content.decode())
    found = re.search(r'<div class="note note-\w+"[^>]*data-outcome="applied"[^>]*>.*?</div>', text, re.S)
    assert found, text
    return found[0]


# The page, what is typed there, what the API keeps instead, and what is said of it.
CHANGES: list[tuple[str, dict[str, str], dict[str, Any], str]] = [
    (LOCATION, {"name": "Noordkade"}, {"name": "NOORDKADE"}, "Name: Flowtly stored NOORDKADE instead of Noordkade."),
    (LOCATION, {"officeOpenHour": "9"}, {"officeOpenHour": 10}, "Opens at: Flowtly stored 10:00 instead of 09:00."),
    (LOCATION, {"officeOpenHour": "9"}, {"officeOpenHour": None}, "Opens at: Flowtly stored — instead of 09:00."),
    (LOCATION, {"officeCloseHour": ""}, {"officeCloseHour": 24}, "Closes at: Flowtly stored 24:00 instead of —."),
    (LOCATION, {"officeOpenHour": "9"}, {"officeOpenHour": "9"}, 'Opens at: Flowtly stored "9" instead of 9.'),
    (ADDRESS, {"email": "Post@Kade.example"}, {"email": "post@kade.example"},
     "E-mail: Flowtly stored post@kade.example instead of Post@Kade.example."),
    (ADDRESS, {"country": "DK"}, {"country": "/countries/FR"}, "Country: Flowtly stored France instead of Denmark."),
    (CLIENT, {"dueDays": "300"}, {"dueDays": 90}, "Days to pay: Flowtly stored 90 instead of 300."),
    (CLIENT, {"costGroup": "north\nsouth"}, {"costGroup": ["north"]},
     "Cost groups: Flowtly stored north instead of north, south."),
    (CLIENT, {"invoiceComment": "x" * 200}, {"invoiceComment": "x" * 100},
     "Comment on invoices: Flowtly changed the text. Check it."),
    (f"{O}/configs/session.timeout/", {"value": "45", "stored_as": "integer", "drawn_as": "integer"}, {"value": 60},
     "Value: Flowtly stored 60 instead of 45."),
]  # fmt: skip


@pytest.mark.parametrize(("page", "typed", "kept", "words"), CHANGES)
def test_a_value_that_nobody_entered_is_said_and_not_called_saved(
    page: str, typed: dict[str, str], kept: dict[str, Any], words: str, admin: CheckedClient, sandbox: Sandbox
) -> None:
    name = sandbox.names["config_value_field"]
    typed, kept = (
        {(name if key == "value" else key): one for key, one in each.items()} for each in (typed, kept)
    )
    form = admin.hidden(page)
    sandbox.faults(f"GET {WHERE[page]}", {"merge": {}}, times=1)  # as it was, under the lock
    sandbox.faults(f"(GET|PATCH) {WHERE[page]}", {"merge": kept})
    said = told(admin, page, {**form, **typed})
    assert words in said
    assert re.search(r"<p>[^<]+: Flowtly stored other values than you entered\.", said)
    assert "Saved" not in said


ADDED: list[tuple[str, dict[str, Any], str]] = [
    (f"{O}/locations/new/", {"officeOpenHour": 10}, "Opens at: Flowtly stored 10:00 instead of 09:00."),
    (f"{O}/addresses/new/", {"email": "post@testkade.example"},
     "E-mail: Flowtly stored post@testkade.example instead of Post@Testkade.example."),
    (f"{O}/clients/new/", {"tin": "NL820546588B01"},
     "Tax number: Flowtly stored NL820546588B01 instead of NL 8205.46.588.B01."),
    (f"{O}/clients/new/", {"dueDays": 14}, "Days to pay: Flowtly stored 14 instead of 30."),
    (f"{O}/clients/1/contacts/new/", {"position": 3}, "Place in the list: Flowtly stored 3 instead of 1."),
    ("/organizations/new/", {"slug": "haven"}, "Slug: Flowtly stored haven instead of nieuwe-haven."),
]  # fmt: skip


@pytest.mark.parametrize(("page", "kept", "words"), ADDED)
def test_a_new_record_is_held_against_what_was_entered_too(
    page: str, kept: dict[str, Any], words: str, admin: CheckedClient, sandbox: Sandbox
) -> None:
    sandbox.faults(f"(GET|POST) {PATHS[page]}(/.*)?", {"merge": kept})
    said = told(admin, page, FILLED[page])
    assert words in said
    assert "Added" not in said


@pytest.mark.parametrize("page", [page for page in FILLED if "/organizations/" not in page])
def test_a_field_of_a_new_record_that_was_not_taken_is_said(
    page: str, admin: CheckedClient, sandbox: Sandbox
) -> None:
    lost = {"officeOpenHour", "email", "dueDays", "position"} & FILLED[page].keys()
    sandbox.faults(f"(GET|POST) {PATHS[page]}(/.*)?", {"remove": [*lost, "name"]})
    assert "Flowtly left this as it was: " in told(admin, page, FILLED[page])


@pytest.mark.parametrize("page", FILLED)
def test_what_came_back_as_it_was_sent_is_saved_and_no_more_is_said(
    page: str, admin: CheckedClient, sandbox: Sandbox
) -> None:
    """However this API spells references, and whatever it leaves out because it is empty."""
    said = told(admin, page, FILLED[page])
    assert 'class="note note-success"' in said
    assert "Flowtly stored" not in said


def test_a_field_that_cannot_be_read_again_is_not_judged(admin: CheckedClient, sandbox: Sandbox) -> None:
    """An answer that holds a part of the record, and nothing more to be had: what it does not say is not known."""
    form = admin.hidden(LOCATION)
    sandbox.faults("GET /locations/1", {"merge": {}}, times=1)
    sandbox.faults("GET /locations/1", {"status": 503})
    sandbox.faults("PATCH /locations/1", {"replace": {"id": 1, "name": "Zuidkade"}})
    said = told(admin, LOCATION, {**form, "name": "Noordkade", "officeOpenHour": "9"})
    assert "Name: Flowtly stored Zuidkade instead of Noordkade." in said
    assert "Opens at" not in said


def test_ids_that_an_enrolment_repeats_are_held_against_what_was_entered(
    admin: CheckedClient, sandbox: Sandbox
) -> None:
    page, typed = (
        f"{O}/integrations/google-workspace/",
        {"tenantId": "kwelgeest.example", "clientId": "1" * 21},
    )
    tenant = sandbox.names["enroll_fields"].split(",")[0]
    sandbox.faults("POST /integrations/google-workspace/enroll", {"merge": {tenant: "another.example"}})
    assert "Flowtly stored another.example instead of kwelgeest.example." in told(admin, page, typed)


def test_a_second_submit_is_told_the_same(admin: CheckedClient, sandbox: Sandbox) -> None:
    sandbox.faults("(GET|POST) /locations(/.*)?", {"merge": {"officeOpenHour": 10}})
    page = f"{O}/locations/new/"
    form = {**admin.hidden(page), **FILLED[page]}
    first, second = (unescape(admin.post(page, form, follow=True).content.decode()) for _ in range(2))
    for text in (first, second):
        assert "Opens at: Flowtly stored 10:00 instead of 09:00." in text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2031-05-06T10:00:00+02:00", "2031-05-06T08:00:00Z", True),
        ("2031-05-06T10:00:00+02:00", "2031-05-06T10:00:00+00:00", False),
        ("2031-05-06T10:00:00", "2031-05-06T10:00:00+00:00", False),
        ("NL", "/countries/NL", True),
        ("/countries/NL", "/api/countries/NL", True),
        ("/countries/NL", {"@id": "/countries/NL", "id": "NL"}, True),
        (5, {"id": 5, "name": "Noor"}, True),
        ("/countries/NL", "/countries/BE", False),
        ("NL", "nl", False),
        (None, "", True),
        ("", [], True),
        (0, None, False),
        (False, None, False),
        (1, True, False),
        (30, 30.0, True),
        (30, "30", False),
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["b", "a"], False),
        (["/products/p1"], [{"id": "p1"}], True),
        ("Foo ", "Foo", False),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {}, False),
    ],
)
def test_the_same_in_another_spelling(one: object, other: object, same: bool) -> None:
    assert same_meaning(one, other) is same
    assert same_meaning(other, one) is same
