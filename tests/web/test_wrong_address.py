"""What is not a record's absence is not told as one: a base URL without its path, and an address that is no id."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.upstream import connection
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox, running_sandbox, settings_for

PAGES = ["/", "/o/org_1001/", "/o/org_1001/locations/", "/o/org_1001/clients/1/", "/find/?q=kwelgeest"]


@pytest.fixture(scope="module")
def below() -> Iterator[Sandbox]:
    with running_sandbox("--base-path", "/api", "--token", "a-long-lived-token") as sandbox:
        yield sandbox


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("credentials", ["login", "token"])
def test_a_base_url_without_its_path_names_the_setting(
    below: Sandbox, settings: Any, signed_in: Callable[[str], CheckedClient], path: str, credentials: str
) -> None:
    for name, value in settings_for(below).items():
        setattr(settings, name, value)
    settings.FLOWTLY_BASE_URL = below.origin
    if credentials == "token":
        settings.FLOWTLY_TOKEN = "a-long-lived-token"
    connection.forget()
    page = signed_in("admin").get(path).content.decode()
    assert "FLOWTLY_BASE_URL" in page
    assert "may have been removed" not in page
    settings.FLOWTLY_BASE_URL = below.base_url
    connection.forget()
    assert "FLOWTLY_BASE_URL" not in signed_in("admin").get(path).content.decode()
    connection.forget()


@pytest.mark.parametrize(
    "path",
    [
        "/o/org_1001/clients/search/",
        "/o/org_1001/clients/search/documents/",
        "/o/org_1001/subscriptions/apply-coupon/",
        "/o/mail-footer/",
        "/o/logo/locations/",
        "/o/org_1001/locations/999999/",
    ],
)
def test_an_address_that_is_no_records_is_a_page_that_is_not_there(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], path: str
) -> None:
    answer = signed_in("admin").get(path)
    assert answer.status_code == 404
    assert 'data-problem="404"' in answer.content.decode()


def test_a_record_that_is_not_there_costs_no_second_question(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
) -> None:
    admin = signed_in("admin")
    admin.get("/o/org_1001/locations/")
    sandbox.clear_requests()
    assert admin.get("/o/org_1001/locations/999999/").status_code == 404
    assert [each["path"].rpartition("/")[2] for each in sandbox.requests()] == ["999999"]
