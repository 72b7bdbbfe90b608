"""Spellings: what others may have typed for the same number or name."""

import pytest

from dashboard.standards import spellings

NUMBERS = [
    ("NL820546588B01", "NL", {"820546588B01", "NL 820546588B01", "NL8205.46.588.B01", "NL 8205.46.588.B01"}),
    ("NL 8205.46.588.B01", "", {"NL820546588B01", "820546588B01", "8205.46.588.B01"}),
    ("820546588B01", "", {"NL820546588B01", "NL 8205.46.588.B01"}),  # fits the Netherlands alone
    ("111222333", "NL", {"NL111222333", "1112.22.333"}),
    ("0403019261", "BE", {"BE0403019261", "BE 0403.019.261", "0403.019.261"}),
    ("FR 44 732 829 320", "FR", {"FR44732829320", "44732829320", "FR 44732829320"}),
    ("732829320", "FR", {"732 829 320"}),
    ("13585628", "DK", {"13 58 56 28", "DK13585628", "DK 13585628"}),
    ("8567346215", "PL", {"856-734-62-15", "PL8567346215"}),
    ("501964843", "PT", {"501 964 843", "PT501964843"}),
    ("EL094259216", "GR", {"094259216", "GR094259216"}),
    ("LU15027442", "BE", {"15027442", "LU 15027442"}),
    ("A123", "", set()),
]
NAMES = [
    ("Twin Works B.V.", {"Twin Works BV", "Twin Works"}),
    ("Twin Works BV", {"Twin Works B.V.", "Twin Works"}),
    ("Twin Works, b.v.", {"Twin Works BV", "Twin Works"}),
    ("Dupont S.A.S.", {"Dupont SAS", "Dupont"}),
    ("Smed A/S", {"Smed AS", "Smed"}),
    ("Zofia sp. z o.o.", {"Zofia Sp. z o.o.", "Zofia"}),
    ("Élan SARL", {"Elan SARL", "Elan", "Élan", "Élan S.A.R.L."}),
    ("Foo\u00a0 Bar", {"Foo Bar"}),
    ("BV", set()),
    ("", set()),
]


@pytest.mark.parametrize(("number", "country", "others"), NUMBERS)
def test_a_number_is_spelled_as_others_may_have_typed_it(number: str, country: str, others: set[str]) -> None:
    found = spellings.of_number(number, country)
    assert found[0] == number
    assert others <= set(found)
    assert len(found) == len(set(found)) <= 8


@pytest.mark.parametrize(("name", "others"), NAMES)
def test_a_name_is_spelled_as_others_may_have_typed_it(name: str, others: set[str]) -> None:
    found = spellings.of_name(name)
    assert found[:1] == ((name,) if name else ())
    assert others <= set(found)
    assert len(found) == len(set(found)) <= 8
