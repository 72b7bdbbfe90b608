"""List pages say no more than what Flowtly really gave: numbers, next pages, filters, and rows kept a while."""

import re
from html import unescape
from typing import Any

import pytest

from dashboard.flowtly.resources.pagination import Every
from dashboard.upstream import connection, list_cache
from dashboard.upstream.cache import Store
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

LOCATIONS = "/o/org_1001/locations/"
ALL = 64  # locations of org_1001


def names(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)]


def range_of(page: str) -> str:
    found = re.search(r"<p data-announce[^>]*>([^<]*)</p>", page)
    return unescape(found[1]) if found else ""


def next_of(page: str) -> str:
    found = re.search(r'rel="next"[^>]*href="([^"]+)"', page)
    return unescape(found[1]) if found else ""


def asked(sandbox: Sandbox, path: str = "/locations") -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["path"].endswith(path)]


def announce_nothing(sandbox: Sandbox) -> None:
    connection.forget()
    sandbox.settings(mappings="hidden", docs="off")


class TestNumbersAndPages:
    @pytest.mark.parametrize("most", [30, 10, 64, 7])
    @pytest.mark.parametrize(
        "speaks",
        [
            {"envelope": "hydra", "totals": "shown", "views": "shown"},
            {"envelope": "hydra", "totals": "shown", "views": "hidden"},
            {"envelope": "plain", "totals": "hidden", "views": "shown"},
            {"envelope": "hydra", "totals": "hidden", "views": "hidden"},
            {"envelope": "array"},
        ],
        ids=lambda speaks: "-".join(speaks.values()),
    )
    def test_every_row_comes_once_by_following_next_and_the_numbers_are_right(
        self, backoffice: CheckedClient, sandbox: Sandbox, most: int, speaks: dict[str, str]
    ) -> None:
        """Whatever Flowtly says of its list, and however few rows it gives at once."""
        sandbox.settings(max_items=most, **speaks)
        url, seen, pages = LOCATIONS, list[str](), 0
        while url and pages < 12:
            page = backoffice.get(url).content.decode()
            first, rows = len(seen) + 1, names(page)
            seen += rows
            assert range_of(page).startswith(f"{first}–{len(seen)}"), range_of(page)
            if speaks.get("totals") == "shown":
                assert range_of(page).endswith(f"of {ALL}")
            url, pages = next_of(page) and LOCATIONS + next_of(page), pages + 1
        assert len(seen) == len(set(seen)) == ALL
        assert pages == -(-ALL // min(most, 30))

    def test_a_list_without_a_total_says_at_least(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.settings(envelope="hydra", totals="hidden")
        assert range_of(backoffice.get(LOCATIONS).content.decode()) == "1–30 of at least 30"
        assert range_of(backoffice.get(LOCATIONS, {"page": 3}).content.decode()) == "61–64, the last page"

    def test_a_next_page_that_is_offered_for_ever_ends_where_the_total_does(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(envelope="hydra")
        sandbox.faults("GET /locations", {"merge": {"hydra:view": {"hydra:next": "/locations?page=99"}}})
        assert next_of(backoffice.get(LOCATIONS, {"page": 2}).content.decode()) == "?page=3"
        page = backoffice.get(LOCATIONS, {"page": 3}).content.decode()
        assert next_of(page) == ""

    def test_without_a_total_it_ends_at_the_first_page_that_is_empty(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(envelope="hydra", totals="hidden")
        sandbox.faults("GET /locations", {"merge": {"hydra:view": {"hydra:next": "/locations?page=99"}}})
        page = backoffice.get(LOCATIONS, {"page": 4}).content.decode()
        assert "The list ends before this page" in page
        assert next_of(page) == ""

    def test_a_next_page_that_leads_nowhere_further_is_looked_at_first(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(envelope="hydra", totals="hidden")
        sandbox.faults("GET /locations", {"merge": {"hydra:view": {"hydra:next": "/locations?page=1"}}})
        assert next_of(backoffice.get(LOCATIONS).content.decode()) == "?page=2"
        assert next_of(backoffice.get(LOCATIONS, {"page": 3}).content.decode()) == ""

    def test_the_same_rows_on_every_page_are_called_out_and_lead_no_further(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        rows = [{"id": n, "name": f"Quay {n}"} for n in range(1, 31)]
        view = {"hydra:next": "/locations?page=99"}
        sandbox.faults("GET /locations", {"replace": {"hydra:member": rows, "hydra:view": view}})
        assert next_of(backoffice.get(LOCATIONS).content.decode()) == "?page=2"
        page = backoffice.get(LOCATIONS, {"page": 2}).content.decode()
        assert "seems to ignore which page" in page
        assert next_of(page) == ""
        assert "31–" not in range_of(page)

    def test_a_total_that_contradicts_the_rows_is_not_shown(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(envelope="hydra")
        sandbox.faults("GET /locations", {"merge": {"hydra:totalItems": 5}})
        page = backoffice.get(LOCATIONS).content.decode()
        assert range_of(page) == "1–30 of at least 30"
        assert next_of(page) == "?page=2"
        assert "of 5" not in range_of(backoffice.get(LOCATIONS, {"page": 3}).content.decode())

    def test_a_first_page_costs_one_call_where_flowtly_says_how_long_the_list_is(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(envelope="hydra")
        backoffice.get(LOCATIONS)
        assert len(asked(sandbox)) == 1


class TestWhatIsSifted:
    def test_letters_with_and_without_accents_find_each_other(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        announce_nothing(sandbox)
        assert names(backoffice.get("/", {"q": "berenice"}).content.decode()) == ["Maison Bérénice & Fils"]
        assert names(backoffice.get("/", {"q": "BÉRÉNICE"}).content.decode()) == ["Maison Bérénice & Fils"]

    def test_by_a_field_that_no_row_says_nothing_is_sifted_and_that_is_said(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        announce_nothing(sandbox)
        page = unescape(backoffice.get("/", {"demo": "true"}).content.decode())
        assert "No row of Flowtly's list says “Demo”" in page
        assert len(names(page)) == 30

    def test_rows_that_do_not_say_it_while_others_do_are_left_out_and_counted(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        announce_nothing(sandbox)
        rows = [{"id": "a", "name": "A", "status": "active"}, {"id": "b", "name": "B"}]
        sandbox.faults("GET /organizations", {"replace": rows})
        page = backoffice.get("/", {"status": "active"}).content.decode()
        assert names(page) == ["A"]
        assert "1 row does not say “Status” and is left out." in page

    def test_pages_of_what_was_sifted_are_counted_exactly(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        announce_nothing(sandbox)
        sandbox.settings(envelope="hydra", totals="hidden", max_items=10)
        page = backoffice.get(LOCATIONS, {"q": "e", "page": "2"}).content.decode()
        assert re.fullmatch(r"31–\d+ of \d+", range_of(page))


class TestRowsThatAreKept:
    @pytest.fixture(autouse=True)
    def _nothing_announced(self, sandbox: Sandbox) -> None:
        announce_nothing(sandbox)

    def test_they_are_read_again_on_demand_and_no_link_repeats_the_demand(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = backoffice.get(LOCATIONS, {"q": "e", "order[name]": "asc"}).content.decode()
        (again,) = re.findall(r'<a href="([^"]+fresh=1[^"]*)"', page)
        sandbox.clear_requests()
        page = backoffice.get(LOCATIONS + unescape(again)).content.decode()
        assert asked(sandbox)
        assert 'value="e"' in page
        listed = page[page.index('<section class="listing"') : page.index("</section>")]
        assert listed.count("fresh=1") == 2  # the link itself, with and without scripts
        sandbox.clear_requests()
        backoffice.get(LOCATIONS, {"q": "e"})
        assert asked(sandbox) == []

    def test_two_organizations_never_share_them(self, backoffice: CheckedClient) -> None:
        ours = names(backoffice.get(LOCATIONS, {"q": "e"}).content.decode())
        theirs = names(backoffice.get("/o/org_1002/locations/", {"q": "e"}).content.decode())
        assert ours
        assert theirs
        assert not set(ours) & set(theirs)

    def test_two_lists_of_one_organization_do_not_mix(self, backoffice: CheckedClient) -> None:
        backoffice.get(LOCATIONS, {"q": "e"})
        assert "Kwelgeest Groep" in names(backoffice.get("/", {"q": "kwel"}).content.decode())

    def test_another_api_is_another_list(
        self, backoffice: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        backoffice.get(LOCATIONS, {"q": "e"})
        settings.FLOWTLY_BASE_URL = sandbox.base_url.replace("127.0.0.1", "localhost")
        connection.forget()
        sandbox.clear_requests()
        backoffice.get(LOCATIONS, {"q": "e"})
        assert asked(sandbox)

    def test_a_change_made_here_forgets_those_of_that_organization_alone(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        for organization in ("org_1001", "org_1002"):
            backoffice.get(f"/o/{organization}/locations/", {"q": "e"})
        backoffice.send(f"{LOCATIONS}new/", {"name": "Eemkade"})
        sandbox.clear_requests()
        backoffice.get("/o/org_1002/locations/", {"q": "e"})
        assert asked(sandbox) == []
        assert names(backoffice.get(LOCATIONS, {"q": "eemkade"}).content.decode()) == ["Eemkade"]

    def test_a_list_that_fails_is_not_kept_and_its_retry_has_what_was_asked(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /locations", {"status": 500}, times=1)
        answer = backoffice.get(LOCATIONS, {"q": "e", "fresh": "1"})
        assert answer.status_code == 502
        assert f'href="{LOCATIONS}?q=e&amp;page=1"' in answer.content.decode()
        assert backoffice.get(LOCATIONS, {"q": "e"}).status_code == 200


def some_rows() -> Every[Any]:
    return Every([], complete=True, read_at=None)  # type: ignore[arg-type]


def test_no_more_lists_are_kept_than_fit_and_the_oldest_go() -> None:
    list_cache.forget_all()
    first = list_cache.rows("org_0", "list", some_rows)
    last = [list_cache.rows(f"org_{n}", "list", some_rows) for n in range(1, list_cache.MOST_LISTS + 1)][-1]
    assert list_cache.rows(f"org_{list_cache.MOST_LISTS}", "list", some_rows) is last
    assert list_cache.rows("org_0", "list", some_rows) is not first


def test_what_was_read_while_somebody_wrote_is_shown_and_not_kept() -> None:
    list_cache.forget_all()

    def read() -> Every[Any]:
        list_cache.forget("org_1")
        return some_rows()

    read_during = list_cache.rows("org_1", "list", read)
    assert list_cache.rows("org_1", "list", some_rows) is not read_during


def test_rows_older_than_a_minute_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(list_cache, "_lists", Store(list_cache.SECONDS, 50, lambda: now))
    first = list_cache.rows("org_1", "list", some_rows)
    assert list_cache.rows("org_1", "list", some_rows) is first
    now += 60.0
    assert list_cache.rows("org_1", "list", some_rows) is not first


@pytest.mark.parametrize("path", ["/o/org_1001/locations/", "/o/org_1001/clients/", "/"])
def test_a_search_of_flowtlys_that_finds_nothing_says_that_only_this_spelling_was_asked_for(
    backoffice: CheckedClient, path: str
) -> None:
    page = unescape(backoffice.get(f"{path}?q=zzzz").content.decode())
    assert 'data-empty="filtered"' in page
    assert "Flowtly searched for “zzzz” as typed." in page
    assert "as typed" not in unescape(backoffice.get(f"{path}?q=a").content.decode())


def test_a_search_here_compares_whatever_the_spelling_and_says_no_such_thing(
    backoffice: CheckedClient, sandbox: Sandbox
) -> None:
    announce_nothing(sandbox)
    page = unescape(backoffice.get(f"{LOCATIONS}?q=zzzz").content.decode())
    assert 'data-empty="filtered"' in page
    assert "as typed" not in page
