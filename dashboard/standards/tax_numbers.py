"""Whether a tax number looks like one of its country. Only ever advice: numbers are registered by tax offices,
and a check digit can say no more than that somebody probably mistyped."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.util import clean

from dashboard.standards import countries

# Every number that people or companies of a country give as their tax number, by its own name there. A country of
# which only some are known is left out: its numbers are not checked rather than doubted.
NUMBERS: dict[str, tuple[str, ...]] = {
    "AT": ("uid", "tin"),
    "BE": ("vat", "nn", "bis"),
    "BG": ("vat",),
    "CH": ("vat", "uid", "ssn"),
    "CY": ("vat",),
    "CZ": ("dic",),
    "DE": ("vat", "idnr", "stnr"),
    "DK": ("cvr", "cpr"),
    "EE": ("kmkr", "registrikood", "ik"),
    "ES": ("nif",),
    "FI": ("alv", "ytunnus", "hetu"),
    "FR": ("tva", "siren", "siret", "nif"),
    "GR": ("vat",),
    "HR": ("oib",),
    "IE": ("vat", "pps"),
    "IT": ("iva", "codicefiscale"),
    "LV": ("pvn",),
    "NL": ("btw", "bsn"),
    "NO": ("mva", "orgnr", "fodselsnummer"),
    "PL": ("nip", "pesel"),
    "PT": ("nif",),
    "RO": ("cf",),
    "SE": ("vat", "orgnr", "personnummer"),
    "SI": ("ddv",),
}
WORDS = {
    "BE": gettext_lazy("a Belgian tax number"),
    "DE": gettext_lazy("a German tax number"),
    "DK": gettext_lazy("a Danish tax number"),
    "FR": gettext_lazy("a French tax number"),
    "NL": gettext_lazy("a Dutch tax number"),
    "PL": gettext_lazy("a Polish tax number"),
    "PT": gettext_lazy("a Portuguese tax number"),
}
# Letters that stand before a number for its country, also where no check of its numbers is known.
PREFIXES = {*NUMBERS, "GB", "HU", "LT", "LU", "MT", "SK"}
NORTHERN_IRELAND = "XI"  # of goods, for numbers that are British otherwise
# Some checkers fill up with zeros; nobody means a handful of digits as a tax number.
SHORTEST = 7


@dataclass(frozen=True)
class Finding:
    """`outcome` is fits, doubtful or not-checked; `kind` the number's own name where one fits."""

    outcome: str
    text: str
    kind: str = ""


def look(number: object, country: object, otherwise: object = None) -> Finding:
    """What can be said of a number. `otherwise` is the country to go by where the number has none of its own."""
    if number is None or not str(number).strip():
        return Finding("not-checked", _("Not checked: there is no number."))
    own = countries.code(country)
    wanted = own or countries.code(otherwise)
    prefix = without_country(str(number))[0]
    if prefix and prefix != wanted and not kind_of(str(number), wanted):
        return _look(str(number), prefix)
    if not wanted:
        return Finding("not-checked", _("Not checked: there is no country to go by."))
    found = _look(str(number), wanted)
    if own or found.outcome == "not-checked":
        return found
    borrowed = _("No tax country is given, so the country of the address was used.")
    return Finding(found.outcome, f"{found.text} {borrowed}", found.kind)


def bare(number: str) -> str:
    """Letters and digits of a number, in capitals."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", number)).upper()


def without_country(number: str) -> tuple[str, str]:
    """The country that stands before a number, "" where none does, and its letters and digits without it. Letters that
    no digit follows soon are the number's own, as in an Italian person's."""
    plain = bare(number)
    prefix, rest = plain[:2], plain[2:]
    country = "GB" if prefix == NORTHERN_IRELAND else countries.code(prefix)
    known = country in PREFIXES and any(letter.isdigit() for letter in rest[:3])
    return (country, rest) if known else ("", plain)


def kind_of(number: str, country: str) -> str | None:
    """Which of the country's numbers it could be, "" for none of them; None where nothing is known of the country.
    `country` is an ISO code."""
    kinds = NUMBERS.get(country)
    if kinds is None:
        return None
    spellings = _spellings(number, country)
    return next((kind for kind in kinds if any(_fits(country, kind, each) for each in spellings)), "")


def _look(number: str, country: str) -> Finding:
    kind = kind_of(number, country)
    if kind is None:
        text = _("Not checked: no check is known for this country (%(country)s).")
        return Finding("not-checked", text % {"country": countries.name(country)})
    what = {"number": _words(country), "kinds": kind or ", ".join(NUMBERS[country])}
    if kind:
        return Finding("fits", _("Looks like %(number)s (%(kinds)s).") % what, kind)
    return Finding("doubtful", _("Does not look like %(number)s (%(kinds)s).") % what)


def _words(country: str) -> str:
    known = WORDS.get(country)
    return str(known) if known else _("a tax number of %(country)s") % {"country": countries.name(country)}


def _spellings(number: str, country: str) -> list[str]:
    """As it is, and without the country in front of it, which some write before any number."""
    try:
        plain = clean(number, " .").strip().upper()
    except ValueError:
        return []
    if not plain.isascii() or sum(letter.isalnum() for letter in plain) < SHORTEST:
        return []
    prefixes = {country, *(other for other, same in countries.SAME.items() if same == country)}
    return [plain, *(plain.removeprefix(each).lstrip("-") for each in prefixes if plain.startswith(each))]


def _fits(country: str, kind: str, number: str) -> bool:
    try:
        return bool(_checker(country, kind).is_valid(number))
    except (ValueError, LookupError, TypeError, AttributeError):
        return False  # the checkers expect numbers, and this may be any text


@cache
def _checker(country: str, kind: str) -> Any:
    return import_module(f"stdnum.{country.lower()}.{kind}")
