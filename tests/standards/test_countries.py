"""Countries by name, whatever way a record spells them."""

from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from dashboard.standards import countries

SPELLINGS = ["NL", "nl", "/countries/NL", "/api/countries/NL", {"@id": "/countries/NL"}, {"id": "NL"}]


@pytest.mark.parametrize("value", SPELLINGS)
def test_every_spelling_of_a_country_is_one_country(value: Any) -> None:
    assert countries.code(value) == "NL"
    assert countries.name(value) == "Netherlands"


def test_names_are_in_the_readers_language() -> None:
    with override("nl"):
        assert countries.name("/countries/DE") == "Duitsland"
    with override("tlh"):
        assert countries.name("DE") == "Germany"


@pytest.mark.parametrize(
    ("value", "shown"), [("ZZX", "ZZX"), ("EL", "Greece"), (None, "—"), ("", "—"), (["NL"], "—"), (7, "7")]
)
def test_a_country_nobody_knows_is_shown_as_it_is(value: Any, shown: str) -> None:
    assert countries.name(value) == shown


@pytest.mark.parametrize(
    ("post_code", "country", "fits"),
    [
        ("1012 AB", "NL", True),
        ("1012ab", "/countries/NL", True),
        ("NL-1012 AB", "NL", True),
        ("0012 AB", "NL", False),
        ("1012", "NL", False),
        ("75001", "FR", True),
        ("7500", "FR", False),
        ("1000-205", "PT", True),
        ("1000205", "PT", False),
        ("2100", "DK", True),
        ("DK-2100", "DK", True),
        ("21000", "DK", False),
        ("00-950", "PL", True),
        ("00950", "PL", False),
        ("1000", "BE", True),
        ("B-1000", "BE", True),
        ("0999", "BE", False),
        ("10115", "DE", True),
        ("١٠١١٥", "DE", False),
        ("1011", "DE", False),
        ("1012\u00a0AB", "NL", True),
        ("1012  AB", "NL", True),
        (" 1012\u202fAB\u200b", "NL", True),
        ("nl 1012 ab", "NL", True),
        ("NL1012AB", "NL", True),
        ("BE-1012 AB", "NL", False),
        ("DK 2100", "DK", True),
        ("DK2100", "DK", True),
        ("D-2100", "DK", False),
        ("1000\u2013205", "PT", True),
        ("1000 - 205", "PT", True),
        ("1000\u2212205", "PT", True),
        ("00\u2011950", "PL", True),
        ("\uff11\uff10\uff11\uff12 AB", "NL", True),
        ("F-75001", "FR", True),
        ("DE-75001", "FR", False),
        ("75 001", "FR", False),
        ("SW1A 1AA", "GB", None),
        ("", "NL", None),
        (None, "NL", None),
        (1012, "NL", None),
        ("1012 AB", None, None),
    ],
)
def test_post_codes_have_the_shape_of_their_country(post_code: Any, country: Any, fits: bool | None) -> None:
    assert countries.post_code_fits(post_code, country) is fits


@given(
    st.one_of(st.text(), st.none(), st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))
)
def test_no_value_breaks_anything(value: Any) -> None:
    countries.post_code_fits(value, "NL")
    countries.post_code_fits("1012 AB", value)
    assert isinstance(countries.name(value), str)
