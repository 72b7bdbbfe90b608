"""Clients of an organization and their contacts, from the page to what goes over the wire."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dashboard.audit.models import Entry, Open, Outcome
from dashboard.entities.clients.fields import currency_name, fits_lines, language_name
from dashboard.upstream import connection, list_cache
from dashboard.web.formatting import https_url
from tests.support.actions import api
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/clients/"
NEW = f"{LIST}new/"
ONE = f"{LIST}7/"
SEARCHED = "/clients/search"

FILLED = {
    "name": "Testkade BV",
    "status": "active",
    "documentsLanguage": "nl",
    "country": "NL",
    "tinType": "company",
    "currency": "EUR",
    "addressPostCode": "1012 AB",
}


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def heads(page: str) -> list[str]:
    (head,) = re.findall(r"<thead>.*?</thead>", page, re.S)
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<th [^>]*>(.*?)</th>", head, re.S)]


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] != "GET" and "/client" in r["path"]]


def bodies(sandbox: Sandbox) -> list[Any]:
    return [r["body"] for r in writes(sandbox)]


def reads(sandbox: Sandbox, path: str) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] == "GET" and r["path"].endswith(path)]


def panel(page: str, name: str) -> str:
    found = page[page.index(f'id="{name}-panel"') :]
    return found[: found.index("</section>")]


@pytest.fixture
def accounts(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    """An account manager, in front of the sandbox."""
    return signed_in("accounts")


@pytest.fixture
def spelled(sandbox: Sandbox) -> Callable[[str], str]:
    """A reference as this API spells it: a path below its own prefix."""
    prefix = "/api" if sandbox.names["iris"] == "prefixed" else ""
    return lambda path: prefix + path


@pytest.fixture
def code(sandbox: Sandbox, spelled: Callable[[str], str]) -> Callable[[str], str]:
    """A country as this API spells it where it need not be an IRI."""
    iris = sandbox.names["country_style"] == "iri"
    return lambda country: spelled(f"/countries/{country}") if iris else country


def add(client: CheckedClient, **fields: str) -> str:
    """Adds a client through the page; its URL."""
    answer = client.send(NEW, {**FILLED, **fields})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


@pytest.fixture
def url(sandbox: Sandbox, spelled: Callable[[str], str]) -> str:
    """A client of our own."""
    references = {"country": spelled("/countries/NL"), "currency": spelled("/currencies/EUR")}
    made = api().clients.create({**FILLED, **references})
    sandbox.clear_requests()
    return f"{LIST}{made.id}/"


class TestList:
    def test_a_plain_list_is_one_call_for_one_page(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        page = text(accounts.get(LIST))
        assert len(names(page)) == 30
        asked = reads(sandbox, "/clients")
        assert [
            dict(r["query"]).get("page", "1") if isinstance(r["query"], list) else r["query"] for r in asked
        ]
        assert all("100" not in str(r["query"]) for r in asked)

    def test_shows_countries_by_name_and_the_usual_columns(self, accounts: CheckedClient) -> None:
        page = text(accounts.get(LIST))
        assert heads(page) == ["Name", "Country", "Tax number", "Currency", "Days to pay", "Status"]
        assert '<td data-label="Country">Netherlands</td>' in page
        assert '<td data-label="Currency">EUR</td>' in page
        assert '<span class="pill pill-good">Active</span>' in page

    def test_columns_are_chosen_in_the_address_and_kept_by_every_link(self, accounts: CheckedClient) -> None:
        page = text(accounts.get(LIST, {"columns": "name,addressCity,vatNumber", "status": "active"}))
        assert heads(page) == ["Name", "VAT number", "City"]
        links = re.findall(rf'href="((?:{LIST})?\?[^"]+)"', page)
        assert links
        assert all("columns=name%2CvatNumber%2CaddressCity" in link for link in links)
        (tools,) = re.findall(r'<form class="tools".*?</form>', page, re.S)
        assert re.findall(r'value="(\w+)" checked', tools) == ["vatNumber", "addressCity"]

    def test_a_form_with_a_box_for_each_leads_to_one_parameter(self, accounts: CheckedClient) -> None:
        answer = accounts.get(f"{LIST}?q=&status=active&columns=name&columns=tin&columns=id")
        assert answer.status_code == 302
        assert answer["Location"] == f"{LIST}?status=active&columns=name%2Cid%2Ctin"
        usual = "&".join(
            f"columns={name}" for name in ("name", "country", "tin", "currency", "dueDays", "status")
        )
        assert accounts.get(f"{LIST}?{usual}")["Location"] == LIST

    def test_htmx_is_told_the_address_instead(self, accounts: CheckedClient) -> None:
        asked = {"HX-Request": "true", "HX-Target": "clients-list"}
        answer = accounts.get(f"{LIST}?columns=name&columns=tin", headers=asked)
        assert answer.status_code == 200
        assert answer["HX-Push-Url"] == f"{LIST}?columns=name%2Ctin"

    def test_columns_that_do_not_exist_are_no_columns(self, accounts: CheckedClient) -> None:
        assert heads(text(accounts.get(LIST, {"columns": "password,@id"}))) == [
            "Name", "Country", "Tax number", "Currency", "Days to pay", "Status",
        ]  # fmt: skip
        every = "id,tinType,tinCountry,defaultTaxRate,addressPostCode,documentsLanguage,clientContacts"
        page = text(accounts.get(LIST, {"columns": every}))
        assert len(heads(page)) == 8
        assert "Dutch (nl)" in page

    def test_a_search_goes_through_the_apis_own(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        page = text(accounts.get(LIST, {"q": "visser"}))
        (asked, *_more) = reads(sandbox, SEARCHED)
        assert sandbox.names["search_parameter"] in str(asked["query"])
        assert names(page)
        assert all("isser" in name for name in names(page))
        assert "Only names were searched" not in page
        assert "ignore" not in page

    def test_a_search_finds_by_tax_number_too(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        accounts.send(ONE, {"tin": "111222333", "tinCountry": "NL"})
        page = text(accounts.get(LIST, {"q": "111222333"}))
        assert len(names(page)) == 1
        assert "ignore" not in page

    def test_a_search_that_is_ignored_is_called_out(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(f"GET {SEARCHED}", {"replace": [{"id": 1, "name": "Somebody"}]})
        assert "Flowtly seems to ignore" in text(accounts.get(LIST, {"q": "visser"}))

    @pytest.mark.parametrize("status", [404, 405, 400])
    def test_without_a_search_names_are_looked_through(
        self, accounts: CheckedClient, sandbox: Sandbox, status: int
    ) -> None:
        sandbox.faults(f"GET {SEARCHED}", {"status": status})
        page = text(accounts.get(LIST, {"q": "visser"}))
        assert names(page)
        assert all("isser" in name for name in names(page))
        assert "Only names were searched." in page

    def test_a_search_that_fails_says_so_and_offers_it_again(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults(f"GET {SEARCHED}", {"status": 500})
        answer = accounts.get(LIST, {"q": "visser", "columns": "name,tin"})
        assert answer.status_code == 502
        assert re.search(r"\?q=visser&columns=name%2Ctin&page=1", text(answer))

    def test_status_and_country_are_the_apis_own_filters(
        self, accounts: CheckedClient, sandbox: Sandbox, spelled: Callable[[str], str]
    ) -> None:
        page = text(accounts.get(LIST))
        assert '<option value="blocked">Blocked</option>' in page
        assert f'<option value="{spelled("/countries/DK")}">Denmark</option>' in page
        sandbox.clear_requests()
        page = text(accounts.get(LIST, {"status": "blocked", "country": spelled("/countries/NL")}))
        assert set(re.findall(r'data-label="Status"><span class="pill[^"]*">(\w+)', page)) == {"Blocked"}
        assert set(re.findall(r'data-label="Country">(\w+)', page)) == {"Netherlands"}
        assert "Country: Netherlands" in page
        assert "sifted here" not in page
        asked = str([r["query"] for r in reads(sandbox, "/clients")])
        assert "blocked" in asked
        assert "country" in asked

    def test_values_seen_before_stay_on_offer_when_the_list_is_narrowed(
        self, accounts: CheckedClient
    ) -> None:
        accounts.get(LIST)
        page = text(accounts.get(LIST, {"status": "blocked"}))
        assert '<option value="active">Active</option>' in page

    def test_a_filter_the_api_does_not_have_is_sifted_and_said(self, accounts: CheckedClient) -> None:
        page = text(accounts.get(LIST, {"tinType": "person", "columns": "name,tinType"}))
        assert set(re.findall(r'data-label="Kind of taxpayer">(\w+)', page)) == {"Person"}
        assert "sifted here" in page or "rows were looked at" in page

    def test_a_search_with_a_filter_the_search_lacks_is_no_search(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = text(accounts.get(LIST, {"q": "visser", "tinType": "company"}))
        assert reads(sandbox, SEARCHED) == []
        assert all("isser" in name for name in names(page))
        assert "Only names were searched." in page

    def test_order_is_offered_only_where_the_api_has_it(self, accounts: CheckedClient) -> None:
        page = text(accounts.get(LIST))
        assert "order%5Bname%5D=asc" in page
        assert "order%5Bcurrency%5D" not in page

    def test_where_nothing_is_announced_it_is_sifted_here_and_said(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        connection.forget()
        list_cache.forget_all()
        sandbox.settings(mappings="hidden", docs="off")
        page = text(accounts.get(LIST, {"status": "blocked"}))
        assert names(page)
        assert "sifted here" in page

    def test_rows_that_have_lost_or_changed_what_they_had_are_shown(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        gone = ["name", "country", "tin", "currency", "dueDays", "status", "clientContacts"]
        sandbox.faults("GET /clients", {"remove_members": gone})
        every = ",".join(["id", "clientContacts", *gone])
        assert "—" in text(accounts.get(LIST, {"columns": every}))
        sandbox.clear_faults()
        odd = {
            "id": 3, "name": 5, "country": {"id": "NL", "@id": "/x/NL"}, "currency": {"id": "EUR"},
            "tin": ["x"], "dueDays": "soon", "status": {"a": 1}, "clientContacts": "no list",
        }  # fmt: skip
        sandbox.faults("GET /clients", {"replace": [odd, "/clients/9", None, 5, []]})
        page = text(accounts.get(LIST, {"columns": every}))
        assert "Netherlands" in page
        assert "EUR" in page
        assert "soon" in page

    def test_an_organization_without_any_is_told_what_to_do(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /clients", {"replace": []})
        page = text(accounts.get(LIST))
        assert "Kwelgeest Groep has no clients yet" in page
        assert f'href="{NEW}"' in page
        assert "No client matches" in text(accounts.get(LIST, {"status": "gone"}))

    def test_a_page_beyond_the_end_leads_back(self, accounts: CheckedClient) -> None:
        page = text(accounts.get(LIST, {"page": "999", "columns": "name,tin"}))
        assert "The list ends before this page" in page
        assert f'href="{LIST}?columns=name%2Ctin"' in page

    def test_the_overview_and_the_menu_lead_there(self, accounts: CheckedClient) -> None:
        page = text(accounts.get("/o/org_1001/"))
        assert page.count(f'href="{LIST}"') >= 2


class TestAdd:
    def test_sends_what_was_filled_in_and_references_as_iris(
        self,
        accounts: CheckedClient,
        sandbox: Sandbox,
        spelled: Callable[[str], str],
        code: Callable[[str], str],
    ) -> None:
        extra = {
            "tin": "111222333", "tinCountry": "NL", "vatNumber": "NL111222333B01", "dueDays": "30",
            "costGroup": "travel\r\n\r\n office ", "addressCountry": "BE", "invoiceComment": "Two\r\nlines",
        }  # fmt: skip
        accounts.send(NEW, {**FILLED, **extra, "id": "5", "clientContacts": "x"})
        assert bodies(sandbox) == [
            {
                **FILLED,
                **extra,
                "country": spelled("/countries/NL"),
                "currency": spelled("/currencies/EUR"),
                "tinCountry": code("NL"),
                "addressCountry": code("BE"),
                "dueDays": 30,
                "costGroup": ["travel", "office"],
                "invoiceComment": "Two\nlines",
            }
        ]

    def test_says_what_was_added_and_shows_it(self, accounts: CheckedClient) -> None:
        page = text(accounts.send(NEW, FILLED, follow=True))
        assert "Added Testkade BV." in page
        assert 'data-outcome="applied"' in page
        assert 'id="checks-panel"' in page

    @pytest.mark.parametrize("missing", ["name", "status", "country", "tinType", "currency"])
    def test_what_the_api_needs_is_required(
        self, accounts: CheckedClient, sandbox: Sandbox, missing: str
    ) -> None:
        answer = accounts.send(NEW, {**FILLED, missing: ""})
        assert answer.status_code == 422
        assert f'<a href="#id_{missing}">' in text(answer)
        assert writes(sandbox) == []

    def test_stands_in_groups_with_suggestions_and_names(self, accounts: CheckedClient) -> None:
        page = text(accounts.get(NEW))
        titles = re.findall(r'<h2 class="wide" id="group-\d">(\w+)</h2>', page)
        assert titles == ["Identity", "Tax", "Address", "Billing", "Other"]
        (statuses,) = re.findall(r'<datalist id="client-status">(.*?)</datalist>', page, re.S)
        assert '<option value="prospect">Prospect</option>' in statuses
        (languages,) = re.findall(r'<datalist id="client-documentsLanguage">(.*?)</datalist>', page, re.S)
        assert '<option value="nl">Dutch (nl)</option>' in languages
        assert re.search(r'<option value="EUR">Euro \(EUR\)</option>', page)
        assert re.search(r'<option value="NL">Netherlands</option>', page)

    def test_where_there_are_no_currencies_one_types(
        self, accounts: CheckedClient, sandbox: Sandbox, spelled: Callable[[str], str]
    ) -> None:
        sandbox.settings(currencies=False)
        page = text(accounts.get(NEW))
        assert "Flowtly lists no currencies. Type the code" in page
        assert re.search(r'<input type="text" name="currency"', page)
        accounts.get(NEW)
        assert len(reads(sandbox, "/currencies")) == 1
        accounts.send(NEW, {**FILLED, "currency": "dkk"})
        assert [body["currency"] for body in bodies(sandbox)] == [spelled("/currencies/DKK")]

    def test_a_currency_that_is_not_listed_is_told_at_its_field(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = accounts.send(NEW, {**FILLED, "currency": "XXX"})
        assert '<a href="#id_currency">' in text(answer)
        assert writes(sandbox) == []

    def test_lists_that_fail_cost_only_their_fields(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        for path in ("countries", "currencies", "languages", "clients"):
            sandbox.faults(f"GET /{path}", {"status": 500})
        answer = accounts.get(NEW)
        assert answer.status_code == 200
        assert "The list of countries could not be read" in text(answer)

    def test_where_no_client_shows_how_countries_are_spelled_a_refusal_teaches_it(
        self, accounts: CheckedClient, sandbox: Sandbox, code: Callable[[str], str]
    ) -> None:
        sandbox.faults("GET /clients", {"replace": []})
        wanted = {**FILLED, "addressCountry": "BE"}
        assert accounts.send(NEW, wanted).status_code == 302
        assert bodies(sandbox)[-1]["addressCountry"] == code("BE")

    def test_what_the_api_says_of_the_whole_record_is_told(self, accounts: CheckedClient) -> None:
        answer = accounts.send(NEW, {**FILLED, "tin": "111222333"})
        assert answer.status_code == 422
        assert "A tax number needs its country." in text(answer)

    def test_a_lost_answer_is_looked_up_and_told(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("POST /clients", {"drop": "after"}, times=1)
        answer = accounts.send(NEW, FILLED)
        assert answer.status_code == 302
        assert len(writes(sandbox)) == 1


class TestEdit:
    def test_sends_only_what_changed(self, accounts: CheckedClient, sandbox: Sandbox, url: str) -> None:
        page = text(accounts.send(url, {**FILLED, "addressCity": "Haarlem", "dueDays": "14"}, follow=True))
        (sent,) = writes(sandbox)
        assert sent["method"] == "PATCH"
        assert sent["headers"]["content-type"] == "application/merge-patch+json"
        assert sent["body"] == {"addressCity": "Haarlem"}
        assert "Saved Testkade BV." in page

    def test_a_form_that_comes_back_as_it_was_sends_nothing(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        """Whatever a seeded client holds, what a browser sends for it untouched is no change."""
        for client in ("5", "10", "11", "20", "22"):
            page = accounts.get(f"{LIST}{client}/").content.decode()
            form = page[
                page.index('<form class="form"') : page.index("</form>", page.index('<form class="form"'))
            ]
            typed = {n: unescape(v) for n, v in re.findall(r'<input [^>]*name="(\w+)" value="([^"]*)"', form)}
            typed |= {n: "" for n in re.findall(r'<input [^>]*name="(\w+)"', form) if n not in typed}
            for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, re.S):
                typed[name] = unescape(re.findall(r'value="([^"]*)" selected', options)[0])
            for name, inner in re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
                typed[name] = unescape(inner).replace("\n", "\r\n")
            assert len(typed) > 24, typed
            page = text(accounts.post(f"{LIST}{client}/", typed, follow=True))
            assert 'data-outcome="unchanged"' in page, client
        assert writes(sandbox) == []

    @pytest.mark.parametrize("country", ["NL", "nl", "/countries/NL", "/api/countries/NL"])
    def test_the_same_in_another_spelling_is_no_change(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str, country: str
    ) -> None:
        typed = {**FILLED, "country": country, "currency": f"{country.rpartition('/')[0]}/eur".strip("/")}
        assert 'data-outcome="unchanged"' in text(accounts.send(url, typed, follow=True))
        assert writes(sandbox) == []

    def test_references_are_sent_as_the_record_spells_them(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        held = {
            "country": {"@id": "/v2/countries/NL"},
            "currency": "EUR",
            "addressCountry": "/v2/countries/NL",
        }
        sandbox.faults("GET /clients/.*", {"merge": held})
        sandbox.faults("PATCH /clients/.*", {"status": 200, "body": {"name": "x"}})
        accounts.send(url, {"country": "DE", "currency": "DKK", "addressCountry": "FR", "tinCountry": "FR"})
        assert bodies(sandbox) == [
            {
                "country": "/v2/countries/DE",
                "currency": "DKK",
                "addressCountry": "/v2/countries/FR",
                "tinCountry": bodies(sandbox)[0]["tinCountry"],
            }
        ]

    def test_clearing_sends_null_and_a_list_goes_whole(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        accounts.send(url, {"costGroup": "travel\noffice", "defaultCost": "12.50"})
        accounts.send(url, {"costGroup": "office\ntravel\nrent"})
        accounts.send(url, {"costGroup": "", "defaultCost": "", "addressPostCode": ""})
        assert bodies(sandbox) == [
            {"costGroup": ["travel", "office"], "defaultCost": "12.50"},
            {"costGroup": ["office", "travel", "rent"]},
            {"costGroup": None, "defaultCost": None, "addressPostCode": None},
        ]

    @pytest.mark.parametrize("name", ["dueDays", "documentsLanguage", "name", "currency"])
    def test_what_may_not_be_empty_is_told_at_its_field(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str, name: str
    ) -> None:
        answer = accounts.send(url, {name: ""})
        assert answer.status_code == 422
        assert f'<a href="#id_{name}">' in text(answer)
        assert writes(sandbox) == []

    @pytest.mark.parametrize("held", [[{"id": 1}], ["a\nb"], [" a"], "a", [3]])
    def test_cost_groups_that_lines_cannot_hold_are_shown_as_they_are_until_somebody_enters_lines(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str, held: Any
    ) -> None:
        sandbox.faults("GET /clients/.*", {"merge": {"costGroup": held}})
        (shown,) = re.findall(r'name="costGroup"[^>]*>\s*(.*?)</textarea>', text(accounts.get(url)), re.S)
        assert shown == (held if isinstance(held, str) else json.dumps(held))
        if shown[0] == "[":
            answer = accounts.send(
                url, {"costGroup": shown.replace("1", "2") + " ", "addressCity": "Haarlem"}
            )
            assert answer.status_code == 422 or bodies(sandbox) == [{"addressCity": "Haarlem"}]
        accounts.send(url, {"costGroup": "b\r\nc"})
        assert bodies(sandbox)[-1] == {"costGroup": ["b", "c"]}

    def test_a_list_that_comes_as_an_object_is_a_list(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("GET /clients/.*", {"merge": {"costGroup": {"0": "a", "2": "b"}}})
        assert re.search(r'name="costGroup"[^>]*>\s*a\nb</textarea>', text(accounts.get(url)))

    def test_records_that_have_drifted_can_be_opened_and_changed(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        odd = {
            "name": 7, "country": None, "currency": {"code": "EUR"}, "status": ["x"], "tin": 12, "dueDays": "14",
            "tinCountry": {"id": "NL"}, "vatNumber": False, "clientContacts": "none", "addressPostCode": {"a": 1},
            "documentsLanguage": 3, "defaultTaxRate": 21, "colour": "blue",
        }  # fmt: skip
        sandbox.faults("GET /clients/.*", {"merge": odd})
        page = text(accounts.get(url))
        assert "colour" in page
        accounts.send(url, {"addressCity": "Haarlem"})
        assert bodies(sandbox) == [{"addressCity": "Haarlem"}]

    def test_a_record_with_next_to_nothing_can_be_opened_and_changed(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("GET /clients/.*", {"remove": [*FILLED, "dueDays", "clientContacts"]})
        assert accounts.get(url).status_code == 200
        accounts.send(url, {**dict.fromkeys(FILLED, ""), "dueDays": "", "addressCity": "Haarlem"})
        assert bodies(sandbox) == [{"addressCity": "Haarlem"}]

    def test_a_violation_lands_on_its_field_and_nothing_typed_is_lost(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        violations = [{"propertyPath": "vatNumber", "message": "Taken."}]
        sandbox.faults("PATCH /clients/.*", {"status": 422, "body": {"violations": violations}})
        answer = accounts.send(url, {"vatNumber": "NL1", "costGroup": "a\r\nb", "currency": "DKK"})
        page = text(answer)
        assert answer.status_code == 422
        assert re.search(r'id="id_vatNumber_error"[^>]*>.*?Taken', page, re.S)
        assert 'value="NL1"' in page
        assert "a\nb</textarea>" in page
        assert '<option value="DKK" selected>' in page

    def test_two_people_in_one_field_see_words(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        signed = accounts.hidden(url)
        accounts.send(url, {"currency": "DKK", "country": "BE"})
        answer = accounts.post(url, {**signed, "currency": "PLN", "country": "DE"})
        page = text(answer)
        assert answer.status_code == 409
        for word in ("Euro (EUR)", "Danish Krone (DKK)", "Polish Zloty (PLN)", "Belgium", "Germany"):
            assert word in page[page.index('class="conflicts"') :]

    def test_the_trail_has_it_field_by_field_and_it_can_be_taken_back(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        accounts.send(url, {"addressCity": "Haarlem", "currency": "DKK", "costGroup": "a"})
        entry = Entry.objects.filter(entity="clients", kind="update", phase="intent").first()
        assert entry is not None
        assert entry.changes["addressCity"] == [None, "Haarlem"]
        assert entry.record_name == "Testkade BV"
        page = text(accounts.get(url))
        assert "<ins>Danish Krone (DKK)</ins>" in page
        (back,) = re.findall(r'href="([^"]+\?revert=[^"]+)"', page)
        page = text(accounts.get(back))
        assert '<option value="EUR" selected>' in page
        accounts.post(url, {**hidden_of(page), "currency": "EUR", "addressCity": "", "costGroup": ""})
        assert bodies(sandbox)[-1]["addressCity"] is None
        assert bodies(sandbox)[-1]["costGroup"] is None

    def test_one_that_is_not_there_is_a_page_with_the_way_back(self, accounts: CheckedClient) -> None:
        for path in ("999999/", "999999/documents/", "999999/contacts/new/", "999999/contacts/1/"):
            assert accounts.get(LIST + path).status_code == 404, path
        assert accounts.get("/o/org_1002/client-contacts/999999/").status_code == 404

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("/client-contacts", "contacts"),
            ("/clients/7/documents", "documents"),
        ],
    )
    def test_a_panel_fails_alone_and_can_be_asked_for_again(
        self, accounts: CheckedClient, sandbox: Sandbox, path: str, name: str
    ) -> None:
        sandbox.faults(f"GET {path}", {"status": 500})
        answer = accounts.get(ONE)
        page = text(answer)
        assert answer.status_code == 200
        assert 'name="vatNumber"' in page
        assert f'hx-target="#{name}-panel"' in panel(page, name)
        sandbox.clear_faults()
        asked = {"HX-Request": "true", "HX-Target": f"{name}-panel"}
        part = text(accounts.get(ONE, headers=asked))
        assert part.startswith("<section") or part.strip().startswith("<section")
        assert "problem" not in part

    def test_a_save_that_comes_back_as_a_part_asks_for_no_panels(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        signed = accounts.hidden(ONE)
        sandbox.clear_requests()
        asked = {"HX-Request": "true", "HX-Target": "form-part"}
        answer = accounts.post(ONE, {**signed, "name": ""}, headers=asked)
        assert answer.status_code == 422
        assert "<html" not in text(answer)
        assert [r["path"].rpartition("/")[2] for r in sandbox.requests() if "client" in r["path"]] == ["7"]


@pytest.fixture
def made(accounts: CheckedClient, sandbox: Sandbox, url: str) -> str:
    """A contact of our own client; its page."""
    answer = accounts.send(f"{url}contacts/new/", CONTACT)
    assert answer.status_code == 302, text(answer)
    page = text(accounts.get(url))
    (found,) = re.findall(rf'href="({url}contacts/\d+/)"', page)
    sandbox.clear_requests()
    return str(found)


CONTACT = {
    "name": "Ana Testkade",
    "email": "ana@testkade.example",
    "type": "billing",
    "title": "",
    "position": "",
}


class TestContacts:
    def test_are_listed_with_what_one_needs_to_reach_them(
        self, accounts: CheckedClient, made: str, url: str
    ) -> None:
        shown = panel(text(accounts.get(url)), "contacts")
        assert f'<a href="{made}"><b>Ana Testkade</b></a>' in shown
        assert '<a href="mailto:ana@testkade.example">' in shown
        assert '<span class="pill">Billing</span>' in shown

    def test_are_those_of_the_client_whatever_the_api_filters(
        self, accounts: CheckedClient, sandbox: Sandbox, spelled: Callable[[str], str], made: str, url: str
    ) -> None:
        """Where the list knows no such filter, the client's own record tells which are its."""
        other = {"id": 1, "client": spelled("/clients/1"), "name": "Somebody Else", "email": "x@y.example"}
        sandbox.faults("GET /client-contacts", {"replace": [other]})
        shown = panel(text(accounts.get(url)), "contacts")
        assert "Ana Testkade" in shown
        assert "Somebody Else" not in shown

    @pytest.mark.parametrize(
        "listed",
        [
            [],
            {"hydra:member": [], "hydra:totalItems": 0},
            [{"id": 900, "name": "Bo Second", "email": "bo@testkade.example"}],
        ],
        ids=["none", "none-counted", "another"],
    )
    def test_one_that_the_client_names_is_there_though_the_collection_leaves_it_out(
        self, accounts: CheckedClient, sandbox: Sandbox, made: str, url: str, listed: Any
    ) -> None:
        sandbox.faults("GET /client-contacts", {"replace": listed})
        page = text(accounts.get(url))
        shown = panel(page, "contacts")
        assert f'<a href="{made}"><b>Ana Testkade</b></a>' in shown
        assert ("Bo Second" in shown) is ("900" in str(listed))
        assert "can be written to" in panel(page, "checks")
        assert "There is no contact" not in page

    def test_adding_one_says_whose_it_is(
        self, accounts: CheckedClient, sandbox: Sandbox, spelled: Callable[[str], str], url: str
    ) -> None:
        page = text(accounts.send(f"{url}contacts/new/", {**CONTACT, "client": "/clients/1"}, follow=True))
        (sent,) = writes(sandbox)
        assert sent["method"] == "POST"
        number = url.rstrip("/").rpartition("/")[2]
        filled = {name: value for name, value in CONTACT.items() if value}
        assert sent["body"] == {"client": spelled(f"/clients/{number}"), **filled}
        assert "Added contact Ana Testkade." in page
        entry = Entry.objects.get(entity="client-contacts", kind="create", phase="intent")
        assert entry.record_name == "Ana Testkade, contact of Testkade BV"

    @pytest.mark.parametrize("missing", ["name", "email", "type"])
    def test_what_the_api_needs_is_required(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str, missing: str
    ) -> None:
        answer = accounts.send(f"{url}contacts/new/", {**CONTACT, missing: ""})
        assert answer.status_code == 422
        assert f'<a href="#id_{missing}">' in text(answer)
        assert writes(sandbox) == []

    def test_changing_one_sends_only_that(self, accounts: CheckedClient, sandbox: Sandbox, made: str) -> None:
        page = text(
            accounts.send(made, {**CONTACT, "position": "0", "title": "Head of purchase"}, follow=True)
        )
        assert bodies(sandbox) == [{"title": "Head of purchase"}]
        assert "Saved contact Ana Testkade." in page
        assert "Head of purchase" in panel(page, "contacts")

    def test_a_change_can_be_taken_back_from_its_own_history(
        self, accounts: CheckedClient, sandbox: Sandbox, made: str
    ) -> None:
        accounts.send(made, {"name": "Ana Maria"})
        (back,) = re.findall(
            r'href="(/o/org_1001/client-contacts/\d+/\?revert=[^"]+)"', text(accounts.get(made))
        )
        answer = accounts.get(back, follow=True)
        assert answer.redirect_chain[0][0].startswith(f"{made}?revert=")
        assert 'value="Ana Testkade"' in text(answer)

    def test_the_history_of_a_client_with_the_same_number_is_another(
        self, accounts: CheckedClient, made: str
    ) -> None:
        accounts.send(made, {"name": "Ana Maria"})
        number = made.rstrip("/").rpartition("/")[2]
        page = accounts.get(f"{LIST}{number}/")
        assert page.status_code == 404 or "Ana Maria" not in text(page)

    def test_a_contact_of_another_client_is_not_found_under_this_one(
        self, accounts: CheckedClient, made: str
    ) -> None:
        number = made.rstrip("/").rpartition("/")[2]
        for path in (f"{LIST}1/contacts/{number}/", f"{LIST}1/contacts/{number}/delete/"):
            assert accounts.get(path).status_code == 404
            assert accounts.post(path, {}).status_code == 404

    def test_deleting_asks_first_with_the_contact_in_sight(
        self, accounts: CheckedClient, sandbox: Sandbox, made: str, url: str
    ) -> None:
        page = text(accounts.get(f"{made}delete/"))
        for words in ("Ana Testkade", "ana@testkade.example", "This contact of Testkade BV", "Keep contact"):
            assert words in page
        assert writes(sandbox) == []
        page = text(accounts.send(f"{made}delete/", {}, follow=True))
        assert [r["method"] for r in writes(sandbox)] == ["DELETE"]
        assert "Deleted contact Ana Testkade." in page
        assert "There is nobody to turn to yet." in panel(page, "contacts")
        assert accounts.get(made).status_code == 404

    def test_a_second_submit_shows_what_the_first_got_and_a_third_that_it_was_gone(
        self, accounts: CheckedClient, sandbox: Sandbox, made: str
    ) -> None:
        signed, other = accounts.hidden(f"{made}delete/"), accounts.hidden(f"{made}delete/")
        accounts.post(f"{made}delete/", signed)
        assert "Deleted contact Ana Testkade." in text(accounts.post(f"{made}delete/", signed, follow=True))
        assert "was gone already" in text(accounts.post(f"{made}delete/", other, follow=True))
        assert [r["method"] for r in writes(sandbox)] == ["DELETE"]

    def test_one_that_was_changed_meanwhile_is_shown_anew_and_not_taken_away(
        self, accounts: CheckedClient, sandbox: Sandbox, made: str
    ) -> None:
        signed = accounts.hidden(f"{made}delete/")
        accounts.send(made, {"title": "New here"})
        sandbox.clear_requests()
        answer = accounts.post(f"{made}delete/", signed)
        assert answer.status_code == 409
        assert "New here" in text(answer)
        assert writes(sandbox) == []

    @pytest.mark.parametrize(
        ("fault", "status", "outcome"),
        [
            ({"drop": "after"}, 302, "applied"),
            ({"drop": "before"}, 502, "unknown"),
            ({"status": 500}, 502, "not-applied"),
            ({"status": 409}, 409, "conflict"),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("act", ["new", "edit", "delete"])
    def test_what_became_of_a_write_is_never_told_wrongly(
        self,
        accounts: CheckedClient,
        sandbox: Sandbox,
        made: str,
        url: str,
        act: str,
        fault: dict[str, Any],
        status: int,
        outcome: str,
    ) -> None:
        path, typed, method = {
            "new": (f"{url}contacts/new/", {**CONTACT, "name": "Somebody New"}, "POST"),
            "edit": (made, {"title": "Head"}, "PATCH"),
            "delete": (f"{made}delete/", {}, "DELETE"),
        }[act]
        sandbox.faults(f"{method} /client-contacts.*", fault, times=1)
        answer = accounts.send(path, typed)
        assert answer.status_code == status, text(answer)
        page = text(accounts.get(url)) if status == 302 else text(answer)
        assert f'data-outcome="{outcome}"' in page
        assert len(writes(sandbox)) == 1

    def test_a_doubt_about_a_contact_blocks_it_alone_and_is_settled_by_an_account_manager(
        self, accounts: CheckedClient, sandbox: Sandbox, made: str, url: str
    ) -> None:
        sandbox.faults("PATCH /client-contacts/.*", {"drop": "before"}, times=1)
        accounts.send(made, {"title": "Head"})
        open_ = Open.objects.get()
        assert (open_.entity, open_.record) == ("client-contacts", made.rstrip("/").rpartition("/")[2])
        sandbox.clear_requests()
        assert accounts.send(made, {"title": "Again"}).status_code == 503
        assert writes(sandbox) == []
        assert accounts.send(url, {"addressCity": "Haarlem"}).status_code == 302
        page = text(accounts.get(made))
        (settle,) = re.findall(r'action="([^"]+/settle/[^"]+/)"', page)
        accounts.post(settle, {"decision": "not-applied", "next": made})
        assert not Open.objects.exists()
        assert Entry.objects.filter(entity="client-contacts", outcome=Outcome.NOT_APPLIED).exists()

    def test_a_later_look_tells_what_became_of_a_contact(
        self, accounts: CheckedClient, sandbox: Sandbox, made: str
    ) -> None:
        sandbox.faults("PATCH /client-contacts/.*", {"drop": "before"}, times=1)
        accounts.send(made, {"title": "Head"})
        sandbox.faults("GET /client-contacts/.*", {"merge": {"title": "Head"}})
        (settle,) = re.findall(r'action="([^"]+/settle/[^"]+/)"', text(accounts.get(made)))
        accounts.post(settle, {"decision": "look", "next": made})
        assert not Open.objects.exists()
        assert Entry.objects.filter(
            entity="client-contacts", outcome=Outcome.APPLIED, phase="settled"
        ).exists()

    def test_where_the_api_has_none_they_are_shown_and_cannot_be_changed(
        self, accounts: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.settings(contacts=False)
        ana = {"id": 3, "name": "Ana", "email": "ana@x.example", "type": "billing"}
        told = {"clientContacts": [ana, "/client-contacts/4", 5, None]}
        sandbox.faults(r"GET /clients/\d+", {"merge": told})
        shown = panel(text(accounts.get(url)), "contacts")
        assert "<b>Ana</b>" in shown
        assert "contacts/3/" not in shown
        assert "only shown" in shown
        assert "Add a contact" not in shown
        page = text(accounts.get(f"{url}contacts/new/", follow=True))
        assert "no contacts that could be added here" in page
        accounts.post(f"{url}contacts/new/", CONTACT)
        assert writes(sandbox) == []

    def test_drifted_contacts_are_shown_as_they_are(
        self, accounts: CheckedClient, sandbox: Sandbox, made: str, url: str
    ) -> None:
        odd = {"name": None, "email": 5, "type": {"a": 1}, "position": "first", "phone": "+31"}
        sandbox.faults("GET /client-contacts.*", {"merge": odd})
        assert accounts.get(url).status_code == 200
        page = text(accounts.get(made))
        assert "phone" in page
        accounts.send(made, {"title": "Head"})
        assert bodies(sandbox) == [{"title": "Head"}]


class TestDocuments:
    def test_are_listed_with_all_that_is_said_of_them(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = text(accounts.get(f"{ONE}documents/"))
        assert "Overeenkomst.pdf" in page
        assert "<small>Type</small> application/pdf" in page
        assert re.search(r"<small>Size</small> \d+ kB", page)
        assert re.search(r"<small>Added</small> \d+ \w+ \d{4}", page)

    def test_only_whole_https_addresses_are_links(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        rows: list[object] = [
            {"id": 1, "title": "Deed", "url": "https://files.example/deed.pdf"},
            {"id": 2, "title": "Bill", "url": "http://files.example/bill.pdf"},
            {"id": 3, "title": "Trap", "url": "javascript:alert(1)", "file": {"path": "/x"}},
            "/documents/4",
            None,
            [],
        ]
        sandbox.faults("GET /clients/7/documents", {"replace": rows})
        page = text(accounts.get(f"{ONE}documents/"))
        assert re.search(
            r'<a href="https://files.example/deed.pdf" rel="noopener noreferrer external">Deed', page
        )
        assert 'href="http://files' not in page
        assert "http://files.example/bill.pdf" in page
        assert 'href="javascript' not in page
        assert '{"path": "/x"}' in page

    @pytest.mark.parametrize(
        "value",
        [
            "http://a.example",
            "https://",
            "https://a b.example",
            "https://u:p@a.example",
            "//a.example",
            "https://[",
            5,
            None,
        ],
    )
    def test_anything_else_is_a_text(self, value: Any) -> None:
        assert https_url(value) == ""

    def test_none_and_failures_are_told(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /clients/7/documents", {"replace": []}, times=1)
        assert "No documents" in text(accounts.get(f"{ONE}documents/"))
        sandbox.faults("GET /clients/7/documents", {"status": 500})
        answer = accounts.get(f"{ONE}documents/")
        assert answer.status_code == 502
        assert "Try again" in text(answer)

    def test_is_paged(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.settings(max_items=1)
        assert 'href="?page=1"' in text(accounts.get(f"{ONE}documents/", {"page": "2"}))


class TestWhoMay:
    @pytest.mark.parametrize("role", ["backoffice", "finance", "viewer"])
    def test_others_see_facts_checks_and_no_way_to_change_them(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], role: str
    ) -> None:
        client = signed_in(role)
        page = text(client.get(ONE))
        assert "<dd>Netherlands</dd>" in page
        assert "<dd>Euro (EUR)</dd>" in page
        assert 'id="id_vatNumber"' in page
        assert "data-count" in page
        assert '<form class="form"' not in page
        assert "Add a contact" not in page
        assert "Add a client" not in text(client.get(LIST))
        (contact,) = re.findall(rf'href="({ONE}contacts/\d+/)"', page)
        page = text(client.get(contact))
        assert '<form class="form"' not in page
        assert "Delete contact" not in page
        for path in (NEW, f"{ONE}contacts/new/", f"{contact}delete/"):
            assert client.get(path).status_code == 403
        assert client.post(ONE, {"name": "x"}).status_code == 403
        assert writes(sandbox) == []

    def test_asks_for_the_tenant_of_the_organization_in_the_url(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        accounts.get(ONE)
        header = sandbox.names["tenant_header"].lower()
        asked = [r for r in sandbox.requests() if "/client" in r["path"]]
        assert asked
        assert {r["headers"].get(header) for r in asked} == {"kwelgeest_7f3a"}


def test_currencies_and_languages_go_by_name_and_what_nobody_knows_as_it_is() -> None:
    assert currency_name("/currencies/eur") == "Euro (EUR)"
    assert currency_name({"@id": "/x/ZZZ"}) == "ZZZ"
    assert currency_name(None) == currency_name([]) == "—"
    assert language_name("pt-PT") == "Portuguese (Portugal) (pt-PT)"
    assert language_name("no such") == "no such"
    assert language_name(5) == "—"


def test_lines_hold_texts_alone() -> None:
    assert fits_lines(["a", "b c"])
    assert fits_lines([])
    assert not any(map(fits_lines, (["a\nb"], [" a"], [""], [1], [None], "a", 5)))
