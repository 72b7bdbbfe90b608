"""Country field: chosen by name from those Flowtly lists, and sent as the API spells it."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dashboard.flowtly.resources.reference import Country
from dashboard.flowtly.resources.references import CODE, Spelling
from dashboard.forms.long_select import LongSelect
from dashboard.standards.countries import code, identifier, name
from dashboard.web.formatting import NOTHING

Choice = tuple[str, str]


class CountryField(forms.CharField):
    """A country: chosen from the list, or typed as a code where the list could not be read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=255, widget=forms.TextInput(attrs={"size": 8}), **kwargs)
        self.offered: tuple[Country, ...] = ()
        self._ids: Mapping[str, str] = {}
        self.spelling = CODE

    def offer(
        self,
        offered: Sequence[Country],
        likely: Iterable[str] = (),
        spelling: Spelling = CODE,
        holds: object = None,
    ) -> None:
        """`likely` are codes to put first, and what a record `holds` stays choosable whatever it is."""
        self.offered, self.spelling, self._ids = tuple(offered), spelling, _by_code(_ids(offered))
        if not self.offered:
            self.help_text = _("The list of countries could not be read. Type the code, such as NL.")
            return
        if identifier(holds) and code(holds) not in self._ids:
            self.offered += (Country(identifier(holds)),)
            self._ids = _by_code(_ids(self.offered))
        names = tuple((one.id, one.name or "") for one in self.offered if one.id)
        self.widget = LongSelect(choices=_choices(names, frozenset(map(code, likely)), get_language()))
        self.widget.is_required = self.required

    def prepare_value(self, value: object) -> str:
        """The id in the list that means the same country, else the value's own."""
        return self._ids.get(code(value)) or identifier(value)

    def clean(self, value: object) -> str:
        chosen = self.prepare_value(super().clean(value))
        if chosen and self.offered and chosen not in {one.id for one in self.offered}:
            raise forms.ValidationError(_("Choose a country from the list."))
        if not self.offered and len(chosen) == 2:
            chosen = chosen.upper()
        return self.spelling.of(chosen) if chosen else ""


def _ids(offered: Iterable[Country]) -> tuple[str, ...]:
    return tuple(one.id for one in offered)


@lru_cache(maxsize=64)
def _by_code(ids: tuple[str, ...]) -> dict[str, str]:
    """Ids by the country that each means, the first of several."""
    return {code(each): each for each in reversed(ids)}


@lru_cache(maxsize=64)
def _choices(
    names: tuple[Choice, ...], likely: frozenset[str], _language: str | None
) -> list[tuple[str | Promise, str | list[Choice]]]:
    by_name = sorted(((each, said or name(each)) for each, said in names), key=_alphabetical)
    first = [choice for choice in by_name if code(choice[0]) in likely]
    if not first:
        return [("", NOTHING), *by_name]
    rest = [choice for choice in by_name if choice not in first]
    return [
        ("", NOTHING),
        (gettext_lazy("In use by this organization"), first),
        (gettext_lazy("All others"), rest),
    ]


def _alphabetical(choice: Choice) -> str:
    return _without_marks(choice[1])


@lru_cache(maxsize=2048)
def _without_marks(text: str) -> str:
    """Letters with marks stand with those without."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
