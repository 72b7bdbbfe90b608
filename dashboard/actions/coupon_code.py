"""Coupon code as it was entered. Flowtly takes it to the letter, so one that may not be what was meant is asked about:
`SPRING–30` with a dash for a hyphen, or with a character in it that cannot be seen."""

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from dashboard.forms.once import OnceForm
from dashboard.standards.foreign_text import trimmed, without_unseen

MEANT = "code_meant"
# What is set in place of a hyphen, an apostrophe or a blank, and letters that look like Latin ones.
_SIGNS = str.maketrans("‐‑‒–—―−’‘", "-------''")
_LETTERS = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXo",
)


class CodeField(forms.CharField):
    """What cannot be seen around it was copied along and means nothing; within it, a person says."""

    def to_python(self, value: object) -> str:
        return super().to_python(trimmed(value) if isinstance(value, str) else value) or ""


def as_typed_plainly(code: str) -> str:
    """The same from the keys of a keyboard: another text where it may be another code."""
    text = unicodedata.normalize("NFKC", without_unseen(code)).translate(_SIGNS)
    return text.translate(_LETTERS) if re.search("[A-Za-z]", text) else text


class AsksCode(OnceForm if TYPE_CHECKING else object):  # type: ignore[misc]
    """Form with a coupon code: where it may be another one, it asks which."""

    def fit(self) -> None:
        super().fit()
        typed = trimmed(self.posted.get("code", ""))
        plain = as_typed_plainly(typed)
        if "code" not in self.fields or plain == typed:
            return
        self.fields[MEANT] = forms.ChoiceField(
            label=_("Code to apply"),
            choices=[(plain, plain), (typed, _said(typed))],
            widget=forms.RadioSelect,
            error_messages={"required": _("The code has characters that are easily mistaken. Choose one.")},
        )
        names = [name for name in self.fields if name != MEANT]
        names.insert(names.index("code") + 1, MEANT)
        self.order_fields(names)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if meant := cleaned.pop(MEANT, ""):
            cleaned["code"] = meant
        return cleaned


def _said(code: str) -> str:
    """With the numbers of the characters that are easily mistaken."""
    plain = as_typed_plainly(code)
    numbers = {f"U+{ord(one):04X}" for one in code if one not in plain}
    return _("%(code)s, exactly as entered (%(characters)s)") % {
        "code": code,
        "characters": ", ".join(sorted(numbers)),
    }
