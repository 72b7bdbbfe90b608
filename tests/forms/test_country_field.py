"""A country in a form: chosen by name, and sent as the API spells it."""

from typing import Any

import pytest

from dashboard.flowtly.resources.reference import Country
from dashboard.flowtly.resources.references import Spelling
from dashboard.forms.country_field import CountryField
from tests.standards.test_countries import SPELLINGS

LISTED = [Country("DE"), Country("GR"), Country("NL"), Country("XK", name="Kosova"), Country("AX")]


def field(**around: Any) -> CountryField:
    made = CountryField(label="Country")
    made.offer(**{"offered": LISTED, **around})
    return made


def labels(made: CountryField) -> list[str]:
    return [str(text) for _value, text in made.widget.choices]


@pytest.mark.parametrize("value", SPELLINGS)
def test_every_spelling_of_a_country_is_one_country(value: Any) -> None:
    assert field().prepare_value(value) == "NL"


def test_they_stand_by_name_with_those_in_use_first() -> None:
    assert labels(field()) == ["—", "Åland Islands", "Germany", "Greece", "Kosova", "Netherlands"]
    _nothing, (_words, first), (_others, rest) = field(likely=["NL", "EL"]).widget.choices
    assert [value for value, _ in first] == ["GR", "NL"]
    assert [value for value, _ in rest] == ["AX", "DE", "XK"]


def test_what_a_record_has_stays_choosable() -> None:
    made = field(holds="/countries/SU", spelling=Spelling("/countries/"))
    assert "SU" in [value for value, _ in made.widget.choices]
    assert made.clean("SU") == "/countries/SU"


@pytest.mark.parametrize(("before", "sent"), [("", "DE"), ("/api/countries/", "/api/countries/DE")])
@pytest.mark.parametrize("chosen", ["DE", "/countries/DE", "de"])
def test_what_is_sent_is_spelled_as_the_api_spells_it(before: str, sent: str, chosen: str) -> None:
    assert field(spelling=Spelling(before)).clean(chosen) == sent


def test_a_list_that_could_not_be_read_leaves_a_field_to_type_in() -> None:
    made = field(offered=[])
    assert "could not be read" in str(made.help_text)
    assert made.clean(" nl ") == "NL"
    assert made.clean("Narnia") == "Narnia"
