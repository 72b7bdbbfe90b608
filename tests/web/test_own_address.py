"""One record has one page: an API that compares ids loosely leads to the record's own address."""

from collections.abc import Callable

import pytest

from dashboard.audit.models import Entry
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

LOOSE = [
    ("/o/ORG_1001/", "/o/org_1001/"),
    ("/o/Org_1001/locations/?q=a&page=2", "/o/org_1001/locations/?q=a&page=2"),
    ("/o/org_1001/locations/01/", "/o/org_1001/locations/1/"),
    ("/o/org_1001/locations/1abc/", "/o/org_1001/locations/1/"),
    ("/o/org_1001/clients/007/?tab=a", "/o/org_1001/clients/7/?tab=a"),
    ("/o/org_1001/addresses/ADDR_1001_1/", "/o/org_1001/addresses/addr_1001_1/"),
    ("/o/org_1001/addresses/ADDR_1001_1/delete/", "/o/org_1001/addresses/addr_1001_1/delete/"),
    ("/o/kwelgeest-groep/", "/o/org_1001/"),
    ("/o/org_1001/configs/CURRENCY/", "/o/org_1001/configs/currency/"),
]


@pytest.fixture
def admin(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    sandbox.settings(ids="loose")
    return signed_in("admin")


@pytest.mark.parametrize(("asked", "own"), LOOSE)
def test_a_page_that_is_asked_for_by_another_id_leads_to_the_records_own(
    admin: CheckedClient, asked: str, own: str
) -> None:
    answer = admin.get(asked)
    assert (answer.status_code, answer["Location"]) == (302, own)
    assert admin.get(own).status_code == 200


@pytest.mark.parametrize(
    ("asked", "own", "record", "typed"),
    [
        ("/o/ORG_1001/locations/1/", "/o/org_1001/locations/1/", "1", {"name": "Noordkade"}),
        ("/o/org_1001/locations/01/", "/o/org_1001/locations/1/", "1", {"name": "Noordkade"}),
        ("/o/org_1001/clients/007/", "/o/org_1001/clients/7/", "7", {"name": "Noordkade"}),
        (
            "/o/org_1001/addresses/ADDR_1001_1/",
            "/o/org_1001/addresses/addr_1001_1/",
            "addr_1001_1",
            {"city": "Delft"},
        ),
    ],
)
def test_a_submit_to_another_id_is_saved_at_the_records_own(
    admin: CheckedClient, sandbox: Sandbox, asked: str, own: str, record: str, typed: dict[str, str]
) -> None:
    answer = admin.post(asked, {**admin.hidden(own), **typed})
    assert (answer.status_code, answer["Location"]) == (307, own)
    assert not Entry.objects.exists()
    assert admin.post(asked, {**admin.hidden(own), **typed}, follow=True).status_code == 200
    (changed,) = [each["path"] for each in sandbox.requests() if each["method"] == "PATCH"]
    assert changed.endswith(f"/{record}")
    assert {(each.organization, each.record) for each in Entry.objects.all()} == {("org_1001", record)}


def test_a_form_of_another_address_changes_nothing(admin: CheckedClient, sandbox: Sandbox) -> None:
    """One that was drawn while the API compared ids as they are, and is sent to an id it now takes for another."""
    page = "/o/org_1001/locations/1/"
    hidden = admin.hidden(page)
    sandbox.faults("GET /locations/1", {"merge": {"id": 2}})
    answer = admin.post(page, {**hidden, "name": "Typed here"})
    assert answer.status_code == 503
    assert 'data-outcome="not-sent"' in answer.content.decode()
    assert "Typed here" in answer.content.decode()
    assert [r for r in sandbox.requests() if r["method"] == "PATCH"] == []


@pytest.mark.parametrize("path", ["/?q=kwelgeest-groep", "/find/?q=kwelgeest-groep"])
def test_who_looks_for_a_slug_still_finds_it(admin: CheckedClient, path: str) -> None:
    assert 'href="/o/org_1001/' in admin.get(path, follow=True).content.decode()


def test_a_history_is_of_one_record(admin: CheckedClient) -> None:
    admin.send("/o/org_1001/locations/1/", {"name": "Noordkade"})
    assert 'data-outcome="applied"' in admin.get("/o/org_1001/locations/01/", follow=True).content.decode()
