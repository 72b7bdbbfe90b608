"""Country field: chosen by name from those Flowtly lists, and sent as the API spells it."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.flowtly.resources.reference import Country
from dashboard.flowtly.resources.references import CODE, Spelling
from dashboard.standards.countries import code, identifier, name
from dashboard.web.formatting import NOTHING

Choice = tuple[str, str]


class CountryField(forms.CharField):
    """A country: chosen from the list, or typed as a code where the list could not be read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=255, widget=forms.TextInput(attrs={"size": 8}), **kwargs)
        self.offered: tuple[Country, ...] = ()
        self.spelling = CODE

    def offer(
        self,
        offered: Sequence[Country],
        likely: Iterable[str] = (),
        spelling: Spelling = CODE,
        holds: object = None,
    ) -> None:
        """`likely` are codes to put first, and what a record `holds` stays choosable whatever it is."""
        self.offered, self.spelling = tuple(offered), spelling
        if not self.offered:
            self.help_text = _("The list of countries could not be read. Type the code, such as NL.")
            return
        if identifier(holds) and code(holds) not in {code(one.id) for one in self.offered}:
            self.offered += (Country(identifier(holds)),)
        self.widget = forms.Select(choices=_choices(self.offered, set(map(code, likely))))
        self.widget.is_required = self.required

    def prepare_value(self, value: object) -> str:
        """The id in the list that means the same country, else the value's own."""
        wanted = code(value)
        return next((one.id for one in self.offered if code(one.id) == wanted), identifier(value))

    def clean(self, value: object) -> str:
        chosen = self.prepare_value(super().clean(value))
        if chosen and self.offered and chosen not in {one.id for one in self.offered}:
            raise forms.ValidationError(_("Choose a country from the list."))
        if not self.offered and len(chosen) == 2:
            chosen = chosen.upper()
        return self.spelling.of(chosen) if chosen else ""


def _choices(offered: Sequence[Country], likely: set[str]) -> list[tuple[str | Promise, str | list[Choice]]]:
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


def _alphabetical(choice: Choice) -> str:
    return _without_marks(choice[1])


@lru_cache(maxsize=2048)
def _without_marks(text: str) -> str:
    """Letters with marks stand with those without."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
