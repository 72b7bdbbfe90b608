"""Addresses of an organization, from the page to what goes over the wire."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dashboard.upstream import connection, list_cache
from tests.support.actions import api
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/addresses/"
NEW = f"{LIST}new/"
BILLED = f"{LIST}addr_1001_1/"  # a subscription is billed to it

FILLED = {
    "type": "registered",
    "name": "Testkade BV",
    "street": "Testkade 1",
    "postCode": "1012 AB",
    "city": "Amsterdam",
    "country": "NL",
    "email": "",
    "tin": "",
    "tinCountry": "",
}


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] != "GET" and "/organization-addresses" in r["path"]]


def bodies(sandbox: Sandbox) -> list[Any]:
    return [r["body"] for r in writes(sandbox)]


def reads(sandbox: Sandbox, path: str) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] == "GET" and r["path"].endswith(path)]


def names(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)]


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def add(client: CheckedClient, **fields: str) -> str:
    """Adds an address through the page; its URL."""
    wanted = {**FILLED, **fields}
    answer = client.send(NEW, wanted)
    assert answer.status_code == 302, text(answer)
    page = client.get(LIST, {"q": wanted["name"]}).content.decode()
    urls = re.findall(rf'<a href="({LIST}[^"]+/)">{re.escape(wanted["name"])}</a>', page)
    assert len(urls) == 1, urls
    return str(urls[0])


@pytest.fixture
def spelled(sandbox: Sandbox) -> Callable[[str], str]:
    """A country as this API spells it in an address."""
    iris = sandbox.names["country_style"] == "iri"
    before = "/api/countries/" if sandbox.names["iris"] == "prefixed" else "/countries/"
    return lambda code: before + code if iris else code


@pytest.fixture
def url(sandbox: Sandbox, spelled: Callable[[str], str]) -> str:
    """An address of our own, on a quay in Amsterdam."""
    filled = {name: value for name, value in FILLED.items() if value}
    made = api().addresses.create({**filled, "country": spelled("NL")})
    sandbox.clear_requests()
    return f"{LIST}{made.id}/"


class TestList:
    def test_shows_each_address_with_where_it_is_and_the_country_by_name(
        self, backoffice: CheckedClient, url: str
    ) -> None:
        page = text(backoffice.get(LIST))
        (row,) = re.findall(
            r'<tr[^>]*><th scope="row"><a [^>]*href="[^"]+"[^>]*>Testkade BV.*?</tr>', page, re.S
        )
        assert f'href="{url}"' in row
        for words in ("Registered", "Testkade 1", "1012 AB", "Amsterdam", "Netherlands"):
            assert f">{words}<" in row

    def test_a_type_nobody_knows_is_shown_as_it_is(self, backoffice: CheckedClient) -> None:
        add(backoffice, type="summer house")
        assert ">summer house<" in text(backoffice.get(LIST))

    def test_is_filtered_by_type_under_the_apis_own_name(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        add(backoffice, type="depot", name="Depot Noord")
        sandbox.clear_requests()
        page = text(backoffice.get(LIST, {"type": "depot"}))
        assert names(page) == ["Depot Noord"]
        asked = str([r["query"] for r in reads(sandbox, "/organization-addresses")])
        assert "type" in asked
        assert "depot" in asked
        assert '<option value="depot" selected>' in page
        assert '<option value="billing">Billing</option>' in page

    def test_search_finds_by_part_of_a_name(self, backoffice: CheckedClient, url: str) -> None:
        assert names(text(backoffice.get(LIST, {"q": "estkad"}))) == ["Testkade BV"]

    def test_where_nothing_is_announced_it_is_sifted_here_and_said(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        connection.forget()
        list_cache.forget_all()
        sandbox.settings(mappings="hidden", docs="off")
        page = text(backoffice.get(LIST, {"q": "testkade"}))
        assert names(page) == ["Testkade BV"]
        assert "sifted here" in page

    def test_order_is_offered_only_where_the_api_has_it(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(LIST).content.decode()
        assert "order%5Bname%5D=asc" in page
        assert "order%5Bcity%5D" not in page

    def test_a_search_without_a_match_says_so(self, backoffice: CheckedClient) -> None:
        assert "No address matches" in text(backoffice.get(LIST, {"q": "no such name"}))

    def test_an_organization_without_any_is_told_what_to_do(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /organization-addresses", {"replace": []})
        page = text(backoffice.get(LIST))
        assert "Kwelgeest Groep has no addresses yet" in page
        assert f'href="{NEW}"' in page

    def test_is_paged(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.settings(page_size=2, max_items=2)
        assert "?page=2" in backoffice.get(LIST).content.decode()

    def test_a_tax_number_that_looks_wrong_bears_a_small_word(
        self, backoffice: CheckedClient, url: str
    ) -> None:
        assert "worth checking" not in text(backoffice.get(LIST))
        backoffice.send(url, {"tin": "NL123456789B01", "tinCountry": "NL"})
        assert "worth checking" in text(backoffice.get(LIST))

    def test_rows_that_have_lost_most_of_what_they_had_are_shown(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        gone = ["name", "type", "street", "city", "postCode", "country", "tin", "tinCountry"]
        sandbox.faults("GET /organization-addresses", {"remove_members": gone})
        assert "addr_1001_1" in text(backoffice.get(LIST))

    @pytest.mark.parametrize("country", ["/countries/FR", {"@id": "/x/FR", "id": "FR"}, "FR", "fr"])
    def test_a_country_is_named_however_it_is_spelled(
        self, backoffice: CheckedClient, sandbox: Sandbox, country: Any
    ) -> None:
        sandbox.faults("GET /organization-addresses", {"merge_members": {"country": country}})
        assert ">France<" in text(backoffice.get(LIST))

    def test_stands_in_the_menu(self, backoffice: CheckedClient) -> None:
        assert f'href="{LIST}"' in backoffice.get("/o/org_1001/").content.decode()


class TestAdd:
    def test_sends_what_was_filled_in_and_nothing_else(
        self, backoffice: CheckedClient, sandbox: Sandbox, spelled: Callable[[str], str]
    ) -> None:
        answer = backoffice.send(NEW, {**FILLED, "id": "7", "organization": "/organizations/x"})
        assert answer.status_code == 302
        wanted = {name: value for name, value in FILLED.items() if value}
        assert bodies(sandbox) == [{**wanted, "country": spelled("NL")}]

    def test_says_what_was_added(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.send(NEW, FILLED, follow=True))
        assert "Added Testkade BV." in page
        assert 'data-outcome="applied"' in page

    @pytest.mark.parametrize("missing", ["type", "name", "street", "city", "postCode", "country"])
    def test_what_a_letter_needs_is_required(
        self, backoffice: CheckedClient, sandbox: Sandbox, missing: str
    ) -> None:
        answer = backoffice.send(NEW, {**FILLED, missing: ""})
        assert answer.status_code == 422
        assert f'<a href="#id_{missing}">' in text(answer)
        assert writes(sandbox) == []
        if missing != "country":
            assert '<option value="NL" selected>' in text(answer)

    def test_suggests_the_types_in_use_beside_the_usual_ones(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        add(backoffice, type="depot")
        page = text(backoffice.get(NEW))
        assert 'list="address-types"' in page
        (suggested,) = re.findall(r'<datalist id="address-types">(.*?)</datalist>', page, re.S)
        values = re.findall(r'<option value="([^"]+)">', suggested)
        assert values[:3] == ["registered", "billing", "correspondence"]
        assert "depot" in values
        assert set(sandbox.names["address_types"].split(",")) <= set(values)

    def test_a_post_code_gets_a_short_input(self, backoffice: CheckedClient) -> None:
        assert re.search(r'name="postCode"[^>]* size="10"', backoffice.get(NEW).content.decode())

    def test_countries_stand_by_name_with_the_organizations_own_first(
        self, backoffice: CheckedClient
    ) -> None:
        page = text(backoffice.get(NEW))
        (field,) = re.findall(r'<select name="country".*?</select>', page, re.S)
        shown = re.findall(r">([^<>]+)</option>", field)
        assert shown[:2] == ["—", "Netherlands"]
        assert shown.index("Afghanistan") < shown.index("Åland Islands") < shown.index("Zimbabwe")
        assert shown.count("Netherlands") == 1

    def test_countries_are_asked_for_once_in_a_while(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.get(NEW)
        sandbox.clear_requests()
        backoffice.get(NEW)
        assert reads(sandbox, "/countries") == []

    def test_countries_that_cannot_be_read_leave_a_field_to_type_in(
        self, backoffice: CheckedClient, sandbox: Sandbox, spelled: Callable[[str], str]
    ) -> None:
        sandbox.faults("GET /countries", {"status": 500})
        page = text(backoffice.get(NEW))
        assert "The list of countries could not be read" in page
        assert re.search(r'<input type="text" name="country"', page)
        assert backoffice.send(NEW, {**FILLED, "country": "fr", "postCode": "75001"}).status_code == 302
        assert [body["country"] for body in bodies(sandbox)] == [spelled("FR")]

    def test_addresses_that_cannot_be_listed_cost_only_the_suggestions(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /organization-addresses", {"status": 500})
        answer = backoffice.get(NEW)
        assert answer.status_code == 200
        assert '<option value="billing">' in text(answer)

    def test_a_country_that_is_not_in_the_list_is_told_at_its_field(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(NEW, {**FILLED, "country": "XX"})
        assert answer.status_code == 422
        assert '<a href="#id_country">' in text(answer)
        assert writes(sandbox) == []

    def test_where_no_address_shows_how_countries_are_spelled_a_refusal_teaches_it(
        self, backoffice: CheckedClient, sandbox: Sandbox, spelled: Callable[[str], str]
    ) -> None:
        sandbox.faults("GET /organization-addresses", {"replace": []})
        assert backoffice.send(NEW, FILLED).status_code == 302
        assert bodies(sandbox)[-1]["country"] == spelled("NL")

    def test_what_the_api_says_of_the_whole_record_is_told(
        self, backoffice: CheckedClient, flavour: str
    ) -> None:
        answer = backoffice.send(NEW, {**FILLED, "tin": "111222333"})
        assert answer.status_code == 422
        assert "A tax number needs its country." in text(answer)

    def test_a_lost_answer_is_looked_up_and_told(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("POST /organization-addresses", {"drop": "after"}, times=1)
        answer = backoffice.send(NEW, FILLED)
        assert answer.status_code == 302
        assert len(writes(sandbox)) == 1


class TestEdit:
    def test_sends_only_what_changed(self, backoffice: CheckedClient, sandbox: Sandbox, url: str) -> None:
        backoffice.send(url, {**FILLED, "city": "Haarlem"})
        (sent,) = writes(sandbox)
        assert sent["method"] == "PATCH"
        assert sent["headers"]["content-type"] == "application/merge-patch+json"
        assert sent["body"] == {"city": "Haarlem"}

    def test_another_country_is_sent_as_the_api_spells_it(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str, spelled: Callable[[str], str]
    ) -> None:
        backoffice.send(url, {"country": "DE", "postCode": "10115"})
        assert bodies(sandbox) == [{"country": spelled("DE"), "postCode": "10115"}]
        assert '<option value="DE" selected>' in text(backoffice.get(url))

    @pytest.mark.parametrize("typed", ["NL", "/countries/NL", "/api/countries/NL", "nl"])
    def test_the_same_country_in_another_spelling_is_no_change(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str, typed: str
    ) -> None:
        page = text(backoffice.send(url, {**FILLED, "country": typed}, follow=True))
        assert writes(sandbox) == []
        assert 'data-outcome="unchanged"' in page

    @pytest.mark.parametrize("held", ["/v2/countries/NL", {"@id": "/v2/countries/NL", "id": "NL"}])
    def test_the_records_own_spelling_is_kept_to(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str, held: Any
    ) -> None:
        sandbox.faults("GET /organization-addresses/.*", {"merge": {"country": held}})
        sandbox.faults("PATCH /organization-addresses/.*", {"status": 200, "body": {"name": "x"}})
        assert '<option value="NL" selected>' in text(backoffice.get(url))
        backoffice.send(url, {**FILLED, "country": "DE"})
        assert bodies(sandbox) == [{"country": "/v2/countries/DE"}]

    def test_a_country_nobody_lists_stays_choosable_and_is_not_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("GET /organization-addresses/.*", {"merge": {"country": "SU"}})
        assert '<option value="SU" selected>' in text(backoffice.get(url))
        backoffice.send(url, {**FILLED, "country": "SU", "city": "Moskva"})
        assert bodies(sandbox) == [{"city": "Moskva"}]

    def test_clearing_what_may_be_empty_sends_null(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        made = add(backoffice, email="a@b.example", tin="111222333", tinCountry="NL")
        sandbox.clear_requests()
        backoffice.send(made, {"email": "", "tin": "", "tinCountry": ""})
        assert bodies(sandbox) == [{"email": None, "tin": None, "tinCountry": None}]

    def test_clearing_what_may_not_is_told_at_its_field(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        answer = backoffice.send(url, {**FILLED, "street": "", "country": ""})
        assert answer.status_code == 422
        assert '<a href="#id_street">' in text(answer)
        assert '<a href="#id_country">' in text(answer)
        assert writes(sandbox) == []

    def test_a_save_reads_no_more_than_it_needs(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        signed = backoffice.hidden(url)
        sandbox.clear_requests()
        backoffice.post(url, {**signed, "city": "Haarlem"})
        assert reads(sandbox, "/organization-addresses") == []
        assert reads(sandbox, "/countries") == []

    def test_two_people_in_one_field_see_countries_by_name(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        signed = backoffice.hidden(url)
        backoffice.send(url, {"country": "BE", "postCode": "1000"})
        answer = backoffice.post(url, {**signed, "country": "DE"})
        page = text(answer)
        assert answer.status_code == 409
        assert 'data-conflict="country"' in page
        conflict = page[page.index('data-conflict="country"') :].split("</fieldset>")[0]
        assert [name for name in ("Netherlands", "Belgium", "Germany") if name in conflict] == [
            "Netherlands", "Belgium", "Germany",
        ]  # fmt: skip
        assert "countries/" not in conflict

    def test_a_violation_lands_on_its_field(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        violations = [{"propertyPath": "postCode", "message": "No such place."}]
        sandbox.faults(
            "PATCH /organization-addresses/.*", {"status": 422, "body": {"violations": violations}}
        )
        answer = backoffice.send(url, {"postCode": "9999 ZZ"})
        assert answer.status_code == 422
        assert re.search(r'id="id_postCode_error"[^>]*>.*?No such place', text(answer), re.S)
        assert 'value="9999 ZZ"' in text(answer)

    def test_unknown_fields_are_shown_and_never_sent_back(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("GET /organization-addresses/.*", {"merge": {"gate": "left", "tin": 5}})
        assert "gate" in text(backoffice.get(url))
        backoffice.send(url, {"city": "Haarlem", "gate": "right"})
        assert bodies(sandbox) == [{"city": "Haarlem"}]

    def test_a_record_with_next_to_nothing_can_be_opened_and_changed(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        every = [*FILLED, "organization"]
        sandbox.faults("GET /organization-addresses/.*", {"remove": every})
        assert backoffice.get(url).status_code == 200
        backoffice.send(url, {**dict.fromkeys(FILLED, ""), "city": "Haarlem"})
        assert bodies(sandbox) == [{"city": "Haarlem"}]

    def test_one_that_is_not_there_is_a_page_with_the_way_back(self, backoffice: CheckedClient) -> None:
        answer = backoffice.get(f"{LIST}none_such/")
        assert answer.status_code == 404
        assert "/o/org_1001/" in text(answer)

    def test_its_changes_are_told_beside_it(self, backoffice: CheckedClient, url: str) -> None:
        backoffice.send(url, {"city": "Haarlem"})
        page = text(backoffice.get(url))
        assert "<del>Amsterdam</del>" in page
        assert "<ins>Haarlem</ins>" in page

    def test_a_change_of_country_can_be_taken_back(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str, spelled: Callable[[str], str]
    ) -> None:
        backoffice.send(url, {"country": "BE", "postCode": "1000"})
        page = backoffice.get(url).content.decode()
        assert "Belgium" in page[page.index('id="history"') :]
        back = url + re.findall(r'href="[^"?]*(\?revert=[^"]+)"', page)[0]
        form = backoffice.get(back).content.decode()
        assert '<option value="NL" selected>' in form
        sandbox.clear_requests()
        backoffice.post(url, {**hidden_of(form), "country": "NL", "postCode": "1012 AB"})
        assert bodies(sandbox) == [{"country": spelled("NL"), "postCode": "1012 AB"}]

    def test_its_creation_is_taken_back_by_deleting_it(self, backoffice: CheckedClient) -> None:
        url = add(backoffice)
        assert backoffice.get(url).content.decode().count(f'href="{url}delete/"') == 2


class TestAdvice:
    """It says what it sees and stops nobody."""

    def test_a_number_that_looks_wrong_is_saved_and_remarked_upon(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        wrong = {"tin": "NL123456789B01", "tinCountry": "NL"}
        page = text(backoffice.send(url, wrong, follow=True))
        assert bodies(sandbox)[0]["tin"] == "NL123456789B01"
        assert 'data-outcome="applied"' in page
        assert "Does not look like a Dutch tax number (btw, bsn)." in page
        assert "Does not look like a Dutch tax number (btw, bsn)." in text(backoffice.get(url))

    def test_a_new_address_gets_it_too(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.send(NEW, {**FILLED, "postCode": "12"}, follow=True))
        assert "Added Testkade BV." in page
        assert "Does not look like a Dutch post code, such as 1012 AB." in page

    def test_what_looks_right_is_said_on_the_page_and_not_after_saving(
        self, backoffice: CheckedClient, url: str
    ) -> None:
        page = text(backoffice.send(url, {"tin": "111222333", "tinCountry": "NL"}, follow=True))
        assert "ook like a" not in page
        page = text(backoffice.get(url))
        assert "Looks like a Dutch tax number (bsn)." in page
        assert "Looks like a Dutch post code." in page

    def test_nothing_saved_is_nothing_remarked(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        backoffice.send(url, {"postCode": "12"}, follow=True)
        assert "look like" not in text(backoffice.send(url, {"postCode": "12"}, follow=True))

    def test_without_a_tax_country_the_page_says_which_was_used(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults(
            "GET /organization-addresses/.*", {"merge": {"tin": "111222333"}, "remove": ["tinCountry"]}
        )
        page = text(backoffice.get(url))
        assert "Looks like a Dutch tax number (bsn)." in page
        assert "the country of the address was used" in page

    def test_a_country_nobody_can_check_is_said_to_be_unchecked(
        self, backoffice: CheckedClient, url: str
    ) -> None:
        backoffice.send(url, {"country": "KE", "tin": "A1", "tinCountry": "KE"})
        page = text(backoffice.get(url))
        assert page.count("not checked") == 2
        assert "Kenya" in page


class TestDelete:
    def test_asks_with_the_whole_address_in_sight_and_names_whose_it_is(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        made = add(backoffice, email="post@testkade.example", tin="111222333", tinCountry="NL")
        sandbox.clear_requests()
        page = text(backoffice.get(f"{made}delete/"))
        for shown in (*filter(None, FILLED.values()), "post@testkade.example", "111222333"):
            assert {"NL": "Netherlands", "registered": "Registered"}.get(shown, shown) in page
        assert "This address of Kwelgeest Groep" in page
        assert "Delete address Testkade BV" in page
        assert re.search(f'<a class="button quiet" href="{made}"[^>]*>Keep address</a>', page)
        assert writes(sandbox) == []

    def test_its_page_leads_there(self, backoffice: CheckedClient, url: str) -> None:
        assert f'href="{url}delete/"' in text(backoffice.get(url))

    def test_takes_it_away_once_and_says_so(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        page = text(backoffice.send(f"{url}delete/", {}, follow=True))
        assert [r["method"] for r in writes(sandbox)] == ["DELETE"]
        assert "Deleted address Testkade BV." in page
        assert 'data-outcome="applied"' in page
        assert "Testkade BV" not in names(page)
        assert backoffice.get(url).status_code == 404

    def test_a_second_submit_of_the_same_form_shows_what_the_first_got(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        signed = backoffice.hidden(f"{url}delete/")
        backoffice.post(f"{url}delete/", signed, follow=True)
        page = text(backoffice.post(f"{url}delete/", signed, follow=True))
        assert [r["method"] for r in writes(sandbox)] == ["DELETE"]
        assert "Deleted address Testkade BV." in page

    def test_one_that_is_in_use_is_refused_in_the_apis_own_words(
        self, backoffice: CheckedClient, sandbox: Sandbox, flavour: str
    ) -> None:
        sandbox.faults(
            "DELETE /organization-addresses/.*",
            {"status": 409, "body": {"detail": "The address is used by a subscription."}},
        )
        answer = backoffice.send(f"{BILLED}delete/", {})
        page = text(answer)
        assert answer.status_code == 409
        assert 'data-outcome="conflict"' in page
        assert "Not deleted" in page
        assert "The address is used by a subscription." in page
        assert backoffice.get(BILLED).status_code == 200

    def test_the_api_refuses_to_take_away_where_bills_go(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answers = [backoffice.send(f"{LIST}addr_1001_{n}/delete/", {}) for n in (1, 2, 3)]
        (refused,) = [answer for answer in answers if answer.status_code == 409]
        assert "used by a subscription" in text(refused)

    def test_one_that_was_changed_meanwhile_is_shown_anew_and_not_taken_away(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        signed = backoffice.hidden(f"{url}delete/")
        backoffice.send(url, {"street": "Testkade 2"})
        sandbox.clear_requests()
        answer = backoffice.post(f"{url}delete/", signed)
        assert answer.status_code == 409
        assert 'data-outcome="conflict"' in text(answer)
        assert "Testkade 2" in text(answer)
        assert writes(sandbox) == []
        again = backoffice.post(f"{url}delete/", hidden_of(answer.content.decode()))
        assert again.status_code == 302

    def test_one_that_is_gone_meanwhile_is_said_to_be_gone(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        signed = backoffice.hidden(f"{url}delete/")
        backoffice.send(f"{url}delete/", {}, follow=True)
        sandbox.clear_requests()
        page = text(backoffice.post(f"{url}delete/", signed, follow=True))
        assert "Address Testkade BV was gone already." in page
        assert 'data-outcome="unchanged"' in page
        assert writes(sandbox) == []

    def test_one_that_goes_while_it_is_being_deleted_is_told(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        signed = backoffice.hidden(f"{url}delete/")
        sandbox.faults("DELETE /organization-addresses/.*", {"status": 404})
        answer = backoffice.post(f"{url}delete/", signed)
        assert answer.status_code == 422
        assert 'data-outcome="refused"' in text(answer)
        assert "Not deleted" in text(answer)

    def test_a_page_for_one_that_is_not_there_is_not_found(self, backoffice: CheckedClient) -> None:
        assert backoffice.get(f"{LIST}none_such/delete/").status_code == 404

    @pytest.mark.parametrize(
        ("fault", "status", "outcome"),
        [
            ({"drop": "after"}, 302, "applied"),
            ({"status": 502, "act": True}, 302, "applied"),
            ({"drop": "before"}, 502, "unknown"),
            ({"status": 504, "act": False}, 502, "unknown"),
            ({"status": 500}, 502, "not-applied"),
            ({"status": 403}, 422, "refused"),
        ],
        ids=str,
    )
    def test_a_lost_answer_is_looked_into_and_never_told_wrongly(
        self,
        backoffice: CheckedClient,
        sandbox: Sandbox,
        url: str,
        fault: dict[str, Any],
        status: int,
        outcome: str,
    ) -> None:
        signed = backoffice.hidden(f"{url}delete/")
        sandbox.faults("DELETE /organization-addresses/.*", fault)
        answer = backoffice.post(f"{url}delete/", signed)
        assert answer.status_code == status
        page = text(backoffice.get(LIST)) if status == 302 else text(answer)
        assert f'data-outcome="{outcome}"' in page
        assert len(writes(sandbox)) == 1
        there = backoffice.get(url).status_code
        assert there == (404 if outcome == "applied" else 200)

    def test_while_it_is_not_known_nothing_more_is_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("DELETE /organization-addresses/.*", {"drop": "before"}, times=1)
        backoffice.send(f"{url}delete/", {})
        sandbox.clear_requests()
        answer = backoffice.send(f"{url}delete/", {})
        assert writes(sandbox) == []
        assert 'data-outcome="not-sent"' in text(answer)
        assert "data-doubt" in text(answer)

    def test_a_form_that_is_not_ours_takes_nothing_away(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        assert backoffice.post(f"{url}delete/", {}).status_code == 422
        assert backoffice.post(f"{url}delete/", backoffice.hidden(url)).status_code == 422
        assert writes(sandbox) == []

    def test_with_htmx_it_sends_on_or_comes_back_as_a_part(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        asked = {"HX-Request": "true", "HX-Target": "form-part"}
        sandbox.faults("DELETE /organization-addresses/.*", {"status": 409}, times=1)
        refused = backoffice.send(f"{url}delete/", {}, headers=asked)
        assert "<html" not in text(refused)
        assert 'href="#' not in text(refused)  # the part knows where its icons are
        assert LIST in backoffice.send(f"{url}delete/", {}, headers=asked)["HX-Location"]


class TestWhoMay:
    @pytest.mark.parametrize("role", ["accounts", "finance", "viewer"])
    def test_others_see_facts_and_no_way_to_change_them(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], role: str
    ) -> None:
        client = signed_in(role)
        page = text(client.get(BILLED))
        assert '<dl class="facts"' in page
        assert "Netherlands" in page
        assert "Looks like a Dutch tax number" in page
        assert '<form class="form"' not in page
        assert "delete/" not in page
        assert "Add an address" not in text(client.get(LIST))
        for url in (NEW, f"{BILLED}delete/"):
            assert client.get(url).status_code == 403
        assert client.post(f"{BILLED}delete/", {}).status_code == 403
        assert writes(sandbox) == []

    def test_asks_for_the_tenant_of_the_organization_in_the_url(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.get(BILLED)
        header = sandbox.names["tenant_header"].lower()
        asked = [r for r in sandbox.requests() if "/organization-addresses" in r["path"]]
        assert {r["headers"].get(header) for r in asked} == {"kwelgeest_7f3a"}

    def test_an_address_of_another_organization_is_not_found(self, backoffice: CheckedClient) -> None:
        assert backoffice.get(f"{LIST}addr_1002_1/").status_code == 404
