"""Rounds of calls: what a page asks of Flowtly it asks all at once, so that it is as slow as its slowest call.

The sandbox answers none of a page's calls before all of them are there: asked one after another they would never be.
"""

from collections.abc import Callable

import pytest

from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.any_flavour
ORGANIZATION = "/o/org_1001"
# Page → the calls of each visit but the first.
PAGES = {
    "/": 1,
    "/status/": 1,
    "/find/?q=kwel": 2,
    "/organizations/new/": 1,
    f"{ORGANIZATION}/": 8,
    f"{ORGANIZATION}/find/?q=nord": 10,
    f"{ORGANIZATION}/profile/": 4,
    f"{ORGANIZATION}/profile/logo/": 2,
    f"{ORGANIZATION}/profile/mail-footer/": 2,
    f"{ORGANIZATION}/addresses/": 1,
    f"{ORGANIZATION}/addresses/addr_1001_1/": 2,
    f"{ORGANIZATION}/addresses/new/": 1,
    f"{ORGANIZATION}/locations/?page=2": 1,
    f"{ORGANIZATION}/locations/?q=utrecht": 1,
    f"{ORGANIZATION}/locations/1/": 1,
    f"{ORGANIZATION}/clients/?q=a": 1,
    f"{ORGANIZATION}/clients/1/": 5,
    f"{ORGANIZATION}/clients/1/documents/": 2,
    f"{ORGANIZATION}/clients/1/contacts/new/": 2,
    f"{ORGANIZATION}/meetings/": 1,
    f"{ORGANIZATION}/subscriptions/": 1,
    f"{ORGANIZATION}/subscriptions/new/": 4,
    f"{ORGANIZATION}/subscriptions/coupon/apply/": 4,
    f"{ORGANIZATION}/configs/session.timeout/": 1,
    f"{ORGANIZATION}/languages/": 1,
    f"{ORGANIZATION}/languages/new/": 2,
    f"{ORGANIZATION}/languages/nl/": 2,
    f"{ORGANIZATION}/countries/": 0,
    f"{ORGANIZATION}/integrations/": 3,
    f"{ORGANIZATION}/integrations/google-workspace/": 3,
    f"{ORGANIZATION}/integrations/kontomatik/setup/": 2,
}


@pytest.fixture
def admin(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("admin")


def asked_at_once(client: CheckedClient, sandbox: Sandbox, page: str, calls: int) -> None:
    sandbox.clear_requests()
    if calls:
        sandbox.faults(".*", {"together": calls})
    assert client.get(page).status_code == 200, "its calls were not made together"
    sandbox.clear_faults()
    assert len(sandbox.requests()) == calls


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_all_it_needs_at_once(page: str, sandbox: Sandbox, admin: CheckedClient) -> None:
    admin.get(page)
    asked_at_once(admin, sandbox, page, PAGES[page])


def test_a_client_opened_from_the_list_is_asked_about_at_once(sandbox: Sandbox, admin: CheckedClient) -> None:
    """Who else has its name and tax number is looked for by what the list said of it."""
    admin.get(f"{ORGANIZATION}/clients/1/")
    admin.get(f"{ORGANIZATION}/clients/")
    asked_at_once(admin, sandbox, f"{ORGANIZATION}/clients/2/", 5)


def test_what_was_seen_of_a_client_and_is_no_more_is_asked_again(
    sandbox: Sandbox, admin: CheckedClient
) -> None:
    page = f"{ORGANIZATION}/clients/1/"
    admin.get(page)
    sandbox.faults("GET /clients/1", {"merge": {"tin": "NL000099998B57"}})
    sandbox.clear_requests()
    assert admin.get(page).status_code == 200
    asked = [r["raw_query"] for r in sandbox.requests() if "tin" in r["raw_query"]]
    assert len(asked) == 2
    assert "000099998" in asked[1]
    assert "000099998" not in asked[0]
