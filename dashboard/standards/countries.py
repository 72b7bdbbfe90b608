"""Countries as people know them: by name, in a list to choose from, and with the shape of their post codes.

Flowtly names a country by a bare code or by an IRI; what is read takes either, and what is sent is spelled the way
the API's own records spell it.
"""

import re
import time
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from babel import Locale, UnknownLocaleError
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.flowtly import Flowtly
from dashboard.flowtly.connection import Connection
from dashboard.flowtly.resources.records import Reference
from dashboard.flowtly.resources.reference import Country
from dashboard.web.formatting import NOTHING, locale

KEPT = 600.0  # seconds
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

_listed: WeakKeyDictionary[Connection, dict[str, tuple[float, tuple[Country, ...]]]] = WeakKeyDictionary()


def identifier(value: Any) -> str:
    """A country's id at Flowtly, out of a code, an IRI or an object; "" where there is none."""
    if isinstance(value, str) and value.isalpha():  # a bare code, which most are
        return value
    read = value if isinstance(value, Reference) else Reference.read(value)
    return read.id.strip() if isinstance(read, Reference) else ""


def code(value: Any) -> str:
    """The ISO code in capitals, so that two spellings of one country are equal."""
    found = identifier(value).upper()
    return SAME.get(found, found)


def name(value: Any) -> str:
    """In the reader's language; a country nobody knows as it came, none as a dash."""
    return _names(locale()).get(code(value)) or identifier(value) or NOTHING


def before(value: Any) -> str | None:
    """What stands before the id where a value is an IRI, "" where it is a bare code, None where there is none."""
    read = Reference.read(value)
    if not isinstance(read, Reference):
        return None
    return f"{read.iri.rpartition('/')[0]}/" if read.iri else ""


def listed(api: Flowtly, whose: str) -> tuple[Country, ...]:
    """The countries Flowtly lists within an organization, read at most every ten minutes."""
    kept = _listed.setdefault(api.connection, {})
    read_at, found = kept.get(whose, (0.0, ()))
    if not found or time.monotonic() - read_at > KEPT:
        read_at, found = time.monotonic(), tuple(api.countries.every().items)
        kept[whose] = (read_at, found)
    return found


def post_code_fits(post_code: Any, country: Any) -> bool | None:
    """Whether a post code is shaped as that country's are; None where that is not known, or nothing is given."""
    shape = POST_CODES.get(code(country))
    given = post_code.strip().upper() if isinstance(post_code, str) else ""
    if shape is None or not given:
        return None
    return bool(re.fullmatch(rf"(?:[A-Z]{{1,2}}-)?{shape[0]}", given, re.ASCII))


class CountryField(forms.CharField):
    """A country: chosen by name from those Flowtly lists, or typed as a code where the list could not be read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=255, widget=forms.TextInput(attrs={"size": 8}), **kwargs)
        self.offered: tuple[Country, ...] = ()
        self.before = ""

    def offer(
        self, offered: Sequence[Country], likely: Iterable[str] = (), before: str = "", holds: Any = None
    ) -> None:
        """`likely` are codes to put first, `before` is what an IRI has before the id ("" for bare codes), and what
        a record `holds` stays choosable whatever it is."""
        self.offered, self.before = tuple(offered), before
        if not self.offered:
            self.help_text = _("The list of countries could not be read. Type the code, such as NL.")
            return
        if identifier(holds) and code(holds) not in {code(one.id) for one in self.offered}:
            self.offered += (Country(identifier(holds)),)
        self.widget = forms.Select(choices=_choices(self.offered, set(map(code, likely))))
        self.widget.is_required = self.required

    def prepare_value(self, value: Any) -> str:
        """The id in the list that means the same country, else the value's own."""
        wanted = code(value)
        return next((one.id for one in self.offered if code(one.id) == wanted), identifier(value))

    def clean(self, value: Any) -> str:
        chosen = self.prepare_value(super().clean(value))
        if not chosen:
            return ""
        if self.offered and chosen not in {one.id for one in self.offered}:
            raise forms.ValidationError(_("Choose a country from the list."))
        if not self.offered and len(chosen) == 2:
            chosen = chosen.upper()
        return self.before + quote(chosen, safe="") if self.before else chosen


def _choices(offered: Sequence[Country], likely: set[str]) -> list[tuple[str | Promise, Any]]:
    by_name = sorted(((one.id, one.name or name(one.id)) for one in offered if one.id), key=_alphabetical)
    first = [choice for choice in by_name if code(choice[0]) in likely]
    if not first:
        return [("", NOTHING), *by_name]
    rest = [choice for choice in by_name if choice not in first]
    return [
        ("", NOTHING),
        (gettext_lazy("In use by this organization"), first),
        (gettext_lazy("All others"), rest),
    ]


def _alphabetical(choice: tuple[str, str]) -> str:
    return _without_marks(choice[1])


@lru_cache(maxsize=2048)
def _without_marks(text: str) -> str:
    """Letters with marks stand with those without."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=16)
def _names(spoken: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(spoken).territories)
    except (ValueError, UnknownLocaleError):
        return dict(Locale("en").territories)
