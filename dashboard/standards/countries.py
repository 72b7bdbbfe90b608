"""Countries as people know them: by name, and with the shape of their post codes.

Flowtly names a country by a bare code or by an IRI; what is read here takes either.
"""

import re
import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language

from dashboard.flowtly.resources.records import Reference

# Other codes in use for the same country.
SAME = {"EL": "GR", "UK": "GB"}
# What a post code looks like, and one to show. The country before it is no mistake.
POST_CODES = {
    "BE": (r"[1-9]\d{3}", "1000"),
    "DE": (r"\d{5}", "10115"),
    "DK": (r"\d{4}", "2100"),
    "FR": (r"\d{5}", "75001"),
    "NL": (r"[1-9]\d{3} ?[A-Z]{2}", "1012 AB"),
    "PL": (r"\d{2}-\d{3}", "00-950"),
    "PT": (r"\d{4}-\d{3}", "1000-205"),
}

# Letters of a country besides its code, from before there were codes.
OLD_LETTERS = {"BE": "B", "DE": "D", "FR": "F", "PT": "P"}


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


def post_code(value: object, country: object) -> str:
    """A post code as its country writes it: in capitals, without the country before it, whichever blanks and dashes
    were typed."""
    text = unicodedata.normalize("NFKC", value) if isinstance(value, str) else ""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    plain = re.sub(r"\s*[\u2010-\u2015\u2212-]\s*", "-", " ".join(seen.upper().split()))
    letters = code(country)
    before = "|".join(filter(None, (letters, OLD_LETTERS.get(letters))))
    return re.sub(rf"^(?:{before})[- ]?(?=\d)", "", plain) if letters in POST_CODES else plain


def post_code_fits(given: object, country: object) -> bool | None:
    """Whether a post code is shaped as that country's are; None where that is not known, or nothing is given."""
    shape, plain = POST_CODES.get(code(country)), post_code(given, country)
    if shape is None or not plain:
        return None
    return bool(re.fullmatch(shape[0], plain, re.ASCII))


@lru_cache(maxsize=16)
def _names(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language, sep="-").territories)
    except (ValueError, UnknownLocaleError):
        return dict(Locale("en").territories)
