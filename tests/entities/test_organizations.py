"""The list of organizations, the overview and the organization that a page is about."""

import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dashboard.accounts.models import Person
from dashboard.audit.models import Entry, Phase
from dashboard.flowtly.resources.organizations import Organization
from dashboard.upstream import connection
from dashboard.web.request import kind_of
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

OVERVIEW = "/o/org_1001/"
NEW = "/organizations/new/"
PANELS = (
    "identity-panel",
    "counts-panel",
    "subscription-panel",
    "addresses-panel",
    "integrations-panel",
    "changes-panel",
)


def names(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)]


def part(page: str, element: str) -> str:
    """The text of one panel."""
    found = re.search(rf'<section[^>]* id="{element}".*?</section>', page, re.S)
    assert found, element
    return found[0]


class TestList:
    def test_shows_organizations_of_every_kind_in_words(self, backoffice: CheckedClient) -> None:
        page = backoffice.get("/").content.decode()
        assert len(names(page)) == 30
        for kind in ("Production", "Demo", "Suspended"):
            assert kind in page

    def test_finds_one_by_part_of_its_name(self, backoffice: CheckedClient) -> None:
        found = names(backoffice.get("/", {"q": "welgeest gr"}).content.decode())
        assert found == ["Kwelgeest Groep"]

    def test_filters_by_the_names_of_the_api_and_shows_a_chip_that_takes_it_off(
        self, backoffice: CheckedClient
    ) -> None:
        page = backoffice.get("/", {"status": "suspended"}).content.decode()
        assert names(page)
        assert set(re.findall(r'<td data-label="Status">([^<]*)</td>', page)) == {"Suspended"}
        assert re.search(r'<option value="suspended"[^>]*selected', page)

    def test_pages_are_links(self, backoffice: CheckedClient) -> None:
        first = backoffice.get("/").content.decode()
        assert "?page=2" in first
        assert not set(names(first)) & set(names(backoffice.get("/", {"page": 2}).content.decode()))

    def test_asks_without_a_tenant(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        backoffice.get("/")
        header = sandbox.names["tenant_header"].lower()
        (asked,) = [r for r in sandbox.requests() if r["path"].endswith("/organizations")][:1]
        assert header not in asked["headers"]

    def test_an_api_that_fails_is_told_in_place_with_a_way_to_try_again(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /organizations", {"status": 500})
        answer = backoffice.get("/", {"q": "kwel"})
        page = answer.content.decode()
        assert answer.status_code == 502
        assert "Flowtly could not be read" in page
        assert 'value="kwel"' in page
        assert answer["X-Request-Id"] in page

    def test_an_id_no_path_can_hold_is_listed_without_a_link(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        rows = [{"id": "../logo", "name": "Climber"}, {"id": "fine", "name": "Fine"}]
        sandbox.faults("GET /organizations", {"replace": rows})
        page = backoffice.get("/").content.decode()
        assert "Climber" in page
        assert names(page) == ["Fine"]

    def test_filters_by_demo_under_the_name_of_the_api(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = backoffice.get("/", {"demo": "true"}).content.decode()
        assert set(re.findall(r'<td data-label="Type">([^<]*)</td>', page)) == {"Demo"}
        asked = [r["query"] for r in sandbox.requests() if r["path"].endswith("/organizations")]
        assert asked[-1]["demo"] == "true"

    def test_what_a_row_does_not_say_reads_as_a_dash(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /organizations", {"replace": [{"id": "bare"}]})
        page = backoffice.get("/").content.decode()
        assert names(page) == ["bare"]
        for column in ("Slug", "Type", "Status"):
            assert f'<td data-label="{column}">—</td>' in page

    @pytest.mark.parametrize("role", ["accounts", "finance", "viewer"])
    def test_who_may_not_add_one_is_not_offered_to(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], role: str
    ) -> None:
        assert NEW not in signed_in(role).get("/").content.decode()
        assert NEW in signed_in("backoffice").get("/").content.decode()


class TestPastedIntoTheSearch:
    """Ids and slugs, where one searches by name."""

    def test_an_id_finds_its_organization_and_says_why(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = unescape(backoffice.get("/", {"q": " org_1003 "}).content.decode())
        assert names(page) == ["Conceição & Irmãos, Lda."]
        assert "“org_1003” is the id of Conceição & Irmãos, Lda." in page
        lists = [r for r in sandbox.requests() if r["path"].endswith("/organizations")]
        assert len(lists) == 1

    def test_a_slug_finds_it_where_flowtly_cannot_filter_by_slug(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = unescape(backoffice.get("/", {"q": "roedgroed-haandvaerk"}).content.decode())
        assert names(page) == ["Rødgrød Håndværk ApS"]
        assert "is the slug of Rødgrød Håndværk ApS" in page
        assert re.search(r"in the \d+ organizations read \d+ s ago", page)
        sandbox.clear_requests()
        backoffice.get("/", {"q": "zazolc-logistyka"})
        assert len([r for r in sandbox.requests() if r["path"].endswith("/organizations")]) == 1

    def test_it_is_not_shown_against_a_filter_that_is_on(self, backoffice: CheckedClient) -> None:
        assert names(backoffice.get("/", {"q": "org_1003", "type": "demo"}).content.decode()) == []
        assert names(backoffice.get("/", {"q": "org_1004", "type": "demo"}).content.decode()) != []

    def test_a_name_that_matches_stays_beside_an_id_that_does(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults(
            "GET /organizations/kwelgeest", {"status": 200, "body": {"id": "kwelgeest", "name": "Other"}}
        )
        page = backoffice.get("/", {"q": "kwelgeest"}).content.decode()
        assert names(page) == ["Other", "Kwelgeest Groep", "Kwelgeest Proeftuin"]

    def test_one_that_is_neither_says_so_and_how_it_looked(self, backoffice: CheckedClient) -> None:
        page = backoffice.get("/", {"q": "nobody-knows"}).content.decode()
        assert "No organization matches" in page
        assert "ids and slugs only whole" in page
        assert "Slugs were looked through here" in page

    def test_a_new_one_with_that_slug_is_found_when_the_rows_are_read_again(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = backoffice.get("/", {"q": "nobody-knows"}).content.decode()
        again = re.findall(r'<a href="([^"]+fresh=1[^"]*)"', page)
        rows = [{"id": "fresh", "name": "Fresh One", "slug": "nobody-knows"}]
        sandbox.faults("GET /organizations", {"replace": rows})
        assert names(backoffice.get("/" + unescape(again[0])).content.decode()) == ["Fresh One"]

    def test_a_look_up_that_fails_is_said_and_the_list_stands(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /organizations/[^/]+", {"status": 500})
        page = backoffice.get("/", {"q": "kwelgeest"}).content.decode()
        assert names(page) == ["Kwelgeest Groep", "Kwelgeest Proeftuin"]
        assert "Whether this is an id could not be looked up" in page

    @pytest.mark.parametrize("term", ["../logo", "clear", "mail-footer", "a b", "new", "ü"])
    def test_what_is_no_id_asks_for_none(
        self, backoffice: CheckedClient, sandbox: Sandbox, term: str
    ) -> None:
        assert backoffice.get("/", {"q": term}).status_code == 200
        assert not [r for r in sandbox.requests() if "/organizations/" in r["path"]]


def created(sandbox: Sandbox) -> list[Any]:
    return [
        r["body"]
        for r in sandbox.requests()
        if r["method"] == "POST" and r["path"].endswith("/organizations")
    ]


class TestNew:
    def test_sends_what_was_filled_in_and_opens_the_overview(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(NEW, {"name": " Nieuwe Haven ", "slug": "", "type": "demo", "id": "x"})
        assert created(sandbox) == [{"name": "Nieuwe Haven", "type": "demo"}]
        page = backoffice.get(answer["Location"]).content.decode()
        assert "Added Nieuwe Haven." in page
        assert "Nieuwe Haven" in part(page, "identity-panel")

    def test_is_on_the_trail_and_in_the_list_at_once(self, backoffice: CheckedClient) -> None:
        backoffice.get("/", {"q": "nieuwe-haven"})
        backoffice.send(NEW, {"name": "Nieuwe Haven", "slug": "nieuwe-haven"})
        assert names(backoffice.get("/", {"q": "nieuwe-haven"}).content.decode()) == ["Nieuwe Haven"]
        intent = Entry.objects.get(phase=Phase.INTENT)
        assert (intent.entity, intent.kind, intent.record_name) == ("organizations", "create", "Nieuwe Haven")

    def test_a_slug_that_is_taken_is_told_at_its_field(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(NEW, {"name": "Second", "slug": "kwelgeest-groep"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert '<a href="#id_slug">' in page
        assert 'value="Second"' in page

    def test_a_second_submit_of_the_same_form_adds_no_second_one(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = {**backoffice.hidden(NEW), "name": "Once"}
        first, second = backoffice.post(NEW, form), backoffice.post(NEW, form)
        assert len(created(sandbox)) == 1
        assert first["Location"] == second["Location"]

    def test_one_whose_answer_is_lost_is_found_again(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("POST /organizations", {"drop": "after"})
        answer = backoffice.send(NEW, {"name": "Lost and found"}, follow=True)
        assert answer.status_code == 200
        assert "Added Lost and found." in answer.content.decode()

    def test_one_that_may_or_may_not_have_come_about_is_not_sent_twice(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("POST /organizations", {"drop": "before"})
        first = backoffice.send(NEW, {"name": "Perhaps"})
        assert first.status_code == 502
        assert 'data-outcome="unknown"' in first.content.decode()
        sandbox.clear_faults()
        assert 'data-outcome="not-sent"' in backoffice.send(NEW, {"name": "Perhaps"}).content.decode()
        assert len(created(sandbox)) == 1

    def test_an_answer_without_a_body_is_enough(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("POST /organizations", {"status": 204, "body": "", "act": True})
        page = backoffice.send(NEW, {"name": "Quiet"}, follow=True).content.decode()
        assert "Added Quiet." in page
        assert names(backoffice.get("/", {"q": "Quiet"}).content.decode()) == ["Quiet"]

    def test_suggests_the_types_that_organizations_have(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(NEW).content.decode()
        for value in ("production", "demo", "internal"):
            assert f'<option value="{value}">' in page

    def test_is_drawn_although_the_types_cannot_be_read(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /organizations", {"status": 500})
        assert backoffice.get(NEW).status_code == 200


class TestRecentlyOpened:
    def test_holds_what_this_person_opened_latest_first(
        self, backoffice: CheckedClient, people: dict[str, Person]
    ) -> None:
        others = re.findall(r'<th scope="row"><a href="(/o/[^"]+)"', backoffice.get("/").content.decode())[:2]
        for url in (others[0], others[1], others[0]):
            backoffice.get(url)
        kept = people["backoffice"].opened.order_by("-opened_at").values_list("organization", flat=True)
        assert [f"/o/{organization}/" for organization in kept] == others[:2]
        assert people["viewer"].opened.count() == 0

    def test_is_offered_on_every_page(self, backoffice: CheckedClient) -> None:
        backoffice.get(OVERVIEW)
        assert backoffice.get("/help/").content.decode().count(OVERVIEW) >= 1


class TestOverview:
    def test_tells_who_it_is_what_it_has_and_what_it_uses(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(OVERVIEW).content.decode()
        assert "Kwelgeest Groep" in part(page, "identity-panel")
        assert re.search(r"<b>\s*64\s*</b>\s*locations", part(page, "counts-panel")) or "at least" in page
        assert "Seats" in part(page, "subscription-panel")
        assert "Google Workspace" in part(page, "integrations-panel")
        assert "Netherlands" in part(page, "addresses-panel")

    def test_names_the_plan_and_the_address_it_is_billed_to(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        panel = part(backoffice.get(OVERVIEW).content.decode(), "subscription-panel")
        address = part(backoffice.get(OVERVIEW).content.decode(), "addresses-panel")
        (billed,) = re.findall(r"<dt>Billed to</dt><dd>([^<]+)</dd>", panel)
        assert billed in address
        assert "<code>prod_team, prod_planning</code>" in panel
        assert (
            "/subscriptions/sub_1001/" in panel
        )  # the current one, not the cancelled one that is listed first
        assert "1 other subscription" in panel

    @pytest.mark.parametrize(
        ("organization", "said", "unsaid"),
        [
            ("org_1001", [], ["Billed by hand", "no Stripe customer"]),
            ("org_1003", ["Billed by hand", "no Stripe customer"], []),
            ("org_1006", ["no Stripe customer"], ["Billed by hand"]),
        ],
    )
    def test_warns_of_who_is_not_billed_by_stripe(
        self, backoffice: CheckedClient, organization: str, said: list[str], unsaid: list[str]
    ) -> None:
        panel = part(backoffice.get(f"/o/{organization}/").content.decode(), "identity-panel")
        for words in said:
            assert words in panel
        for words in unsaid:
            assert words not in panel

    @pytest.mark.parametrize(
        ("path", "panel", "words"),
        [
            (
                "/organization-addresses",
                "addresses-panel",
                "Flowtly lists no addresses, but the organization",
            ),
            ("/subscriptions", "subscription-panel", "Flowtly lists no subscription, but the organization"),
        ],
    )
    def test_an_empty_collection_is_held_against_what_the_organization_names(
        self, backoffice: CheckedClient, sandbox: Sandbox, path: str, panel: str, words: str
    ) -> None:
        sandbox.faults(f"GET {path}", {"replace": []})
        shown = part(backoffice.get("/o/org_1001/").content.decode(), panel)
        assert words in shown
        assert "This organization has no" not in shown

    def test_of_an_organization_with_next_to_nothing_says_so(self, backoffice: CheckedClient) -> None:
        page = backoffice.get("/o/org_1006/").content.decode()
        assert "has no subscription" in part(page, "subscription-panel")
        assert "<b>0</b> locations" in part(page, "counts-panel")

    def test_leads_to_the_records_it_counts_and_shows(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(OVERVIEW).content.decode()
        assert f'<a href="{OVERVIEW}locations/">' in part(page, "counts-panel")
        assert f'<a href="{OVERVIEW}addresses/addr_1001_1/">' in part(page, "addresses-panel")

    def test_tells_what_was_changed_here_lately_with_the_way_to_it(self, backoffice: CheckedClient) -> None:
        assert "No changes in the audit log" in part(
            backoffice.get(OVERVIEW).content.decode(), "changes-panel"
        )
        backoffice.send(f"{OVERVIEW}locations/1/", {"name": "Changed lately"})
        panel = part(backoffice.get(OVERVIEW).content.decode(), "changes-panel")
        assert f'<a href="{OVERVIEW}locations/1/" title="backoffice">' in panel
        other = part(backoffice.get("/o/org_1002/").content.decode(), "changes-panel")
        assert "No changes in the audit log" in other

    @pytest.mark.parametrize(
        ("broken", "panel"),
        [
            ("GET /subscriptions", "subscription-panel"),
            ("GET /integrations/.*", "integrations-panel"),
            ("GET /organizations/org_1001", "identity-panel"),
            ("GET /organization-addresses", "addresses-panel"),
        ],
    )
    def test_a_panel_that_fails_says_so_and_the_others_stand(
        self, backoffice: CheckedClient, sandbox: Sandbox, broken: str, panel: str
    ) -> None:
        backoffice.get(OVERVIEW)
        sandbox.faults(broken, {"status": 500})
        answer = backoffice.get(OVERVIEW)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Flowtly could not be read" in part(page, panel)
        for other in set(PANELS) - {panel}:
            assert "Flowtly could not be read" not in part(page, other), other

    def test_one_integration_that_fails_leaves_the_other_two(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /integrations/microsoft-teams", {"status": 500})
        panel = part(backoffice.get(OVERVIEW).content.decode(), "integrations-panel")
        assert panel.count("could not be read") == 1

    def test_a_panel_asked_for_alone_makes_only_its_own_calls(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.get(OVERVIEW)
        sandbox.clear_requests()
        asked = {"HX-Request": "true", "HX-Target": "subscription-panel"}
        page = backoffice.get(OVERVIEW, headers=asked).content.decode()
        assert page.strip().startswith("<section")
        assert sorted(r["path"].rpartition("/")[2] for r in sandbox.requests()) == [
            "organization-addresses",
            "subscriptions",
        ]

    def test_the_calls_are_made_at_the_same_time(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        backoffice.get(OVERVIEW)
        sandbox.clear_requests()
        began = time.monotonic()
        backoffice.get(OVERVIEW)
        usual, calls = time.monotonic() - began, len(sandbox.requests())
        sandbox.settings(latency=1000)
        began = time.monotonic()
        assert backoffice.get(OVERVIEW).status_code == 200
        taken = time.monotonic() - began
        sandbox.settings(latency=0)
        assert calls >= 6
        assert taken - usual < calls / 2, "one after the other each would add a second"

    def test_what_flowtly_does_not_say_is_not_taken_for_no(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /organizations/org_1001", {"remove": ["demo", "manualBilling"]})
        panel = part(backoffice.get(OVERVIEW).content.decode(), "identity-panel")
        assert panel.count("Flowtly does not say") == 2


class TestWhoseData:
    def test_every_page_of_an_organization_names_it_with_its_id_and_kind(
        self, backoffice: CheckedClient
    ) -> None:
        for url in (
            OVERVIEW,
            f"{OVERVIEW}locations/",
            f"{OVERVIEW}locations/1/",
            f"{OVERVIEW}locations/new/",
        ):
            page = backoffice.get(url).content.decode()
            frame = page[: page.index("<main")]
            assert "Kwelgeest Groep" in frame, url
            assert "org_1001" in frame, url
            assert "Production" in frame, url

    def test_one_that_does_not_exist_is_a_page_with_the_way_back(self, backoffice: CheckedClient) -> None:
        answer = backoffice.get("/o/nobody/locations/")
        assert answer.status_code == 404
        assert 'href="/"' in answer.content.decode()

    def test_two_tabs_on_two_organizations_do_not_mix(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        header = sandbox.names["tenant_header"].lower()
        page = backoffice.get("/").content.decode()
        other = next(url for url in re.findall(r'<a href="(/o/[^"]+/)"', page) if url != OVERVIEW)
        for url in (OVERVIEW, other):
            backoffice.get(f"{url}locations/new/")
        sandbox.clear_requests()
        backoffice.send(f"{OVERVIEW}locations/new/", {"name": "Of the first"})
        backoffice.send(f"{other}locations/new/", {"name": "Of the second"})
        backoffice.send(f"{OVERVIEW}locations/new/", {"name": "Of the first again"})
        sent = [
            (r["body"]["name"], r["headers"][header]) for r in sandbox.requests() if r["method"] == "POST"
        ]
        assert len(sent) == 3
        assert sent[0][1] == sent[2][1] == "kwelgeest_7f3a"
        assert sent[1][1] != sent[0][1]

    def test_a_tenant_field_that_is_missing_sends_nothing_and_names_the_setting(
        self, backoffice: CheckedClient, sandbox: Sandbox, settings: pytest.FixtureRequest
    ) -> None:
        settings.FLOWTLY_TENANT_FIELD = "noSuchField"  # type: ignore[attr-defined]
        connection.forget()
        answer = backoffice.get(f"{OVERVIEW}locations/")
        assert answer.status_code == 503
        assert "FLOWTLY_TENANT_FIELD" in answer.content.decode()
        assert not [r for r in sandbox.requests() if r["path"].endswith("/locations")]

    def test_the_list_page_makes_one_call_once_the_organization_is_known(
        self, backoffice: CheckedClient, sandbox: Sandbox, flavour: str
    ) -> None:
        backoffice.get(f"{OVERVIEW}locations/")
        sandbox.clear_requests()
        backoffice.get(f"{OVERVIEW}locations/")
        assert len(sandbox.requests()) == 1


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ({"type": "production", "status": "active"}, "production"),
        ({"type": "production", "status": "active", "demo": True}, "demo"),
        ({"type": "demo", "status": "active"}, "demo"),
        ({"type": "production", "status": "suspended"}, "suspended"),
        ({"type": "demo", "status": "suspended", "demo": True}, "suspended"),
        ({"type": "production", "status": "archived"}, "inactive"),
        ({"type": "pilot", "status": "active"}, "unknown"),
        ({"type": "pilot", "productionLike": True}, "production"),
        ({}, "unknown"),
        ({"type": 3, "status": ["x"]}, "unknown"),
    ],
)
def test_what_sort_of_organization_it_is(raw: dict[str, object], kind: str) -> None:
    assert kind_of(Organization.read(raw))[0] == kind
