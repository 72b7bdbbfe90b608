"""Somebody without a role: they can sign in, and learn nothing of any organization."""

from collections.abc import Callable

import pytest

from dashboard.accounts.models import OpenedOrganization, Person
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox
from tests.support.url_patterns import url_patterns
from tests.web.test_policies import path_of

pytestmark = pytest.mark.any_flavour

NAMES = ("Kwelgeest", "kwelgeest_")


@pytest.fixture
def viewer(signed_in: Callable[[str], CheckedClient], people: dict[str, Person]) -> CheckedClient:
    """Who had a role, opened an organization, and has it no more."""
    client = signed_in("viewer")
    assert "Kwelgeest" in client.get("/o/org_1001/locations/").content.decode()
    assert OpenedOrganization.objects.filter(person=people["viewer"]).exists()
    people["viewer"].groups.clear()
    return client


def test_no_page_names_an_organization_to_somebody_without_a_role(
    sandbox: Sandbox, viewer: CheckedClient
) -> None:
    sandbox.clear_requests()
    for name, pattern, _ in url_patterns():
        if name == "account_logout":
            continue
        path = path_of(pattern, "org_1001")
        for answer in (viewer.get(path), viewer.post(path, {})):
            text = b"".join(answer) if answer.streaming else answer.content
            assert not [each for each in NAMES if each.encode() in text], name
    assert [each for each in sandbox.requests() if "org_1001" in each["path"]] == []


def test_nor_whether_there_is_such_an_organization(sandbox: Sandbox, viewer: CheckedClient) -> None:
    found = [viewer.get(f"/o/{name}/find/") for name in ("org_1001", "no_such")]
    assert [answer.status_code for answer in found] == [403, 403]


@pytest.mark.parametrize(("username", "shown"), [("admin", True), ("backoffice", False), ("viewer", False)])
def test_versions_are_for_superusers(
    username: str, shown: bool, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
) -> None:
    page = signed_in(username).get("/status/").content.decode()
    assert ("<dt>Django</dt>" in page) is shown
    assert ("<dt>Version</dt>" in page) is shown
