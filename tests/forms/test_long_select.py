"""Selects over long lists are what Django would draw, whoever asks, in whichever language."""

import re
from typing import Any

import pytest
from django import forms
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy

from dashboard.forms.long_select import LongSelect

HOSTILE = "\"><script>alert('&')</script>"
LISTS: dict[str, list[tuple[Any, Any]]] = {
    "plain": [("", "—"), ("a", "A"), ("b", "B")],
    "groups": [("", "—"), ("Likely", [("a", "A")]), ("All <others>", [("b", "B"), ("c", "C")])],
    "hostile": [("", "—"), (HOSTILE, HOSTILE), (HOSTILE, [(f"{HOSTILE}2", "two")])],
    "twice": [("a", "first"), ("a", "second"), ("b", "third")],
    "numbers": [(None, "none"), (0, "zero"), (1, lazystr("one"))],
}


def normal(html: str) -> str:
    return re.sub(r">\s+<", "><", html.strip())


@pytest.mark.parametrize("choices", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize(
    "value", [None, "", "a", "b", "c", 0, 1, HOSTILE, f"{HOSTILE}2", "of nobody", ["a", "b"]]
)
def test_it_is_drawn_as_django_draws_it(choices: list[tuple[Any, Any]], value: object) -> None:
    class Ours(forms.Form):
        field = forms.ChoiceField(choices=choices, widget=LongSelect(attrs={"class": '"x"', "hidden": True}))

    class Djangos(forms.Form):
        field = forms.ChoiceField(
            choices=choices, widget=forms.Select(attrs={"class": '"x"', "hidden": True})
        )

    ours, djangos = (str(form(initial={"field": value})["field"]) for form in (Ours, Djangos))
    assert normal(ours) == normal(djangos)


def test_what_one_chose_is_not_chosen_for_the_next() -> None:
    select = LongSelect(choices=LISTS["plain"])
    assert 'value="b" selected' in select.render("x", "b")
    assert "selected" not in select.render("x", None).replace('value="" selected', "")


def test_its_words_follow_the_language() -> None:
    select = LongSelect(choices=[("x", gettext_lazy("Monday"))])
    texts = []
    for language in ("en", "nl", "en"):
        with translation.override(language):
            texts.append(re.findall(r">(\w+)</option>", select.render("day", None))[0])
    assert texts == ["Monday", "maandag", "Monday"]
