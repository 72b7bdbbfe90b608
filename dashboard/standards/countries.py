"""Countries as people know them: by name, and with the shape of their post codes.

Flowtly names a country by a bare code or by an IRI; what is read here takes either.
"""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language

from dashboard.flowtly.resources.records import Reference

# Other codes in use for the same country.
SAME = {"EL": "GR", "UK": "GB"}
# What a post code looks like, and one to show. An optional country before it is no mistake.
POST_CODES = {
    "BE": (r"[1-9]\d{3}", "1000"),
    "DE": (r"\d{5}", "10115"),
    "DK": (r"\d{4}", "2100"),
    "FR": (r"\d{5}", "75001"),
    "NL": (r"[1-9]\d{3} ?[A-Z]{2}", "1012 AB"),
    "PL": (r"\d{2}-\d{3}", "00-950"),
    "PT": (r"\d{4}-\d{3}", "1000-205"),
}


def identifier(value: object) -> str:
    """A country's id at Flowtly, out of a code, an IRI or an object; "" where there is none."""
    if isinstance(value, str) and value.isalpha():  # a bare code, which most are
        return value
    read = value if isinstance(value, Reference) else Reference.read(value)
    return read.id.strip() if read else ""


def code(value: object) -> str:
    """The ISO code in capitals, so that two spellings of one country are equal."""
    found = identifier(value).upper()
    return SAME.get(found, found)


def name(value: object) -> str:
    """In the reader's language; a country nobody knows as it came, none as a dash."""
    known = _names(get_language() or settings.LANGUAGE_CODE)
    return known.get(code(value)) or identifier(value) or "—"


def post_code_fits(post_code: object, country: object) -> bool | None:
    """Whether a post code is shaped as that country's are; None where that is not known, or nothing is given."""
    shape = POST_CODES.get(code(country))
    given = post_code.strip().upper() if isinstance(post_code, str) else ""
    if shape is None or not given:
        return None
    return bool(re.fullmatch(rf"(?:[A-Z]{{1,2}}-)?{shape[0]}", given, re.ASCII))


@lru_cache(maxsize=16)
def _names(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language, sep="-").territories)
    except (ValueError, UnknownLocaleError):
        return dict(Locale("en").territories)
