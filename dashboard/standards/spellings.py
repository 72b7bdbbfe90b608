"""Spellings of one number, name, state or e-mail address: what others are likely to have typed for it. An API that
compares texts finds each of them only if it is asked for it."""

import unicodedata
from collections.abc import Iterable

from dashboard.standards.tax_numbers import bare, kind_of, without_country

# How a country prints its numbers: # stands for a letter or digit of the number.
PRINTED = {
    "BE": ("####.###.###",),
    "DE": ("### ### ###",),
    "DK": ("## ## ## ##",),
    "FR": ("### ### ###", "## ### ### ###", "### ### ### #####"),
    "NL": ("####.##.###", "####.##.###.###"),
    "PL": ("###-###-##-##",),
    "PT": ("### ### ###",),
}
# Legal forms by their letters, as they are written at the end of a name.
LEGAL_FORMS = {
    "aps": ("ApS",),
    "as": ("A/S", "AS"),
    "bv": ("B.V.", "BV"),
    "gmbh": ("GmbH",),
    "lda": ("Lda.", "Lda"),
    "ltd": ("Ltd.", "Ltd"),
    "nv": ("N.V.", "NV"),
    "sa": ("S.A.", "SA"),
    "sarl": ("S.A.R.L.", "SARL"),
    "sas": ("S.A.S.", "SAS"),
    "spzoo": ("sp. z o.o.", "Sp. z o.o."),
    "srl": ("S.R.L.", "SRL"),
    "vof": ("V.O.F.", "VOF"),
}
LONGEST_FORM = 3  # words
# A state that English spells in two ways.
STATES = {"canceled": "cancelled"}


def of_number(number: str, country: str = "") -> tuple[str, ...]:
    """Of a tax number: its own, then without and with the country before it, run together and as it is printed. The
    country is what it begins with, else what is given, else the only one that it can be of."""
    prefix, digits = without_country(number)
    where = prefix or country or _only_country(digits)
    plain = [digits, *(_printed(shape, digits) for shape in _shapes(where, digits))]
    return _distinct([number, *plain, *(f"{where}{gap}{one}" for one in plain for gap in ("", " ") if where)])


def of_name(name: str) -> tuple[str, ...]:
    """Of a company's name: its own, then without its legal form, with other spellings of that, without accents."""
    words = name.split()
    for count in range(min(LONGEST_FORM, len(words) - 1), 0, -1):
        if forms := LEGAL_FORMS.get(bare("".join(words[-count:])).lower()):
            stem = " ".join(words[:-count]).rstrip(",")
            found = [name, stem, *(f"{stem} {form}" for form in forms)]
            break
    else:
        found = [name, " ".join(words)]
    return _distinct([*found, *map(_without_accents, found)])


def of_words(words: str) -> tuple[str, ...]:
    """Of words: their own, then with plain blanks between them, then with such that hold a line together."""
    return _distinct([words, " ".join(words.split()), "\u00a0".join(words.split())])


def state(value: str) -> str:
    """One spelling for each state."""
    return STATES.get(value, value)


def of_state(value: str) -> tuple[str, ...]:
    """All spellings of a state, its own first."""
    return _distinct([value, state(value), *(other for other, one in STATES.items() if one == state(value))])


def of_email(email: str) -> tuple[str, ...]:
    return _distinct([email, email.lower()])


def _shapes(country: str, digits: str) -> list[str]:
    return [shape for shape in PRINTED.get(country, ()) if shape.count("#") == len(digits)]


def _only_country(digits: str) -> str:
    found = [country for country in PRINTED if _shapes(country, digits)]
    if len(found) > 1:
        found = [country for country in found if kind_of(digits, country)]
    return found[0] if len(found) == 1 else ""


def _printed(shape: str, digits: str) -> str:
    left = iter(digits)
    return "".join(next(left) if sign == "#" else sign for sign in shape)


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))
