"""The checks of a client: each with what is right, wrong and missing, and what the page makes of them."""

import re
from collections.abc import Callable
from html import unescape
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.entities.clients import checks, contacts, duplicates
from dashboard.entities.clients.check import FAIL, PASS, UNRUN, Check
from dashboard.entities.clients.tax_checks import agreement, tax_and_address, tax_rate, tin, vat
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact
from dashboard.sandbox.seed.taxnumbers import spoilt
from dashboard.sandbox.seed.taxnumbers import tax_numbers as seeded
from dashboard.upstream import connection
from tests.support.api_caller import Caller
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

DUPLICATE_NUMBER, DUPLICATE_NAME = "Duplicate tax number", "Duplicate name and postcode"
LIST = "/o/org_1001/clients/"
ONE = f"{LIST}7/"
SEEDED = ("NL", "FR", "PT", "DK", "PL")
GOOD = {
    "id": 7,
    "name": "Bakkerij Jansen B.V.",
    "country": "/countries/NL",
    "currency": "/currencies/EUR",
    "tin": "NL004495445B01",
    "tinCountry": "NL",
    "vatNumber": "NL004495445B01",
    "addressStreetLine": "Kerkstraat",
    "addressBuildingNumber": "12",
    "addressPostCode": "1012 AB",
    "addressCity": "Amsterdam",
    "addressCountry": "NL",
    "dueDays": 14,
    "defaultTaxRate": "21",
    "documentsLanguage": "nl",
}

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
JSON = SCALARS | st.lists(SCALARS, max_size=2) | st.fixed_dictionaries({"id": SCALARS, "@id": SCALARS})

SAME_NUMBERS = [
    ("NL 8205.46.588.B01", "NL820546588B01"),
    ("NL820546588B01", "NL 8205.46.588.B01"),
    ("820546588B01", "NL8205.46.588.B01"),
    ("NL820546588B01", "820546588B01"),
    ("NL820546588B01", "8205.46.588.B01"),
]
COMPARING = [("folded", False), ("parts", True), ("whole", False)]
SAME_NAMES = [
    ("Twin Works B.V.", "Twin Works BV"),
    ("Twin Works BV", "Twin Works B.V."),
    ("Twin Works  BV", "Twin Works B.V."),
    ("Zofia Sp. z o.o.", "Zofia sp. z o.o."),
    ("Élan Conseil SARL", "Elan Conseil SARL"),
]


def named(value: Any) -> str:
    return str(getattr(value, "__name__", value))[:40]


def a_client(**other: Any) -> Client:
    """Good, with something else about it; None takes a field away."""
    return Client.read({name: value for name, value in {**GOOD, **other}.items() if value is not None})


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_a_good_client_passes_every_check_of_its_own() -> None:
    assert {check.state for check in checks.own(a_client())} == {PASS}


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON))
def test_no_data_breaks_a_check_and_each_says_something(odd: dict[str, Any]) -> None:
    found = checks.own(Client.read({**GOOD, **odd}))
    assert all(check.state in {PASS, FAIL, UNRUN} and check.words and check.field for check in found)
    assert sum(checks.counted(found).values()) == len(found)


@given(st.sets(st.sampled_from(sorted(GOOD))))
def test_what_is_missing_never_makes_another_check_doubt_what_is_there(gone: set[str]) -> None:
    """A field that is not there fails at most the checks whose business it is to be there."""
    about_presence = {checks.address, tax_rate, checks.language}
    client = a_client(**dict.fromkeys(gone))
    for check in (each for each in _own() if each not in about_presence):
        assert check(client).state != FAIL, check


def _own() -> tuple[Callable[[Client], Check], ...]:
    return (
        tin, vat, agreement, tax_and_address, checks.address, checks.post_code,
        checks.due_days, tax_rate, checks.language,
    )  # fmt: skip


class TestTax:
    @pytest.mark.parametrize("country", SEEDED)
    def test_numbers_of_one_company_fit_and_agree_and_spoilt_ones_do_not(self, country: str) -> None:
        """Over companies made with the arithmetic of each country."""
        for seed in range(60):
            number, vat_number = seeded(country, Random(seed))
            one = a_client(tin=number, tinCountry=country, vatNumber=vat_number)
            assert [check(one).state for check in (tin, vat, agreement)] == [PASS] * 3
            assert tin(a_client(tin=spoilt(number), tinCountry=country)).state in {FAIL, PASS}
            other = seeded(country, Random(seed + 1000))[1]
            assert agreement(a_client(tin=number, tinCountry=country, vatNumber=other)).state == FAIL

    @pytest.mark.parametrize(
        ("check", "fields", "state", "words"),
        [
            (tin, {"tin": "NL123456789B01"}, FAIL, "Does not look like a Dutch tax number"),
            (tin, {"tin": None}, UNRUN, "there is no number"),
            (tin, {"tin": None, "vatNumber": None, "tinType": "company"}, FAIL, "neither a tax number nor a VAT"),
            (tin, {"tin": " ", "vatNumber": "", "tinType": "company"}, FAIL, "neither a tax number nor a VAT"),
            (tin, {"tin": None, "tinType": "company"}, UNRUN, "there is no number"),
            (tin, {"tin": None, "vatNumber": None, "tinType": "person"}, UNRUN, "there is no number"),
            (tin, {"tin": None, "vatNumber": None, "tinType": "sole trader"}, UNRUN, "there is no number"),
            (tin, {"tin": "LU15027442", "tinCountry": "BE"}, UNRUN, "Luxembourg"),
            (tin, {"tin": "GB123456789"}, UNRUN, "United Kingdom"),
            (tin, {"tin": "HU12892312", "tinCountry": None}, UNRUN, "Hungary"),
            (tin, {"tin": "DE136695976"}, PASS, "German"),
            (tin, {"tin": "DE136695970"}, FAIL, "German"),
            (tin, {"tin": "DE136695976", "tinCountry": None, "addressCountry": None}, PASS, "German"),
            (tin, {"tin": "FRNMRA80A01F205A", "tinCountry": "IT"}, FAIL, "Italy"),
            (tin, {"tinCountry": None}, PASS, "the country of the address was used"),
            (tin, {"tin": "004495445", "tinCountry": "KE"}, UNRUN, "Kenya"),
            (tin, {"tinCountry": "KE"}, PASS, "Dutch"),
            (tin, {"tin": 111222334}, FAIL, "Does not look like"),
            (vat, {"vatNumber": "NL123"}, FAIL, "Does not look like"),
            (vat, {"vatNumber": ""}, UNRUN, "there is no number"),
            (vat, {"vatNumber": "DE136695976"}, PASS, "German"),
            (vat, {"vatNumber": "EL094259216"}, PASS, "Greece"),
            (agreement, {"vatNumber": None}, UNRUN, "VAT number is missing"),
            (vat, {"vatNumber": "LU15027442", "tinCountry": "BE"}, UNRUN, "Luxembourg"),
            (vat, {"vatNumber": "XI123456789"}, UNRUN, "United Kingdom"),
            (vat, {"vatNumber": "LT119511515"}, UNRUN, "Lithuania"),
            (agreement, {"tin": None}, UNRUN, "Tax number is missing"),
            (agreement, {"tin": "0403019261", "tinCountry": "BE", "vatNumber": "LU15027442"}, UNRUN, "Luxembourg"),
            (agreement, {"tin": "LU15027442", "vatNumber": "BE0403019261"}, UNRUN, "relate"),
            (agreement, {"vatNumber": "FR61954506077"}, FAIL, "of Netherlands, the VAT number of France"),
            (agreement, {"tin": "36574261809", "vatNumber": "DE136695976", "tinCountry": "DE"}, UNRUN, "Germ"),
            (agreement, {"tin": "73282932000074", "tinCountry": "FR", "vatNumber": "FR44732829320"}, PASS, ""),
            (agreement, {"tin": "111222333", "vatNumber": "NL002455799B11"}, UNRUN, "a person"),
            (agreement, {"tin": "111222333"}, FAIL, "may belong to someone else"),
            (agreement, {"tin": "004495445"}, PASS, "One holds the other"),
            (tax_and_address, {"addressCountry": "BE"}, FAIL, "Taxed in Netherlands, with an address in Belg"),
            (tax_and_address, {"addressCountry": "/api/countries/NL"}, PASS, "Netherlands"),
            (tax_and_address, {"addressCountry": None}, PASS, "Netherlands"),
            (tax_and_address, {"tin": "DE136695976"}, FAIL, "Taxed in Netherlands, with a tax number of Germany"),
            (tax_and_address, {"tin": "LU15027442", "tinCountry": "NL"}, PASS, "Netherlands"),
            (tax_and_address, {"tinCountry": None}, UNRUN, "not both countries"),
            (tax_rate, {"defaultTaxRate": None}, FAIL, "No default tax rate"),
            (tax_rate, {"defaultTaxRate": 0}, PASS, "Set: 0"),
        ],
        ids=named,
    )  # fmt: skip
    def test_says_what_it_found(
        self, check: Callable[[Client], Check], fields: dict[str, Any], state: str, words: str
    ) -> None:
        found = check(a_client(**fields))
        assert (found.state, words in found.words) == (state, True), found


class TestAddressAndBilling:
    @pytest.mark.parametrize(
        ("check", "fields", "state", "words", "field"),
        [
            (checks.address, {"addressCity": None}, FAIL, "Missing: city.", "addressCity"),
            (checks.address, {"addressStreetLine": " "}, FAIL, "Missing: street.", "addressStreetLine"),
            (checks.address, {"addressBuildingNumber": None}, FAIL, "house number", "addressBuildingNumber"),
            (checks.address, {"addressBuildingNumber": "", "addressStreetLine": "A 1"}, PASS, "", "addressStreetLine"),
            (checks.address, {"addressCountry": {"id": "NL"}}, PASS, "", "addressStreetLine"),
            (checks.address, {"addressCountry": None, "addressCity": None}, FAIL, "city, country", "addressCity"),
            (checks.post_code, {"addressPostCode": "??"}, FAIL, "for example 1012 AB", "addressPostCode"),
            (checks.post_code, {"addressPostCode": "1012\u00a0 ab"}, PASS, "Netherlands", "addressPostCode"),
            (checks.post_code, {"addressPostCode": None}, UNRUN, "Postcode is missing", "addressPostCode"),
            (checks.post_code, {"addressCountry": "KE"}, UNRUN, "Kenya", "addressPostCode"),
            (checks.post_code, {"addressCountry": "PL", "addressPostCode": "00-950"}, PASS, "Pol", "addressPostCode"),
            (checks.due_days, {"dueDays": 0}, PASS, "0 days", "dueDays"),
            (checks.due_days, {"dueDays": 120}, PASS, "120 days", "dueDays"),
            (checks.due_days, {"dueDays": 121}, FAIL, "outside 0 to 120", "dueDays"),
            (checks.due_days, {"dueDays": -1}, FAIL, "outside", "dueDays"),
            (checks.due_days, {"dueDays": "soon"}, UNRUN, "“soon” is no number", "dueDays"),
            (checks.due_days, {"dueDays": None}, UNRUN, "does not say", "dueDays"),
            (checks.language, {"documentsLanguage": None}, FAIL, "No language", "documentsLanguage"),
            (checks.language, {"documentsLanguage": "pt"}, PASS, "Portuguese (pt)", "documentsLanguage"),
        ],
        ids=named,
    )  # fmt: skip
    def test_says_what_it_found_and_where(
        self, check: Callable[[Client], Check], fields: dict[str, Any], state: str, words: str, field: str
    ) -> None:
        found = check(a_client(**fields))
        assert (found.state, found.field) == (state, field), found
        assert words in found.words

    @given(st.integers())
    def test_days_are_sane_within_their_bounds_and_nowhere_else(self, days: int) -> None:
        assert (checks.due_days(a_client(dueDays=days)).state == PASS) is (0 <= days <= 120)


class TestContact:
    @pytest.mark.parametrize(
        ("found", "state", "words"),
        [
            (
                contacts.ClientContacts((Contact.read({"name": "Ana", "email": "ana@x.example"}),)),
                PASS,
                "Ana",
            ),
            (
                contacts.ClientContacts((Contact.read({"name": "Ana", "email": "no address"}),)),
                FAIL,
                "No contact has",
            ),
            (contacts.ClientContacts((Contact.read({"name": "Ana"}),)), FAIL, "No contact has"),
            (contacts.ClientContacts(()), FAIL, "There is no contact"),
            (contacts.ClientContacts((), whole=False), UNRUN, "did not tell of all"),
            (
                contacts.ClientContacts((Contact.read("/client-contacts/3"),), collection=False),
                UNRUN,
                "does not tell",
            ),
            (None, UNRUN, "the reason"),
        ],
        ids=named,
    )
    def test_says_whether_anybody_can_be_written_to(
        self, found: contacts.ClientContacts | None, state: str, words: str
    ) -> None:
        check = checks.contact(found, "the reason")
        assert (check.state, words in check.words) == (state, True), check


class TestTwins:
    @pytest.mark.parametrize(
        ("other", "alike"),
        [
            ({"tin": "NL 0044.95.445 B01"}, True),
            ({"tin": "004495445B01"}, True),
            ({"tin": "004495445b01", "tinCountry": "/countries/NL"}, True),
            ({"tin": "NL 0044.95.445.B01", "tinCountry": None}, True),
            ({"tin": "DE004495445B01", "tinCountry": None}, False),
            ({"tin": "004495446B01"}, False),
            ({"tin": None}, False),
        ],
    )
    def test_a_number_is_the_same_however_it_is_written(self, other: dict[str, Any], alike: bool) -> None:
        assert duplicates.same_tin(a_client(), a_client(**other)) is alike

    @pytest.mark.parametrize(
        ("other", "alike"),
        [
            ({"name": "bakkerij jansen BV", "addressPostCode": "1012ab"}, True),
            ({"name": "Bäkkerij Jansen B.V."}, True),
            ({"addressPostCode": "NL-1012\u00a0ab"}, True),
            ({"addressPostCode": "1012 AC"}, False),
            ({"name": "Bakkerij Janssen B.V."}, False),
            ({"addressPostCode": None}, False),
        ],
    )
    def test_a_name_is_the_same_whatever_its_dots_and_accents(
        self, other: dict[str, Any], alike: bool
    ) -> None:
        assert duplicates.same_name_and_place(a_client(), a_client(**other)) is alike

    def test_nothing_is_the_same_as_nothing(self) -> None:
        nobody = Client.read({"id": 1})
        assert not duplicates.same_tin(nobody, nobody)
        assert not duplicates.same_name_and_place(nobody, nobody)


# --- on the page ---


@pytest.fixture
def accounts(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("accounts")


@pytest.fixture
def twin(accounts: CheckedClient) -> tuple[str, str]:
    """Two clients with the same name, post code and tax number; their pages."""
    return _two(accounts, {"tin": "111222333"}, {"tin": "111222333", "addressCity": "Utrecht"})


_FIELDS = {
    "name": "Tweeling & Zoon", "status": "active", "country": "NL", "tinType": "company", "currency": "EUR",
    "documentsLanguage": "nl", "addressPostCode": "1012 AB", "tinCountry": "NL",
}  # fmt: skip


def _two(accounts: CheckedClient, one: dict[str, str], other: dict[str, str]) -> tuple[str, str]:
    first, second = (accounts.send(f"{LIST}new/", {**_FIELDS, **fields}) for fields in (one, other))
    return first["Location"], second["Location"]


def _compares(sandbox: Sandbox, texts: str, *, searched: bool) -> None:
    """How the API compares texts, and whether it announces filters or has the search alone."""
    sandbox.settings(texts=texts)
    if searched:
        connection.forget()
        sandbox.settings(mappings="hidden", docs="off")


def panel(page: str) -> str:
    found = page[page.index('id="checks-panel"') :]
    return found[: found.index("</section>")]


def states(page: str) -> dict[str, str]:
    """Check → its state, as the panel shows it."""
    rows = re.findall(r'data-check="([\w-]+)">.*?<a href="#[^"]+">(?:<b>)?([^<]+)<', panel(page), re.S)
    return {name: state for state, name in rows}


class TestOnThePage:
    def test_each_leads_to_its_field_and_the_counts_stand_at_the_top(self, accounts: CheckedClient) -> None:
        page = text(accounts.get(ONE))
        shown = panel(page)
        anchors = re.findall(r'<a href="#([^"]+)">', shown)
        assert len(anchors) == 12
        assert all(f'id="{anchor}"' in page for anchor in anchors)
        counted = re.findall(r'data-count="([\w-]+)">(\d+) ', shown)
        assert {state: int(n) for state, n in counted} == {
            state: len(re.findall(f'data-check="{state}"', shown)) for state in set(states(page).values())
        }

    def test_what_fails_stands_in_sight_and_in_the_head_of_the_page(self, accounts: CheckedClient) -> None:
        accounts.send(ONE, {"addressPostCode": "12", "vatNumber": "NL123"})
        page = text(accounts.get(ONE))
        assert states(page)["Postcode"] == states(page)["VAT number"] == FAIL
        assert "“12” is not shaped as in Netherlands, for example 1012 AB." in panel(page)
        assert re.search(r'<a class="pill pill-attention" href="#checks-panel">\d to look at</a>', page)

    def test_somebody_entered_twice_is_found_and_linked(
        self, accounts: CheckedClient, twin: tuple[str, str]
    ) -> None:
        page = text(accounts.get(twin[0]))
        assert states(page)[DUPLICATE_NUMBER] == FAIL
        assert states(page)[DUPLICATE_NAME] == FAIL
        assert panel(page).count(f'<a href="{twin[1]}">Tweeling & Zoon</a>') == 2
        accounts.send(twin[1], {"tin": "", "tinCountry": "", "addressPostCode": "1013 AB"})
        page = text(accounts.get(twin[0]))
        assert states(page)[DUPLICATE_NUMBER] == PASS
        assert states(page)[DUPLICATE_NAME] == PASS

    @pytest.mark.parametrize(("texts", "searched"), COMPARING)
    @pytest.mark.parametrize(("ours", "theirs"), SAME_NUMBERS)
    def test_a_number_is_found_in_whichever_spelling_another_has_it(
        self, accounts: CheckedClient, sandbox: Sandbox, ours: str, theirs: str, searched: bool, texts: str
    ) -> None:
        one, _other = _two(accounts, {"tin": ours}, {"tin": theirs})
        _compares(sandbox, texts, searched=searched)
        assert states(text(accounts.get(one)))[DUPLICATE_NUMBER] == FAIL

    @pytest.mark.parametrize(("texts", "searched"), COMPARING)
    @pytest.mark.parametrize(("ours", "theirs"), SAME_NAMES)
    def test_a_name_is_found_in_whichever_spelling_another_has_it(
        self, accounts: CheckedClient, sandbox: Sandbox, ours: str, theirs: str, searched: bool, texts: str
    ) -> None:
        one, _other = _two(accounts, {"name": ours}, {"name": theirs})
        _compares(sandbox, texts, searched=searched)
        assert states(text(accounts.get(one)))[DUPLICATE_NAME] == FAIL

    def test_where_none_is_found_the_spellings_that_were_asked_for_are_said(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        one, _other = _two(accounts, {"name": "Twin Works B.V.", "tin": "NL820546588B01"}, {"name": "Other"})
        found = panel(text(accounts.get(one)))
        for spelling in ("820546588B01", "NL 8205.46.588.B01", "Twin Works BV", "Twin Works"):
            assert f"“{spelling}”" in found

    def test_a_spelling_with_too_many_answers_is_not_among_them(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        """The name without its legal form is in many others; in full it is in few."""
        caller = Caller(sandbox).signed_in().of("org_1001")
        wanted = {**_FIELDS, "country": sandbox.iri("/countries/NL"), "currency": sandbox.iri("/currencies/EUR"),
                  "tinCountry": sandbox.country("NL")}  # fmt: skip
        for number in range(101):
            caller.post("/clients", {**wanted, "name": f"Twin Works {number}"})
        one = accounts.send(f"{LIST}new/", {**_FIELDS, "name": "Twin Works B.V."})["Location"]
        page = text(accounts.get(one))
        assert states(page)[DUPLICATE_NAME] == PASS
        assert "“Twin Works BV”" in panel(page)
        assert "“Twin Works”" not in panel(page)

    def test_it_never_reads_all_clients(
        self, accounts: CheckedClient, sandbox: Sandbox, twin: tuple[str, str]
    ) -> None:
        accounts.get(twin[0])
        sandbox.clear_requests()
        accounts.get(twin[0])
        asked = [r for r in sandbox.requests() if r["path"].endswith(("/clients", "/clients/search"))]
        assert len(asked) == 2

    def test_a_search_that_does_not_find_the_client_itself_says_nothing_of_others(
        self, accounts: CheckedClient, sandbox: Sandbox, twin: tuple[str, str]
    ) -> None:
        for path in ("/clients", "/clients/search"):
            sandbox.faults(f"GET {path}", {"replace": [{"id": 1, "name": "Somebody", "tin": "1"}]})
        page = text(accounts.get(twin[0]))
        assert states(page)[DUPLICATE_NUMBER] == UNRUN
        assert "does not find this client" in panel(page)

    @pytest.mark.parametrize(("status", "words"), [(404, "no way to look"), (500, "answered with an error")])
    def test_what_cannot_be_asked_could_not_run_and_the_rest_stands(
        self, accounts: CheckedClient, sandbox: Sandbox, twin: tuple[str, str], status: int, words: str
    ) -> None:
        for path in ("/clients", "/clients/search", "/client-contacts"):
            sandbox.faults(f"GET {path}", {"status": status})
        answer = accounts.get(twin[0])
        assert answer.status_code == 200
        page = text(answer)
        assert states(page)[DUPLICATE_NUMBER] == UNRUN
        assert states(page)["Tax number"] == PASS
        assert words in panel(page)

    def test_where_no_filter_is_announced_the_search_is_asked(
        self, accounts: CheckedClient, sandbox: Sandbox, twin: tuple[str, str]
    ) -> None:
        connection.forget()
        sandbox.settings(mappings="hidden", docs="off")
        assert states(text(accounts.get(twin[0])))[DUPLICATE_NUMBER] == FAIL

    def test_it_can_be_asked_for_alone(self, accounts: CheckedClient, sandbox: Sandbox) -> None:
        asked = {"HX-Request": "true", "HX-Target": "checks-panel"}
        part = text(accounts.get(ONE, headers=asked))
        assert "<html" not in part
        assert "data-count" in part

    def test_a_client_that_tells_nothing_has_checks_that_say_so(
        self, accounts: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /clients/7", {"replace": {"id": 7}})
        found = states(text(accounts.get(ONE)))
        assert len(found) == 12
        assert [name for name, state in found.items() if state == PASS] == ["Contact e-mail address"]
