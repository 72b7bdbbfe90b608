"""The list of organizations, the overview and the organization that a page is about."""

import re
import time
from html import unescape

import pytest

from dashboard import connection
from dashboard.accounts.models import Person
from dashboard.flowtly.organizations import Organization
from dashboard.http import kind_of
from tests.markup import CheckedClient
from tests.sandbox.running import Sandbox

OVERVIEW = "/o/org_1001/"
PANELS = ("identity-panel", "counts-panel", "subscription-panel", "integrations-panel")


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

    @pytest.mark.parametrize(
        ("broken", "panel"),
        [
            ("GET /subscriptions", "subscription-panel"),
            ("GET /integrations/.*", "integrations-panel"),
            ("GET /(locations|clients|organization-addresses)", "counts-panel"),
        ],
    )
    def test_a_panel_that_fails_says_so_and_the_others_stand(
        self, backoffice: CheckedClient, sandbox: Sandbox, broken: str, panel: str
    ) -> None:
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
        assert [r["path"].rpartition("/")[2] for r in sandbox.requests()] == ["subscriptions"]

    def test_the_calls_are_made_at_the_same_time(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        backoffice.get(OVERVIEW)
        sandbox.settings(latency=300)
        begun = time.monotonic()
        assert backoffice.get(OVERVIEW).status_code == 200
        taken = time.monotonic() - begun
        sandbox.settings(latency=0)
        # Eight calls of 0.3 s each: one after the other they would take 2.4.
        assert taken < 1.5

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
