"""An organization's profile: every fact there is, in whatever shape it comes."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

PROFILE = "/o/org_1001/profile/"
ITEM = "GET /organizations/org_1001"


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def fact(page: str, label: str) -> str:
    """What stands beside a label, without its tags."""
    (found,) = re.findall(
        rf"<dt>{re.escape(label)}(?: <small>[^<]*</small>)?</dt><dd>(.*?)</dd></div>", page, re.S
    )
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def panel(page: str, name: str) -> str:
    (found,) = re.findall(rf'<section class="panel[^"]*" id="{name}".*?</section>', page, re.S)
    return str(found)


class TestFacts:
    def test_every_fact_is_there(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        page = text(backoffice.get(PROFILE))
        assert fact(page, "Name") == "Kwelgeest Groep"
        assert fact(page, "Id") == "org_1001"
        assert fact(page, "Slug") == "kwelgeest-groep"
        assert fact(page, "Type") == "Production"
        assert fact(page, "Status") == "Active"
        assert fact(page, "Demo") == "no"
        assert fact(page, "Production-like") == "yes"
        assert fact(page, "Manual billing") == "no"
        assert fact(page, "Stripe customer").startswith("cus_")
        assert fact(page, "Database") == "migrated"
        assert fact(page, "Current subscription") == "sub_1001"
        assert '<a href="/o/org_1001/subscriptions/sub_1001/">' in page
        assert re.search(r"\d{4} \d\d:\d\d (CET|CEST)", fact(page, "Created"))

    def test_what_is_absent_is_a_dash_and_no_claim(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        gone = [
            "demo",
            "manualBilling",
            "stripeCustomerId",
            "databaseStatus",
            "createdAt",
            "currentSubscription",
        ]
        sandbox.faults(ITEM, {"remove": [*gone, "organizationUsers"]})
        page = text(backoffice.get(PROFILE))
        for label in ("Demo", "Manual billing", "Stripe customer", "Database", "Created", "Users"):
            assert fact(page, label) == "—", label
        assert fact(page, "Current subscription") == "—"

    def test_nothing_on_it_raises_on_data(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        odd: dict[str, Any] = {
            "type": 7, "status": ["odd"], "slug": None, "demo": "perhaps", "manualBilling": {}, "databaseStatus": "x",
            "organizationUsers": {"0": "/users/1", "7": {"firstName": "An"}}, "organizationModules": [None, 3, [1], {}],
            "subscriptions": "none", "organizationAddresses": [{"@id": 5}], "createdAt": "yesterday",
            "currentSubscription": [], "logoUrl": 9, "newField": {"a": [1]},
        }  # fmt: skip
        sandbox.faults(ITEM, {"merge": odd})
        answer = backoffice.get(PROFILE)
        assert answer.status_code == 200
        assert "newField" in text(answer)
        assert '{"a": [1]}' in text(answer)

    def test_an_unknown_status_is_shown_as_it_is(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(ITEM, {"merge": {"status": "hibernating"}})
        assert '<span class="pill pill-neutral">hibernating</span>' in text(backoffice.get(PROFILE))


class TestWhatBelongsToIt:
    def test_is_named_by_its_objects(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        users = [{"@id": "/organization-users/u1", "firstName": "An", "lastName": "Bos", "email": "an@bos.example",
                  "role": "owner"}]  # fmt: skip
        sandbox.faults(ITEM, {"merge": {"organizationUsers": users}})
        page = text(backoffice.get(PROFILE))
        assert fact(page, "Users") == "An Bos an@bos.example, owner u1"

    def test_is_named_by_its_iris(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(ITEM, {"merge": {"organizationUsers": ["/organization-users/u1", 8]}})
        assert fact(text(backoffice.get(PROFILE)), "Users") == "u1 8"

    def test_leads_to_its_pages_and_says_what_they_are(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = text(backoffice.get(PROFILE))
        assert '<a href="/o/org_1001/addresses/addr_1001_1/">' in page
        assert '<a href="/o/org_1001/subscriptions/sub_1001/">' in page
        assert "Active" in fact(page, "Subscriptions")

    def test_an_id_that_fits_no_page_has_no_link(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(ITEM, {"merge": {"organizationAddresses": [{"id": "../x"}, {"id": "a b"}]}})
        page = text(backoffice.get(PROFILE))
        assert "../x" in fact(page, "Addresses")
        assert "/addresses/.." not in page

    def test_none_is_told_from_unknown(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(
            ITEM, {"merge": {"organizationUserInvitations": []}, "remove": ["organizationModules"]}
        )
        page = text(backoffice.get(PROFILE))
        assert fact(page, "Invitations") == "none"
        assert fact(page, "Modules") == "—"

    def test_many_are_folded(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(
            ITEM, {"merge": {"organizationUsers": [f"/organization-users/u{n}" for n in range(60)]}}
        )
        page = text(backoffice.get(PROFILE))
        assert "and 36 more" in page
        assert "u59" in page


class TestPanels:
    @pytest.mark.parametrize(
        ("fails", "panels"),
        [
            (ITEM, ["identity-panel", "belongings-panel", "pictures-panel"]),
            ("GET /organizations/mail-footer", ["footer-panel"]),
        ],
    )
    def test_one_that_fails_says_so_and_the_rest_stands(
        self, backoffice: CheckedClient, sandbox: Sandbox, fails: str, panels: list[str]
    ) -> None:
        backoffice.get(PROFILE)
        sandbox.faults(fails, {"status": 500})
        answer = backoffice.get(PROFILE)
        page = text(answer)
        assert answer.status_code == 200
        for name in ("identity-panel", "belongings-panel", "pictures-panel", "footer-panel"):
            assert ("Try again" in panel(page, name)) is (name in panels), name

    def test_one_comes_alone(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = backoffice.get(PROFILE, headers={"HX-Request": "true", "HX-Target": "footer-panel"})
        assert text(answer).lstrip().startswith('<section class="panel" id="footer-panel"')

    def test_names_are_left_out_where_their_lists_fail(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /(subscriptions|organization-addresses)", {"status": 500})
        page = text(backoffice.get(PROFILE))
        assert "sub_1001" in fact(page, "Subscriptions")
        assert "Try again" not in panel(page, "belongings-panel")

    def test_what_a_viewer_may_not_do_is_not_offered(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        page = text(signed_in("viewer").get(PROFILE))
        assert f'href="{PROFILE}logo/"' not in page
        assert "Edit the mail footer" not in page

    def test_the_menu_leads_there(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        assert re.search(
            rf'<a href="{PROFILE}"[^>]* aria-current="(page|true)"', text(backoffice.get(PROFILE))
        )
