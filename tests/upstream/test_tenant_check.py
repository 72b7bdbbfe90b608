"""Before an act whose path has no id: the records read under the same header must be this organization's."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.upstream import connection, tenant_check
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

ADD = "/o/{}/acts/add/"
REMOVE = "/o/{}/acts/remove/"
SILENT = ("organization", "@id", "id")


@pytest.fixture(autouse=True)
def _acts(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.support.urls_idless_call"


@pytest.fixture
def admin(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("admin")


def sent(sandbox: Sandbox) -> list[Any]:
    login = sandbox.names["login_path"]
    return [r for r in sandbox.requests() if r["method"] != "GET" and not r["path"].endswith(login)]


def point_elsewhere(sandbox: Sandbox, organization: str, tenant: str) -> None:
    """The field that the header is taken from holds another organization's value."""
    sandbox.faults(f"GET /organizations/{organization}", {"merge": {sandbox.names["tenant_field"]: tenant}})


def say_nothing(sandbox: Sandbox) -> None:
    """No record names the organization it is of, in a list or by itself."""
    for path in ("subscriptions", "organization-addresses"):
        sandbox.faults(f"GET /{path}", {"remove_members": ["organization"]})
        sandbox.faults(f"GET /{path}/[^/]+", {"remove": ["organization"]})
    sandbox.faults("GET /organizations/mail-footer", {"remove": list(SILENT)})


class TestTheRightOne:
    def test_it_goes_out_without_anything_to_type(self, admin: CheckedClient, sandbox: Sandbox) -> None:
        page = admin.get(ADD.format("org_1001")).content.decode()
        assert 'name="slug"' not in page
        assert admin.send(ADD.format("org_1001"), {"name": "Noord"}).status_code == 302
        assert [r["body"] for r in sent(sandbox)] == [{"name": "Noord"}]

    def test_is_known_by_one_call_made_under_the_same_header(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        admin.get(ADD.format("org_1001"))
        sandbox.clear_requests()
        admin.get(ADD.format("org_1001"))
        (asked,) = sandbox.requests()
        assert asked["path"].endswith("/subscriptions")
        assert asked["headers"][sandbox.names["tenant_header"].lower()] == "kwelgeest_7f3a"

    def test_is_known_by_its_addresses_where_it_has_no_subscription(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        assert 'name="slug"' not in admin.get(ADD.format("org_1006")).content.decode()
        assert any(r["path"].endswith("/organization-addresses") for r in sandbox.requests())

    def test_is_known_by_a_record_read_in_full_where_list_items_are_partial(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /subscriptions", {"remove_members": ["organization"]})
        assert 'name="slug"' not in admin.get(ADD.format("org_1001")).content.decode()
        assert not any(r["path"].endswith("/organization-addresses") for r in sandbox.requests())

    def test_is_known_although_what_is_asked_first_fails(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /subscriptions", {"status": 500})
        assert admin.send(ADD.format("org_1001"), {"name": "Noord"}).status_code == 302


class TestAnother:
    @pytest.mark.parametrize("act", [ADD, REMOVE])
    def test_nothing_is_sent_and_both_are_named(
        self, admin: CheckedClient, sandbox: Sandbox, act: str
    ) -> None:
        point_elsewhere(sandbox, "org_1001", "berenice_c41d")
        answer = admin.send(act.format("org_1001"), {"name": "Noord", "slug": "kwelgeest-groep"})
        page = answer.content.decode()
        assert answer.status_code == 503
        assert 'data-outcome="not-sent"' in page
        assert "org_1001" in page
        assert "org_1002" in page
        assert "FLOWTLY_TENANT_FIELD" in page
        assert sent(sandbox) == []

    def test_what_was_typed_is_kept(self, admin: CheckedClient, sandbox: Sandbox) -> None:
        point_elsewhere(sandbox, "org_1001", "berenice_c41d")
        page = admin.send(ADD.format("org_1001"), {"name": "Kept name"}).content.decode()
        assert 'value="Kept name"' in page

    def test_is_told_before_anybody_types_anything(self, admin: CheckedClient, sandbox: Sandbox) -> None:
        point_elsewhere(sandbox, "org_1001", "berenice_c41d")
        answer = admin.get(ADD.format("org_1001"))
        assert answer.status_code == 200
        assert "answers for another organization" in answer.content.decode()

    def test_a_header_that_turns_wrong_after_the_form_was_drawn_is_noticed(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        hidden = admin.hidden(ADD.format("org_1001"))
        connection.forget()
        point_elsewhere(sandbox, "org_1001", "berenice_c41d")
        answer = admin.post(ADD.format("org_1001"), {**hidden, "name": "Noord"})
        assert answer.status_code == 503
        assert sent(sandbox) == []

    def test_a_tenant_without_a_subscription_is_found_out_by_its_addresses(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        point_elsewhere(sandbox, "org_1001", "polder_0b0b")
        page = admin.send(ADD.format("org_1001"), {"name": "Noord"}).content.decode()
        assert "org_1006" in page
        assert sent(sandbox) == []

    def test_a_field_that_holds_another_organizations_value_is_found_out(
        self, admin: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        settings.FLOWTLY_TENANT_FIELD = "group"
        connection.forget()
        sandbox.faults("GET /organizations/org_1001", {"merge": {"group": "berenice_c41d"}})
        answer = admin.send(ADD.format("org_1001"), {"name": "Noord"})
        assert answer.status_code == 503
        assert "org_1002" in answer.content.decode()
        assert sent(sandbox) == []


class TestNoneNamed:
    @pytest.mark.parametrize("slug", ["", "kwelgeest", "Kwelgeest-Groep", "kwelgeest-groep-2", "org_1001"])
    @pytest.mark.parametrize("act", [ADD, REMOVE])
    def test_nothing_is_sent_until_the_slug_is_typed_exactly(
        self, admin: CheckedClient, sandbox: Sandbox, act: str, slug: str
    ) -> None:
        say_nothing(sandbox)
        answer = admin.send(act.format("org_1001"), {"name": "Noord", "slug": slug})
        assert answer.status_code == 422
        assert '<a href="#id_slug">' in answer.content.decode()
        assert sent(sandbox) == []

    def test_a_post_that_leaves_the_field_out_sends_nothing(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        say_nothing(sandbox)
        assert admin.send(REMOVE.format("org_1001"), {}).status_code == 422
        assert admin.send(ADD.format("org_1001"), {"name": "Noord"}).status_code == 422
        assert sent(sandbox) == []

    def test_with_the_slug_it_goes_out_and_the_slug_does_not(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        say_nothing(sandbox)
        typed = {"name": "Noord", "slug": "  kwelgeest-groep "}
        assert admin.send(ADD.format("org_1001"), typed).status_code == 302
        assert [r["body"] for r in sent(sandbox)] == [{"name": "Noord"}]

    def test_one_that_is_drawn_from_a_record_goes_out_with_the_slug_as_well(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        say_nothing(sandbox)
        assert admin.send(REMOVE.format("org_1006"), {"slug": "de-lege-polder"}).status_code == 302
        assert [r["method"] for r in sent(sandbox)] == ["DELETE"]

    def test_an_organization_that_is_quite_empty_is_asked_about(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /(subscriptions|organization-addresses)", {"replace": []})
        sandbox.faults("GET /organizations/mail-footer", {"status": 404})
        page = admin.get(ADD.format("org_1006")).content.decode()
        assert "Slug of De Lege Polder B.V." in page

    def test_where_flowtly_gives_no_slug_its_id_is_typed(
        self, admin: CheckedClient, sandbox: Sandbox
    ) -> None:
        say_nothing(sandbox)
        sandbox.faults("GET /organizations/org_1001", {"remove": ["slug"]})
        assert admin.send(ADD.format("org_1001"), {"name": "Noord", "slug": ""}).status_code == 422
        assert admin.send(ADD.format("org_1001"), {"name": "Noord", "slug": "org_1001"}).status_code == 302


def test_where_nothing_can_be_read_nothing_is_sent_and_no_slug_helps(
    admin: CheckedClient, sandbox: Sandbox
) -> None:
    sandbox.faults("GET /(subscriptions|organization-addresses|organizations/mail-footer)", {"status": 500})
    answer = admin.send(ADD.format("org_1001"), {"name": "Noord", "slug": "kwelgeest-groep"})
    assert answer.status_code == 503
    assert 'data-outcome="not-sent"' in answer.content.decode()
    assert sent(sandbox) == []


@pytest.mark.parametrize(
    ("value", "identifier"),
    [
        ("/organizations/org_1", "org_1"),
        ("/api/organizations/org_1", "org_1"),
        ("https://api.flowtly.eu/organizations/org_1", "org_1"),
        ("org_1", "org_1"),
        (17, "17"),
        ({"@id": "/organizations/org_1"}, "org_1"),
        ({"@id": "/organizations/x", "id": "org_1", "name": "One"}, "org_1"),
        ({"name": "One"}, ""),
        (None, ""),
        ("", ""),
        (True, ""),
        (["org_1"], ""),
    ],
)
def test_whose_a_record_is_may_be_said_in_several_ways(value: object, identifier: str) -> None:
    assert tenant_check.owner(Subscription.read({"id": "s", "organization": value})) == identifier
    assert tenant_check.owner(Subscription()) == ""


@pytest.mark.parametrize(
    ("names", "result"), [([], False), (["", ""], False), (["a"], True), (["", "a", "a"], True)]
)
def test_it_is_named_only_where_all_that_name_one_name_it(names: list[str], result: bool) -> None:
    assert tenant_check.is_named({"a"}, names) is result
    with pytest.raises(tenant_check.Another, match="b"):
        tenant_check.is_named({"a"}, [*names, "b"])
