"""Tax numbers: what fits is never doubted, a slip of the finger is noticed, and nothing that is typed breaks it."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.be import vat as be_vat
from stdnum.de import idnr, stnr
from stdnum.de import vat as de_vat
from stdnum.dk import cvr
from stdnum.fr import nif as fr_nif
from stdnum.fr import tva
from stdnum.iso7064 import mod_97_10
from stdnum.nl import bsn
from stdnum.pl import nip
from stdnum.pt import nif as pt_nif

from dashboard.sandbox.seed.taxnumbers import tax_numbers as seeded
from dashboard.standards import tax_numbers

COUNTRIES = sorted(tax_numbers.NUMBERS)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.integers(10 ** (count - 1), 10**count - 1).map(str)


def with_check(body: str, check: Any) -> str:
    """The body with the check digit that makes it valid; "" where there is none."""
    return next((body + digit for digit in "0123456789" if check(body + digit)), "")


DUTCH = digits(8).map(lambda body: with_check(body, lambda n: bsn.checksum(n) == 0)).filter(bool)
SIREN = digits(8).map(lambda body: body + luhn.calc_check_digit(body))

# Country, the kind it is, and numbers of that kind made with the checker's own arithmetic.
VALID: list[tuple[str, str, st.SearchStrategy[str]]] = [
    ("NL", "bsn", DUTCH),
    ("NL", "btw", DUTCH.map(lambda number: f"NL{number}B01")),
    (
        "NL",
        "btw",
        digits(9).map(
            lambda body: next(n for c in range(2, 99) if mod_97_10.is_valid(n := f"NL{body}B{c:02}"))
        ),
    ),
    ("FR", "siren", SIREN),
    ("FR", "siret", SIREN.map(lambda siren: siren + "0001" + luhn.calc_check_digit(siren + "0001"))),
    ("FR", "tva", SIREN.map(lambda siren: f"FR{int(siren + '12') % 97:02}{siren}").filter(tva.is_valid)),
    (
        "FR",
        "nif",
        st.integers(10**9, 4 * 10**9 - 1).map(lambda n: f"{n}{fr_nif.calc_check_digits(str(n))}"),
    ),
    ("DK", "cvr", digits(7).map(lambda body: with_check(body, cvr.is_valid)).filter(bool)),
    ("PT", "nif", digits(8).map(lambda body: body + pt_nif.calc_check_digit(body))),
    (
        "PL",
        "nip",
        digits(9).map(lambda body: with_check(body, lambda n: nip.checksum(n) == 0)).filter(bool),
    ),
    ("BE", "vat", st.integers(10**6, 10**8 - 1).map(lambda n: f"0{n:07}").map(
        lambda body: f"{body:0>8}{97 - int(body) % 97:02}").filter(be_vat.is_valid)),
    ("DE", "vat", digits(8).map(lambda body: with_check(body, de_vat.is_valid)).filter(bool)),
]  # fmt: skip


@pytest.mark.parametrize(("country", "kind", "numbers"), VALID, ids=lambda value: str(value)[:8])
def test_a_number_with_the_right_check_digit_fits_and_is_called_by_its_name(
    country: str, kind: str, numbers: st.SearchStrategy[str]
) -> None:
    @given(numbers)
    def holds(number: str) -> None:
        found = tax_numbers.look(number, country)
        assert found.outcome == "fits", number
        assert found.kind in tax_numbers.NUMBERS[country]
        # One number may be two things: a Dutch company's is shaped as a person's.
        assert kind in {found.kind, *kinds(country, number)}
        assert f"({found.kind})" in found.text

    holds()


def kinds(country: str, number: str) -> set[str]:
    return {
        kind for kind in tax_numbers.NUMBERS[country] if tax_numbers._checker(country, kind).is_valid(number)
    }


@given(DUTCH, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_in_a_dutch_number_is_noticed(number: str, at: int, more: int) -> None:
    wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    found = tax_numbers.look(wrong, "NL")
    assert (found.outcome, found.kind) == ("doubtful", "")


@pytest.mark.parametrize(
    ("country", "numbers"),
    [("FR", SIREN), ("DK", VALID[7][2]), ("PT", VALID[8][2]), ("PL", VALID[9][2]), ("DE", VALID[11][2])],
    ids=str,
)
def test_a_wrong_check_digit_is_noticed_in(country: str, numbers: st.SearchStrategy[str]) -> None:
    @given(numbers, st.integers(1, 9))
    def holds(number: str, more: int) -> None:
        wrong = number[:-1] + str((int(number[-1]) + more) % 10)
        found = tax_numbers.look(wrong, country)
        assert found.outcome == "doubtful", wrong
        assert "Does not look like" in found.text

    holds()


def test_no_word_of_it_says_that_a_number_is_invalid() -> None:
    text = tax_numbers.look("NL123456789B01", "NL").text
    assert text == "Does not look like a Dutch tax number (btw, bsn)."
    assert "invalid" not in text.lower()


@given(st.one_of(st.text(), st.integers(), st.none(), st.binary(), st.floats(), st.lists(st.text())))
def test_whatever_is_typed_it_never_raises(number: Any) -> None:
    country: object
    for country in (*COUNTRIES, "", None, "??", "/countries/", "nl", 5, [], {"id": "NL"}):
        found = tax_numbers.look(number, country)
        assert found.outcome in {"fits", "doubtful", "not-checked"}
        assert found.text


@given(st.text("0123456789ABCDEFGHXYZ-. /²৩\0", min_size=6, max_size=20))
def test_what_looks_nearly_like_a_number_never_raises_either(number: str) -> None:
    for country in COUNTRIES:
        tax_numbers.kind_of(number, country)


def test_every_checker_that_is_named_is_there() -> None:
    for country, named in tax_numbers.NUMBERS.items():
        for kind in named:
            assert callable(tax_numbers._checker(country, kind).is_valid), (country, kind)


@pytest.mark.parametrize("country", ["NL", "FR", "PT", "DK", "PL"])
def test_the_numbers_of_both_sorts_of_a_company_fit(country: str) -> None:
    random = Random(country)
    for _ in range(50):
        for number in seeded(country, random):
            assert tax_numbers.look(number, country).outcome == "fits", number


@pytest.mark.parametrize("number", ["NL 1112.22.333", "111222333", "nl111222333", " 111-222-333 "])
def test_spaces_dots_and_the_country_in_front_do_no_harm(number: str) -> None:
    assert tax_numbers.look(number, "NL").kind == "bsn"


@pytest.mark.parametrize("country", ["EL", "GR", "/countries/EL", {"@id": "/api/countries/GR"}])
@pytest.mark.parametrize("number", ["EL094259216", "094259216", "GR094259216"])
def test_greece_goes_by_two_codes(country: Any, number: str) -> None:
    assert tax_numbers.look(number, country).kind == "vat"


def test_a_country_without_a_checker_is_not_checked_rather_than_doubted() -> None:
    found = tax_numbers.look("A123", "KE")
    assert found.outcome == "not-checked"
    assert "Kenya" in found.text


FOREIGN = [
    ("LU15027442", "BE", "not-checked", "Luxembourg"),
    ("LU 150 274 42", "BE", "not-checked", "Luxembourg"),
    ("GB123456789", "NL", "not-checked", "United Kingdom"),
    ("XI123456789", "NL", "not-checked", "United Kingdom"),
    ("MT11679112", None, "not-checked", "Malta"),
    ("DE136695976", "NL", "fits", "German"),
    ("DE136695970", "NL", "doubtful", "German"),
    ("EL094259216", "NL", "fits", "Greece"),
    ("FRNMRA80A01F205A", "IT", "doubtful", "Italy"),  # a person's name begins with the letters of France
    ("NL111222333", "NL", "fits", "Dutch"),
]


@pytest.mark.parametrize(("number", "country", "outcome", "words"), FOREIGN)
def test_a_number_is_held_against_the_country_it_begins_with(
    number: str, country: str | None, outcome: str, words: str
) -> None:
    found = tax_numbers.look(number, country)
    assert (found.outcome, words in found.text) == (outcome, True), found.text


@pytest.mark.parametrize("number", [None, "", "   "])
def test_no_number_is_not_checked(number: Any) -> None:
    assert tax_numbers.look(number, "NL").outcome == "not-checked"


def test_without_a_tax_country_the_address_lends_its_own_and_the_text_says_so() -> None:
    found = tax_numbers.look("111222333", None, "/countries/NL")
    assert found.kind == "bsn"
    assert "the country of the address was used" in found.text
    assert "the address" not in tax_numbers.look("111222333", "NL", "DE").text


def test_without_any_country_nothing_can_be_said() -> None:
    assert tax_numbers.look("111222333", None, None).outcome == "not-checked"


def test_a_german_number_may_be_one_without_a_check_digit() -> None:
    assert idnr.is_valid("36574261809")
    assert stnr.is_valid("18181508155")
    assert tax_numbers.look("36574261809", "DE").outcome == "fits"
    assert tax_numbers.look("181/815/08155", "DE").kind == "stnr"
