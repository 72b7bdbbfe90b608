"""What names no record is no id: neither shown nor sent, and it accuses nobody."""

from collections.abc import Callable

import pytest

from dashboard.entities.subscriptions import references
from dashboard.flowtly.resources.iris import without_generated
from tests.support.form_fields import fields_of
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

PAGES = [
    "/o/org_1001/",
    "/o/org_1001/profile/",
    "/o/org_1001/subscriptions/",
    "/o/org_1001/subscriptions/catalog/",
    "/o/org_1001/subscriptions/new/",
    "/o/org_1001/subscriptions/sub_1001/",
    "/o/org_1001/clients/1/",
    "/o/org_1001/clients/1/documents/",
]


@pytest.fixture
def admin(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    sandbox.settings(outputs="anonymous", organization_iris="literal")
    return signed_in("admin")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_one(admin: CheckedClient, path: str) -> None:
    answer = admin.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "genid" not in page
    assert "organizations/mail-footer" not in page
    assert "data-another" not in page


def test_a_new_subscription_is_made_of_nothing_without_a_name(admin: CheckedClient, sandbox: Sandbox) -> None:
    path = "/o/org_1001/subscriptions/new/"
    typed = {"type": "team", "seats": "3", "slug": "kwelgeest-groep", "products": "prod_team"}
    (address,) = [each for each in fields_of(admin.get(path).content.decode()) if "Address" in each.name]
    typed[address.name] = address.example()
    assert admin.send(path, typed).status_code == 302
    (body,) = [r["body"] for r in sandbox.requests() if r["method"] == "POST" and r["path"].endswith("ons")]
    assert "genid" not in str(body)


def test_what_a_new_one_is_made_of_has_a_name_of_its_own() -> None:
    """The fields of something that has none are not codes either."""
    line = {"@id": "/.well-known/genid/a1", "@type": "Line", "seats": 3}
    assert references.codes(without_generated([line, "prod_team", line])) == ["prod_team"]
    assert references.codes({"@type": "Line", "seats": 3}) == []


def test_where_every_organization_goes_by_one_literal_its_slug_is_asked_for(
    admin: CheckedClient, sandbox: Sandbox
) -> None:
    sandbox.faults(r"GET /organizations/mail-footer", {"remove": ["id"]})
    page = admin.get("/o/org_1001/subscriptions/new/").content.decode()
    assert 'name="slug"' in page
    assert admin.send("/o/org_1001/locations/new/", {"name": "Noord"}).status_code == 302
