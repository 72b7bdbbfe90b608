"""Locations, from the page to what goes over the wire."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dashboard.entities.locations import hours
from dashboard.upstream import connection
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/locations/"
NEW = f"{LIST}new/"


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] != "GET" and "/locations" in r["path"]]


def names(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)]


def add(client: CheckedClient, **fields: str) -> str:
    """Adds a location through the page; its URL."""
    client.send(NEW, fields)
    page = client.get(LIST, {"q": fields["name"]}).content.decode()
    urls = re.findall(rf'<a href="({LIST}[^"]+/)">{re.escape(fields["name"])}</a>', page)
    assert len(urls) == 1, urls
    return str(urls[0])


@pytest.fixture
def url(backoffice: CheckedClient, sandbox: Sandbox) -> str:
    """A location of our own, open from 8 to 17."""
    url = add(backoffice, name="Testkade", officeOpenHour="8", officeCloseHour="17")
    sandbox.clear_requests()
    return url


class TestList:
    def test_shows_a_page_of_thirty_with_links_and_hours(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(LIST).content.decode()
        assert len(names(page)) == 30
        assert "<rect" in page
        assert re.search(r"\d\d:00–\d\d:00", page)

    def test_goes_on_to_the_next_page_and_back(self, backoffice: CheckedClient) -> None:
        first, second = (names(backoffice.get(LIST, {"page": n}).content.decode()) for n in (1, 2))
        assert not set(first) & set(second)
        page = backoffice.get(LIST, {"page": 2}).content.decode()
        assert "?page=1" in page
        assert "?page=3" in page

    def test_the_last_page_leads_no_further(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(LIST, {"page": 3}).content.decode()
        assert 0 < len(names(page)) < 30
        assert "?page=4" not in page

    def test_a_page_past_the_end_is_an_empty_list_and_no_error(self, backoffice: CheckedClient) -> None:
        answer = backoffice.get(LIST, {"page": 99})
        assert answer.status_code == 200
        assert names(answer.content.decode()) == []

    @pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30, ""])
    def test_a_page_number_that_is_none_means_the_first(self, backoffice: CheckedClient, page: str) -> None:
        assert len(names(backoffice.get(LIST, {"page": page}).content.decode())) == 30

    def test_search_finds_by_part_of_a_name_whatever_the_api_can_do(
        self, backoffice: CheckedClient, url: str
    ) -> None:
        assert names(backoffice.get(LIST, {"q": "estkad"}).content.decode()) == ["Testkade"]

    def test_search_without_a_match_says_so(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(LIST, {"q": "no such place"}).content.decode()
        assert "No location matches" in page
        assert "no such place" in page

    def test_search_asks_the_api_by_its_own_name_where_it_announces_it(
        self, backoffice: CheckedClient, sandbox: Sandbox, flavour: str
    ) -> None:
        backoffice.get(LIST, {"q": "kant"})
        asked = [r["query"] for r in sandbox.requests() if r["path"].endswith("/locations")]
        assert "name=kant" in str(asked[0]) or {"name": "kant"}.items() <= dict(asked[0]).items()

    def test_order_is_offered_where_the_api_has_it_and_kept_in_the_url(
        self, backoffice: CheckedClient
    ) -> None:
        page = backoffice.get(LIST).content.decode()
        assert "order%5Bname%5D=asc" in page
        assert "order%5BofficeOpenHour%5D" not in page
        descending = names(backoffice.get(LIST, {"order[name]": "desc"}).content.decode())
        assert descending == sorted(descending, reverse=True)

    def test_says_that_the_organization_has_none_and_offers_the_first(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /locations", {"replace": []})
        page = backoffice.get(LIST).content.decode()
        assert "Kwelgeest Groep has no locations yet" in page
        assert NEW in page

    def test_asks_for_the_tenant_of_the_organization_in_the_url(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.get(LIST)
        header = sandbox.names["tenant_header"].lower()
        sent = {r["headers"].get(header) for r in sandbox.requests() if r["path"].endswith("/locations")}
        assert sent == {"kwelgeest_7f3a"}


class TestHonestFilters:
    """The API ignores filters it does not know."""

    def test_a_filter_that_is_announced_nowhere_is_done_here_and_said(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        term = names(backoffice.get(LIST).content.decode())[0].casefold()
        connection.forget()
        sandbox.settings(mappings="hidden", docs="off")
        page = backoffice.get(LIST, {"q": term}).content.decode()
        assert "sifted here" in page
        assert names(page)
        assert all(term in name.casefold() for name in names(page))

    def test_rows_read_for_sifting_are_kept_a_while_and_forgotten_after_a_change(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        connection.forget()
        sandbox.settings(mappings="hidden", docs="off")
        backoffice.get(LIST, {"q": "Testkade"})
        sandbox.clear_requests()
        backoffice.get(LIST, {"q": "Testkade"})
        again = [r for r in sandbox.requests() if r["path"].endswith("/locations")]
        assert again == []
        backoffice.send(url, {"name": "Renamed quay"})
        assert names(backoffice.get(LIST, {"q": "Renamed quay"}).content.decode()) == ["Renamed quay"]

    def test_an_api_that_announces_a_filter_and_ignores_it_is_called_out(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        everything = backoffice.get(LIST)
        assert everything.status_code == 200
        sandbox.faults("GET /locations", {"replace": [{"id": 1, "name": "Something else"}]})
        page = backoffice.get(LIST, {"q": "kantoor"}).content.decode()
        assert "seems to ignore" in page


class TestAdd:
    def test_sends_what_was_filled_in_and_nothing_else(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(
            NEW, {"name": " Noord ", "officeOpenHour": "22", "officeCloseHour": "", "id": "7"}
        )
        assert answer.status_code == 302
        assert [r["body"] for r in writes(sandbox)] == [{"name": "Noord", "officeOpenHour": 22}]

    def test_says_what_was_added_and_whose(self, backoffice: CheckedClient) -> None:
        page = backoffice.send(NEW, {"name": "Noord"}, follow=True).content.decode()
        assert "Added Noord." in page
        assert 'data-outcome="applied"' in page
        assert "Kwelgeest Groep" in page

    def test_without_a_name_nothing_is_sent_and_the_rest_is_kept(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(NEW, {"name": "", "officeOpenHour": "9"})
        assert answer.status_code == 422
        assert '<option value="9" selected>' in answer.content.decode()
        assert writes(sandbox) == []


class TestEdit:
    def test_sends_only_what_changed(self, backoffice: CheckedClient, sandbox: Sandbox, url: str) -> None:
        backoffice.send(url, {"name": "Testkade", "officeOpenHour": "9", "officeCloseHour": "17"})
        (sent,) = writes(sandbox)
        assert sent["method"] == "PATCH"
        assert sent["headers"]["content-type"] == "application/merge-patch+json"
        assert sent["body"] == {"officeOpenHour": 9}

    def test_clearing_sends_null(self, backoffice: CheckedClient, sandbox: Sandbox, url: str) -> None:
        backoffice.send(url, {"name": "Testkade", "officeOpenHour": "", "officeCloseHour": "17"})
        assert [r["body"] for r in writes(sandbox)] == [{"officeOpenHour": None}]
        page = backoffice.get(url).content.decode()
        assert '<option value="8" selected>' not in page

    def test_a_field_absent_from_the_post_is_unchanged(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        backoffice.send(url, {"name": "Testkade II"})
        assert [r["body"] for r in writes(sandbox)] == [{"name": "Testkade II"}]
        assert '<option value="8" selected>' in backoffice.get(url).content.decode()

    def test_nothing_changed_sends_nothing_and_says_so(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        same = {"name": "Testkade", "officeOpenHour": "8", "officeCloseHour": "17"}
        page = backoffice.send(url, same, follow=True).content.decode()
        assert writes(sandbox) == []
        assert 'data-outcome="unchanged"' in page
        assert "Nothing was changed, so nothing was sent." in page

    def test_spaces_around_a_value_are_no_change(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        backoffice.send(url, {"name": "  Testkade "})
        assert writes(sandbox) == []

    def test_only_the_fields_of_the_form_reach_the_api(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        backoffice.send(url, {"name": "Noord", "id": "1", "organization": "/organizations/x", "@id": "/x"})
        assert [r["body"] for r in writes(sandbox)] == [{"name": "Noord"}]

    def test_a_violation_lands_on_its_field_with_everything_typed_kept(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        problem = {
            "status": 422,
            "detail": "officeCloseHour: This closes too late.",
            "violations": [
                {"propertyPath": "officeCloseHour", "message": "This closes too late.", "code": "x"}
            ],
        }
        sandbox.faults("PATCH /locations/.*", {"status": 422, "body": problem})
        answer = backoffice.send(url, {"name": "Kept name", "officeOpenHour": "9", "officeCloseHour": "24"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'data-outcome="refused"' in page
        assert re.search(r'id="id_officeCloseHour_error"[^>]*>.*?This closes too late', page, re.S)
        assert '<a href="#id_officeCloseHour">' in page
        assert 'value="Kept name"' in page
        assert '<option value="24" selected>' in page

    def test_a_violation_about_no_field_stands_in_the_summary(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        violations = [
            {"propertyPath": "", "message": "Locations are frozen."},
            {"propertyPath": "team[0].lead", "message": "No lead."},
        ]
        sandbox.faults("PATCH /locations/.*", {"status": 422, "body": {"violations": violations}})
        page = backoffice.send(url, {"name": "Noord"}).content.decode()
        assert "Locations are frozen." in page
        assert "team[0].lead: No lead." in page

    def test_a_type_the_api_does_not_take_is_told_at_the_field_it_names(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        words = 'The type of the "officeOpenHour" attribute must be "int", "string" given.'
        sandbox.faults("PATCH /locations/.*", {"status": 400, "body": {"title": "An error", "detail": words}})
        answer = backoffice.send(url, {"officeOpenHour": "9"})
        assert answer.status_code == 422
        assert '<a href="#id_officeOpenHour">' in answer.content.decode()

    def test_a_real_refusal_of_the_api_is_told_at_its_field(
        self, backoffice: CheckedClient, url: str
    ) -> None:
        answer = backoffice.send(url, {"name": "x" * 256})
        assert answer.status_code == 422
        assert '<a href="#id_name">' in answer.content.decode()

    def test_unknown_fields_are_shown_and_never_sent_back(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults(
            "GET /locations/.*", {"merge": {"capacity": 40, "tags": ["a"], "officeOpenHour": "half nine"}}
        )
        page = unescape(backoffice.get(url).content.decode())
        assert "capacity" in page
        assert '["a"]' in page
        assert "half nine" in page
        backoffice.send(url, {"name": "Noord", "capacity": "1"})
        assert [r["body"] for r in writes(sandbox)] == [{"name": "Noord"}]

    def test_an_hour_nobody_expects_stays_choosable(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("GET /locations/.*", {"merge": {"officeOpenHour": 37}})
        assert '<option value="37" selected>' in backoffice.get(url).content.decode()
        backoffice.send(url, {"name": "Noord", "officeOpenHour": "37"})
        assert [r["body"] for r in writes(sandbox)] == [{"name": "Noord"}]

    def test_a_record_with_next_to_nothing_can_be_opened_and_changed(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("GET /locations/.*", {"remove": ["name", "officeOpenHour", "officeCloseHour"]})
        assert backoffice.get(url).status_code == 200
        backoffice.send(url, {"name": "", "officeOpenHour": "7", "officeCloseHour": ""})
        assert [r["body"] for r in writes(sandbox)] == [{"officeOpenHour": 7}]

    def test_one_that_is_not_there_is_a_page_with_the_way_back(self, backoffice: CheckedClient) -> None:
        answer = backoffice.get(f"{LIST}999999/")
        assert answer.status_code == 404
        assert "/o/org_1001/" in answer.content.decode()

    @pytest.mark.parametrize("hostile", ["..", "%2e%2e", "a%2Fb", "-x", "%20", "a" * 129, "ü"])
    def test_an_id_that_could_leave_its_place_asks_the_api_nothing(
        self, backoffice: CheckedClient, sandbox: Sandbox, hostile: str
    ) -> None:
        backoffice.get(LIST)
        sandbox.clear_requests()
        assert backoffice.get(f"{LIST}{hostile}/").status_code == 404
        assert writes(sandbox) == []
        assert all("/locations/" not in r["path"] for r in sandbox.requests())


class TestWithHtmx:
    """The same URLs, asked for a part."""

    def test_a_declared_part_comes_alone(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(
            LIST, headers={"HX-Request": "true", "HX-Target": "locations-list"}
        ).content.decode()
        assert page.strip().startswith("<section")
        assert "<html" not in page

    def test_any_other_target_gets_the_whole_page_and_is_told_where_it_belongs(
        self, backoffice: CheckedClient
    ) -> None:
        answer = backoffice.get(LIST, headers={"HX-Request": "true", "HX-Target": "elsewhere"})
        assert "<html" in answer.content.decode()
        assert answer["HX-Retarget"] == "#main"

    def test_after_saving_it_is_sent_on(self, backoffice: CheckedClient, url: str) -> None:
        answer = backoffice.send(
            url, {"name": "Noord"}, headers={"HX-Request": "true", "HX-Target": "form-part"}
        )
        assert LIST in answer["HX-Location"]

    def test_a_form_with_errors_comes_back_as_its_part(self, backoffice: CheckedClient, url: str) -> None:
        answer = backoffice.send(url, {"name": ""}, headers={"HX-Request": "true", "HX-Target": "form-part"})
        assert answer.status_code == 422
        assert "<html" not in answer.content.decode()
        assert 'role="alert"' in answer.content.decode()

    def test_a_history_restore_gets_the_whole_page(self, backoffice: CheckedClient) -> None:
        asked = {"HX-Request": "true", "HX-Target": "locations-list", "HX-History-Restore-Request": "true"}
        assert "<html" in backoffice.get(LIST, headers=asked).content.decode()


@pytest.mark.parametrize(
    ("opens", "closes", "words", "pieces"),
    [
        (8, 17, "08:00–17:00", [(8, 9)]),
        (22, 6, "22:00–06:00, overnight", [(0, 6), (22, 2)]),
        (18, 0, "18:00–00:00, overnight", [(18, 6)]),
        (0, 24, "00:00–24:00", [(0, 24)]),
        (9, None, "from 09:00", []),
        (None, 9, "until 09:00", []),
        (None, None, "—", []),
        (37, 40, "37–40", []),
        (True, 5, "True–05:00", []),
        (9, 9, "09:00–09:00", []),
    ],
)
def test_hours_in_words_and_as_a_bar(
    opens: Any, closes: Any, words: str, pieces: list[tuple[int, int]]
) -> None:
    assert hours.text(opens, closes) == words
    assert [(piece["x"], piece["width"]) for piece in hours.bar(opens, closes)] == pieces


@pytest.mark.parametrize("role", ["accounts", "finance", "viewer"])
def test_who_may_only_look_sees_the_record_as_facts(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], role: str
) -> None:
    page = signed_in(role).get(f"{LIST}1/").content.decode()
    assert "<dl" in page
    assert '<form class="form"' not in page
